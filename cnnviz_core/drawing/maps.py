"""Feature maps of trained networks as pictures: all channels on one sheet, or one of them large."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import ByteArray, FloatArray, split_channels
from cnnviz_core.drawing import outlines, rendering
from cnnviz_core.drawing.montage import (
    GAP,
    TileGrid,
    enlarge,
    square_columns,
    transparent_montage,
)
from cnnviz_core.drawing.rendering import Scale

# More than a sheet gets on a laptop, for high-density screens; encoding it is what takes longest.
SHEET_PIXELS = 720

# Above, tiles would be smaller than a letter; no usual network has more channels in a layer.
MAX_TILES = 1280

# Of all values, sorted by size, how many a robust scale tells apart.
SHARE_SHOWN = 0.995

# Of the frame's white part, in pixels of a sheet: two on a laptop's screen.
RING_PIXELS = 3


@dataclass(frozen=True, slots=True, eq=False)
class TileSheet:
    """Channels as tiles of one size, row by row.

    Attributes
    ----------
    pixels : uint8 (H, W, 4)
        RGBA; nothing where there are no tiles.
    grid : TileGrid
        Where they lie. Tiles larger than there is room for are reduced by averaging: then a value
        is the mean of some.
    """

    pixels: ByteArray
    grid: TileGrid


def draw_tile_sheet(maps: FloatArray, channels: npt.ArrayLike, scale: Scale) -> TileSheet:
    """Lay channels out as tiles on a sheet about as high as wide, `SHEET_PIXELS` at most.

    Parameters
    ----------
    maps : float32 (H, W, C)
    channels : int (N,)
        Which channels to show, in this order.
    scale : Scale
        One for all; see `own_ranges` for one each.
    """
    planes = split_channels(maps)[np.asarray(channels)]
    count, height, width = planes.shape
    grid = sheet_grid(height, width, count)
    # Reduced by averaging before they are colored: a color between two is not a value.
    planes = reduced_to_width(planes, grid.columns)
    colored = rendering.colorize(planes.reshape(-1, grid.columns), scale)
    tiles = enlarge(colored, grid.width // grid.columns).reshape(count, grid.height, grid.width, 3)
    return TileSheet(transparent_montage(tiles, grid.tiles_a_row), grid)


def sheet_grid(height: int, width: int, count: int) -> TileGrid:
    """Return where so many maps of one size lie on the sheet that `draw_tile_sheet` draws."""
    columns = square_columns(height, width, count)
    room = max(1, (SHEET_PIXELS + GAP) // columns - GAP)
    factor = max(1, room // width)
    shown = min(room, width)
    rows = _rows_at_width(height, width, shown)
    return TileGrid(
        tiles=count,
        tiles_a_row=columns,
        height=factor * rows,
        width=factor * shown,
        gap=GAP,
        rows=rows,
        columns=shown,
    )


def reduced_to_width(planes: FloatArray, width: int) -> FloatArray:
    """Reduce maps (N, H, W) by averaging, in their proportions; narrower ones stay as they are."""
    count, height, before = planes.shape
    if before <= width:
        return planes
    size = width, _rows_at_width(height, before, width)
    reduced = [cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in planes]
    return np.asarray(reduced, np.float32).reshape(count, size[1], size[0])


def _rows_at_width(height: int, width: int, shown: int) -> int:
    return height if shown == width else max(1, round(height * shown / width))


def mark_tile(sheet: TileSheet, position: int) -> ByteArray:
    """Draw a frame around the tile at `position`, counted from 0, and return the new picture."""
    grid = sheet.grid
    row, column = divmod(position, grid.tiles_a_row)
    top, left = row * (grid.height + grid.gap), column * (grid.width + grid.gap)
    return outlines.outline(
        sheet.pixels,
        top,
        left,
        top + grid.height,
        left + grid.width,
        ring=RING_PIXELS,
    )


def robust_scale(maps: FloatArray) -> Scale:
    """Return the one scale for all channels that a few extreme values do not darken.

    It ends where `SHARE_SHOWN` of all absolute values end, and at the largest if that is zero;
    what lies beyond has the color of its end.

    Parameters
    ----------
    maps : float32 (H, W, C)

    Examples
    --------
    >>> robust_scale(np.append(np.ones(999, np.float32), np.float32(50)).reshape(10, 10, 10))
    Scale(low=0.0, high=1.0, color_map='sequential')
    """
    full = rendering.value_scale(maps)
    reach = float(_reach(maps, (0, 1, 2))) or full.high
    return Scale(-reach if full.low < 0 else 0.0, reach, full.color_map)


def own_ranges(maps: FloatArray) -> tuple[FloatArray, Scale]:
    """Divide every channel by the end of its own robust scale, and return the scale for that.

    Weak channels become as visible as strong ones; a channel that is zero everywhere stays so.

    Parameters
    ----------
    maps : float32 (H, W, C)

    Examples
    --------
    >>> own_ranges(np.float32([[[1, 8, 0], [1, 8, 0]]]))[0].tolist()
    [[[1.0, 1.0, 0.0], [1.0, 1.0, 0.0]]]
    """
    reach = _reach(maps, (0, 1))
    ranged = np.divide(maps, reach, out=np.zeros_like(maps), where=reach > 0)
    is_signed = rendering.value_scale(maps).color_map == "diverging"
    return ranged, Scale(-1.0, 1.0, "diverging") if is_signed else Scale(0.0, 1.0, "sequential")


def _reach(maps: FloatArray, axes: tuple[int, ...]) -> FloatArray:
    """Return where `SHARE_SHOWN` of the absolute values end; the largest where that is zero."""
    sizes = np.abs(maps)
    reach = np.quantile(sizes, SHARE_SHOWN, axes)
    return np.asarray(np.where(reach > 0, reach, sizes.max(axes)), np.float32)


def draw_map(values: FloatArray, scale: Scale, height: int, width: int) -> ByteArray:
    """Color one map (H, W) and stretch it to a size, its pixels still pixels.

    Networks get every picture stretched to their input; stretched back, a map lies over the
    picture that it came from.

    Examples
    --------
    >>> draw_map(np.float32([[0, 1]]), Scale(0, 1, "sequential"), 1, 4)[0, :, 0].tolist()
    [0, 0, 252, 252]
    """
    colored = rendering.colorize(values, scale)
    # Whole repeats beyond the size, then averaging: pixels are even, and edges a pixel wide.
    for axis, size in enumerate((height, width)):
        colored = colored.repeat(-(-size // colored.shape[axis]), axis)
    return np.asarray(cv2.resize(colored, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
