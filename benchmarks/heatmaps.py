"""Grad-CAM against a plain forward pass, and both CAMs against tf-keras-vis.

    .venv/bin/pip install tf-keras-vis
    .venv/bin/python -m benchmarks.heatmaps

The plain pass is `network.run_logits`, from a preprocessed picture to the logits. Ours goes on from
there to the derivatives ("gradients": nothing but the network's own work), to the map at the
layer's resolution, and to the heatmap on the cat's own pixels, preprocessing included.

tf-keras-vis runs on the same network without its softmax, at the same layer, on the preprocessed
picture; its object is built before the clock starts. For Score-CAM both try the same channels, but
it weighs them with probabilities, so only Grad-CAM's maps are compared. All take turns in one run;
the first rounds, which trace, don't count.
"""

import statistics
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import keras
import numpy as np

from cnnviz_core import heatmaps, images, networks
from cnnviz_core.heatmaps import maps
from cnnviz_core.heatmaps.split_network import split_at
from cnnviz_core.networks import Network

ROUNDS, WARM_UP = 30, 4
SCORE_ROUNDS = 5
EGYPTIAN_CAT = 285
LAYER = "head_relu"
CHANNELS = 64


def milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)


def medians(ways: dict[str, Callable[[], object]], rounds: int, warm_up: int) -> dict[str, float]:
    """The median of each way, in milliseconds; they take turns."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(warm_up + rounds):
        for name, call in ways.items():
            times[name].append(milliseconds(call))
    return {name: statistics.median(found[warm_up:]) for name, found in times.items()}


def theirs(network: Network) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """tf-keras-vis' Gradcam and Scorecam of the cat, ready to run."""
    from tf_keras_vis.gradcam import Gradcam
    from tf_keras_vis.scorecam import Scorecam
    from tf_keras_vis.utils.scores import CategoricalScore

    model = keras.Model(network.model.inputs, [network.logits])
    batch, score = network.preprocess(images.sample("cat")), CategoricalScore([EGYPTIAN_CAT])
    gradcam, scorecam = Gradcam(model, clone=False), Scorecam(model, clone=False)
    options = {"penultimate_layer": LAYER, "seek_penultimate_conv_layer": False}
    return (
        lambda **more: gradcam(score, batch, **options, **more)[0],
        lambda: scorecam(score, batch, max_N=CHANNELS, **options)[0],
    )


def compare_grad_cam(network: Network, their_heatmap: Callable[[], Any]) -> None:
    cat = images.sample("cat")
    batch = network.preprocess(cat)
    mixture = np.eye(1000, dtype=np.float32)[EGYPTIAN_CAT]
    split = split_at(network, LAYER)
    assert network.run_logits is not None
    found = medians(
        {
            "plain pass": lambda: np.asarray(network.run_logits(batch)),  # type: ignore[misc]
            "gradients": lambda: [
                np.asarray(one) for one in split.gradients(batch, mixture, np.False_)
            ],
            "raw map": lambda: maps.raw_map(network, cat, EGYPTIAN_CAT),
            "heatmap": lambda: heatmaps.heatmap(network, cat, EGYPTIAN_CAT),
            "heatmap of the top class": lambda: heatmaps.heatmap(network, cat),
            "theirs": their_heatmap,
        },
        ROUNDS,
        WARM_UP,
    )
    print("Grad-CAM", *(f"{name} {median:.1f} ms" for name, median in found.items()), sep="   ")
    for name in ("gradients", "raw map", "heatmap", "heatmap of the top class"):
        print(f"  {name} / plain pass: {found[name] / found['plain pass']:.2f}  (target: 1.5)")
    print(f"  theirs / our heatmap: {found['theirs'] / found['heatmap']:.1f}  (target: 8)")


def compare_score_cam(network: Network, their_heatmap: Callable[[], Any]) -> None:
    cat = images.sample("cat")
    found = medians(
        {
            "ours": lambda: maps.raw_map(
                network, cat, EGYPTIAN_CAT, method="score-cam", max_channels=CHANNELS
            ),
            "theirs": their_heatmap,
        },
        SCORE_ROUNDS,
        1,
    )
    listed = (f"{name} {median:.0f} ms" for name, median in found.items())
    print(f"Score-CAM, {CHANNELS} channels", *listed, sep="   ")
    print(f"  theirs / ours: {found['theirs'] / found['ours']:.2f}  (target: 1)")


def compare_maps(network: Network, run: Callable[..., Any]) -> None:
    """Print how far apart the two Grad-CAMs are, whose definition is the same."""
    raw = maps.raw_map(network, images.sample("cat"), EGYPTIAN_CAT)
    ours, other = np.maximum(raw.values, 0), run(expand_cam=False, normalize_cam=False)
    print(
        f"Grad-CAM at the layer's resolution, up to {ours.max():.3f}: "
        f"largest difference {np.abs(ours - other).max():.1e}"
    )
    difference = np.abs(maps.shown(raw, network.input_size) - run()).max()
    # Theirs puts the centers of the outermost values on the border of the picture, half a value
    # too far out, and subtracts the smallest value.
    print(f"Grad-CAM at the input's size, 0..1: largest difference {difference:.2f}")


def main() -> int:
    """Print medians and ratios."""
    if find_spec("tf_keras_vis") is None:
        print("This needs tf-keras-vis to compare with: pip install tf-keras-vis", file=sys.stderr)
        return 1
    network = networks.load("efficientnet-lite0")
    their_grad_cam, their_score_cam = theirs(network)
    compare_grad_cam(network, their_grad_cam)
    compare_score_cam(network, their_score_cam)
    compare_maps(network, their_grad_cam)
    return 0


if __name__ == "__main__":
    sys.exit(main())
