"""Two results of one page beside each other, and what lies between them."""

from dataclasses import dataclass, replace

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing.maps import draw_tile_sheet
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale, value_scale
from cnnviz_core.views.files import Saved

# So many rows of a table are shown, those that changed most.
MAX_CHANGES = 8
# More maps than these are no longer told apart, three sheets in a row.
MAX_COMPARED = 64


@dataclass(frozen=True, slots=True)
class Change:
    """A number in both results, by the name of what it is said of."""

    name: str
    pinned: float
    now: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Comparison:
    """Two results beside each other: sheets of maps on one scale, or pictures and a table.

    Attributes
    ----------
    pinned, now : Rendered
    difference : Rendered or None
        `now` less `pinned`, on a scale centered on zero; None where their shapes differ.
    quantity : str
        What the numbers of `changes` are.
    changes : tuple of Change
        Of a table: what has changed most, that first; none where the rows are not the same.
    """

    pinned: Rendered
    now: Rendered
    difference: Rendered | None = None
    quantity: str = ""
    changes: tuple[Change, ...] = ()


def is_table(saved: Saved) -> bool:
    """Return whether the values are numbers of named things rather than maps."""
    return saved.axes[0] in saved.labels


def compare(pinned: Saved, now: Saved) -> Comparison:
    """Return two results beside each other; of many maps, the first `MAX_COMPARED`."""
    if is_table(now):
        return _compare_tables(pinned, now)
    before, after = _maps(pinned), _maps(now)
    scale = value_scale(before, after)
    difference = None
    if pinned.values.shape == now.values.shape:
        change = after - before
        reach = float(np.abs(change).max()) or 1.0
        difference = _sheet(change, Scale(-reach, reach, "diverging"))
    return Comparison(pinned=_sheet(before, scale), now=_sheet(after, scale), difference=difference)


def _compare_tables(pinned: Saved, now: Saved) -> Comparison:
    """Return the pictures, and how the last of the quantities has changed in each row."""
    rows, quantities = (now.labels[axis] for axis in now.axes)
    found = Comparison(pinned=pinned.picture, now=now.picture, quantity=quantities[-1])
    if pinned.labels != now.labels:
        return found
    before, after = pinned.values[:, -1], now.values[:, -1]
    order = np.argsort(-np.abs(after - before), kind="stable")[:MAX_CHANGES]
    changes = [
        Change(rows[row], float(before[row]), float(after[row]))
        for row in order
        if before[row] != after[row]
    ]
    return replace(found, changes=tuple(changes))


def _maps(saved: Saved) -> FloatArray:
    """Return the values as maps (H, W, C)."""
    height, width = saved.values.shape[:2]
    return saved.values.reshape(height, width, -1)[..., :MAX_COMPARED]


def _sheet(maps: FloatArray, scale: Scale) -> Rendered:
    sheet = draw_tile_sheet(maps, range(maps.shape[2]), scale)
    return rendered(sheet.pixels, maps, scale, sheet.grid)
