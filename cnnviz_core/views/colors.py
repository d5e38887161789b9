"""Colors that pages paint themselves: those of color bars, and of cells with numbers in them."""

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing.rendering import NUM_COLORS, Scale, colorize, palette


def gradients(scale: Scale, count: int = 17) -> tuple[tuple[str, ...], ...]:
    """Return the colors along a scale, from low to high, as "#rrggbb", for each of its color bars.

    One bar, or three from black to red, to green and to blue: their two ends are enough.

    Examples
    --------
    >>> gradients(Scale(0, 1, "channels"))
    (('#000000', '#ff0000'), ('#000000', '#00ff00'), ('#000000', '#0000ff'))
    >>> gradients(Scale(0, 1, "sequential"), 3)
    (('#000004', '#b73779', '#fcfdbf'),)
    """
    if scale.color_map == "channels":
        return tuple(("#000000", full) for full in ("#ff0000", "#00ff00", "#0000ff"))
    along = np.linspace(0, NUM_COLORS - 1, count).round().astype(np.uint8)
    colors = palette(scale.color_map)[along, :3]
    return (tuple("#{:02x}{:02x}{:02x}".format(*color) for color in colors),)


def cell_colors(grid: FloatArray, scale: Scale) -> list[list[tuple[str, str]]]:
    """Return for each value of a grid (H, W) its color, and black or white: what is legible on it.

    Examples
    --------
    >>> cell_colors(np.float32([[0, 9]]), Scale(0, 9, "sequential"))
    [[('#000004', '#ffffff'), ('#fcfdbf', '#000000')]]
    """
    return [
        [("#{:02x}{:02x}{:02x}".format(*color), _legible(color)) for color in row]
        for row in colorize(grid, scale)
    ]


def _legible(color: ByteArray) -> str:
    """Return black or white, whichever stands out more: by at least 4.5 (WCAG 2.1, 1.4.3)."""
    levels = color / 255
    # Relative luminance as WCAG 2.1 defines it, for sRGB. At 0.179 both inks contrast alike.
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    return "#000000" if linear @ np.array([0.2126, 0.7152, 0.0722]) > 0.179 else "#ffffff"
