"""Draw all positions of a sliding window as one animation."""

from collections.abc import Iterable
from functools import partial

import numpy as np
from PIL import Image

from cnnviz_core.animated_gif import encode_gif
from cnnviz_core.layers.step_drawing import WORDS, draw_step
from cnnviz_core.layers.step_layout import Labels, lay_out
from cnnviz_core.layers.stepping import Step
from cnnviz_core.theme import Theme

# Flat colors with their blends at soft edges; twice as many give a larger file, not a better one.
_GIF_COLORS = 64

SECONDS_PER_STEP = 0.8


def animate_steps(
    steps: Iterable[Step],
    *,
    theme: Theme = "light",
    scale: int = 1,
    labels: Labels = WORDS,
) -> bytes:
    """Draw the positions of one window as an animated GIF that runs in a loop.

    The last position stays twice as long as the others: one sees where the round ends.

    Parameters
    ----------
    steps : iterable of Step
        At least one.
    theme, scale, labels
        As in `step_drawing.draw_step`.

    Returns
    -------
    bytes
        A GIF with a frame for each position.

    Raises
    ------
    ValueError
        If there are no steps, their pictures differ in size, or an argument is out of its range.
    """
    steps = tuple(steps)
    if not steps:
        raise ValueError("steps must hold at least one step, but came empty.")
    layouts = [lay_out(step, scale, labels) for step in steps]
    if len({(layout.width, layout.height) for layout in layouts}) > 1:
        raise ValueError("steps must be of one window, but their pictures differ in size.")
    draw = partial(draw_step, theme=theme, scale=scale, labels=labels)
    # The first and the last position together show every color that any of them has.
    ends = Image.fromarray(np.concatenate([draw(steps[0]), draw(steps[-1])]))
    palette = ends.quantize(_GIF_COLORS)
    exact = _commonest_colors(ends, palette)
    frames = [_with_palette(Image.fromarray(draw(step)), palette) for step in steps]
    for frame in frames:
        frame.putpalette(exact)
    return encode_gif(frames, seconds_per_frame=SECONDS_PER_STEP, last_frame=2)


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
