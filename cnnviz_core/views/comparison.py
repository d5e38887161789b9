"""Two results of one page beside each other, and what lies between them."""

from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing.maps import draw_tile_sheet
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale, value_scale
from cnnviz_core.views.files import Saved

# More maps than these are no longer told apart, three sheets in a row.
MAX_COMPARED = 64


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two results as sheets of maps on one scale.

    Attributes
    ----------
    pinned, now : Rendered
    difference : Rendered or None
        `now` less `pinned`, on a scale centered on zero; None where their shapes differ.
    """

    pinned: Rendered
    now: Rendered
    difference: Rendered | None


def compare(pinned: Saved, now: Saved) -> Comparison:
    """Return two results beside each other; of many maps, the first `MAX_COMPARED`."""
    before, after = _maps(pinned), _maps(now)
    scale = value_scale(before, after)
    difference = None
    if pinned.values.shape == now.values.shape:
        change = after - before
        reach = float(np.abs(change).max()) or 1.0
        difference = _sheet(change, Scale(-reach, reach, "diverging"))
    return Comparison(_sheet(before, scale), _sheet(after, scale), difference)


def _maps(saved: Saved) -> FloatArray:
    """Return the values as maps (H, W, C)."""
    height, width = saved.values.shape[:2]
    return saved.values.reshape(height, width, -1)[..., :MAX_COMPARED]


def _sheet(maps: FloatArray, scale: Scale) -> Rendered:
    sheet = draw_tile_sheet(maps, range(maps.shape[2]), scale)
    return rendered(sheet.pixels, maps, scale, sheet.grid)
