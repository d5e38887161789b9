"""A stop of *Step by step*, from the typed grids to what the browser gets.

    .venv/bin/python -m benchmarks.stepping

One channel and one filter are compared with three of each, and both with a picture of one channel
as PNG, which is what the page sent before it sent letters.
"""

import statistics
import time
from collections.abc import Callable
from itertools import cycle

from cnnviz_core.drawing.encoding import encode_png
from cnnviz_core.stepping.arranging import arrange
from cnnviz_core.stepping.drawing import draw
from cnnviz_core.stepping.pixels import paint
from cnnviz_core.stepping.setups import ConvolutionSetup, StepSetup, walk
from cnnviz_core.views import stepping
from pages.parts.layers.step_grids import GRIDS_TEXT, KERNELS_TEXT
from pages.parts.step_position import words

ROUNDS = 200
ONE = ConvolutionSetup(grids=GRIDS_TEXT[:1], kernels=(KERNELS_TEXT[0][:1],))
THREE = ConvolutionSetup(grids=GRIDS_TEXT, kernels=KERNELS_TEXT, biases="1 0 -1")
WORDS = words()


def html(setup: StepSetup, stop: int) -> str:
    """A stop as the page shows it, uncached."""
    return str(stepping.stop_view.__wrapped__(setup, stop, WORDS).html)  # type: ignore[attr-defined]


def png(setup: StepSetup, stop: int) -> bytes:
    """A stop as a picture."""
    return encode_png(paint(arrange(draw(walk(setup).at(stop), dict(WORDS)))))


def milliseconds(make: Callable[[int], object], num_stops: int) -> float:
    """The median over all stops in turn."""
    times = []
    for stop, _round in zip(cycle(range(num_stops)), range(ROUNDS), strict=False):
        begun = time.perf_counter()
        make(stop)
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def main() -> None:
    """Print a table."""
    print("| what | median, ms | of the PNG | bytes |")
    print("| --- | --- | --- | --- |")
    before = milliseconds(lambda stop: png(ONE, stop), 9)
    print(f"| one channel, as PNG | {before:.1f} | 1.00 | {len(png(ONE, 0)):,} |")
    for name, setup, num_stops in (
        ("one channel", ONE, 9),
        ("three channels, three filters", THREE, 27),
    ):
        now = milliseconds(lambda stop, setup=setup: html(setup, stop), num_stops)
        size = len(html(setup, 0).encode())
        print(f"| {name} | {now:.1f} | {now / before:.2f} | {size:,} |")


if __name__ == "__main__":
    main()
