"""Filter ascent against tf-keras-vis, against the book's loop, and against the processor.

    .venv/bin/pip install tf-keras-vis
    .venv/bin/python -m benchmarks.filter_ascent

All on the trunk of VGG16 at 128×128 pixels, before ReLU.

- tf-keras-vis' `ActivationMaximization` runs with its defaults, 200 steps, on its own copy of the
  network, four filters in one batch. Ours stops at the first picture whose mean activation reaches
  theirs; both are measured by the same function, as the pictures are. Ours counts from the
  call on, with tracing and with finding out which number format is fastest.
- The book's loop (Chollet, *Deep Learning with Python*) ascends one filter after the other in a
  `tf.function`, on a model that ends after ReLU. It takes turns with ours, eight in a batch.
- The rate counts the convolutions' multiplications and additions, forward and back to the picture,
  of one step. Next to it stands the rate of a single convolution of the same number format, the
  largest on the way, also forward and back, repeated until it has done as much work; and that of
  all convolutions on the way one by one, with nothing between. What is lost from the one to the
  other is lost by the network's shapes; from there to the step, by bias, ReLU, pooling and the
  picture itself. All take turns, and shares are those of the median round.
"""

import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from cnnviz_core import networks
from cnnviz_core.arrays import FloatArray
from cnnviz_core.filter_ascent.ascent import ascend, measure
from cnnviz_core.filter_ascent.precision import fastest_precision
from cnnviz_core.filter_ascent.settings import DEFAULT, AscentSettings
from cnnviz_core.filter_ascent.truncated_network import linear_scaling
from cnnviz_core.networks import Network

SIZE = 128
LAYERS = ("block3_conv1", "block5_conv1")
FILTERS = (0, 36, 73, 109, 146, 182, 219, 255)
THEIR_STEPS, OUR_STEPS, ROUNDS = 200, 24, 12

# All places count in full, for that is what both are measured by. Colors of natural contrast are
# the default, and take longer.
SETTINGS = {
    "strong contrast": replace(DEFAULT, negative_slope=1.0, contrast=0.4),
    "default contrast": replace(DEFAULT, negative_slope=1.0, step_size=0.2),
}


def seconds(call: Callable[[], object]) -> float:
    """Return how long `call` takes, in seconds."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def against_tf_keras_vis(network: Network, layer: str, filters: Sequence[int]) -> None:
    """Print how much sooner ours reaches the mean activation of theirs."""
    theirs: list[FloatArray] = []
    took = seconds(lambda: theirs.append(their_pictures(network, layer, filters)))
    goal = measure(network, layer, filters, theirs[0]).mean()
    print(
        f"{layer}   tf-keras-vis {took:.1f} s   activation {goal:.1f}   "
        f"deviation of pixels {theirs[0].std():.2f}"
    )
    for title, settings in SETTINGS.items():
        ours, step, images = until(network, layer, filters, settings, goal)
        print(
            f"{layer}   ours, {title}: {ours:.2f} s, step {step}   "
            f"deviation of pixels {images.std():.2f}   ratio {took / ours:.0f}"
        )


def until(
    network: Network, layer: str, filters: Sequence[int], settings: AscentSettings, goal: float
) -> tuple[float, int, FloatArray]:
    """Return the seconds it takes to reach an activation, the step, and the pictures."""
    states = ascend(network, layer, filters, steps=500, size=SIZE, settings=settings)
    took = 0.0
    while True:
        start = time.perf_counter()
        state = next(states)
        took += time.perf_counter() - start
        if measure(network, layer, filters, state.images).mean() >= goal:
            return took, state.step, state.images


def their_pictures(network: Network, layer: str, filters: Sequence[int]) -> FloatArray:
    """Return tf-keras-vis' pictures, in 0..1."""
    from tf_keras_vis.activation_maximization import ActivationMaximization

    visualizer = ActivationMaximization(own_copy(network, layer), clone=False)
    seeds = tf.random.stateless_uniform((len(filters), SIZE, SIZE, 3), (0, 0), 0, 255)

    # Keras notes that it is handed a list of one picture.
    warnings.filterwarnings("ignore", "(?s).*structure of `inputs`")

    def score(maps: Any) -> list[Any]:
        return [maps[index, ..., channel] for index, channel in enumerate(filters)]

    found = visualizer(score, seed_input=seeds, steps=THEIR_STEPS)
    return np.asarray(found, np.float32) / 255


def own_copy(network: Network, layer: str) -> Any:
    """Return a model of its own for pixels in 0..255, with a linear layer at its end."""
    scale, offset = linear_scaling(network)
    scaling = keras.layers.Conv2D(3, 1, name="scaling")
    given = keras.Input((SIZE, SIZE, 3))
    x = scaling(given)
    scaling.set_weights([scale[np.newaxis, np.newaxis] / 255, offset])
    for original in network.model.layers[1:]:
        config = original.get_config()
        if original.name == layer:
            config["activation"] = "linear"
        copy = type(original).from_config(config)
        x = copy(x)
        copy.set_weights(original.get_weights())
        if original.name == layer:
            break
    return keras.Model(given, x)


def against_the_book(network: Network, layer: str) -> None:
    """Print the time of one step of one picture, and what that of the book's loop is of it."""
    step = books_step(network, layer)
    states = ascend(network, layer, FILTERS, steps=ROUNDS + 2, size=SIZE)
    picture = tf.random.stateless_uniform((1, SIZE, SIZE, 3), (0, 0), 118, 138)
    rounds = []
    for _ in range(ROUNDS + 2):
        book = seconds(lambda: [step(picture, tf.constant(one)).numpy() for one in FILTERS])
        rounds.append((book / len(FILTERS), seconds(lambda: next(states)) / len(FILTERS)))
    # The first rounds trace and warm up.
    book, ours = (1000 * statistics.median(times) for times in zip(*rounds[2:], strict=True))
    print(
        f"{layer}   a step of one picture: the book's {book:.1f} ms   ours {ours:.1f} ms   "
        f"ratio {book / ours:.1f}"
    )


def books_step(network: Network, layer: str) -> Callable[..., Any]:
    """Return the step of the book's loop."""
    model = keras.Model(network.model.input, network.model.get_layer(layer).output)

    @tf.function
    def step(picture: Any, channel: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(picture)
            loss = tf.reduce_mean(model(picture)[:, 2:-2, 2:-2, channel])
        gradient = tape.gradient(loss, picture)
        return picture + gradient / (tf.sqrt(tf.reduce_mean(gradient**2)) + 1e-5)

    return step


def rate(network: Network, layer: str, precision: Any) -> None:
    """Print the floating-point rate of a step, and the share of what one convolution reaches."""
    settings = AscentSettings(precision=precision)
    states = ascend(network, layer, FILTERS, steps=ROUNDS + 2, size=SIZE, settings=settings)
    shapes = convolutions(network, layer)
    calls = [both_ways(shape, precision) for shape in shapes]
    work = [operations(shape) for shape in shapes]
    # Of equally large ones the last, which has the most channels and is quickest.
    _, reference = max((amount, index) for index, amount in enumerate(work))
    repeats = max(1, sum(work) // work[reference])
    rounds = []
    for _ in range(ROUNDS + 2):
        step = seconds(lambda: next(states))
        alone = sum(seconds(call) for call in calls)
        bare = (
            repeats
            * work[reference]
            / seconds(lambda: [calls[reference]() for _ in range(repeats)])
        )
        ours, shapes_alone = sum(work) / step, sum(work) / alone
        rounds.append((bare / 1e9, ours / 1e9, ours / bare, shapes_alone / bare))
    one, ours, share, reachable = (
        statistics.median(kind) for kind in zip(*rounds[2:], strict=True)
    )
    print(
        f"{layer}   {precision}   one convolution {one:.0f} GFLOP/s   a step {ours:.0f}   "
        f"share {share:.0%}   of its convolutions alone {reachable:.0%}"
    )


def convolutions(network: Network, layer: str) -> list[tuple[int, int, int, int]]:
    """Return side of the map, side of the kernel, channels in and out of each one up to a layer."""
    side, found = SIZE, []
    for original in network.model.layers[1:]:
        if "pool" in original.name:
            side //= 2
            continue
        kernel, _, inputs, outputs = original.kernel.shape
        if original.name == layer:
            # Only one channel a picture is asked for, and nothing else computed.
            return [*found, (side, kernel, inputs, len(FILTERS))]
        found.append((side, kernel, inputs, outputs))
    raise ValueError(layer)


def operations(shape: tuple[int, int, int, int]) -> int:
    """Count the floating-point operations of a convolution of all pictures, both ways."""
    side, kernel, inputs, outputs = shape
    return 2 * 2 * kernel**2 * inputs * outputs * side**2 * len(FILTERS)


def both_ways(shape: tuple[int, int, int, int], precision: Any) -> Callable[[], None]:
    """Return a bare convolution of this shape, forward and back to its input: no bias, no ReLU."""
    side, size, inputs, outputs = shape
    maps, kernel, slopes = (
        tf.cast(tf.random.normal(dimensions), precision)
        for dimensions in (
            (len(FILTERS), side, side, inputs),
            (size, size, inputs, outputs),
            (len(FILTERS), side, side, outputs),
        )
    )

    @tf.function
    def both(maps: Any, kernel: Any, slopes: Any) -> Any:
        forward = tf.nn.conv2d(maps, kernel, 1, "SAME")
        return forward, tf.nn.conv2d_transpose(slopes, kernel, maps.shape, 1, "SAME")

    # Reading a number waits for the result.
    return lambda: [part[0, 0, 0, 0].numpy() for part in both(maps, kernel, slopes)] and None


def from_click_to_grid(network: Network, layer: str) -> None:
    """Print when the first pictures are there, when they are recognizable, and when all is done.

    Recognizable: half of the way from the first mean activation to the last.
    """
    start = time.perf_counter()
    seen = [
        (time.perf_counter() - start, float(state.activations.mean()))
        for state in ascend(network, layer, FILTERS, steps=OUR_STEPS, size=SIZE)
    ]
    half = (seen[0][1] + seen[-1][1]) / 2
    recognizable = next(moment for moment, mean in seen if mean >= half)
    print(
        f"{layer}   eight filters: first {seen[0][0]:.1f} s   "
        f"recognizable {recognizable:.1f} s   {OUR_STEPS} steps {seen[-1][0]:.1f} s"
    )


def main() -> None:
    """Print all comparisons."""
    try:
        import tf_keras_vis  # noqa: F401
    except ImportError:
        sys.exit("tf-keras-vis is not installed: .venv/bin/pip install tf-keras-vis")
    network = networks.load("vgg16-edges")
    # First, so that nothing is traced or measured yet: what a visitor's first click meets.
    from_click_to_grid(network, LAYERS[0])
    print(f"fastest here: {fastest_precision()}")
    against_tf_keras_vis(network, LAYERS[0], FILTERS[::2])
    for layer in LAYERS:
        against_the_book(network, layer)
        for precision in ("float32", "bfloat16"):
            rate(network, layer, precision)


if __name__ == "__main__":
    main()
