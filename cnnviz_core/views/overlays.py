"""Maps over pictures, in colors that stand for the maps' own numbers."""

import numpy as np

from cnnviz_core import heatmaps
from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import maps as map_drawing
from cnnviz_core.drawing.encoding import encode_indexed_png, encode_png
from cnnviz_core.drawing.montage import single_grid
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.heatmaps.overlays import OverlayColors
from cnnviz_core.views.maps import ENLARGED_PIXELS


def heat_scale(end: float, color_map: OverlayColors) -> Scale:
    """Return the scale whose colors end at `end`; diverging ones begin at −`end`.

    Examples
    --------
    >>> heat_scale(2.0, "diverging")
    Scale(low=-2.0, high=2.0, color_map='diverging')
    """
    return Scale(-end if color_map == "diverging" else 0.0, end, color_map)


def draw_overlay(
    pixels: ByteArray, values: FloatArray, scale: Scale, *, alpha: float, threshold: float = 0.0
) -> ByteArray:
    """Lay a map's colors over a picture.

    Parameters
    ----------
    pixels : uint8 (H, W, 3)
        RGB.
    values : float32 (H, W)
        What lies outside `scale` gets the color of its end.
    scale : Scale
        From `heat_scale`.
    alpha, threshold : float
        As in `heatmaps.overlay`; the threshold is a share of the scale's high end.

    Returns
    -------
    uint8 (H, W, 3)
        RGB.

    Raises
    ------
    ValueError
        As `heatmaps.overlay`.
    """
    low = scale.low / scale.high
    heat = np.clip(values / np.float32(scale.high), low, 1).astype(np.float32)
    color_map: OverlayColors = "diverging" if scale.color_map == "diverging" else "sequential"
    return heatmaps.overlay(pixels, heat, alpha, color_map=color_map, threshold=threshold)


def rendered_cells(values: FloatArray, scale: Scale, pixels: ByteArray) -> Rendered:
    """Return a map, (h, w) or (h, w, 1), as `draw_cells` draws it, as wide as a picture is."""
    drawn = draw_cells(values.reshape(values.shape[:2]), scale, pixels, ENLARGED_PIXELS)
    return rendered(drawn, values, scale, single_grid(drawn, *values.shape[:2]))


def encode_values(values: FloatArray) -> tuple[bytes, float]:
    """Write a map's values as the pixels of a picture, for browsers, which read no other numbers.

    Parameters
    ----------
    values : float32 (h, w)
        Finite.

    Returns
    -------
    data : bytes
        PNG: red and green are the high and the low byte of a number, 32768 for zero, 32767 more or
        less for the ends.
    reach : float
        The largest value, without its sign.
    """
    reach = float(np.abs(values).max()) or 1.0
    steps = (np.rint(values.astype(np.float64) / reach * 32767) + 32768).astype(np.uint16)
    high, low = steps >> 8, steps & 255
    return encode_png(np.dstack([high, low, np.zeros_like(low)]).astype(np.uint8)), reach


def encode_halves(planes: FloatArray) -> bytes | None:
    """Write maps (N, h, w) as a picture, one below the other, in float16: PNG, 3.3 digits each.

    Red and green are the high and the low byte. None if a number is too large for it.
    """
    if not np.abs(planes).max() <= np.finfo(np.float16).max:
        return None
    bits = planes.reshape(-1, planes.shape[2]).astype(np.float16).view(np.uint16)
    high, low = bits >> 8, bits & 255
    return encode_png(np.dstack([high, low, np.zeros_like(low)]).astype(np.uint8))


def encode_roughly(values: FloatArray, end: float) -> bytes:
    """Write a map's values as `encode_values` does, but only the high bytes; the reach is `end`.

    That is enough for a small picture, and takes less than half as much. Beyond `end`, all values
    are alike.
    """
    steps = np.rint(values.astype(np.float64) / end * (32767 / 256))
    reds = np.zeros((256, 4), np.uint8)
    reds[:, 0], reds[:, 3] = range(256), 255
    return encode_indexed_png((steps.clip(-128, 127) + 128).astype(np.uint8), reds)


def draw_cells(values: FloatArray, scale: Scale, pixels: ByteArray, width: int) -> ByteArray:
    """Color a map at its own resolution, as it lies over the picture; its cells stay cells.

    Parameters
    ----------
    values : float32 (h, w)
    pixels : (H, W, 3)
        Only its proportions count.
    width : int
        In pixels.

    Returns
    -------
    uint8 (H', width, 3)
        RGB.
    """
    height = max(1, round(width * pixels.shape[0] / pixels.shape[1]))
    return map_drawing.draw_map(values, scale, height, width)
