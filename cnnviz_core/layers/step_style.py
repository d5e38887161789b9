"""What the picture of a step is painted with: its colors, and tiles, letters and lines."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from cnnviz_core.arrays import ByteArray
from cnnviz_core.layers.step_layout import HALF_DIGIT, Layout, font, text_width
from cnnviz_core.theme import Theme


@dataclass(frozen=True, slots=True)
class Paint:
    """How a cell looks."""

    fill: str
    outline: str
    text: str
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Colors:
    """Amber says "here, now", blue says "weight"; apart also for color-blind eyes and in gray."""

    background: str
    muted: str
    weight: str
    plain: Paint
    padding: Paint
    window: Paint
    outline: str
    kernel: Paint
    done: Paint
    to_come: Paint
    current: Paint


# The backgrounds, and with them the neutral fills, are those of `.streamlit/config.toml`: on the
# page a picture has no edge.
COLORS: dict[Theme, Colors] = {
    "light": Colors(
        background="#fffdfa",
        muted="#6f655b",
        weight="#0b4f91",
        plain=Paint("#f5efe8", "#dccfc0", "#2b2622"),
        padding=Paint("#fffdfa", "#dccfc0", "#7a6e63", hatched=True),
        window=Paint("#ffe2a3", "#efbf5f", "#2b2622"),
        outline="#dc8a00",
        kernel=Paint("#dcebf8", "#3b87c8", "#0b4f91"),
        done=Paint("#ebe2d7", "#c2b3a1", "#2b2622"),
        to_come=Paint("#fffdfa", "#dccfc0", "#2b2622"),
        current=Paint("#fbad18", "#c47a00", "#2b2622"),
    ),
    "dark": Colors(
        background="#171412",
        muted="#a99d91",
        weight="#a3d3ff",
        plain=Paint("#262120", "#463d38", "#f1eae2"),
        padding=Paint("#171412", "#463d38", "#93877c", hatched=True),
        window=Paint("#5c4200", "#8a6810", "#fff6e0"),
        outline="#fbad18",
        kernel=Paint("#14324c", "#4a9be0", "#a3d3ff"),
        done=Paint("#39312d", "#6b5f57", "#f1eae2"),
        to_come=Paint("#171412", "#463d38", "#f1eae2"),
        current=Paint("#fbad18", "#ffd27a", "#2b2622"),
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A picture being drawn, uint8 (H, W, 3), with its colors and places."""

    pixels: ByteArray
    colors: Colors
    layout: Layout


def blank_canvas(colors: Colors, layout: Layout) -> Canvas:
    """Start a picture."""
    pixels = np.empty((layout.height, layout.width, 3), np.uint8)
    pixels[0] = ImageColor.getrgb(colors.background)
    pixels[1:] = pixels[0]
    return Canvas(pixels, colors, layout)


def write(
    canvas: Canvas, text: str, x: int, y: int, size: int, color: str, bold: bool = False
) -> None:
    """Write with the middle of the digits at (x, y)."""
    mask = _text_mask(text, size, bold)
    blend(canvas, x - mask.shape[1] // 2, y - mask.shape[0] // 2, mask, color)


def tile(canvas: Canvas, x: int, y: int, width: int, height: int, paint: Paint) -> None:
    """Lay a rounded tile with its top left corner at (x, y)."""
    pixels = _tile_pixels(width, height, paint, canvas.colors.background)
    canvas.pixels[y : y + height, x : x + width] = pixels


def blend(canvas: Canvas, x: int, y: int, mask: ByteArray, color: str) -> None:
    """Lay a color over the picture, as thick as the mask (0..255) says."""
    height, width = mask.shape
    region = canvas.pixels[y : y + height, x : x + width]
    share = mask[..., np.newaxis].astype(np.uint16)
    level = np.array(ImageColor.getrgb(color), np.uint16)
    region[...] = (region * (255 - share) + level * share) // 255


# Cached pixels are shared by all threads: read-only.


@lru_cache(maxsize=1024)
def _text_mask(text: str, size: int, bold: bool) -> ByteArray:
    """Draw a text, uint8 (H, W), with the middle of its digits in the middle."""
    # Brackets and descenders need more room than digits.
    height = round(1.25 * size)
    image = Image.new("L", (text_width(text, size, bold), height))
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
def outline_mask(width: int, height: int, line: int) -> ByteArray:
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
