"""From a picture to a heatmap on its own pixels, and to the picture under it."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnnviz_core import heatmaps, images, networks
from cnnviz_core.arrays import ByteArray
from cnnviz_core.drawing import rendering
from cnnviz_core.heatmaps import maps
from cnnviz_core.heatmaps.maps import (
    Evidence,
    heatmap,
    on_picture,
    raw_map,
    raw_maps,
    scale_end,
    shown,
)
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.heatmaps.overlays import overlay
from cnnviz_core.heatmaps.records import Completeness, RawMap
from cnnviz_core.networks import Network, from_keras
from tests.networks.test_from_keras import KERAS_SAVES_WITH_A_WARNING
from tests.tiny_networks import picture, pooled, residual

LITE = "efficientnet-lite0"
EGYPTIAN_CAT, MOPED = 285, 665

# Those whose map depends on the class.
CLASS_ACTIVATIONS = [
    name
    for name, method in METHODS.items()
    if method.kind == "class activation" and name != "eigen-cam"
]


def found(values: Any) -> RawMap:
    zero = np.zeros(1, np.float32)
    return RawMap("grad-cam", "conv", np.asarray(values, np.float32), zero, zero)


def cat_beside_moped(*, cat_on_the_left: bool) -> Any:
    """The two pictures in one, 320×800, the border between them in the middle."""
    moped = cv2.resize(images.sample("motorcycle"), (400, 320), interpolation=cv2.INTER_AREA)
    pair = [images.sample("cat"), moped]
    return np.concatenate(pair if cat_on_the_left else pair[::-1], axis=1)


def left_share(heat: Any) -> float:
    half = heat.shape[1] // 2
    return float(heat[:, :half].sum() / heat.sum())


@pytest.mark.parametrize(
    "method",
    [
        pytest.param(one, marks=pytest.mark.slow) if METHODS[one].cost != "one pass" else one
        for one in CLASS_ACTIVATIONS
    ],
)
def test_the_heat_of_each_thing_lies_on_that_thing(method: str) -> None:
    network = networks.load(LITE)
    for cat_on_the_left in (True, False):
        pair = cat_beside_moped(cat_on_the_left=cat_on_the_left)
        shares = {}
        for target in (EGYPTIAN_CAT, MOPED):
            raw = raw_map(network, pair, target, method=method, max_channels=32)
            shares[target] = left_share(shown(raw, pair.shape[:2]))
        left, right = (EGYPTIAN_CAT, MOPED) if cat_on_the_left else (MOPED, EGYPTIAN_CAT)
        assert shares[left] > 0.58
        assert shares[right] < 0.42


def test_a_method_that_asks_no_class_gives_one_map_for_all() -> None:
    pair = cat_beside_moped(cat_on_the_left=True)
    cat, moped = (
        heatmap(networks.load(LITE), pair, target, method="eigen-cam")
        for target in (EGYPTIAN_CAT, MOPED)
    )
    np.testing.assert_array_equal(cat, moped)


def test_what_tells_a_cat_from_a_moped_is_the_cat_and_against_it_the_moped() -> None:
    pair = cat_beside_moped(cat_on_the_left=True)
    raw = raw_map(networks.load(LITE), pair, EGYPTIAN_CAT, against=MOPED)
    size = pair.shape[:2]
    assert left_share(shown(raw, size)) > 0.9
    assert left_share(shown(raw, size, "against")) < 0.1


@pytest.mark.parametrize("method", METHODS)
def test_every_method_gives_a_heatmap_on_the_pixels_of_the_picture(method: str) -> None:
    network = kept(pooled)
    for height, width in ((6, 5), (9, 4), (1, 1), (40, 31)):
        image = picture(height, width)
        before = image.copy()
        heat = heatmap(network, image, 1, method=method)
        assert heat.shape == (height, width)
        assert heat.dtype == np.float32
        assert np.isfinite(heat).all()
        assert heat.min() >= 0
        assert heat.max() in (0, 1)
        np.testing.assert_array_equal(image, before)
        as_floats = heatmap(network, image.astype(np.float32), 1, method=method)
        np.testing.assert_array_equal(as_floats, heat)


def tiny(method: str) -> Network:
    """The same network for all methods, but for the one that needs a network of its kind."""
    return kept(pooled if method == "cam" else residual)


@cache
def kept(make: Callable[[], Network]) -> Network:
    return make()


@pytest.mark.parametrize("method", METHODS)
def test_every_method_says_what_it_explained(method: str) -> None:
    network = tiny(method)
    assert network.run_logits is not None
    logits = np.asarray(network.run_logits(network.preprocess(picture())))[0]
    raw = raw_map(network, picture(), method=method, against=int(logits.argmin()))
    assert raw.method == method
    assert (raw.layer is None) == (METHODS[method].kind == "pixel attribution")
    score = raw.logits @ raw.logit_weights
    assert score == pytest.approx(logits.max() - logits.min(), abs=1e-5)
    assert raw.done == raw.total


@pytest.mark.parametrize("method", METHODS)
def test_each_map_knows_how_much_of_the_work_is_done(method: str) -> None:
    by_channels = method in ("score-cam", "ablation-cam")
    network = networks.load(LITE) if by_channels else tiny(method)
    states = list(raw_maps(network, picture(), 1, method=method, max_channels=7))
    done = [state.done for state in states]
    assert done == sorted(set(done))
    assert done[-1] == states[-1].total
    if by_channels:
        assert states[-1].total == 7
    if METHODS[method].cost == "one pass":
        assert len(states) == 1
    elif method != "ablation-cam":  # of which seven channels make one batch
        assert len(states) > 1


@pytest.mark.parametrize("method", METHODS)
def test_papers_and_equations_are_given(method: str) -> None:
    entry = METHODS[method]
    assert entry.title
    assert entry.paper[-4:].isdigit()
    assert entry.definitions[0].startswith("M_{ij} = ")


def reloaded(network: Network, folder: Path) -> Network:
    import keras

    file = folder / "saved.keras"
    network.model.save(file)
    return from_keras(keras.models.load_model(file), title="reloaded")


def nested(network: Network) -> Network:
    import keras

    inputs = keras.Input(network.model.input.shape[1:])
    return from_keras(keras.Model(inputs, network.model(inputs)), title="nested")


@KERAS_SAVES_WITH_A_WARNING
@pytest.mark.parametrize("make", [pooled, residual])
def test_reloaded_and_nested_models_are_explained_alike(make: Any, tmp_path: Path) -> None:
    network = make()
    others = [
        reloaded(network, tmp_path),
        nested(network),
        networks.from_upload((tmp_path / "saved.keras").read_bytes(), title="uploaded"),
    ]
    for method in ("grad-cam", "layer-cam", "ablation-cam", "score-cam"):
        expected = heatmap(network, picture(), 1, method=method)
        for other in others:
            heat = heatmap(other, picture(), 1, method=method)
            np.testing.assert_allclose(heat, expected, atol=1e-4)


def test_the_hottest_point_lies_where_its_share_of_the_picture_is() -> None:
    values = np.zeros((4, 5))
    values[1, 3] = 7
    heat = shown(found(values), (40, 100))
    # The share of row 1 is 10..19, that of column 3 is 60..79.
    rows, columns = np.nonzero(heat == heat.max())
    assert rows.mean() == 14.5
    assert columns.mean() == 69.5


def test_between_the_centers_of_values_the_heat_is_a_straight_line() -> None:
    heat = shown(found([[0, 4], [0, 4]]), (8, 8))
    # Centers at 1.5 and 5.5; beyond them the nearest value holds.
    expected = [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1]
    np.testing.assert_allclose(heat, np.tile(expected, (8, 1)), atol=1e-6)


@given(arrays.arrays(np.float32, (3, 4), elements=st.floats(-9, 9, width=32)))
def test_for_and_against_mirror_each_other(values: Any) -> None:
    raw, mirrored = found(values), found(-values)
    size = (6, 8)
    np.testing.assert_array_equal(shown(raw, size), shown(mirrored, size, "against"))
    signed = shown(raw, size, "both")
    np.testing.assert_array_equal(signed, -shown(mirrored, size, "both"))
    assert np.abs(signed).max() in (0, 1)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([[-1, -2]], "negative"),
        ([[0, 0]], "zero"),
        ([[0, -1]], "negative"),
        ([[np.nan, 1]], "not finite"),
        ([[np.inf, 1]], "not finite"),
        ([[-1, 2]], None),
        ([[3, 3]], None),
        ([[5]], None),
    ],
)
def test_a_blank_map_says_why(values: Any, reason: str | None) -> None:
    raw = found(values)
    assert raw.blank == reason
    heat = shown(raw, (4, 4))
    assert np.isfinite(heat).all()
    if reason is None:
        assert heat.max() == 1
    if reason in ("negative", "zero"):
        assert not heat.any()
        assert shown(raw, (4, 4), "against").max() == (reason == "negative")


def test_equal_evidence_everywhere_is_the_same_heat_everywhere() -> None:
    np.testing.assert_array_equal(shown(found([[3, 3]]), (5, 5)), np.ones((5, 5)))
    np.testing.assert_array_equal(shown(found([[2]]), (3, 4)), np.ones((3, 4)))


@pytest.mark.parametrize("scale", [1e-44, 1e-30, 1e30, 3e38])
def test_no_size_of_numbers_is_too_small_or_too_large(scale: float) -> None:
    heat = shown(found(np.float32([[0, 1]]) * np.float32(scale)), (1, 2))
    np.testing.assert_array_equal(heat, [[0, 1]])


def test_a_class_that_everything_speaks_against_is_blank() -> None:
    network = pooled()
    layer = network.model.get_layer("classes")
    kernel, bias = layer.get_weights()
    layer.set_weights([-np.abs(kernel), bias])
    raw = raw_map(network, picture(), 1)
    assert raw.blank == "negative"
    assert not heatmap(network, picture(), 1).any()
    assert shown(raw, (6, 5), "against").max() == 1


@pytest.mark.parametrize("method", METHODS)
def test_a_network_without_classes_is_refused(method: str) -> None:
    with pytest.raises(ValueError, match="must end in class scores"):
        heatmap(networks.load("vgg16-edges"), picture(), method=method)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "grad"}, "method must be one of 'grad-cam'"),
        ({"layer": "nowhere"}, "layer must be a layer of"),
        ({"layer": "pool"}, "layer must answer with maps"),
        ({"target_class": 3}, "must be from 0 to 2"),
        ({"target_class": "cat"}, "must be a whole number"),
    ],
)
def test_wrong_arguments_are_named(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        heatmap(pooled(), picture(), **arguments)


@pytest.mark.parametrize("image", [np.zeros((5, 5)), np.full((5, 5, 3), np.nan, np.float32), "cat"])
def test_what_is_no_picture_is_refused(image: Any) -> None:
    with pytest.raises(ValueError, match="image must"):
        heatmap(pooled(), image)


def test_questions_are_checked_before_work_begins() -> None:
    with pytest.raises(ValueError, match="image must"):
        raw_maps(pooled(), np.zeros((5, 5), np.uint8))
    for wrong in ({"max_channels": 0}, {"target_class": 9}, {"method": ""}, {"layer": "x"}):
        with pytest.raises(ValueError, match="must be"):
            raw_maps(pooled(), picture(), **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("alpha", [0.0, 0.25, 0.4, 1.0])
def test_an_overlay_is_the_mean_of_picture_and_color_bar(alpha: float) -> None:
    cat = images.sample("cat")
    heat = np.tile(np.linspace(0, 1, 400, dtype=np.float32), (320, 1))
    colors = rendering.colorize(heat, rendering.Scale(0, 1, "sequential"))
    mixed = overlay(cat, heat, alpha)
    assert mixed.dtype == np.uint8
    expected = cat.astype(float) * (1 - alpha) + colors.astype(float) * alpha
    assert np.abs(mixed - expected).max() <= 0.501
    if alpha == 0:
        np.testing.assert_array_equal(mixed, cat)


def test_a_weak_heatmap_is_not_made_stronger() -> None:
    gray = np.full((1, 2, 3), 128, np.uint8)
    weak = overlay(gray, np.float32([[0, 0.5]]), 1)
    lowest, middle = rendering.colorize(
        np.float32([[0, 0.5]]), rendering.Scale(0, 1, "sequential")
    )[0]
    np.testing.assert_array_equal(weak[0], [lowest, middle])


def test_below_the_threshold_the_picture_stays() -> None:
    gray = np.full((1, 3, 3), 77, np.uint8)
    mixed = overlay(gray, np.float32([[0.2, 0.5, 0.9]]), 0.8, threshold=0.5)
    np.testing.assert_array_equal(mixed[0, 0], [77, 77, 77])
    whole = overlay(gray, np.float32([[0.2, 0.5, 0.9]]), 0.8)
    np.testing.assert_array_equal(mixed[0, 1:], whole[0, 1:])


def test_a_picture_of_floats_is_rounded_below_the_threshold_as_above_it() -> None:
    picture = np.float32([[[100.7] * 3, [99.2] * 3, [300] * 3, [-2] * 3]])
    for heat, threshold in ((0, 0.5), (0.5, 0.4)):
        mixed = overlay(picture, np.full((1, 4), heat, np.float32), 0, threshold=threshold)
        assert mixed[0, :, 0].tolist() == [101, 99, 255, 0]


def test_both_sides_get_diverging_colors() -> None:
    gray = np.full((1, 3, 3), 77, np.uint8)
    blue, white, red = overlay(gray, np.float32([[-1, 0, 1]]), 1, color_map="diverging")[0]
    assert blue[2] > blue[0]
    assert red[0] > red[2]
    assert white.min() > 240


@pytest.mark.parametrize(
    ("heat", "options", "message"),
    [
        (np.zeros((2, 3)), {}, "height and width"),
        (np.full((2, 2), 1.1), {}, "0 to 1"),
        (np.full((2, 2), -0.1), {}, "0 to 1"),
        (np.full((2, 2), -1.1), {"color_map": "diverging"}, "-1 to 1"),
        (np.full((2, 2), np.nan), {}, "0 to 1"),
        (np.zeros((2, 2)), {"alpha": 1.5}, "alpha must be from 0 to 1"),
        (np.zeros((2, 2)), {"threshold": np.nan}, "threshold must be from 0 to 1"),
        (np.zeros((2, 2)), {"color_map": "jet"}, "color_map must be one of"),
    ],
)
def test_an_overlay_that_would_lie_is_refused(heat: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        overlay(np.zeros((2, 2, 3), np.uint8), heat, **options)


def test_the_public_names_are_there() -> None:
    assert all(hasattr(heatmaps, name) for name in heatmaps.__all__)


@pytest.fixture(scope="module")
def network() -> Network:
    return networks.load("efficientnet-lite0")


def finished(network: Network, cat: ByteArray, **asked: object) -> RawMap:
    *_, state = raw_maps(network, cat, EGYPTIAN_CAT, **asked)  # type: ignore[arg-type]
    return state


@pytest.mark.parametrize("method", ["grad-cam", "saliency", "integrated-gradients", "ablation-cam"])
@pytest.mark.parametrize("against", [None, 2])
def test_the_last_state_is_the_map_itself(cat: ByteArray, method: str, against: int | None) -> None:
    network = tiny(method)
    *_, state = raw_maps(network, cat, 1, method=method, against=against)
    expected = maps.raw_map(network, cat, 1, method=method, against=against)
    np.testing.assert_allclose(state.values, expected.values, atol=1e-5)
    np.testing.assert_array_equal(state.logit_weights, expected.logit_weights)
    np.testing.assert_allclose(state.logits, expected.logits, atol=1e-4)
    assert (state.method, state.layer) == (method, expected.layer)
    assert state.done == state.total == expected.total
    assert (state.completeness is not None) == (method == "integrated-gradients")


def test_integrated_gradients_nearly_add_up(network: Network, cat: ByteArray) -> None:
    state = finished(network, cat, method="integrated-gradients")
    assert state.completeness is not None
    *_, coarse = raw_maps(network, cat, EGYPTIAN_CAT, method="integrated-gradients", steps=2)
    assert coarse.completeness is not None
    assert coarse.completeness.difference == pytest.approx(state.completeness.difference)
    assert coarse.completeness.error > state.completeness.error
    assert state.completeness.error < 0.1
    # The sum over the network's input, where the map lies over the picture's own pixels.
    height, width = network.input_size
    total = state.values.mean() * height * width
    assert state.completeness.attributed == pytest.approx(total, rel=0.05)


def test_an_unknown_layer_is_refused_at_the_call(network: Network, cat: ByteArray) -> None:
    with pytest.raises(ValueError, match="layer must be"):
        raw_maps(network, cat, EGYPTIAN_CAT, layer="nowhere")


@pytest.mark.parametrize(
    ("attributed", "difference", "error"),
    [(9.0, 10.0, 0.1), (-11.0, -10.0, 0.1), (0.0, 0.0, 0.0), (1.0, 0.0, np.inf)],
)
def test_the_error_is_a_share_of_what_it_must_come_to(
    attributed: float, difference: float, error: float
) -> None:
    assert Completeness(attributed, difference).error == pytest.approx(error)


@pytest.fixture
def signed() -> RawMap:
    return found(np.random.default_rng(3).normal(size=(7, 7)))


@pytest.mark.parametrize("evidence", ["for", "against", "both"])
def test_on_the_picture_it_is_the_heatmap_but_for_its_unit(
    signed: RawMap, cat: ByteArray, evidence: Evidence
) -> None:
    values = on_picture(signed, cat, evidence)
    normalized = shown(signed, cat.shape[:2], evidence)  # type: ignore[arg-type]
    np.testing.assert_allclose(values, normalized * np.abs(values).max(), atol=1e-5)


def test_a_map_of_the_pictures_size_keeps_its_numbers(cat: ByteArray) -> None:
    raw = found(np.random.default_rng(4).normal(size=cat.shape[:2]))
    np.testing.assert_array_equal(on_picture(raw, cat, "both"), raw.values)
    np.testing.assert_array_equal(on_picture(raw, cat, "for"), raw.values.clip(min=0))
    np.testing.assert_array_equal(on_picture(raw, cat, "against"), (-raw.values).clip(min=0))


def test_what_is_not_finite_is_no_evidence(cat: ByteArray) -> None:
    raw = found(np.float32([[np.nan, 1], [np.inf, -np.inf]]))
    np.testing.assert_array_equal(on_picture(raw, cat[:2, :2], "both"), [[0, 1], [0, 0]])


def test_colors_end_at_the_furthest_of_several_maps() -> None:
    weak, strong = np.float32([[1, -2]]), np.float32([[3, 0]])
    assert scale_end(weak, strong) == 3
    assert scale_end(weak) == 2
    assert scale_end(np.zeros((2, 2), np.float32)) == 1


def test_clipping_leaves_out_few_and_no_zeros_count() -> None:
    values = np.zeros(10_000, np.float32)
    values[:100] = np.arange(1, 101)
    assert scale_end(values, percent=99) == pytest.approx(99, abs=0.02)
    assert (np.abs(values) > scale_end(values, percent=99)).sum() == 1
