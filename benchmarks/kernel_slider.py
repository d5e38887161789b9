"""A moved kernel slider, from the widget's value to the encoded picture: ours against a notebook's.

    .venv/bin/python -m benchmarks.kernel_slider

The notebook's way is what readers of the article run: build a Keras model around one convolution
layer, call `predict`, draw the result with pyplot, save it as PNG. The floor is one bare
`tf.nn.conv2d` on a prepared tensor, and one PNG encode of the picture that ours sends.
"""

import io
import math
import statistics
import time
from collections.abc import Callable

import cv2
import keras
import matplotlib as mpl
import numpy as np
import tensorflow as tf

from cnnviz_core import images
from cnnviz_core.layers.kernels import RandomKernels, random_kernels
from cnnviz_core.views import convolution as convolution_view
from cnnviz_core.views import sharing

mpl.use("Agg")
import matplotlib.pyplot as plt

ROUNDS = 21
SETTINGS = ((3, 3), (10, 3), (3, 1), (15, 1), (3, 64))
CAT = images.sample("cat")
BATCH = CAT[np.newaxis].astype(np.float32)
TENSOR = tf.constant(BATCH)


def ours(size: int, num_filters: int, seed: int) -> bytes:
    """What a moved slider makes the convolution page call; a new seed, so no cache helps."""
    display = {3: "composite", 1: "single"}.get(num_filters, "tiles")
    view = convolution_view.convolved(
        sharing.sample_picture("cat"),
        RandomKernels(size, num_filters, seed),
        stride=1,
        padding="valid",
        dilation=1,
        display=display,
    )
    return view.after.data


def notebook(size: int, num_filters: int, seed: int) -> None:
    """A cell of the article's notebook."""
    initializer = keras.initializers.GlorotUniform(seed)
    convolution = keras.layers.Conv2D(num_filters, size, kernel_initializer=initializer)
    model = keras.Sequential([keras.Input(CAT.shape), convolution])
    maps = model.predict(BATCH, verbose=0)[0]
    if num_filters == 3:
        figure, axes = plt.subplots()
        axes.imshow((maps - maps.min()) / (maps.max() - maps.min()))
    else:
        side = math.ceil(math.sqrt(num_filters))
        figure, grid = plt.subplots(side, side, squeeze=False)
        for axes, one in zip(grid.flat, np.moveaxis(maps, -1, 0), strict=False):
            axes.imshow(one)
    figure.savefig(io.BytesIO(), format="png")
    plt.close(figure)


def floor(size: int, num_filters: int, seed: int, picture: np.ndarray) -> None:
    """The least that any way must do."""
    tf.nn.conv2d(TENSOR, random_kernels(size, num_filters, 3, seed), 1, "VALID").numpy()
    cv2.imencode(".png", picture)


def milliseconds(work: Callable[[int], object], seed: int) -> float:
    """How long `work` takes with this seed."""
    start = time.perf_counter()
    work(seed)
    return 1000 * (time.perf_counter() - start)


def compare(size: int, num_filters: int) -> list[float]:
    """The median times of the three ways, taking turns."""
    sent = np.frombuffer(ours(size, num_filters, 0), np.uint8)
    picture = cv2.imdecode(sent, cv2.IMREAD_COLOR)
    ways = (
        lambda seed: notebook(size, num_filters, seed),
        lambda seed: ours(size, num_filters, seed),
        lambda seed: floor(size, num_filters, seed, picture),
    )
    rounds = [[milliseconds(way, seed) for way in ways] for seed in range(1, ROUNDS + 1)]
    return [statistics.median(times) for times in zip(*rounds[1:], strict=True)]


def main() -> None:
    """Print the three ways for several kernel sizes and filter counts."""
    print("kernel  filters  notebook ms  ours ms  floor ms  notebook/ours  ours/floor")
    for size, num_filters in SETTINGS:
        slow, fast, bare = compare(size, num_filters)
        print(
            f"{size:3}×{size:<3}{num_filters:8}{slow:13.1f}{fast:9.1f}{bare:10.1f}"
            f"{slow / fast:15.1f}{fast / bare:12.2f}"
        )


if __name__ == "__main__":
    main()
