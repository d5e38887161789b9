"""Pictures of an ascent as something to look at: bytes, one sheet, an animation."""

import io
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from cnnviz_core.animations import encode_gif
from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import montage
from cnnviz_core.images import fit

# The last picture of an animation stays for so many times as long as the others.
LAST_FRAME = 12
SECONDS_PER_FRAME = 0.1

# An animation is at least so many pixels wide: it is shown on a wall.
MIN_WIDTH = 512

# Sheets are about so many times as wide as they are high.
SHEET_ASPECT = 3.0


def as_bytes(images: FloatArray) -> ByteArray:
    """Return pictures in 0..1 as uint8 of the same shape.

    >>> as_bytes(np.float32([0, 0.5, 1.2])).tolist()
    [0, 128, 255]
    """
    return np.rint(np.clip(images, 0, 1) * 255).astype(np.uint8)


def sheet_columns(count: int) -> int:
    """Return how many pictures stand side by side, so that rows are full where that can be.

    Examples
    --------
    >>> [sheet_columns(count) for count in (1, 2, 3, 4, 6, 8, 12)]
    [1, 2, 3, 4, 3, 4, 6]
    """
    return montage.num_columns(count, math.sqrt(SHEET_ASPECT * count), 1, count)


def sheet(images: FloatArray, *, max_side: int | None = None) -> ByteArray:
    """Lay the pictures of an ascent out as one.

    Parameters
    ----------
    images : float32 (N, H, W, 3)
        In 0..1.
    max_side : int, optional
        Of each picture, in pixels: larger ones are reduced.

    Returns
    -------
    uint8 (H', W', 3)
    """
    pictures: list[ByteArray] = list(as_bytes(images))
    if max_side is not None:
        pictures = [fit(one, max_side) for one in pictures]
    return montage.montage(pictures, sheet_columns(len(pictures)))


def animate(frames: Sequence[bytes]) -> bytes:
    """Make an animated GIF that runs in a loop of encoded pictures of one size.

    The last one stays longer: one sees where the ascent ends. The animation is `MIN_WIDTH` pixels
    wide at least: narrower pictures are enlarged smoothly.

    Parameters
    ----------
    frames : sequence of bytes
        PNG or JPEG, at least one.

    Raises
    ------
    ValueError
        If there is none.
    """
    if not frames:
        raise ValueError("frames must hold at least one picture, but came empty.")
    pictures = [_wide(Image.open(io.BytesIO(frame)).convert("RGB")) for frame in frames]
    # One palette for all, without dithering: else every frame would flicker.
    some = [np.asarray(pictures[place]) for place in (0, len(pictures) // 2, -1)]
    palette = Image.fromarray(np.concatenate(some)).quantize(256)
    drawn = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in pictures]
    return encode_gif(drawn, seconds_per_frame=SECONDS_PER_FRAME, last_frame=LAST_FRAME)


def _wide(picture: Image.Image) -> Image.Image:
    if picture.width >= MIN_WIDTH:
        return picture
    size = MIN_WIDTH, round(picture.height * MIN_WIDTH / picture.width)
    return picture.resize(size, Image.Resampling.BICUBIC)
