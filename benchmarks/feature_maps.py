"""All feature maps of the cat, against one plain forward pass and against the book's way.

    .venv/bin/python -m benchmarks.feature_maps

The plain pass is the same network in a `tf.function` of its own. The book builds a model with the
outputs of all layers and calls its `predict`. They take turns in one run.
"""

import statistics
import time
from collections.abc import Callable

import keras
import tensorflow as tf

from cnnviz_core import feature_maps, images, networks

ROUNDS = 15


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


def main() -> None:
    """Print the medians for both bundled networks, and what all layers cost over a plain pass."""
    for key in ("efficientnet-lite0", "vgg16-edges"):
        compare(key)


if __name__ == "__main__":
    main()
