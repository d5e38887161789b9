"""Pictures side by side, on a canvas, enlarged or reduced; what they show is known to others.

A picture is uint8: colors (H, W, 3), or indices (H, W) into a palette.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from cnnviz_core.arrays import ByteArray

# What a palette keeps for the space between tiles, and for nothing at all.
GAP_INDEX = 254
NOTHING_INDEX = 255

# Between tiles: pixels of a gray that no color map uses, and that suits light and dark pages.
GAP = 2
GAP_LEVEL = 128
GAP_RGBA = (GAP_LEVEL, GAP_LEVEL, GAP_LEVEL, 255)

Level = int | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TileGrid:
    """Where values lie in a picture of tiles, row by row: `rows` × `columns` of them in each tile.

    Attributes
    ----------
    tiles, tiles_a_row : int
        How many there are; the last row may have fewer.
    height, width : int
        Of a tile, in pixels.
    gap : int
        Pixels between tiles.
    rows, columns : int
        How many values a tile shows, each as a rectangle.
    """

    tiles: int
    tiles_a_row: int
    height: int
    width: int
    gap: int
    rows: int
    columns: int


def single_grid(drawn: ByteArray, rows: int, columns: int) -> TileGrid:
    """Return the grid of a picture (H, W, …) that is one tile."""
    height, width = drawn.shape[:2]
    return TileGrid(
        tiles=1, tiles_a_row=1, height=height, width=width, gap=0, rows=rows, columns=columns
    )


def montage(
    pictures: Sequence[ByteArray],
    columns: int,
    gap: int = GAP,
    gap_level: Level = GAP_LEVEL,
    rest_level: Level | None = None,
) -> ByteArray:
    """Lay pictures of one size out as one, row by row.

    Parameters
    ----------
    pictures : uint8 (H, W, C) or (H, W), one or more
    columns : int
    gap : int
        Pixels between them.
    gap_level, rest_level : int, or one a channel
        What fills the space between them, and the rest of the last row with its borders: a gray
        for colors, an index for indices, 0 for nothing at all in RGBA. By default the rest is as
        the space between.

    Returns
    -------
    uint8 (H', W', C) or (H', W')

    Examples
    --------
    >>> montage([np.zeros((2, 2, 3), np.uint8)] * 3, columns=2)[:, :, 0]
    array([[  0,   0, 128, 128,   0,   0],
           [  0,   0, 128, 128,   0,   0],
           [128, 128, 128, 128, 128, 128],
           [128, 128, 128, 128, 128, 128],
           [  0,   0, 128, 128, 128, 128],
           [  0,   0, 128, 128, 128, 128]], dtype=uint8)
    >>> montage([np.zeros((1, 1), np.uint8)] * 3, columns=2, gap=1, gap_level=7, rest_level=9)
    array([[0, 7, 0],
           [7, 9, 9],
           [0, 9, 9]], dtype=uint8)
    """
    height, width = pictures[0].shape[:2]
    rows = math.ceil(len(pictures) / columns)
    shape = (rows * (height + gap) - gap, columns * (width + gap) - gap)
    sheet = np.full((*shape, *pictures[0].shape[2:]), gap_level, np.uint8)
    if rest_level is not None and len(pictures) % columns:
        used = len(pictures) % columns
        sheet[max(0, (rows - 1) * (height + gap) - gap) :, used * (width + gap) - gap :] = (
            rest_level
        )
    for index, picture in enumerate(pictures):
        top, left = (index // columns) * (height + gap), (index % columns) * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    return sheet


def transparent_montage(tiles: Iterable[ByteArray], columns: int) -> ByteArray:
    """Lay RGB tiles out row by row as RGBA (H, W, 4): nothing where there are none."""
    return montage([opaque(one) for one in tiles], columns, gap_level=GAP_RGBA, rest_level=0)


def num_columns(count: int, ideal: float, fewest: float, most: float) -> int:
    """Return which number of columns from `fewest` to `most` leaves least of the last row empty.

    Of those that leave as little, it is the one nearest to `ideal`. There are never more columns
    than the `count` pictures, and always one; limits are rounded up.

    >>> num_columns(64, 10.4, 9, 16), num_columns(64, 10.4, 9, 12), num_columns(3, 10.4, 9, 12)
    (16, 11, 3)
    """
    choices = range(max(1, min(count, math.ceil(fewest))), max(1, min(count, math.ceil(most))) + 1)
    return min(choices, key=lambda columns: (-count % columns, abs(columns - ideal)))


def square_columns(height: int, width: int, count: int) -> int:
    """Return how many columns make `count` tiles about as wide as they are high together.

    From five on, one more if that leaves less of the last row empty: pages are wide.

    >>> square_columns(318, 398, 64), square_columns(318, 398, 3)
    (8, 2)
    """
    ideal = math.sqrt(count * height / width)
    nearest = round(ideal)
    return num_columns(count, ideal, nearest, nearest + 1 if nearest >= 5 else nearest)


def on_canvas(picture: ByteArray, height: int, width: int) -> ByteArray:
    """Center a picture on a transparent canvas, so that pictures keep their proportions.

    Parameters
    ----------
    picture : uint8 (H, W, 3) or (H, W)
        At most as high and wide as the canvas.
    height, width : int

    Returns
    -------
    uint8 (height, width, 4) or (height, width)
        RGBA or indices; the picture is opaque, what surrounds it is not there.
    """
    if picture.ndim == 3:
        shown, nothing = opaque(picture), 0
    else:
        shown, nothing = picture, NOTHING_INDEX
    down, right = height - picture.shape[0], width - picture.shape[1]
    edges = down // 2, down - down // 2, right // 2, right - right // 2
    canvas = cv2.copyMakeBorder(shown, *edges, cv2.BORDER_CONSTANT, value=(nothing,) * 4)
    return np.asarray(canvas, np.uint8)


def opaque(picture: ByteArray) -> ByteArray:
    """Return an RGB picture (H, W, 3) as RGBA (H, W, 4)."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA), np.uint8)


def enlarge(picture: ByteArray, factor: int) -> ByteArray:
    """Repeat every pixel `factor` times in both directions, without smoothing.

    >>> enlarge(np.uint8([[[7]]]), 2).shape
    (2, 2, 1)
    """
    height, width = picture.shape[:2]
    size = factor * width, factor * height
    # A third of the time of `repeat` where pixels have three numbers.
    large = cv2.resize(picture, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(large, np.uint8).reshape(size[1], size[0], *picture.shape[2:])


def fit_width(picture: ByteArray, width: int) -> ByteArray:
    """Bring a picture to about `width` pixels: by averaging, or by repeating whole pixels.

    >>> fit_width(np.zeros((2, 3, 3), np.uint8), 8).shape
    (4, 6, 3)
    >>> fit_width(np.zeros((20, 30, 3), np.uint8), 15).shape
    (10, 15, 3)
    """
    if picture.shape[1] <= width:
        return enlarge(picture, width // picture.shape[1])
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
