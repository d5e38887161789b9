"""A drawing as pixels: for animations, and wherever a page shows a picture."""

import math
from functools import lru_cache
from typing import get_args

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from cnnviz_core.arrays import ByteArray, require_choice, require_whole
from cnnviz_core.stepping.colors import COLORS, Colors, Paint
from cnnviz_core.stepping.drawing import Frame, Mark, Piece, Text, Tile
from cnnviz_core.stepping.lettering import HALF_DIGIT, font
from cnnviz_core.theme import Theme

# How many pixels of the drawing a CSS pixel may have.
MAX_SCALE = 4


def paint(drawing: Piece, *, theme: Theme = "light", scale: int = 2) -> ByteArray:
    """Paint a drawing.

    Parameters
    ----------
    drawing : Piece
    theme : "light" or "dark"
    scale : int
        Pixels for each CSS pixel, 1 to 4.

    Returns
    -------
    uint8 (H, W, 3)
        RGB.

    Raises
    ------
    ValueError
        If `theme` or `scale` is not one of those.
    """
    require_choice(theme, "theme", get_args(Theme))
    scale = require_whole(scale, "scale", low=1, high=MAX_SCALE)
    colors = COLORS[theme]
    pixels = np.empty((round(scale * drawing.height), round(scale * drawing.width), 3), np.uint8)
    pixels[:] = ImageColor.getrgb(colors.background)
    for group in drawing.groups:
        for mark in group:
            _paint_mark(pixels, mark, colors, scale)
    return pixels


def _paint_mark(pixels: ByteArray, mark: Mark, colors: Colors, scale: int) -> None:
    x, y = round(scale * mark.x), round(scale * mark.y)
    match mark:
        case Tile():
            right, bottom = (
                round(scale * (mark.x + mark.width)),
                round(scale * (mark.y + mark.height)),
            )
            pixels[y:bottom, x:right] = _tile_pixels(
                right - x, bottom - y, colors.paint(mark.look), colors.background
            )
        case Frame():
            line = max(round(scale * 1.5), 1)
            mask = _outline_mask(
                round(scale * mark.width) + 2 * line,
                round(scale * mark.height) + 2 * line,
                2 * line,
            )
            _blend(pixels, x - line, y - line, mask, colors.outline)
        case Text():
            mask = _text_mask(mark.text, max(round(scale * mark.size), 1), mark.is_bold)
            left, top = x - mask.shape[1] // 2, y - mask.shape[0] // 2
            _blend(pixels, left, top, mask, colors.ink(mark.ink))


def _blend(pixels: ByteArray, x: int, y: int, mask: ByteArray, color: str) -> None:
    """Lay a color over the picture, as thick as the mask (0..255) says."""
    height, width = mask.shape
    region = pixels[y : y + height, x : x + width]
    share = mask[: region.shape[0], : region.shape[1], np.newaxis].astype(np.uint16)
    level = np.array(ImageColor.getrgb(color), np.uint16)
    region[...] = (region * (255 - share) + level * share) // 255


# Cached pixels are shared by all threads: read-only.


@lru_cache(maxsize=1024)
def _text_mask(text: str, size: int, bold: bool) -> ByteArray:
    """Draw a text, uint8 (H, W), with the middle of its digits in the middle."""
    # Brackets and descenders need more room than digits.
    height = round(1.25 * size)
    image = Image.new("L", (math.ceil(font(size, bold).getlength(text)), height))
    place = (0, height // 2 + round(HALF_DIGIT * size))
    ImageDraw.Draw(image).text(place, text, fill=255, font=font(size, bold), anchor="ls")
    return _read_only(image)


@lru_cache(maxsize=256)
def _tile_pixels(width: int, height: int, paint: Paint, background: str) -> ByteArray:
    """Draw a rounded tile four times as large and shrink it: Pillow's own edges are not smooth."""
    size = 4 * width, 4 * height
    line = max(min(size) // 28, 4)
    box = (0, 0, size[0] - 1, size[1] - 1)
    radius = min(size) // 8
    inside = Image.new("RGB", size, paint.fill)
    if paint.hatched:
        draw = ImageDraw.Draw(inside)
        for start in range(-size[1], size[0], min(size) // 5):
            draw.line((start, size[1], start + size[1], 0), fill=paint.outline, width=line // 2)
    ImageDraw.Draw(inside).rounded_rectangle(box, radius, outline=paint.outline, width=line)
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius, fill=255)
    on_background = Image.new("RGB", size, background)
    on_background.paste(inside, mask=mask)
    return _read_only(on_background.reduce(4))


@lru_cache(maxsize=64)
def _outline_mask(width: int, height: int, line: int) -> ByteArray:
    """Draw a rounded outline, uint8 (height, width)."""
    size = 4 * width, 4 * height
    mask = Image.new("L", size, 0)
    box = (0, 0, size[0] - 1, size[1] - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, 8 * line, outline=255, width=4 * line)
    return _read_only(mask.reduce(4))


def _read_only(image: Image.Image) -> ByteArray:
    pixels = np.array(image)
    pixels.setflags(write=False)
    return pixels
