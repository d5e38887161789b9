"""The kernels of a layer as one picture: in colors, as tiles, or as a table of weights."""

import math
from collections.abc import Iterable
from typing import Literal

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing.montage import (
    GAP,
    GAP_LEVEL,
    TileGrid,
    enlarge,
    montage,
    num_columns,
    single_grid,
)
from cnnviz_core.drawing.rendering import Scale, colorize, composite, value_range

# In colors: the three input channels are red, green and blue. Tiles: one picture a filter. Matrix:
# kernels of one weight a channel, all in one table.
SheetKind = Literal["color", "tiles", "matrix"]

# About as wide as two thirds of a page on a screen of high density.
SHEET_PIXELS = 1200

# The lines between kernels, as a share of their width. White between kernels in colors, whose zero
# is as gray as the lines that all other tiles have.
GAP_SHARE = 0.06
WHITE = 255


def draw_sheet(
    weights: FloatArray, scale: Scale, kind: SheetKind, aspect: float = 1.0
) -> tuple[ByteArray, TileGrid]:
    """Draw all kernels, every weight a square without smoothing, and say where they lie.

    Parameters
    ----------
    weights : float32 (kh, kw, in, out)
        `in` is 3 for "color" and 1 for "tiles"; kh and kw are 1 for "matrix".
    scale : Scale
        From `sheet_scale`.
    kind : "color", "tiles" or "matrix"
    aspect : float
        About how many times as wide as high the picture becomes; a matrix has its own sides.

    Returns
    -------
    uint8 (H, W, 3)
        RGB. In a matrix the longer side lies across: inputs or filters.
    TileGrid
        A tile for each filter; a matrix is one tile.
    """
    if kind == "matrix":
        table = weights[0, 0]
        wide = table if table.shape[1] >= table.shape[0] else np.ascontiguousarray(table.T)
        drawn = enlarge(colorize(wide, scale), max(1, SHEET_PIXELS // wide.shape[1]))
        return drawn, single_grid(drawn, *wide.shape[:2])
    filters = (np.ascontiguousarray(one) for one in np.moveaxis(weights, -1, 0))
    tiles: Iterable[ByteArray] = (
        (composite(one, scale) for one in filters)
        if kind == "color"
        else (colorize(one[:, :, 0], scale) for one in filters)
    )
    height, width, _, count = weights.shape
    columns = sheet_columns(height, width, count, aspect)
    factor = max(1, int(SHEET_PIXELS / columns / (1 + GAP_SHARE) / width))
    enlarged = [enlarge(one, factor) for one in tiles]
    gap = max(GAP, math.ceil(GAP_SHARE * factor * width))
    grid = TileGrid(
        tiles=count,
        tiles_a_row=columns,
        height=factor * height,
        width=factor * width,
        gap=gap,
        rows=height,
        columns=width,
    )
    return montage(enlarged, columns, gap, WHITE if kind == "color" else GAP_LEVEL), grid


def sheet_scale(kind: SheetKind, *weights: FloatArray) -> Scale:
    """Return the one scale that fits all `weights`; a weight of zero is in its middle.

    Examples
    --------
    >>> sheet_scale("color", np.float32([-1, 3]))
    Scale(low=-3.0, high=3.0, color_map='channels')
    """
    low, high = value_range(*weights)
    reach = max(-low, high) or 1.0
    return Scale(-reach, reach, "channels" if kind == "color" else "diverging")


def sheet_columns(height: int, width: int, count: int, aspect: float) -> int:
    """Return how many columns make a sheet of `count` kernels about `aspect` times as wide as high.

    Close to that, rather wider than higher, a number that fills the last row is taken.

    Examples
    --------
    >>> [sheet_columns(3, 3, count, 1.8) for count in (1, 6, 32, 64, 144, 1152)]
    [1, 3, 8, 16, 16, 48]
    """
    ideal = math.sqrt(count * aspect * height / width)
    return num_columns(count, ideal, 0.9 * ideal, 1.5 * ideal)
