"""What stands in for a part of a picture that is taken away."""

from typing import Literal

import cv2
import numpy as np

from cnnviz_core.arrays import FloatArray, require_choice
from cnnviz_core.networks.network import Picture
from cnnviz_core.networks.preprocessing import as_picture

Fill = Literal["grey", "mean", "blur", "black"]
FILLS: tuple[Fill, ...] = ("grey", "mean", "blur", "black")

MIDDLE_GREY = 127.5

# Of the blur, as a share of the longer side: 11 pixels of 224. No whisker is left of the cat, but
# its colours are.
BLUR_DEVIATION = 1 / 20


def fill_picture(image: Picture, fill: Fill) -> FloatArray:
    """Return a picture of the same size with nothing in it to see.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255.
    fill : "grey", "mean", "blur" or "black"
        The middle of 0..255, the picture's mean colour, the picture itself blurred until its
        details are gone (Gaussian, a deviation of 1/20 of the longer side), or zero.

    Returns
    -------
    float32 (H, W, 3)
        RGB, 0..255; a new array.

    Raises
    ------
    ValueError
        If `image` is no picture or `fill` none of these.

    Examples
    --------
    >>> fill_picture(np.uint8([[[0, 0, 0], [4, 8, 2]]]), "mean")[0].tolist()
    [[2.0, 4.0, 1.0], [2.0, 4.0, 1.0]]
    """
    require_choice(fill, "fill", FILLS)
    picture = as_picture(image)
    match fill:
        case "grey":
            return np.full_like(picture, MIDDLE_GREY)
        case "mean":
            colour = picture.mean((0, 1), dtype=np.float64).astype(np.float32)
            return np.full_like(picture, colour)
        case "blur":
            deviation = BLUR_DEVIATION * max(picture.shape[:2])
            blurred = cv2.GaussianBlur(picture, (0, 0), deviation, borderType=cv2.BORDER_REPLICATE)
            return np.asarray(blurred, np.float32)
        case "black":
            return np.zeros_like(picture)
