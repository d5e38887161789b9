"""Put all pieces of a stop on one picture, as a page lays them out that is wide enough."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cnnviz_core.stepping.drawing import COMFORTABLE_WIDTH, DrawnAct, DrawnStop, Mark, Piece

# In CSS pixels.
MARGIN = 18
GAP = 14
LINE_GAP = 6


def arrange(stop: DrawnStop) -> Piece:
    """Lay the pieces of each act side by side, as far as there is room, and acts in a column."""
    acts = [*(_act(part, is_column=True) for part in stop.parts), _act(stop.whole)]
    picture = _column(acts, GAP)
    groups = tuple(_moved(picture, MARGIN, MARGIN))
    return Piece(picture.width + 2 * MARGIN, picture.height + 2 * MARGIN, groups)


def _act(act: DrawnAct, *, is_column: bool = False) -> Piece:
    """Lay out an act: the sum of a channel beside it, in a column, any other below."""
    items = _column(_rows(act.items), GAP)
    if not act.lines:
        return items
    if is_column:
        return _column(_rows([items, _column(act.lines, LINE_GAP)]), GAP)
    return _column([items, *_rows(act.lines)], GAP)


def _rows(pieces: Sequence[Piece]) -> list[Piece]:
    """Lay pieces side by side, in as many rows as it takes."""
    rows: list[list[Piece]] = [[]]
    for piece in pieces:
        if rows[-1] and sum(one.width for one in [*rows[-1], piece]) > COMFORTABLE_WIDTH:
            rows.append([])
        rows[-1].append(piece)
    return [_row(row) for row in rows if row]


def _row(pieces: Sequence[Piece]) -> Piece:
    height = max(piece.height for piece in pieces)
    x = 0.0
    groups: list[tuple[Mark, ...]] = []
    for piece in pieces:
        groups.extend(_moved(piece, x, (height - piece.height) / 2))
        x += piece.width
    return Piece(x, height, tuple(groups))


def _column(pieces: Sequence[Piece], gap: float) -> Piece:
    width = max(piece.width for piece in pieces)
    y = 0.0
    groups: list[tuple[Mark, ...]] = []
    for piece in pieces:
        groups.extend(_moved(piece, (width - piece.width) / 2, y))
        y += piece.height + gap
    return Piece(width, y - gap, tuple(groups))


def _moved(piece: Piece, x: float, y: float) -> Iterator[tuple[Mark, ...]]:
    for group in piece.groups:
        yield tuple(replace(mark, x=mark.x + x, y=mark.y + y) for mark in group)
