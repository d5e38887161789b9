"""Draw all stops of a walk as one animation."""

from collections.abc import Iterable
from functools import partial

import numpy as np
from PIL import Image

from cnnviz_core.animations import encode_gif
from cnnviz_core.stepping.drawing import Piece
from cnnviz_core.stepping.pixels import paint
from cnnviz_core.theme import Theme

# Flat colors with their blends at soft edges; twice as many give a larger file, not a better one.
_GIF_COLORS = 64

SECONDS_PER_STOP = 0.8


def animate(drawings: Iterable[Piece], *, theme: Theme = "light", scale: int = 1) -> bytes:
    """Paint the stops of one walk as an animated GIF that runs in a loop.

    The last stop stays twice as long as the others: one sees where the round ends.

    Parameters
    ----------
    drawings : iterable of Piece
        At least one.
    theme, scale
        As in `pixels.paint`.

    Returns
    -------
    bytes
        A GIF with a frame for each stop.

    Raises
    ------
    ValueError
        If there are no stops, they differ in size, or an argument is out of its range.
    """
    drawings = tuple(drawings)
    if not drawings:
        raise ValueError("drawings must hold at least one drawing, but came empty.")
    if len({(one.width, one.height) for one in drawings}) > 1:
        raise ValueError("drawings must be of one walk, but they differ in size.")
    painted = partial(paint, theme=theme, scale=scale)
    # The first and the last stop together show every color that any of them has.
    ends = Image.fromarray(np.concatenate([painted(drawings[0]), painted(drawings[-1])]))
    palette = ends.quantize(_GIF_COLORS)
    exact = _commonest_colors(ends, palette)
    frames = [_with_palette(Image.fromarray(painted(one)), palette) for one in drawings]
    for frame in frames:
        frame.putpalette(exact)
    return encode_gif(frames, seconds_per_frame=SECONDS_PER_STOP, last_frame=2)


def _commonest_colors(picture: Image.Image, palette: Image.Image) -> list[int]:
    """Give each color of a palette the commonest shade that it stands for.

    Pillow's palettes hold averages, which would tint the background.
    """
    red, green, blue = np.moveaxis(np.asarray(picture).astype(np.uint32), -1, 0)
    # Colors as single numbers: these are sorted far faster than triples.
    packed, counts = np.unique(red << 16 | green << 8 | blue, return_counts=True)
    shades = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], -1).astype(np.uint8)
    indices = np.asarray(_with_palette(Image.fromarray(shades[np.newaxis]), palette))[0]
    colors = np.zeros((256, 3), np.uint8)
    for i in np.argsort(counts):
        colors[indices[i]] = shades[i]
    return [int(part) for part in colors.flat]


def _with_palette(picture: Image.Image, palette: Image.Image) -> Image.Image:
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)
