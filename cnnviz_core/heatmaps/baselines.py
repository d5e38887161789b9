"""What stands in for a part of a picture that is taken away."""

from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_choice
from cnnviz_core.images import ImageArray, as_picture
from cnnviz_core.networks.network import Network

Baseline = Literal["gray", "mean", "blur", "black"]
BASELINES: tuple[Baseline, ...] = ("gray", "mean", "blur", "black")

MIDDLE_GRAY = 127.5

# Of the blur, as a share of the longer side: 11 pixels of 224. No whisker is left of the cat, but
# its colors are.
BLUR_DEVIATION = 1 / 20

WHITE = 255.0

# Of the range of the network's input: preprocessing that is not a scaling and a shift is further
# off, where it has no such color at all.
_TOLERANCE = 1e-3

Mask = npt.NDArray[np.bool_]

HoleBaseline = Literal["gray", "mean", "blur", "black", "inpainting"]
HOLE_BASELINES: tuple[HoleBaseline, ...] = (*BASELINES, "inpainting")

# Inpainting takes a second for large holes in 320×400 pixels, and a curve has some twenty pictures;
# what it makes up within a hole is smooth anyway.
INPAINTING_PIXELS = 128
INPAINTING_RADIUS = 3


def baseline_picture(image: ImageArray, baseline: Baseline) -> FloatArray:
    """Return a picture of the same size with nothing in it to see.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255.
    baseline : "gray", "mean", "blur" or "black"
        The middle of 0..255, the picture's mean color, the picture itself blurred until its
        details are gone (Gaussian, a deviation of 1/20 of the longer side), or zero.

    Returns
    -------
    float32 (H, W, 3)
        RGB, 0..255; a new array.

    Raises
    ------
    ValueError
        If `image` is no picture or `baseline` none of these.

    Examples
    --------
    >>> baseline_picture(np.uint8([[[0, 0, 0], [4, 8, 2]]]), "mean")[0].tolist()
    [[2.0, 4.0, 1.0], [2.0, 4.0, 1.0]]
    """
    require_choice(baseline, "baseline", BASELINES)
    picture = as_picture(image)
    match baseline:
        case "gray":
            return np.full_like(picture, MIDDLE_GRAY)
        case "mean":
            color = picture.mean((0, 1), dtype=np.float64).astype(np.float32)
            return np.full_like(picture, color)
        case "blur":
            deviation = BLUR_DEVIATION * max(picture.shape[:2])
            blurred = cv2.GaussianBlur(picture, (0, 0), deviation, borderType=cv2.BORDER_REPLICATE)
            return np.asarray(blurred, np.float32)
        case "black":
            return np.zeros_like(picture)


def gray_input(network: Network) -> tuple[float, ...]:
    """Return what a network's preprocessing makes of middle gray, one number a channel.

    Integrated gradients and occlusion start from it.

    Examples
    --------
    >>> from cnnviz_core.networks import load
    >>> gray_input(load("efficientnet-lite0"))
    (0.00390625, 0.00390625, 0.00390625)
    """
    return tuple(_channels(network, (MIDDLE_GRAY,) * 3).tolist())


def zero_color(network: Network) -> tuple[int, int, int] | None:
    """Return the color that a network's preprocessing turns to zeros: where x = 0 begins.

    Gradient × input takes it for "nothing there".

    Returns
    -------
    (int, int, int) or None
        RGB, 0..255, rounded; None if there is no such color.

    Examples
    --------
    >>> from cnnviz_core.networks import load
    >>> zero_color(load("efficientnet-lite0"))
    (127, 127, 127)
    """
    black, white = (_channels(network, (level,) * 3) for level in (0.0, WHITE))
    primaries = [_channels(network, color) for color in (WHITE * np.eye(3)).tolist()]
    # The change of each channel of the input per unit of red, green and blue.
    slopes = np.stack([one - black for one in primaries], axis=1) / WHITE
    color, *_ = np.linalg.lstsq(slopes, -black, rcond=None)
    color = np.clip(color, 0, WHITE)
    is_zero = np.abs(_channels(network, color)) <= _TOLERANCE * np.ptp([black, white])
    red, green, blue = (round(float(level)) for level in color)
    return (red, green, blue) if is_zero.all() else None


def hole_replacer(image: ImageArray, baseline: HoleBaseline) -> Callable[[Mask], FloatArray]:
    """Return a function that puts a baseline into holes of a picture, for many masks of holes.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255.
    baseline : "gray", "mean", "blur", "black" or "inpainting"
        As `baselines.baseline_picture`, or what `inpaint` makes up.

    Returns
    -------
    callable
        From a mask, bool (H, W), to the picture, float32 (H, W, 3), RGB, 0..255; a new array.

    Raises
    ------
    ValueError
        If `image` is no picture or `baseline` none of these.
    """
    require_choice(baseline, "baseline", HOLE_BASELINES)
    picture = as_picture(image)
    if baseline == "inpainting":
        return lambda is_hole: inpaint(picture, is_hole)
    ground = baseline_picture(picture, baseline)
    return lambda is_hole: np.where(is_hole[..., np.newaxis], ground, picture)


def inpaint(image: ImageArray, is_hole: Mask) -> FloatArray:
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
        return baseline_picture(picture, "mean")
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


def _channels(network: Network, color: object) -> FloatArray:
    picture = np.full((2, 2, 3), color, np.float32)
    channels: FloatArray = network.preprocess(picture)[0].mean((0, 1), dtype=np.float64)
    return channels
