"""Deletion, insertion and drop on networks whose answers can be reckoned by hand."""

import math
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cnnviz_core import images, networks
from cnnviz_core.arrays import FloatArray
from cnnviz_core.heatmaps import confidence_drops, faithfulness
from cnnviz_core.heatmaps.baselines import HOLE_BASELINES, HoleBaseline, baseline_picture
from cnnviz_core.heatmaps.class_scores import one_class
from cnnviz_core.heatmaps.confidence_drops import Drop, drop
from cnnviz_core.heatmaps.faithfulness import (
    CurveState,
    deletion_states,
    insertion_states,
    removal_ranks,
    without_hottest,
)
from cnnviz_core.heatmaps.occlusion import occlusion_states
from cnnviz_core.heatmaps.records import last
from cnnviz_core.inspection import predictions
from cnnviz_core.networks import Network, from_keras
from cnnviz_core.networks.preprocessing import unchanged
from tests.tiny_networks import picture, pooled

SIZE = (8, 8)
REGION = np.s_[2:4, 2:6]  # 8 of 64 pixels


def deletion(*given: Any, **options: Any) -> CurveState:
    return last(deletion_states(*given, **options))


def insertion(*given: Any, **options: Any) -> CurveState:
    return last(insertion_states(*given, **options))


def network_of(weights: npt.NDArray[np.float32], bias: float, activation: str | None) -> Network:
    import keras

    stack = [keras.Input((*SIZE, 3)), keras.layers.Flatten()]
    stack.append(keras.layers.Dense(weights.shape[-1], activation, name="score"))
    network = from_keras(keras.Sequential(stack), title="region", preprocess=unchanged)
    biases = np.full(weights.shape[-1], bias)
    network.model.get_layer("score").set_weights([weights.reshape(-1, weights.shape[-1]), biases])
    return network


@cache
def switch() -> Network:
    """A sigmoid that is 1 where the region is white, 0 where not half of it is."""
    weights = np.zeros((*SIZE, 3, 1), np.float32)
    weights[REGION] = 100 / (8 * 3 * 255)
    return network_of(weights, -50, "sigmoid")


def white() -> npt.NDArray[np.uint8]:
    return np.full((*SIZE, 3), 255, np.uint8)


def heat_on_the_region() -> npt.NDArray[np.float32]:
    heat = np.zeros(SIZE, np.float32)
    heat[REGION] = 1
    return heat


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_deleting_the_region_first_switches_the_class_off_at_once():
    found = deletion(switch(), white(), heat_on_the_region(), 1, steps=64)
    expected = [sigmoid(50 - 100 * min(count, 8) / 8) for count in range(65)]
    np.testing.assert_allclose(found.probabilities, expected, atol=1e-5)
    np.testing.assert_allclose(found.shares, np.arange(65) / 64)
    # From 1 to 0, passing one half when half of the region is gone: 4 of 64 pixels.
    assert found.area == pytest.approx(4 / 64, abs=1e-4)


def test_deleting_it_last_keeps_the_class_to_the_end():
    found = deletion(switch(), white(), 1 - heat_on_the_region(), 1, steps=64)
    assert found.area == pytest.approx(60 / 64, abs=1e-4)


def test_inserting_the_region_first_switches_the_class_on_at_once():
    found = insertion(switch(), white(), heat_on_the_region(), 1, steps=64, baseline="black")
    assert found.area == pytest.approx(60 / 64, abs=1e-4)
    assert found.probabilities[0] == pytest.approx(0, abs=1e-6)
    assert found.probabilities[-1] == pytest.approx(1, abs=1e-6)


def test_inserting_mirrors_deleting_in_the_opposite_order():
    heat = np.random.default_rng(0).random(SIZE, np.float32)
    away = deletion(switch(), white(), heat, 1, steps=64)
    back = insertion(switch(), white(), 1 - heat, 1, steps=64, baseline="black")
    np.testing.assert_allclose(back.probabilities, away.probabilities[::-1], atol=1e-6)
    assert back.area == pytest.approx(away.area)


def test_the_other_class_of_a_sigmoid_has_the_rest():
    one, zero = (
        deletion(switch(), white(), heat_on_the_region(), index, steps=8) for index in (1, 0)
    )
    np.testing.assert_allclose(one.probabilities + zero.probabilities, 1, atol=1e-6)


def test_a_heatmap_of_one_value_deletes_at_random_and_always_the_same():
    flat = np.full(SIZE, 0.5, np.float32)
    runs = [deletion(switch(), white(), flat, 1, steps=64) for _ in range(2)]
    np.testing.assert_array_equal(runs[0].probabilities, runs[1].probabilities)
    # The class goes when the fourth or fifth of the region's eight pixels does.
    assert 0.3 < runs[0].area < 0.7
    # In the order of the picture, the upper half would have the first half of the ranks, 15.5.
    assert removal_ranks(flat)[:4].mean() == pytest.approx(31.5, abs=8)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[FloatArray]:
    """The pictures that a network has been asked about."""
    seen: list[FloatArray] = []
    ask = faithfulness.class_probabilities

    def noting(network: Network, pictures: list[FloatArray], target: int) -> FloatArray:
        seen.extend(pictures)
        return ask(network, pictures, target)

    for module in (faithfulness, confidence_drops):
        monkeypatch.setattr(module, "class_probabilities", noting)
    return seen


def test_states_grow_point_by_point(asked):
    states = list(deletion_states(switch(), white(), heat_on_the_region(), 1, steps=40))
    assert [state.done for state in states] == [16, 32, 41]
    assert {state.total for state in states} == {41}
    for state in states:
        assert len(state.shares) == len(state.probabilities) == state.done
        deleted = (asked[state.done - 1] == 0).all(-1).mean()
        assert deleted == pytest.approx(state.shares[-1], abs=1 / 128)
    whole = states[-1]
    trapezes = (whole.probabilities[1:] + whole.probabilities[:-1]) / 2 * np.diff(whole.shares)
    assert whole.area == pytest.approx(trapezes.sum(), abs=1e-6)


def test_multiplied_by_its_heat_the_region_keeps_or_loses_the_class(asked):
    kept = drop(switch(), white(), heat_on_the_region(), 1)
    assert kept.whole == pytest.approx(1)
    assert kept.share == pytest.approx(0, abs=1e-6)
    lost = drop(switch(), white(), 1 - heat_on_the_region(), 1)
    assert lost.share == pytest.approx(1, abs=1e-6)
    half = drop(switch(), white(), heat_on_the_region() / 2, 1)
    assert half.share == pytest.approx(0.5, abs=1e-3)
    np.testing.assert_allclose(asked[-1][REGION], 127.5)
    assert asked[-1].sum() == pytest.approx(127.5 * 8 * 3)


def test_a_rise_is_no_drop():
    rise, fall = Drop(0.4, 0.8), Drop(0.8, 0.2)
    assert rise.share == 0
    assert Drop(0.0, 0.0).share == 0
    assert fall.share == pytest.approx(0.75)


def test_softmax_probabilities_are_those_of_predictions(cat: Any) -> None:
    network = networks.load("efficientnet-lite0")
    heat = np.linspace(0, 1, cat[..., 0].size, dtype=np.float32).reshape(cat.shape[:2])
    found = deletion(network, cat, heat, 285, steps=1)
    chances = predictions.probabilities(network, predictions.logits(network, cat))
    assert found.probabilities[0] == pytest.approx(chances[285], abs=1e-4)
    black = predictions.probabilities(network, predictions.logits(network, np.zeros_like(cat)))
    assert found.probabilities[1] == pytest.approx(black[285], abs=1e-4)


@pytest.mark.slow
def test_on_the_cup_a_heatmap_does_better_than_its_opposite() -> None:
    network, image = networks.load("efficientnet-lite0"), images.sample("coffee")
    espresso = 967
    states = occlusion_states(
        network, image, one_class(network, espresso), size=80, baseline="blur"
    )
    found = last(states).values
    heat = (found - found.min()) / np.ptp(found)
    kept, gone = (
        insertion(network, image, values, espresso, steps=16).area for values in (heat, 1 - heat)
    )
    assert kept > gone
    hot, cold = (
        deletion(network, image, values, espresso, steps=16, baseline="blur").area
        for values in (heat, 1 - heat)
    )
    assert hot < cold


def test_nothing_that_goes_in_changes():
    network, image, heat = switch(), white(), heat_on_the_region()
    weights = [weight.copy() for weight in network.model.get_weights()]
    deletion(network, image, heat, 1)
    insertion(network, image, heat, 1)
    drop(network, image, heat, 1)
    np.testing.assert_array_equal(image, white())
    np.testing.assert_array_equal(heat, heat_on_the_region())
    for before, after in zip(weights, network.model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("states", [deletion_states, insertion_states])
@pytest.mark.parametrize(
    ("heat", "index", "wrong", "message"),
    [
        (np.zeros((8, 7)), 1, {}, "heat must have the picture's height and width"),
        (np.full(SIZE, 1.5), 1, {}, "heat must lie in 0..1"),
        (np.full(SIZE, np.nan), 1, {}, "heat must lie in 0..1"),
        (np.zeros(SIZE), 2, {}, "target_class must be from 0 to 1"),
        (np.zeros(SIZE), 1, {"steps": 0}, "steps must be"),
        (np.zeros(SIZE), 1, {"baseline": "pink"}, "baseline must be"),
    ],
)
def test_what_does_not_fit_is_refused_before_any_work(
    states: Any, heat: Any, index: int, wrong: dict[str, Any], message: str
):
    with pytest.raises(ValueError, match=message):
        states(switch(), white(), heat, index, **wrong)


def test_one_pixel_is_a_picture_too():
    pixel = np.full((1, 1, 3), 255, np.uint8)
    found = deletion(switch(), pixel, np.ones((1, 1), np.float32), 1, steps=4)
    np.testing.assert_allclose(found.probabilities[[0, -1]], [1, 0], atol=1e-6)


def test_a_network_that_gives_nan_is_named():
    network = network_of(np.zeros((*SIZE, 3, 2), np.float32), math.nan, "softmax")
    with pytest.raises(ValueError, match="“region” gave NaN"):
        deletion(network, white(), heat_on_the_region(), 1)


def test_without_a_classifier_there_is_no_curve():
    with pytest.raises(ValueError, match="feature maps only"):
        deletion_states(networks.load("lenet-cat"), white(), heat_on_the_region(), 0)


@pytest.mark.parametrize("baseline", HOLE_BASELINES)
def test_it_is_the_picture_that_the_curve_was_measured_with(
    baseline: HoleBaseline, asked: list[FloatArray]
) -> None:
    image = picture()
    # Half of the heat is one value: there the order among equals counts.
    heat = np.random.default_rng(3).random((6, 5)).astype(np.float32)
    heat[:3] = 0.5
    for steps in (1, 40, 64):
        asked.clear()
        last(deletion_states(pooled(), image, heat, 0, steps=steps, baseline=baseline))
        assert len(asked) == steps + 1
        for point, seen in enumerate(asked):
            found = without_hottest(image, heat, point / steps, baseline=baseline)
            np.testing.assert_array_equal(found, seen)


def test_nothing_and_all() -> None:
    image, heat = picture(), np.zeros((6, 5), np.float32)
    np.testing.assert_array_equal(without_hottest(image, heat, 0.0), image)
    gone = without_hottest(image, heat, 1.0, baseline="mean")
    np.testing.assert_array_equal(gone, baseline_picture(image, "mean"))


def test_the_hottest_go_first_and_the_picture_is_not_written_to() -> None:
    image = picture()
    before = image.copy()
    heat = np.arange(30, dtype=np.float32).reshape(6, 5)
    found = without_hottest(image, heat, 0.1)
    assert not found[5, 2:].any()
    np.testing.assert_array_equal(found[:5], image[:5])
    np.testing.assert_array_equal(image, before)


def test_what_does_not_fit_is_refused() -> None:
    image = picture()
    with pytest.raises(ValueError, match="heat"):
        without_hottest(image, np.zeros((5, 6), np.float32), 0.5)
    for share in (-0.1, 1.1, np.nan):
        with pytest.raises(ValueError, match="share"):
            without_hottest(image, np.zeros((6, 5), np.float32), share)
