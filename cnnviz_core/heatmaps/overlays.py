"""A heatmap over its picture, in the colors of one scale."""

from typing import Literal

import cv2
import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray, require_choice
from cnnviz_core.drawing import rendering
from cnnviz_core.images import ImageArray, as_picture

OverlayColors = Literal["sequential", "diverging"]
OVERLAY_COLORS: tuple[OverlayColors, ...] = ("sequential", "diverging")


def overlay(
    image: ImageArray,
    heatmap: FloatArray,
    alpha: float = 0.4,
    *,
    color_map: OverlayColors = "sequential",
    threshold: float = 0.0,
) -> ByteArray:
    """Lay a heatmap's colors over a picture, as strongly everywhere.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255.
    heatmap : float32 (H, W)
        0..1, from dark to bright; −1..1 with diverging colors. Neither stretched nor bent, so that
        a color bar from 0 to 1 holds.
    alpha : float
        0 is the picture alone, 1 the colors alone.
    color_map : "sequential" or "diverging"
    threshold : float
        Where the heatmap, without its sign, is below, the picture stays as it is.

    Returns
    -------
    uint8 (H, W, 3)
        RGB.

    Raises
    ------
    ValueError
        If the shapes differ, or a number is out of its range.
    """
    require_choice(color_map, "color_map", OVERLAY_COLORS)
    low = 0.0 if color_map == "sequential" else -1.0
    picture, heat = as_picture(image), np.asarray(heatmap, np.float32)
    if heat.shape != picture.shape[:2]:
        raise ValueError(
            f"heatmap must have the picture's height and width, {picture.shape[:2]}, "
            f"but came with the shape {heat.shape}."
        )
    if not ((heat >= low) & (heat <= 1)).all():
        raise ValueError(
            f"heatmap must lie in {low:g} to 1 with {color_map} colors, but some values do not. "
            "Divide it by its largest."
        )
    for value, name in ((alpha, "alpha"), (threshold, "threshold")):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must be from 0 to 1, but came as {value!r}.")
    colors = rendering.colorize(heat, rendering.Scale(low, 1.0, color_map))
    mixed = cv2.addWeighted(picture, 1 - alpha, colors, alpha, 0, dtype=cv2.CV_8U)
    if threshold:
        is_low = np.abs(heat) < threshold
        mixed[is_low] = np.rint(picture[is_low]).clip(0, 255)
    return np.asarray(mixed, np.uint8)
