"""Draw a stop: grids, signs and sums as tiles, letters and frames, whatever the operation.

Pieces are drawn one by one, so that a page can lay them out as wide as it is; `arranging` puts
them on one picture.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cnnviz_core.number_format import narrow_number
from cnnviz_core.stepping.lettering import fit, in_brackets, text_width, texts_of
from cnnviz_core.stepping.stops import Act, Grid, Item, Look, Name, Stop, Sum, Term

# Whose color a text has: that of what it stands on, or one of its own.
Ink = Look | Literal["muted", "weight"]
Words = Mapping[Name, str]

# In CSS pixels: pictures of many cells get smaller ones, those of several channels, too.
COMFORTABLE_WIDTH = 690
LARGEST_CELL, SMALLEST_CELL, CELL_OF_SEVERAL = 48, 30, 28
SMALLEST_SUM, SMALLEST_WEIGHT = 13, 9

# Shares of a cell's side, found by looking at the pictures.
LABEL, VALUE, WEIGHT, SUM = 0.32, 0.48, 0.28, 0.38


@dataclass(frozen=True, slots=True)
class Tile:
    """A rounded tile."""

    x: float
    y: float
    width: float
    height: float
    look: Look


@dataclass(frozen=True, slots=True)
class Text:
    """A line of letters around a place."""

    text: str
    x: float
    y: float
    size: float
    ink: Ink
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A line around cells."""

    x: float
    y: float
    width: float
    height: float


Mark = Tile | Text | Frame


@dataclass(frozen=True, slots=True)
class Piece:
    """What is drawn of a grid, a sign or a sum, in CSS pixels.

    The marks of a group change together: all stops of a walk have the same pieces, of the same
    sizes, with the same groups.
    """

    width: float
    height: float
    groups: tuple[tuple[Mark, ...], ...]


@dataclass(frozen=True, slots=True)
class DrawnAct:
    """Grids and signs, from left to right, and the lines of the sum."""

    items: tuple[Piece, ...]
    lines: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class DrawnStop:
    """The acts of a stop: those of the channels, then what they come to."""

    parts: tuple[DrawnAct, ...]
    whole: DrawnAct

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces, in the order in which they are read."""
        return tuple(
            piece for act in (*self.parts, self.whole) for piece in (*act.items, *act.lines)
        )


def draw(stop: Stop, words: Words) -> DrawnStop:
    """Draw a stop; `words` are what stands over the grids.

    The window and the cell being written are amber, weights are blue and stand small in the corner
    of the cells they multiply, padding is hatched, cells to come are empty.
    """
    units = max(sum(_units(item) for item in act.items) for act in stop.acts)
    largest = CELL_OF_SEVERAL if stop.parts else LARGEST_CELL
    cell = min(max(COMFORTABLE_WIDTH // units, SMALLEST_CELL), largest)
    *parts, whole = (_draw_act(act, cell, words) for act in stop.acts)
    return DrawnStop(tuple(parts), whole)


def _text(text: str, x: float, y: float, size: float, ink: Ink, is_bold: bool = False) -> Text:
    return Text(text=text, x=x, y=y, size=size, ink=ink, is_bold=is_bold)


def _units(item: Item) -> int:
    return 1 if isinstance(item, str) else item.values.shape[1]


def _draw_act(act: Act, cell: float, words: Words) -> DrawnAct:
    height = max(_height(item, cell) for item in act.items if isinstance(item, Grid))
    items = tuple(
        _sign(item, cell, height) if isinstance(item, str) else _grid(item, cell, words)
        for item in act.items
    )
    if act.sum is None:
        return DrawnAct(items, ())
    return DrawnAct(items, tuple(_draw_sum(act.sum, max(SUM * cell, SMALLEST_SUM))))


def _height(grid: Grid, cell: float) -> float:
    return cell * len(grid.values) + _label_height(cell)


def _label_height(cell: float) -> float:
    return 1.8 * LABEL * cell


def _sign(text: str, cell: float, height: float) -> Piece:
    middle = (height + _label_height(cell)) / 2
    mark = (_text(text, cell / 2, middle, 0.6 * cell, "muted"),) if text else ()
    return Piece(cell, height, (mark,))


def _grid(grid: Grid, cell: float, words: Words) -> Piece:
    rows, columns = grid.values.shape
    number = "" if grid.index is None else f" {grid.index + 1}"
    label = f"{words[grid.name]}{number} {grid.inside[0]}×{grid.inside[1]}"
    size = max(LABEL * cell, 11)
    width = max(cell * columns, text_width(label, size))
    left, top = (width - cell * columns) / 2, _label_height(cell)
    groups: list[tuple[Mark, ...]] = [(_text(label, width / 2, top - 0.9 * size, size, "muted"),)]
    among = grid.values if grid.among is None else grid.among
    value_size = fit(texts_of(among), 0.84 * cell, VALUE * cell, bold=True)
    weights = [] if grid.corners is None else texts_of(grid.corners)
    largest = max(WEIGHT * cell, SMALLEST_WEIGHT)
    weight_size = fit((_corner(grid, one) for one in weights), 0.8 * cell, largest, bold=True)
    # Where weights will stand in the corners, every number makes room, so that none ever moves.
    lift = 0 if grid.corners is None else 0.08 * cell
    corners = np.full(grid.values.shape, np.nan) if grid.corners is None else grid.corners
    cells = zip(
        np.ndindex(rows, columns),
        grid.values.ravel().tolist(),
        grid.looks.ravel().tolist(),
        corners.ravel().tolist(),
        strict=True,
    )
    gap = 0.04 * cell
    look: Look
    for (row, column), value, look, weight in cells:
        x, y = left + column * cell, top + row * cell
        marks: list[Mark] = [Tile(x + gap, y + gap, cell - 2 * gap, cell - 2 * gap, look)]
        if math.isfinite(value):
            middle, line = x + cell / 2, y + cell / 2 - lift
            marks.append(
                _text(narrow_number(value), middle, line, value_size, look, look == "current")
            )
        if math.isfinite(weight):
            text = _corner(grid, narrow_number(weight))
            right = x + 0.9 * cell - text_width(text, weight_size, bold=True) / 2
            marks.append(_text(text, right, y + 0.86 * cell, weight_size, "weight", True))
        groups.append(tuple(marks))
    groups.append(tuple(_frames(grid, cell, left, top)))
    return Piece(width, top + cell * rows + 0.1 * cell, tuple(groups))


def _corner(grid: Grid, number: str) -> str:
    """Write what stands in a corner; what is added has one sign."""
    is_negative = number.startswith("−")
    return number if grid.corner_sign == "+" and is_negative else f"{grid.corner_sign}{number}"


def _frames(grid: Grid, cell: float, left: float, top: float) -> Iterator[Frame]:
    """Draw a line around all that the window spans, also the cells that dilation leaves out."""
    if grid.frame is not None:
        row, column, height, width = grid.frame
        yield Frame(left + column * cell, top + row * cell, width * cell, height * cell)


@dataclass(frozen=True, slots=True)
class _Measures:
    """How wide the parts of a sum are, at a size of letters."""

    size: float
    chip: float
    chip_height: float
    gap: float
    lead: float
    tail: float
    result: float

    def width(self, num_terms: int) -> float:
        """Width of a line of so many terms that has a beginning and an end."""
        return self.lead + num_terms * (self.chip + self.gap) - self.gap + self.tail + self.result


def _draw_sum(added: Sum, size: float) -> Iterator[Piece]:
    """Write a line for each row of the window."""
    measures = _measure(added, size)
    per_line = min(added.per_line, len(added.terms))
    if measures.width(per_line) > COMFORTABLE_WIDTH:
        measures = _measure(added, size * COMFORTABLE_WIDTH / measures.width(per_line))
    for start in range(0, len(added.terms), per_line):
        yield _line(added, start, start + per_line, measures)


def _line(added: Sum, start: int, end: int, measures: _Measures) -> Piece:
    """Write some of the terms, before the first what comes before, after the last the result."""
    size, middle = measures.size, measures.chip_height / 2
    groups: list[tuple[Mark, ...]] = []
    x = 0.0
    if start == 0 and added.before:
        groups.append((_text(added.before, (measures.lead - size / 4) / 2, middle, size, "muted"),))
        x = measures.lead
    for index, term in enumerate(added.terms[start:end], start + 1):
        tile = Tile(x, 0, measures.chip, measures.chip_height, term.look)
        groups.append((tile, *_term(term, x + measures.chip / 2, measures)))
        x += measures.chip
        if index < len(added.terms):
            groups.append((_text(added.between, x + measures.gap / 2, middle, size, "muted"),))
            x += measures.gap
    if end >= len(added.terms) and added.value is not None:
        groups.append((_text(added.after, x + measures.tail / 2, middle, size, "muted"),))
        x += measures.tail
        result: list[Mark] = [Tile(x, middle - size, measures.result, 2 * size, added.look)]
        if math.isfinite(added.value):
            text, center = narrow_number(added.value), x + measures.result / 2
            result.append(_text(text, center, middle, size, added.look, True))
        groups.append(tuple(result))
        x += measures.result
    return Piece(x, measures.chip_height, tuple(groups))


def _measure(added: Sum, size: float) -> _Measures:
    factors = max(
        (text_width(in_brackets(text), size) for text in texts_of(added.values)), default=0
    )
    if added.weights is not None:
        weights = max(text_width(in_brackets(text), size) for text in texts_of(added.weights))
        factors += text_width("×", size) + weights
    result = max(text_width(text, size, bold=True) for text in texts_of(added.results))
    return _Measures(
        size=size,
        chip=max(factors + 0.55 * size, 1.6 * size),
        chip_height=(2.7 if added.weights is not None else 1.8) * size,
        gap=text_width(added.between, size) + size / 3,
        lead=text_width(added.before, size) + (size / 4 if added.before else 0),
        tail=text_width(added.longest, size) + size / 2,
        result=max(result + size, 2 * size),
    )


def _term(term: Term, middle: float, measures: _Measures) -> Iterator[Text]:
    """Write a number, in a convolution with its weight and below it their product."""
    size = measures.size
    if not math.isfinite(term.value):
        return
    value = in_brackets(narrow_number(term.value))
    if term.weight is None:
        yield _text(value, middle, measures.chip_height / 2, size, term.look)
        return
    texts = value, "×", in_brackets(narrow_number(term.weight))
    widths = [text_width(text, size) for text in texts]
    left = middle - sum(widths) / 2
    inks: tuple[Ink, ...] = (term.look, term.look, "weight")
    for text, width, ink in zip(texts, widths, inks, strict=True):
        yield _text(text, left + width / 2, 0.8 * size, size, ink)
        left += width
    product = in_brackets(narrow_number(term.value * term.weight))
    yield _text(product, middle, 1.95 * size, size, term.look, True)
