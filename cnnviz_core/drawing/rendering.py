"""From numbers to pictures: color scales, and maps in their colors.

Values that are never negative are colored from black over red to pale yellow ("magma"), signed
values from blue over white at zero to red ("RdBu"). Both are safe for color-blind eyes.

A drawn picture is uint8: colors (H, W, 3), or indices (H, W) into the palette of a color map.
Indices take a third of the memory, of the time to encode and of the way to the browser.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import cv2
import matplotlib as mpl
import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray, require_choice, split_channels
from cnnviz_core.drawing.montage import (
    GAP,
    GAP_INDEX,
    GAP_LEVEL,
    NOTHING_INDEX,
    montage,
    square_columns,
)

ColorMap = Literal["sequential", "diverging", "channels"]

_MATPLOTLIB_NAMES = {"sequential": "magma", "diverging": "RdBu_r"}

# A palette has room for 256: an odd number of colors, so that zero has the middle one to itself,
# the gray between tiles, and nothing at all.
NUM_COLORS = 253


@dataclass(frozen=True, slots=True)
class Scale:
    """Which color a value gets: `low` the first color of the map, `high` its last."""

    low: float
    high: float
    color_map: ColorMap


PICTURE_SCALE = Scale(0.0, 255.0, "channels")


def value_scale(*values: FloatArray) -> Scale:
    """Return the one scale that fits everything that is compared.

    Diverging and centered on zero if any value is negative; else sequential from zero.
    What is not finite does not count.

    Examples
    --------
    >>> value_scale(np.float32([[[-1], [3]]]))
    Scale(low=-3.0, high=3.0, color_map='diverging')
    >>> value_scale(np.float32([[[2], [3]]]))
    Scale(low=0.0, high=3.0, color_map='sequential')
    """
    low, high = value_range(*values)
    if low < 0:
        reach = max(-low, high)
        return Scale(-reach, reach, "diverging")
    return Scale(0.0, high if high > 0 else 1.0, "sequential")


def channel_scale(*values: FloatArray) -> Scale:
    """Return the scale that spreads the values over the full brightness of red, green and blue."""
    low, high = value_range(*values)
    return Scale(low, high if high > low else low + max(1.0, abs(low)), "channels")


def anchored_channel_scale(*values: FloatArray) -> Scale:
    """Return the scale for red, green and blue on which the eye finds zero.

    As `value_scale`: zero is black, or, if any value is negative, the middle between black and
    full color.

    Examples
    --------
    >>> anchored_channel_scale(np.float32([[[-1, 0, 3]]]))
    Scale(low=-3.0, high=3.0, color_map='channels')
    >>> anchored_channel_scale(np.float32([[[0, 1, 3]]]))
    Scale(low=0.0, high=3.0, color_map='channels')
    """
    return replace(value_scale(*values), color_map="channels")


def channel_ranges(values: FloatArray | ByteArray) -> tuple[tuple[float, float], ...]:
    """Return the smallest and the largest finite value of each channel.

    The channels are the last axis of maps (H, W, C), and the third of kernels (kh, kw, C, out).

    Examples
    --------
    >>> channel_ranges(np.float32([[[0, 1], [2, -3]]]))
    ((0.0, 2.0), (-3.0, 1.0))
    """
    array = np.asarray(values, np.float32)
    channels = split_channels(array) if array.ndim == 3 else np.moveaxis(array, 2, 0)
    return tuple(value_range(one) for one in channels)


def value_range(*values: FloatArray | ByteArray) -> tuple[float, float]:
    """Return the smallest and the largest finite value; (0, 0) where there is none."""
    extremes = [_extremes(array) for array in values]
    if not np.isfinite(extremes).all():
        finite = [array[np.isfinite(array)] for array in values]
        extremes = [_extremes(array) for array in finite if array.size]
    if not extremes:
        return 0.0, 0.0
    return min(low for low, _ in extremes), max(high for _, high in extremes)


def _extremes(values: FloatArray | ByteArray) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def color_indices(values: FloatArray, scale: Scale) -> ByteArray:
    """Find the color of every value of one feature map.

    Parameters
    ----------
    values : float32 (H, W)
        What lies outside `scale` gets the color of its nearer end, NaN that of the low end.
    scale : Scale
        Sequential or diverging.

    Returns
    -------
    uint8 (H, W)
        Indices into `palette(scale.color_map)`, less than `NUM_COLORS`.

    Examples
    --------
    >>> color_indices(np.float32([[-2, 0, 2]]), Scale(-2, 2, "diverging"))
    array([[  0, 126, 252]], dtype=uint8)
    """
    require_choice(scale.color_map, "scale.color_map", tuple(_MATPLOTLIB_NAMES))
    return to_levels(values, scale, NUM_COLORS - 1)


@cache
def palette(color_map: ColorMap) -> ByteArray:
    """Return the colors of a map from low to high, then the gray between tiles, and nothing.

    Returns
    -------
    uint8 (256, 4)
        RGBA.
    """
    colors = mpl.colormaps[_MATPLOTLIB_NAMES[color_map]].resampled(NUM_COLORS)
    table = np.zeros((256, 4), np.uint8)
    table[:NUM_COLORS] = np.rint(255 * colors(np.arange(NUM_COLORS)))
    table[GAP_INDEX] = GAP_LEVEL, GAP_LEVEL, GAP_LEVEL, 255
    table.flags.writeable = False
    return table


def paint(indices: ByteArray, color_map: ColorMap) -> ByteArray:
    """Turn the indices (H, W) of a color map into its colors, RGB (H, W, 3)."""
    table = palette(color_map)[:, np.newaxis, :3]
    return np.asarray(cv2.applyColorMap(indices, np.ascontiguousarray(table)), np.uint8)


def colorize(values: FloatArray, scale: Scale) -> ByteArray:
    """Color one feature map (H, W), as `color_indices` does, with RGB (H, W, 3)."""
    return paint(color_indices(values, scale), scale.color_map)


def composite(values: FloatArray, scale: Scale = PICTURE_SCALE) -> ByteArray:
    """Show three feature maps as the red, green and blue of one picture.

    Parameters
    ----------
    values : float32 (H, W, 3)
    scale : Scale
        `low` becomes 0, `high` 255 in each of the three.

    Returns
    -------
    uint8 (H, W, 3)
        RGB.

    Raises
    ------
    ValueError
        If there are not three maps.
    """
    if values.ndim != 3 or values.shape[2] != 3:
        raise ValueError(
            f"A composite needs three feature maps, but the values have the shape {values.shape}. "
            "Show them as tiles, or choose three filters."
        )
    return to_levels(values, scale, 255)


def tiles(
    values: FloatArray, scale: Scale, *, columns: int | None = None, max_width: int = 1024
) -> ByteArray:
    """Lay all feature maps out as one picture, row by row.

    Parameters
    ----------
    values : float32 (H, W, C)
    scale : Scale
        One for all, so that tiles can be compared.
    columns : int, optional
        As many as make the whole about as wide as it is high, by default.
    max_width : int
        In pixels; larger maps are reduced by averaging before they are colored.

    Returns
    -------
    uint8 (H', W')
        Indices into the palette of the scale's color map, a thin gray line between tiles, and
        nothing where there are none.
    """
    height, width, count = values.shape
    columns = columns or square_columns(height, width, count)
    maps: Iterable[FloatArray] = split_channels(values)
    reduction = (max_width / columns - GAP) / width
    if reduction < 1:
        size = max(1, round(width * reduction)), max(1, round(height * reduction))
        maps = (
            np.asarray(cv2.resize(one, size, interpolation=cv2.INTER_AREA), np.float32)
            for one in maps
        )
    indices = [color_indices(one, scale) for one in maps]
    return montage(indices, columns, gap_level=GAP_INDEX, rest_level=NOTHING_INDEX)


def to_levels(values: FloatArray, scale: Scale, top: int) -> ByteArray:
    """Map low..high to 0..`top`, rounding to the nearest and clipping at both ends."""
    if not np.isfinite(values).all():
        values = np.nan_to_num(values, nan=scale.low, posinf=scale.high, neginf=scale.low)
    levels = (values - np.float32(scale.low)) / np.float32(scale.high - scale.low) * top
    return np.clip(np.rint(levels, out=levels), 0, top, out=levels).astype(np.uint8)
