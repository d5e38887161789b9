"""What the heatmaps page prints is what it computes: each formula is read, and run as a program."""

from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Any

import cv2
import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.heatmaps import maps as heatmap_maps
from cnnviz_core.heatmaps.baselines import baseline_picture
from cnnviz_core.heatmaps.formulas import shown_formula
from cnnviz_core.heatmaps.maps import EVIDENCES, on_picture
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.heatmaps.occlusion import PATCHES_PER_SIDE, STRIDES_PER_PATCH
from cnnviz_core.heatmaps.records import RawMap
from cnnviz_core.inspection.layer_roles import default_layer, pooled_classifier
from cnnviz_core.networks import Network
from cnnviz_core.networks.graph_nodes import run_model
from tests.printed_formulas import Given, Named, evaluate
from tests.tiny_networks import picture, pooled, residual

LITE = "efficientnet-lite0"
TARGET, OTHER, EGYPTIAN_CAT = 1, 2, 285

# One that ends in means, of values from 0 on; and one whose values may be negative, with a path
# around the layer.
NETWORKS: dict[str, Callable[[], Network]] = {"pooled": pooled, "residual": residual}
# Of the real network, what takes no more than a pass.
ON_THE_CAT = [
    name
    for name, method in METHODS.items()
    if method.cost == "one pass" and method.kind == "class activation"
]
# Of SmoothGrad and integrated gradients, by default; and of SmoothGrad's noise.
PARTS, NOISE = 32, 0.15


@cache
def tiny(name: str) -> Network:
    return NETWORKS[name]()


def given(network: Network, image: Any, logit_weights: Any, method: str) -> Given:
    """What the letters stand for, from the network itself: no code of the methods is asked."""
    x = network.preprocess(image)[0].astype(np.float64)
    maps, slopes, score = layer_slopes(network, x, logit_weights)
    values: dict[tuple[str, int | None], Any] = {
        ("A", None): maps,
        ("x", None): x,
        ("y", 0): score,
        ("Z", 0): np.float64(maps.shape[0] * maps.shape[1]),
        ("n", 0): np.float64(PARTS),
        ("s", 0): Named(np.arange(1.0, PARTS + 1), ("s",)),
    }
    scores_of = scores(network, logit_weights)
    match method:
        case "eigen-cam":
            values["v", 1] = main_direction(maps)
        case "cam":
            end = pooled_classifier(network)
            assert end is not None
            values["w", 1], values["b", 0] = end.kernel @ logit_weights, end.bias @ logit_weights
        case "ablation-cam":
            values["y", 1] = scores_without_channels(network, x, logit_weights)
        case "smoothgrad":
            noises = np.random.default_rng(0).standard_normal((PARTS, *x.shape), np.float32)
            values[r"\varepsilon", 1] = np.moveaxis(NOISE * np.ptp(x) * noises, 0, -1)
        case "integrated-gradients":
            values["x'", None] = network.preprocess(baseline_picture(image, "gray"))[0]
        case "occlusion":
            values["c", 3], covered = patches(network, image)
            values["y", 1] = scores_of(Named(covered, ("0", "1", "2", "p"))).values
    return Given(
        values,
        {"y": scores_of, "s": lambda one: enlarged(one, x.shape[:2])},
        {
            "A": lambda at: Named(slopes, ("0", "1", "2")),
            "x": lambda at: input_slopes(network, logit_weights, Named(x, ("0", "1", "2")), at),
        },
        {"K": np.flatnonzero(maps.any((0, 1)))},
    )


def layer_slopes(network: Network, x: Any, logit_weights: Any) -> tuple[Any, Any, Any]:
    import keras
    import tensorflow as tf

    layer = network.model.get_layer(default_layer(network))
    both = keras.Model(network.model.inputs, [layer.output, network.logits])
    with tf.GradientTape() as tape:
        batch = tf.constant(x[np.newaxis], tf.float32)
        tape.watch(batch)
        maps, logits = both(batch)
        score = tf.linalg.matvec(logits, tf.constant(logit_weights, tf.float32))
    slopes = tape.gradient(score, maps)
    return (*(np.asarray(one, np.float64)[0] for one in (maps, slopes)), np.float64(score[0]))


def input_slopes(network: Network, logit_weights: Any, here: Named, at: Named | None) -> Named:
    import tensorflow as tf

    pictures, others = one_by_one(here if at is None else at)
    slopes = []
    for batch in pictures:
        with tf.GradientTape() as tape:
            tape.watch(batch)
            score = logits(network, batch) @ tf.constant(logit_weights[:, np.newaxis])
        slopes.append(np.asarray(tape.gradient(score, batch), np.float64)[0])
    return Named(np.stack(slopes, -1) if others else slopes[0], ("0", "1", "2", *others))


def scores(network: Network, logit_weights: Any) -> Callable[[Named], Named]:
    def of(inputs: Named) -> Named:
        pictures, others = one_by_one(inputs)
        found = [float(np.asarray(logits(network, one))[0] @ logit_weights) for one in pictures]
        return Named(np.array(found) if others else np.float64(found[0]), others)

    return of


def logits(network: Network, batch: Any) -> Any:
    assert network.run_logits is not None
    return network.run_logits(batch)


def one_by_one(inputs: Named) -> tuple[list[Any], tuple[str, ...]]:
    """Batches of one picture each, along one more axis if there is one."""
    import tensorflow as tf

    others = tuple(axis for axis in inputs.axes if axis not in ("0", "1", "2"))
    assert len(others) <= 1
    values = inputs.along((*others, "0", "1", "2"))
    pictures = values if others else [values]
    return [tf.constant(one[np.newaxis], tf.float32) for one in pictures], others


def enlarged(maps: Named, size: tuple[int, int]) -> Named:
    """s: each map at the size of the network's input, from 0 to 1."""
    (channel,) = set(maps.axes) - {"0", "1"}
    large = []
    for one in maps.along((channel, "0", "1")):
        one = cv2.resize(one, size[::-1], interpolation=cv2.INTER_LINEAR)
        large.append((one - one.min()) / (np.ptp(one) or 1))
    return Named(np.stack(large), (channel, "0", "1"))


def main_direction(maps: Any) -> Any:
    """v: the first right singular vector of A, positions by channels, so that the map sums up."""
    positions = maps.reshape(-1, maps.shape[2])
    direction = np.linalg.svd(positions, full_matrices=False)[2][0]
    return direction * np.sign((positions @ direction).sum())


def scores_without_channels(network: Network, x: Any, logit_weights: Any) -> Any:
    """y_k: the score when A^k is 0, by a network whose layer is followed by a mask."""
    import keras

    layer = network.model.get_layer(default_layer(network))
    count = layer.output.shape[-1]
    kept = []
    for channel in range(count):
        mask = np.ones(count, np.float32)
        mask[channel] = 0

        def masked(operation: Any, mask: Any = mask) -> Any:
            if operation is not layer:
                return operation
            return lambda *given, **more: layer(*given, **more) * mask

        changed = run_model(network.model, np.float32(x[np.newaxis]), masked)
        kept.append(np.log(np.asarray(keras.ops.convert_to_numpy(changed), np.float64)[0]))
    # Probabilities, whose logarithms differ from the logits by what a whole score cancels.
    whole = np.log(np.asarray(network.model(x[np.newaxis].astype(np.float32)), np.float64)[0])
    assert abs(logit_weights.sum()) < 1e-6, "only differences of classes"
    assert whole.shape == kept[0].shape
    return np.stack(kept) @ logit_weights


def patches(network: Network, image: Any) -> tuple[Any, Any]:
    """c: which patch covers which pixel (h, w, n); and the inputs covered by each (h, w, 3, n)."""
    shorter = min(image.shape[:2])
    size = max(1, shorter // PATCHES_PER_SIDE)
    stride = max(1, size // STRIDES_PER_PATCH)
    starts = [
        sorted({*range(0, length - size, stride), length - size}) for length in image.shape[:2]
    ]
    covers, inputs = [], []
    for top, left in product(*starts):
        is_covered = np.zeros(image.shape[:2])
        is_covered[top : top + size, left : left + size] = 1
        gray = np.where(is_covered[..., np.newaxis], np.float32(127.5), image.astype(np.float32))
        covers.append(is_covered)
        inputs.append(network.preprocess(gray)[0])
    return np.stack(covers, -1), np.stack(inputs, -1)


def printed_map(network: Network, image: Any, raw: RawMap) -> Any:
    letters = given(network, image, raw.logit_weights, raw.method)
    return evaluate(METHODS[raw.method].definitions, letters)


@pytest.mark.parametrize(
    ("method", "name"),
    # CAM weighs the means of the last maps, which only one of them has.
    [pair for pair in product(METHODS, NETWORKS) if pair != ("cam", "residual")],
)
def test_the_printed_formula_gives_the_map(method: str, name: str) -> None:
    network = tiny(name)
    raw = heatmap_maps.raw_map(network, picture(), TARGET, method=method, against=OTHER)
    printed = printed_map(network, picture(), raw)
    size = np.zeros((*raw.values.shape, 3))
    for evidence in EVIDENCES:
        letters = Given({("M", 2): printed}, {}, {}, {})
        shown = evaluate([shown_formula(evidence)], letters)
        tolerance = 1e-4 * np.abs(printed).max()
        np.testing.assert_allclose(
            shown, on_picture(raw, size, evidence), rtol=1e-3, atol=tolerance
        )


@pytest.mark.parametrize(
    "method",
    [
        one if one in ("grad-cam", "cam") else pytest.param(one, marks=pytest.mark.slow)
        for one in ON_THE_CAT
    ],
)
def test_so_it_does_for_the_cat(method: str, cat: Any) -> None:
    network = networks.load(LITE)
    raw = heatmap_maps.raw_map(network, cat, EGYPTIAN_CAT, method=method)
    printed = printed_map(network, cat, raw)
    np.testing.assert_allclose(printed, raw.values, atol=1e-3 * np.abs(raw.values).max())


def test_the_score_of_cam_is_what_its_second_formula_says() -> None:
    network = tiny("pooled")
    raw = heatmap_maps.raw_map(network, picture(), TARGET, method="cam")
    letters = given(network, picture(), raw.logit_weights, "cam")
    score = evaluate(METHODS["cam"].definitions[1:], letters)
    assert score == pytest.approx(float(raw.logits @ raw.logit_weights), abs=1e-5)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"u_k = \sum_{ij} A^k_{ij}", [4.0, 6.0]),
        (r"u_j = \max_k | -2 A^k_{1j} |", None),
        (r"u_k = \frac{1}{2} \sum_{ij} \mathrm{ReLU}(A^k_{ij} - 2)", [0.5, 1.0]),
        (r"u_k = A^k_{ij}", None),
        (r"u_k = \sum_{ij} A^k_{ij} \surprise", None),
    ],
)
def test_the_reader_reads_what_it_knows_and_nothing_else(formula: str, expected: Any) -> None:
    letters = Given({("A", None): np.float64([[[1, 2], [3, 4]]])}, {}, {}, {})
    if expected is None:
        with pytest.raises((AssertionError, KeyError, ValueError)):
            evaluate([formula], letters)
    else:
        np.testing.assert_allclose(evaluate([formula], letters), expected)
