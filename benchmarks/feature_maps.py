"""All feature maps of the cat, and a layer's grid, against plain passes and the book's ways.

    .venv/bin/python -m benchmarks.feature_maps

The plain pass is the same network in a `tf.function` of its own. The book builds a model with the
outputs of all layers and calls its `predict`. They take turns in one run.

A grid is made up to the bytes that a browser gets. The book loops over the channels, stretches the
contrast of each, copies it into one large array, and has pyplot show that. Ours reads the cached
pass and draws; "other layer" is all that the page computes for a moved layer slider, and "other
channel" all for a moved channel slider.
"""

import io
import statistics
import time
from collections.abc import Callable

import keras
import matplotlib as mpl
import numpy as np
import tensorflow as tf

from cnnviz_core import images, networks
from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing import encoding
from cnnviz_core.drawing.maps import draw_tile_sheet, own_ranges
from cnnviz_core.inspection import feature_maps
from cnnviz_core.views import feature_maps as feature_maps_view
from cnnviz_core.views import networks as networks_view
from cnnviz_core.views import sharing

mpl.use("agg")
from matplotlib import pyplot as plt

ROUNDS = 15
GRIDS = ("block4_conv1", "block5_conv3")
COLUMNS = 16


def milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)


def compare(key: str) -> None:
    network, cat = networks.load(key), images.sample("cat")
    batch = network.preprocess(cat)
    plain = tf.function(
        lambda x: network.model(x, training=False), input_signature=[tf.TensorSpec(batch.shape)]
    )
    outputs = [network.model.get_layer(layer.name).output for layer in network.layers]
    book = keras.Model(network.model.input, outputs)
    ways = {
        "plain pass": lambda: plain(batch).numpy(),
        "all layers": lambda: feature_maps.all_layers(network, cat),
        "the book's": lambda: book.predict(batch, verbose=0),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, call in ways.items():
            times[name].append(milliseconds(call))
    # The first two rounds trace and warm up.
    medians = {name: statistics.median(found[2:]) for name, found in times.items()}
    print(key, *(f"{name} {median:.0f} ms" for name, median in medians.items()), sep="   ")
    print(f"  all layers / plain pass: {medians['all layers'] / medians['plain pass']:.2f}")


def compare_grids(layer: str) -> None:
    """Draw 512 channels both ways, and measure what the page computes for a moved slider."""
    network, cat = networks.load("vgg16-edges"), sharing.sample_picture("cat")
    maps = networks_view.all_layers(network, cat)[layer]
    # Each call is for a picture under a new key and finds the pass cached, but nothing drawn.
    fresh = [sharing.Picture(f"cat {layer} {count}", cat.pixels) for count in range(ROUNDS)]

    def ours() -> bytes:
        colored, scale = own_ranges(maps)
        return encoding.encode_png(draw_tile_sheet(colored, range(maps.shape[2]), scale).pixels)

    def view(picture: sharing.Picture, position: int) -> object:
        return feature_maps_view.layer_view(
            network, picture, layer, order="variance", scaling="layer", position=position
        )

    times: dict[str, list[float]] = {"pyplot grid": [], "our grid": [], "other layer": []}
    times["other channel"] = []
    for picture in fresh:
        networks_view.all_layers(network, picture)
        times["pyplot grid"].append(milliseconds(lambda: books_grid(maps)))
        times["our grid"].append(milliseconds(ours))
        times["other layer"].append(milliseconds(lambda picture=picture: view(picture, 0)))
        times["other channel"].append(milliseconds(lambda picture=picture: view(picture, 7)))
    medians = {name: statistics.median(found[2:]) for name, found in times.items()}
    listed = (f"{name} {median:.0f} ms" for name, median in medians.items())
    print(layer, maps.shape, *listed, sep="   ")
    print(f"  pyplot grid / our grid: {medians['pyplot grid'] / medians['our grid']:.0f}")


def books_grid(maps: FloatArray) -> bytes:
    """Lay out all channels as Chollet does in *Deep Learning with Python*, section 5.4."""
    height, width, count = maps.shape
    rows = count // COLUMNS
    grid = np.zeros((height * rows, width * COLUMNS))
    for row in range(rows):
        for column in range(COLUMNS):
            channel = maps[:, :, row * COLUMNS + column].copy()
            channel -= channel.mean()
            deviation = channel.std()
            channel = channel / deviation if deviation else channel
            stretched = np.clip(64 * channel + 128, 0, 255).astype(np.uint8)
            top, left = row * height, column * width
            grid[top : top + height, left : left + width] = stretched
    figure = plt.figure(figsize=(grid.shape[1] / width, grid.shape[0] / height))
    plt.grid(False)
    plt.imshow(grid, aspect="auto", cmap="viridis")
    file = io.BytesIO()
    plt.savefig(file)
    plt.close(figure)
    return file.getvalue()


def main() -> None:
    """Print medians, what all layers cost over a plain pass, and what a grid costs over ours."""
    for key in ("efficientnet-lite0", "vgg16-edges"):
        compare(key)
    for layer in GRIDS:
        compare_grids(layer)


if __name__ == "__main__":
    main()
