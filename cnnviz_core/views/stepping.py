"""What the step-by-step page shows."""

import math
from dataclasses import dataclass, replace

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing.encoding import encode_png
from cnnviz_core.drawing.rendering import Scale, value_scale
from cnnviz_core.layers.formulas import (
    output_size_formula,
    total_formula,
    transposed_size_formula,
)
from cnnviz_core.layers.typed_grids import format_grid, parse_grid
from cnnviz_core.layers.windows import output_size
from cnnviz_core.stepping import svg
from cnnviz_core.stepping.animation import animate
from cnnviz_core.stepping.arranging import arrange
from cnnviz_core.stepping.drawing import DrawnAct, DrawnStop, draw
from cnnviz_core.stepping.pixels import MAX_SCALE, paint
from cnnviz_core.stepping.rows import heart_beat
from cnnviz_core.stepping.setups import (
    BatchSetup,
    CausalSetup,
    ChainSetup,
    ConvolutionSetup,
    GlobalPoolingSetup,
    GradientSetup,
    PoolingSetup,
    SeparableSetup,
    StepSetup,
    TransposedSetup,
    read_channels,
    read_gradient,
    read_kernels,
    read_mixing,
    result_sides,
    walk,
)
from cnnviz_core.stepping.stops import Name, results
from cnnviz_core.theme import Theme
from cnnviz_core.views.costs import CostsView, layer_costs
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared

# What stands over the grids.
Words = tuple[tuple[Name, str], ...]

# An animation of so many stops takes about seven seconds to make and 1.3 MB; up to 36 it is worth
# twice the pixels.
MAX_ANIMATED_STOPS = 144
MAX_SHARP_STOPS = 36

# In pixels: an animation is shown on a wall.
MIN_ANIMATED_WIDTH = 512

MAX_ANIMATIONS = 8

# Rows and columns of the picture that become grids.
PATCH = 7

STYLE, HATCHING = svg.style(), svg.hatching()

# What a page takes along so that its stops follow the slider: at most so many groups of marks, of
# all stops together, which take a sixth of a second to draw.
MAX_GROUPS = 5_000


@dataclass(frozen=True, slots=True)
class WalkView:
    """What the step-by-step page shows beside the picture of a stop.

    The formulas are those of the result's size, where that is not the input's.
    `bias_gradient` is what is handed back to a bias, where that is asked.
    """

    num_stops: int
    height_formula: str = ""
    width_formula: str = ""
    costs: CostsView | None = None
    bias_gradient: float | None = None


@dataclass(frozen=True, slots=True)
class StopView:
    """One stop as HTML, and the cell that it writes, from 0, of the result `index`.

    `cells` are the rows and columns of the first grid.
    """

    html: str
    row: int
    column: int
    index: int
    value: float
    cells: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class LearningStep:
    """Kernel, result and loss before and after a step of gradient descent, each on one scale."""

    kernel: FloatArray
    new_kernel: FloatArray
    kernel_scale: Scale
    result: FloatArray
    new_result: FloatArray
    result_scale: Scale
    loss: float
    new_loss: float


@dataclass(frozen=True, slots=True)
class Changes:
    """All stops, by what differs from the first.

    `texts` are groups of marks as SVG. `first` has one for each group of the first stop, by their
    numbers, and `later` the others of each stop: the group, and its text. `middles` are those of
    the windows, in cells of the first grid; None where there is no window on it.
    """

    texts: tuple[str, ...]
    first: tuple[int, ...]
    later: tuple[tuple[tuple[int, int], ...], ...]
    middles: tuple[tuple[float, float] | None, ...]


def walk_view(setup: StepSetup) -> WalkView:
    """Return how many stops there are, and why; `ValueError` if it can't be or not fit."""
    num_stops = walk(setup).num_stops
    if isinstance(setup, TransposedSetup):
        kernel = parse_grid(setup.kernel).shape
        sides = zip(parse_grid(setup.grid).shape, kernel, strict=True)
        layer = setup.stride, setup.padding, setup.output_padding
        rows, columns = (transposed_size_formula(*side, *layer) for side in sides)
        return WalkView(num_stops, rows, columns)
    if isinstance(setup, CausalSetup | BatchSetup | ChainSetup | GlobalPoolingSetup):
        return WalkView(num_stops)
    if isinstance(setup, GradientSetup):
        forwards = walk_view(setup.forwards)
        total = float(read_gradient(setup).sum()) if setup.towards == "kernel" else None
        return replace(forwards, num_stops=num_stops, bias_gradient=total)
    source = read_channels(setup.grids).shape
    if isinstance(setup, SeparableSetup):
        return _separable_view(setup, num_stops)
    if isinstance(setup, PoolingSetup):
        stride = setup.size if setup.stride is None else setup.stride
        rows, columns = (
            output_size_formula(side, setup.size, stride, setup.padding) for side in source[:2]
        )
        return WalkView(num_stops, rows, columns)
    window = read_kernels(setup.kernels).shape
    rows, columns = (
        output_size_formula(side, kernel, setup.stride, setup.padding, setup.dilation)
        for side, kernel in zip(source[:2], window[:2], strict=True)
    )
    costs = None
    if source[2] > 1 or window[3] > 1 or setup.biases:
        height, width, _, num_filters = window
        places = num_stops // num_filters
        costs = layer_costs(places, height, width, source[2], num_filters, setup.groups)
    return WalkView(num_stops, rows, columns, costs)


def _separable_view(setup: SeparableSetup, num_stops: int) -> WalkView:
    """Return what both acts cost together, and beside it what a dense layer does."""
    num_channels, num_filters = len(setup.grids), read_mixing(setup).shape[3]
    sides = read_channels(setup.grids).shape[:2]
    height, width = read_kernels([(one,) for one in setup.kernels]).shape[:2]
    axes = (sides[0], height), (sides[1], width)
    layer = setup.stride, setup.padding
    places = math.prod(output_size(*axis, *layer) for axis in axes)
    mixing = num_channels * num_filters
    costs = CostsView(
        total_formula((height * width + 1) * num_channels, mixing + num_filters),
        total_formula(places * height * width * num_channels, places * mixing),
        dense=layer_costs(places, height, width, num_channels, num_filters),
    )
    rows, columns = (output_size_formula(*axis, *layer) for axis in axes)
    return WalkView(num_stops, rows, columns, costs)


def learning_step(setup: GradientSetup, rate: float) -> LearningStep:
    """Return what a step of gradient descent makes of the kernel; `ValueError` as `setups.walk`.

    The loss is the one that has the setup's gradient: each cell of the result times its own, added
    up.
    """
    forwards = setup.forwards
    if not isinstance(forwards, ConvolutionSetup):
        raise ValueError("A kernel learns, but this layer has none: choose a convolution.")
    upstream = read_gradient(setup)
    kernel = read_kernels(forwards.kernels)[:, :, 0, 0]
    gradient = results(walk(setup))[..., 0]
    new_kernel = (kernel - np.float32(rate) * gradient).astype(np.float32)
    after = replace(forwards, kernels=((format_grid(new_kernel),),))
    result, new_result = (results(walk(one))[..., 0] for one in (forwards, after))
    return LearningStep(
        kernel=kernel,
        new_kernel=new_kernel,
        kernel_scale=value_scale(kernel, new_kernel),
        result=result,
        new_result=new_result,
        result_scale=value_scale(result, new_result),
        loss=float((result * upstream).sum()),
        new_loss=float((new_result * upstream).sum()),
    )


def num_results(setup: ConvolutionSetup | PoolingSetup) -> int:
    """Return how many cells the result has; 1 as long as there is none."""
    try:
        return math.prod(result_sides(setup))
    except ValueError:
        return 1


def picture_patch(picture: Picture, down: int, across: int) -> tuple[str, ...]:
    """Return pixels around a place, in percent of the way, as a typed grid for each channel."""
    pixels = picture.pixels
    starts = [
        round(percent / 100 * max(side - PATCH, 0))
        for percent, side in zip((down, across), pixels.shape[:2], strict=True)
    ]
    patch = pixels[starts[0] : starts[0] + PATCH, starts[1] : starts[1] + PATCH]
    return tuple(format_grid(patch[..., channel]) for channel in range(3))


def heart_beat_row() -> str:
    """Return the row of `rows.heart_beat` as a person would type it."""
    return format_grid(heart_beat())


@shared(MAX_VIEWS)
def stop_view(setup: StepSetup, position: int, words: Words) -> StopView:
    """Return one stop, counted from 0.

    Raises
    ------
    ValueError
        As `setups.walk`.
    """
    stop = walk(setup).at(position)
    html = _html(draw(stop, dict(words)))
    return StopView(
        html=html,
        row=stop.row,
        column=stop.column,
        index=stop.index,
        value=stop.value,
        cells=(stop.source.values.shape[0], stop.source.values.shape[1]),
    )


@shared(MAX_VIEWS)
def stop_picture(setup: StepSetup, position: int, theme: Theme, words: Words) -> bytes:
    """Return one stop as PNG, at twice its size on screen."""
    return encode_png(paint(arrange(draw(walk(setup).at(position), dict(words))), theme=theme))


@shared(MAX_VIEWS)
def changes(setup: StepSetup, words: Words) -> Changes | None:
    """Return what changes from stop to stop; None if it is too much to take along."""
    found = walk(setup)
    drawn = draw(found.at(0), dict(words))
    if found.num_stops * sum(len(piece.groups) for piece in drawn.pieces) > MAX_GROUPS:
        return None
    numbers: dict[str, int] = {}
    stops: list[list[int]] = []
    middles = []
    for position in range(found.num_stops):
        stop = found.at(position)
        middles.append(stop.source.middle)
        pieces = draw(stop, dict(words)).pieces
        texts = [text for piece in pieces for text in svg.groups(piece)]
        stops.append([numbers.setdefault(text, len(numbers)) for text in texts])
    first = stops[0]
    later = tuple(
        tuple((at, one) for at, one in enumerate(stop) if one != first[at]) for stop in stops
    )
    return Changes(tuple(numbers), tuple(first), later, tuple(middles))


@shared(MAX_ANIMATIONS)
def animated_stops(setup: StepSetup, theme: Theme, words: Words) -> bytes:
    """Draw all stops as an animated GIF: at most `MAX_ANIMATED_STOPS`."""
    found = walk(setup)
    scales = range(2 if found.num_stops <= MAX_SHARP_STOPS else 1, MAX_SCALE)
    drawings = [
        arrange(draw(found.at(position), dict(words))) for position in range(found.num_stops)
    ]
    width = drawings[0].width
    scale = next((one for one in scales if one * width >= MIN_ANIMATED_WIDTH), MAX_SCALE)
    return animate(drawings, theme=theme, scale=scale)


def _html(drawn: DrawnStop) -> str:
    parts = "".join(map(_act, drawn.parts))
    return (f'<div class="step-parts">{parts}</div>' if parts else "") + _act(drawn.whole)


def _act(act: DrawnAct) -> str:
    items, lines = ("".join(map(svg.svg, pieces)) for pieces in (act.items, act.lines))
    return f'<div class="step-act">{items}<div class="step-sum">{lines}</div></div>'
