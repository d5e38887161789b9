"""Occlusion against networks that read known pixels."""

from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cnnviz_core import images, networks
from cnnviz_core.arrays import FloatArray
from cnnviz_core.heatmaps import manual_occlusion
from cnnviz_core.heatmaps.baselines import BASELINES, baseline_picture
from cnnviz_core.heatmaps.class_scores import one_class
from cnnviz_core.heatmaps.manual_occlusion import add_patch, cover, empty_map
from cnnviz_core.heatmaps.occlusion import _starts, occlusion_states
from cnnviz_core.heatmaps.records import last
from cnnviz_core.inspection import predictions
from cnnviz_core.inspection.predictions import logits
from cnnviz_core.networks import Network, from_keras
from cnnviz_core.networks.preprocessing import unchanged
from tests.tiny_networks import picture, pooled

SIZE = (7, 9)
ONE = np.ones(1, np.float32)


def occlusion(*given: Any, **options: Any) -> npt.NDArray[np.float32]:
    return last(occlusion_states(*given, **options)).values


@cache
def reader(row: int, column: int) -> Network:
    """A network whose one score is the red of one pixel."""
    import keras

    weights = np.zeros((*SIZE, 3, 1), np.float32)
    weights[row, column, 0] = 1
    stack = [keras.Input((*SIZE, 3)), keras.layers.Flatten(), keras.layers.Dense(1, name="score")]
    network = from_keras(keras.Sequential(stack), title="reader", preprocess=unchanged)
    network.model.get_layer("score").set_weights([weights.reshape(-1, 1), np.zeros(1)])
    return network


def white(size: tuple[int, int] = SIZE) -> npt.NDArray[np.uint8]:
    return np.full((*size, 3), 255, np.uint8)


@pytest.mark.parametrize("place", [(0, 0), (3, 5), (6, 8)])
def test_patches_of_one_pixel_find_the_pixel_that_is_read(place: tuple[int, int]):
    expected = np.zeros(SIZE)
    expected[place] = 127.5
    found = occlusion(reader(*place), white(), ONE, size=1, stride=1)
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize(("size", "stride"), [(2, 1), (3, 2), (4, 4), (5, 1), (20, 3)])
def test_each_pixel_is_the_mean_over_the_patches_that_cover_it(size: int, stride: int):
    read = (2, 6)
    expected, counts = np.zeros(SIZE), np.zeros(SIZE)
    for top in _starts(SIZE[0], size, stride):
        for left in _starts(SIZE[1], size, stride):
            falls = top <= read[0] < top + size and left <= read[1] < left + size
            for row in range(top, min(top + size, SIZE[0])):
                for column in range(left, min(left + size, SIZE[1])):
                    counts[row, column] += 1
                    expected[row, column] += 127.5 * falls
    assert counts.min() >= 1, "no pixel is left out"
    found = occlusion(reader(*read), white(), ONE, size=size, stride=stride)
    np.testing.assert_allclose(found, expected / counts, rtol=1e-6)
    assert found[read] == found.max()


def test_covering_what_speaks_against_a_class_counts_below_zero():
    found = occlusion(reader(3, 3), white(), -ONE, size=1, stride=1)
    assert found.min() == found[3, 3] == -127.5


def test_a_baseline_of_the_picture_itself_changes_nothing():
    for baseline in ("mean", "blur"):
        assert not occlusion(reader(3, 3), white(), ONE, size=3, baseline=baseline).any()


def test_states_slide_row_by_row_to_the_whole_map():
    network = reader(6, 8)
    states = occlusion_states(network, white(), ONE, size=1, stride=1)
    (first,) = islice(states, 1)
    assert (first.done, first.total) == (16, 63)
    assert (first.top, first.left) == (1, 6)
    assert not first.values.any()
    rest = list(states)
    assert rest[-1].done == 63
    assert (rest[-1].top, rest[-1].left) == (6, 8)
    np.testing.assert_array_equal(
        rest[-1].values, occlusion(network, white(), ONE, size=1, stride=1)
    )
    assert not first.values.any(), "an earlier state stays as it was"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[FloatArray]:
    """The pictures that a network has been asked about, with patches by hand."""
    seen: list[FloatArray] = []

    def noting(network: Network, image: FloatArray) -> FloatArray:
        seen.append(image)
        return logits(network, image)

    monkeypatch.setattr(manual_occlusion, "logits", noting)
    return seen


@pytest.mark.parametrize("baseline", BASELINES)
def test_a_patch_by_hand_covers_its_square_and_nothing_else(baseline: Any, asked: list[FloatArray]):
    image = np.random.default_rng(0).integers(0, 256, (*SIZE, 3)).astype(np.uint8)
    found = cover(reader(2, 2), image, 3, 4, size=3, baseline=baseline)
    expected = image.astype(np.float32)
    expected[2:5, 3:6] = baseline_picture(image, baseline)[2:5, 3:6]
    np.testing.assert_array_equal(asked[0], expected)
    assert found.tolist() == [pytest.approx(expected[2, 2, 0])]


@pytest.mark.parametrize(
    ("row", "column", "covered"),
    [
        (0, 0, np.s_[0:2, 0:2]),
        (6, 8, np.s_[4:7, 6:9]),
        (3, 0, np.s_[1:5, 0:2]),
    ],
)
def test_a_patch_ends_at_the_border(row: int, column: int, covered: Any, asked: list[FloatArray]):
    cover(reader(2, 2), white(), row, column, size=4)
    expected = white().astype(np.float32)
    expected[covered] = 127.5
    np.testing.assert_array_equal(asked[0], expected)


def test_by_hand_and_by_sliding_agree_on_the_cat(cat: Any) -> None:
    network = networks.load("efficientnet-lite0")
    before = predictions.logits(network, cat)
    after = cover(network, cat, 160, 160, size=320)
    # The first pixel lies under the first patch alone.
    sliding = occlusion(network, cat, one_class(network, 285), size=320, stride=40)
    assert sliding[0, 0] == pytest.approx((before - after)[285], abs=1e-3)


def test_a_corner_matters_less_than_everything(cat: Any) -> None:
    network = networks.load("efficientnet-lite0")
    chances = predictions.probabilities(network, predictions.logits(network, cat))
    cats = slice(281, 286)
    corner = predictions.probabilities(network, cover(network, cat, 20, 20, size=40))[cats].sum()
    nothing = cover(network, cat, 160, 200, size=400)
    everything = predictions.probabilities(network, nothing)[cats].sum()
    assert corner > 0.8 * chances[cats].sum()
    assert everything < 0.1 * chances[cats].sum()


def test_neither_picture_nor_network_changes():
    network, image = reader(2, 2), white()
    weights = [weight.copy() for weight in network.model.get_weights()]
    occlusion(network, image, ONE, size=3)
    cover(network, image, 0, 0, size=3)
    np.testing.assert_array_equal(image, white())
    for before, after in zip(weights, network.model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"size": 0}, "size"),
        ({"size": 2.5}, "size"),
        ({"size": 3, "stride": 4}, "stride"),
        ({"stride": 0}, "stride"),
        ({"baseline": "pink"}, "baseline"),
    ],
)
def test_wrong_patches_are_refused_before_any_work(wrong: dict[str, Any], name: str):
    with pytest.raises(ValueError, match=f"{name} must be"):
        occlusion_states(reader(2, 2), white(), ONE, **wrong)


@pytest.mark.parametrize(
    ("place", "size", "name"), [((7, 0), 2, "row"), ((0, -1), 2, "column"), ((0, 0), 0, "size")]
)
def test_a_patch_outside_is_refused(place: tuple[int, int], size: int, name: str):
    with pytest.raises(ValueError, match=f"{name} must be"):
        cover(reader(2, 2), white(), *place, size=size)


def test_without_a_classifier_there_is_nothing_to_ask():
    with pytest.raises(ValueError, match="feature maps only"):
        cover(networks.load("vgg16-edges"), images.sample("cat"), 5, 5, size=3)


def test_trying_every_place_of_the_sliding_patch_gives_its_map() -> None:
    network, image, target = pooled(), picture(), 2
    whole = float(logits(network, image)[target])
    found = empty_map((6, 5))
    # Patches of 3 that begin at 0, 2 and 3 (rows), and at 0 and 2 (columns).
    for row in (1, 3, 4):
        for column in (1, 3):
            covered = cover(network, image, row, column, size=3)
            score_drop = whole - float(covered[target])
            found = add_patch(found, row, column, 3, score_drop)
    expected = occlusion(network, image, one_class(network, target), size=3, stride=2)
    np.testing.assert_allclose(found.values, expected, atol=1e-5)
    assert (found.counts > 0).all()


@pytest.mark.parametrize("size", [1, 2, 5, 40])
@pytest.mark.parametrize("place", [(0, 0), (5, 4), (2, 3)])
def test_what_is_marked_is_what_the_network_does_not_see(
    size: int, place: tuple[int, int], asked: list[FloatArray]
) -> None:
    image = picture()
    cover(pooled(), image, *place, size=size)
    found = add_patch(empty_map((6, 5)), *place, size, 0.25)
    is_covered = (asked[0] != image).any(-1)
    np.testing.assert_array_equal(found.counts > 0, is_covered)
    np.testing.assert_array_equal(found.values, np.where(is_covered, np.float32(0.25), 0))


def test_a_place_counts_once_and_nothing_is_written_to() -> None:
    empty = empty_map((4, 4))
    once = add_patch(empty, 1, 1, 2, 1.0)
    assert add_patch(once, 1, 1, 2, 9.0) is once
    assert not empty.counts.any()
    assert empty.places == frozenset()


@pytest.mark.parametrize(
    ("arguments", "name"), [((4, 0, 1), "row"), ((0, -1, 1), "column"), ((0, 0, 0), "size")]
)
def test_a_place_outside_the_picture_is_refused(arguments: tuple[int, ...], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        add_patch(empty_map((4, 4)), *arguments, 1.0)


def test_the_real_network_keeps_places_of_a_long_visit() -> None:
    network = networks.load("lenet-5")
    assert network.logits is not None
    found = empty_map((320, 400))
    for number in range(300):
        found = add_patch(found, number, number, 60, 1.0)
    assert len(found.places) == 300
    assert np.isfinite(found.values).all()
