"""An outline around a part of a picture, so that the eye finds it."""

from cnnviz_core.arrays import ByteArray

# A ring is one of so many parts of the longer side: thin, but seen on a picture of thumb size.
RINGS_PER_SIDE = 130


def outline(
    picture: ByteArray, top: int, left: int, bottom: int, right: int, *, ring: int | None = None
) -> ByteArray:
    """Draw a white ring around a part of a picture and a black one around that.

    One of the two stands out on any color. The part itself is left as it is; what would lie
    outside the picture is left out.

    Parameters
    ----------
    picture : uint8 (H, W, 3) or (H, W, 4)
        RGB or RGBA; the rings are opaque.
    top, left, bottom, right : int
        The part is `picture[top:bottom, left:right]`.
    ring : int, optional
        The width of either ring in pixels; by default, what is seen on a picture of thumb size.

    Returns
    -------
    uint8, as `picture`
        A new picture.

    Examples
    --------
    >>> import numpy as np
    >>> outline(np.full((3, 6, 3), 7, np.uint8), 1, 1, 2, 2)[:, :, 0]
    array([[255, 255, 255,   0,   7,   7],
           [255,   7, 255,   0,   7,   7],
           [255, 255, 255,   0,   7,   7]], dtype=uint8)
    """
    outlined = picture.copy()
    ring = ring or max(1, round(max(picture.shape[:2]) / RINGS_PER_SIDE))
    for reach, level in ((2 * ring, 0), (ring, 255)):
        color = (level, level, level, 255)[: picture.shape[2]]
        outlined[max(top - reach, 0) : bottom + reach, max(left - reach, 0) : right + reach] = color
    outlined[top:bottom, left:right] = picture[top:bottom, left:right]
    return outlined
