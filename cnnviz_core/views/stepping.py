"""What the step-by-step page shows."""

from dataclasses import dataclass

from cnnviz_core.drawing.encoding import encode_png
from cnnviz_core.layers.typed_grids import format_grid
from cnnviz_core.stepping import svg
from cnnviz_core.stepping.animation import animate
from cnnviz_core.stepping.arranging import arrange
from cnnviz_core.stepping.drawing import DrawnAct, DrawnStop, draw
from cnnviz_core.stepping.pixels import MAX_SCALE, paint
from cnnviz_core.stepping.rows import heart_beat
from cnnviz_core.stepping.setups import (
    StepSetup,
    walk,
)
from cnnviz_core.stepping.stops import Name
from cnnviz_core.theme import Theme
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
