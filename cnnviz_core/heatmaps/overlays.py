"""Heatmaps as pictures, in colours that stand for the method's own numbers.

`heatmaps.heatmap` brings every map to 0..1. Here the numbers stay as they are, so that one colour
bar can hold for several maps, and says what they really are.
"""

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray, require_choice
from cnnviz_core.drawing import maps as map_drawing
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.heatmaps.maps import EVIDENCES, Evidence, OverlayColors, overlay
from cnnviz_core.heatmaps.records import RawMap
from cnnviz_core.networks.network import Picture
from cnnviz_core.networks.preprocessing import stretch

# Derivatives by pixels have few extremes, beside which nothing else could be seen: so many percent
# of the pixels get colours of their own.
CLIPPED_PERCENT = 99.0


def on_picture(raw: RawMap, image: Picture, evidence: Evidence = "for") -> FloatArray:
    """Bring one side of a raw map to the size of a picture, in the method's own numbers.

    Parameters
    ----------
    image : (H, W, 3)
        Only its size counts.
    evidence : "for", "against" or "both"
        The positive part, the negative part turned positive, or both with their signs.

    Returns
    -------
    float32 (H, W)
        What is not finite counts as no evidence.

    Examples
    --------
    >>> found = RawMap("grad-cam", "conv", np.float32([[2, -4]]), np.zeros(1), np.ones(1))
    >>> on_picture(found, np.zeros((1, 2, 3)), "against").tolist()
    [[0.0, 4.0]]
    """
    require_choice(evidence, "evidence", EVIDENCES)
    values = np.where(np.isfinite(raw.values), raw.values, np.float32(0))
    if evidence == "for":
        values = np.maximum(values, 0)
    elif evidence == "against":
        values = np.maximum(-values, 0)
    height, width = image.shape[:2]
    return stretch(values[..., np.newaxis], (height, width))[..., 0]


def strongest(*maps: FloatArray, percent: float = 100.0) -> float:
    """Return where the colours of maps that share a scale end: 1 where there is nothing.

    Parameters
    ----------
    percent : float
        Of each map's values that keep a colour of their own, leaving out their signs. Of several
        maps the furthest end counts. Zeros are no evidence, and don't count.

    Examples
    --------
    >>> strongest(np.float32([1, -3]), np.float32([0, 2])), strongest(np.float32([0]))
    (3.0, 1.0)
    """
    strengths = [np.abs(values[values != 0]) for values in maps]
    ends = [float(np.percentile(one, percent)) for one in strengths if one.size]
    return max(ends, default=1.0)


def heat_scale(end: float, color_map: OverlayColors) -> Scale:
    """Return the scale whose colours end at `end`; diverging ones begin at −`end`.

    Examples
    --------
    >>> heat_scale(2.0, "diverging")
    Scale(low=-2.0, high=2.0, color_map='diverging')
    """
    return Scale(-end if color_map == "diverging" else 0.0, end, color_map)


def draw_overlay(
    image: Picture, values: FloatArray, scale: Scale, *, alpha: float, threshold: float
) -> ByteArray:
    """Lay a map's colours over a picture.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255.
    values : float32 (H, W)
        From `on_picture`. What lies outside `scale` gets the colour of its end.
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
    return overlay(image, heat, alpha, color_map=color_map, threshold=threshold)


def draw_raw(raw: RawMap, scale: Scale, image: Picture, width: int) -> ByteArray:
    """Colour a map at its own resolution, as it lies over the picture; its cells stay cells.

    Parameters
    ----------
    image : (H, W, 3)
        Only its proportions count.
    width : int
        In pixels.

    Returns
    -------
    uint8 (H', width, 3)
        RGB.
    """
    height = max(1, round(width * image.shape[0] / image.shape[1]))
    return map_drawing.draw_map(raw.values, scale, height, width)
