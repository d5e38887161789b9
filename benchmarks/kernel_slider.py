"""A moved kernel slider, from the widget's value to the encoded picture: ours against a notebook's.

    .venv/bin/python -m benchmarks.kernel_slider

The notebook's way is what the article's readers run: build a Keras model around one convolution
layer, call `predict`, draw the result with pyplot, save it as PNG. The floor is one bare
`tf.nn.conv2d` on prepared tensors, and one PNG encode of its result.
"""

import io
import statistics
import time
from collections.abc import Callable

import cv2
import keras
import matplotlib as mpl
import numpy as np
import tensorflow as tf

from cnnviz_core import cached, images
from cnnviz_core.kernels import RandomKernels, random_kernels

mpl.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

REPEATS = 15
SETTINGS = ((3, 3), (10, 3), (3, 1), (15, 1), (3, 64))


def milliseconds(work: Callable[[int], object]) -> float:
    """The median time of `work`, which gets a fresh seed each time so that no cache helps."""
    work(0)
    times = []
    for seed in range(1, REPEATS + 1):
        start = time.perf_counter()
        work(seed)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def main() -> None:
    """Print a table of the three ways for several kernel sizes and filter counts."""
    cat = images.sample("cat")
    batch = cat[np.newaxis].astype(np.float32)
    picture = cached.sample_picture("cat")
    cached.original(picture)
    print("kernel  filters  notebook ms   ours ms  floor ms   notebook/ours  ours/floor")
    for size, num_filters in SETTINGS:

        def ours(seed: int) -> None:
            cached.convolved(
                picture,
                RandomKernels(size, num_filters, seed),
                stride=1,
                padding="valid",
                dilation=1,
                display="composite" if num_filters == 3 else "tiles",
            )

        def notebook(seed: int) -> None:
            model = keras.Sequential(
                [
                    keras.Input(cat.shape),
                    keras.layers.Conv2D(
                        num_filters,
                        size,
                        kernel_initializer=keras.initializers.GlorotUniform(seed),
                    ),
                ]
            )
            maps = model.predict(batch, verbose=0)[0]
            if num_filters == 3:
                shown = (maps - maps.min()) / (maps.max() - maps.min())
                figure, axes = plt.subplots()
                axes.imshow(shown)
            else:
                side = int(np.ceil(np.sqrt(num_filters)))
                figure, grid = plt.subplots(side, side, squeeze=False)
                for axes, one in zip(grid.flat, np.moveaxis(maps, -1, 0), strict=False):
                    axes.imshow(one)
            figure.savefig(io.BytesIO(), format="png")
            plt.close(figure)

        tensor = tf.constant(batch)
        shape = (318, 398, 3) if num_filters == 3 else (1280, 1280, 3)

        def floor(seed: int) -> None:
            kernels = tf.constant(random_kernels(size, num_filters, 3, seed))
            maps = tf.nn.conv2d(tensor, kernels, 1, "VALID").numpy()[0]
            low, high = maps.min(), maps.max()
            if num_filters <= 3:
                encoded = ((maps - low) * (255 / (high - low))).astype(np.uint8)
            else:
                encoded = np.zeros(shape, np.uint8)
            cv2.imencode(".png", encoded)

        slow, fast, bare = milliseconds(notebook), milliseconds(ours), milliseconds(floor)
        print(
            f"{size:3}×{size:<3} {num_filters:7} {slow:12.1f} {fast:9.1f} {bare:9.1f} "
            f"{slow / fast:15.1f} {fast / bare:11.2f}"
        )


if __name__ == "__main__":
    main()
