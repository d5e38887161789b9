"""What shows where pixels of a picture were deleted, wherever they lie."""

from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_choice
from cnnviz_core.heatmaps.baselines import FILLS, fill_picture
from cnnviz_core.networks.network import Picture
from cnnviz_core.networks.preprocessing import as_picture

Mask = npt.NDArray[np.bool_]

HoleFill = Literal["grey", "mean", "blur", "black", "inpainting"]
HOLE_FILLS: tuple[HoleFill, ...] = (*FILLS, "inpainting")

# Inpainting takes a second for large holes in 320×400 pixels, and a curve has some twenty pictures;
# what it makes up within a hole is smooth anyway.
INPAINTING_PIXELS = 128
INPAINTING_RADIUS = 3


def hole_filler(image: Picture, fill: HoleFill) -> Callable[[Mask], FloatArray]:
    """Return a function that fills holes of a picture, for many masks of holes.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255.
    fill : "grey", "mean", "blur", "black" or "inpainting"
        As `fills.fill_picture`, or what `inpaint` makes up.

    Returns
    -------
    callable
        From a mask, bool (H, W), to the picture, float32 (H, W, 3), RGB, 0..255; a new array.

    Raises
    ------
    ValueError
        If `image` is no picture or `fill` none of these.
    """
    require_choice(fill, "fill", HOLE_FILLS)
    picture = as_picture(image)
    if fill == "inpainting":
        return lambda is_hole: inpaint(picture, is_hole)
    ground = fill_picture(picture, fill)
    return lambda is_hole: np.where(is_hole[..., np.newaxis], ground, picture)


def inpaint(image: Picture, is_hole: Mask) -> FloatArray:
    """Return the picture with its holes filled from around them.

    By Bertalmio, Bertozzi and Sapiro, *Navier-Stokes, Fluid Dynamics, and Image and Video
    Inpainting* (2001), as OpenCV has it, on a copy of at most 128 pixels a side that is enlarged
    again. Each of its cells has the mean of the pixels that are left in it.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255.
    is_hole : bool (H, W)
        Where all is a hole, the mean color of the picture is left.

    Returns
    -------
    float32 (H, W, 3)
        RGB, 0..255; a new array. Outside the holes it is the picture.
    """
    picture = as_picture(image)
    if is_hole.all():
        return fill_picture(picture, "mean")
    height, width = is_hole.shape
    shrink = min(1.0, INPAINTING_PIXELS / max(height, width))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    known = (~is_hole).astype(np.float32)
    left = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    sums = cv2.resize(picture * known[..., np.newaxis], size, interpolation=cv2.INTER_AREA)
    is_empty = left == 0
    means = np.rint(sums / np.where(is_empty, 1, left)[..., np.newaxis]).clip(0, 255)
    filled = cv2.inpaint(
        means.astype(np.uint8), is_empty.astype(np.uint8), INPAINTING_RADIUS, cv2.INPAINT_NS
    )
    whole = cv2.resize(filled.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.where(is_hole[..., np.newaxis], whole, picture)
