"""What the step-by-step page shows."""

from dataclasses import dataclass

from cnnviz_core.drawing.encoding import encode_png
from cnnviz_core.layers import formulas
from cnnviz_core.layers.step_animation import animate_steps
from cnnviz_core.layers.step_drawing import MAX_SCALE, draw_step
from cnnviz_core.layers.step_layout import Labels, lay_out
from cnnviz_core.layers.step_setups import ConvolutionSetup, StepSetup, step_at
from cnnviz_core.layers.stepping import Operation
from cnnviz_core.theme import Theme
from cnnviz_core.views.sharing import MAX_VIEWS, shared

# An animation of so many positions takes about seven seconds to make and 1.3 MB; up to 36 it is
# worth twice the pixels.
MAX_ANIMATED_POSITIONS = 144

MAX_SHARP_POSITIONS = 36

# In pixels: an animation is shown on a wall.
MIN_ANIMATED_WIDTH = 512

MAX_ANIMATIONS = 8


@dataclass(frozen=True, slots=True)
class PositionsView:
    """What the step-by-step page shows beside the picture of a position."""

    operation: Operation
    num_positions: int
    height_formula: str
    width_formula: str


@dataclass(frozen=True, slots=True, eq=False)
class PositionPicture:
    """One position of a window as PNG, its width in CSS pixels, and the cell that it writes."""

    data: bytes
    width: int
    row: int
    col: int
    value: float


def positions(setup: StepSetup) -> PositionsView:
    """Return how many positions a window has, and why; `ValueError` if it can't be or not fit."""
    first = step_at(setup, 0)
    inside = ~first.is_padding
    height, width = int(inside.any(axis=1).sum()), int(inside.any(axis=0).sum())
    stride = len(first.rows) if setup.stride is None else setup.stride
    dilation = setup.dilation if isinstance(setup, ConvolutionSetup) else 1
    layer = stride, setup.padding, dilation
    return PositionsView(
        first.operation,
        first.output.size,
        formulas.output_size_formula(height, len(first.rows), *layer),
        formulas.output_size_formula(width, len(first.cols), *layer),
    )


@shared(MAX_VIEWS)
def position_picture(
    setup: StepSetup, position: int, theme: Theme, labels: Labels
) -> PositionPicture:
    """Draw one position of a window, counted from 0; all of one window have the same size.

    Raises
    ------
    ValueError
        As `step_setups.step_at`.
    """
    step = step_at(setup, position)
    scale = 2
    drawn = draw_step(step, theme=theme, scale=scale, labels=labels)
    data = encode_png(drawn)
    return PositionPicture(data, drawn.shape[1] // scale, step.row, step.col, step.value)


@shared(MAX_ANIMATIONS)
def animated_positions(setup: StepSetup, theme: Theme, labels: Labels) -> bytes:
    """Draw all positions of a window as an animated GIF: at most `MAX_ANIMATED_POSITIONS`."""
    num_positions = positions(setup).num_positions
    scales = range(2 if num_positions <= MAX_SHARP_POSITIONS else 1, MAX_SCALE)
    first = step_at(setup, 0)
    wide = (one for one in scales if lay_out(first, one, labels).width >= MIN_ANIMATED_WIDTH)
    scale = next(wide, MAX_SCALE)
    steps = (step_at(setup, position) for position in range(num_positions))
    return animate_steps(steps, theme=theme, scale=scale, labels=labels)
