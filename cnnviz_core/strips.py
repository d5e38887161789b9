"""Long, narrow pictures: a page shows a part of them that one can move along."""

import numpy as np

from cnnviz_core import images
from cnnviz_core.arrays import ByteArray, require_whole

# Screens are wide and pages scroll down: a panorama fits, a picture twice as high as wide just so.
MAX_WIDE = 4
MAX_TALL = 2

# Eight parts of the largest size in a row; a strip of more pixels is made smaller.
MAX_LENGTH = 8 * images.MAX_SIDE


def part_size(height: int, width: int) -> tuple[int, int]:
    """Return height and width of the part of a picture that a page shows.

    Examples
    --------
    >>> part_size(320, 400), part_size(50, 3000), part_size(3000, 50)
    ((320, 400), (50, 200), (100, 50))
    """
    return min(height, MAX_TALL * width), min(width, MAX_WIDE * height)


def fit(image: ByteArray) -> ByteArray:
    """Shrink a picture until the part that a page shows is at most `images.MAX_SIDE` long.

    Parameters
    ----------
    image : uint8 (H, W, 3)
        RGB.

    Returns
    -------
    uint8 (H', W', 3)
        As `images.fit`; a strip is longer than `images.MAX_SIDE`, but not than `MAX_LENGTH`.

    Examples
    --------
    >>> fit(np.zeros((50, 3000, 3), np.uint8)).shape
    (50, 3000, 3)
    """
    height, width = image.shape[:2]
    longer = images.MAX_SIDE * max(height, width) // max(part_size(height, width))
    return images.fit(image, min(longer, MAX_LENGTH))


def part(image: ByteArray, percent: int) -> tuple[ByteArray, int]:
    """Cut the part of a picture that a page shows.

    Parameters
    ----------
    image : uint8 (H, W, 3)
        RGB.
    percent : int
        Where the part of a strip lies: 0 is the left or upper end, 100 the right or lower one.

    Returns
    -------
    cut : uint8 (H', W', 3)
        Sides as `part_size` says. `image` itself if it is no strip.
    start : int
        The first of its columns or rows.

    Raises
    ------
    ValueError
        If `percent` is not from 0 to 100.

    Examples
    --------
    >>> cut, start = part(np.zeros((2, 30, 3), np.uint8), 100)
    >>> cut.shape, start
    ((2, 8, 3), 22)
    """
    require_whole(percent, "percent", low=0, high=100)
    height, width = part_size(*image.shape[:2])
    top, left = (
        (image.shape[0] - height) * percent // 100,
        (image.shape[1] - width) * percent // 100,
    )
    cut = image[top : top + height, left : left + width]
    return (image if cut.shape == image.shape else np.ascontiguousarray(cut)), top + left
