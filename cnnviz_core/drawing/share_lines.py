"""Deletion and insertion curves as lines over the share of the picture that was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from cnnviz_core.arrays import FloatArray, require_choice
from cnnviz_core.drawing.figure_style import (
    CHARACTER_PIXELS,
    LINE_POINTS,
    PALETTES,
    WIDTH,
    add_axes,
    label_ends,
    new_figure,
    to_svg,
    write,
)
from cnnviz_core.theme import Theme

HEIGHT = 300
TOP = 30  # room for the label of the y axis
LEFT = 64
BELOW = 54  # room for the numbers of the x axis, and its label
BAND_ALPHA = 0.22
BAND_POINTS = 0.8  # the width of its edges


@dataclass(frozen=True, slots=True, eq=False)
class ShareCurve:
    """Probabilities over the share of the picture's pixels, possibly not all of them yet.

    Attributes
    ----------
    shares, probabilities : float32 (N,)
        0..1, at least one of each; shares ascend.
    """

    shares: FloatArray
    probabilities: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ShareBand:
    """Where other curves lie, over the same kind of shares.

    Attributes
    ----------
    shares, low, high : float32 (N,)
        0..1, at least one of each; shares ascend.
    """

    shares: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ShareLine:
    """A curve, its label at its right end, and the band that it is compared with."""

    label: str
    curve: ShareCurve
    band: ShareBand | None = None


def share_curves(
    lines: Sequence[ShareLine],
    *,
    theme: Theme,
    x_label: str,
    y_label: str,
    marked: float | None = None,
) -> str:
    """Draw what is left of a class while a picture is taken away, or built up.

    Parameters
    ----------
    lines : sequence of ShareLine
        At least one; at most as many as there are colors. A band is pale, of the same color, and
        its edges are dashed.
    theme : "light" or "dark"
        Which page the picture will stand on.
    x_label, y_label : str
        Below the x axis, and above the y axis.
    marked : float, optional
        The share, 0..1, to draw an upright line at.

    Returns
    -------
    str
        An SVG picture, `WIDTH` by `HEIGHT` CSS pixels.

    Raises
    ------
    ValueError
        If there is no line, there are too many, or one has not as many shares as probabilities.
    """
    require_choice(theme, "theme", get_args(Theme))
    palette = PALETTES[theme]
    _require_fitting(lines, len(palette.series))
    right = CHARACTER_PIXELS * max(len(one.label) for one in lines) + 34
    figure = new_figure(HEIGHT)
    axes = add_axes(figure, palette, left=LEFT, right=right, top=TOP, bottom=BELOW)
    axes.set(xlim=(0, 1), ylim=(0, 1.02))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0))
    if marked is not None:
        axes.axvline(marked, color=palette.accent, linewidth=LINE_POINTS, zorder=1.5, clip_on=False)
    for one, color in zip(lines, palette.series, strict=False):
        if one.band is not None:
            _draw_band(axes, one.band, color)
        _draw(axes, one.curve.shares, one.curve.probabilities, color, "-", LINE_POINTS)
    ends = [(one.label, float(one.curve.probabilities[-1])) for one in lines]
    label_ends(axes, ends, palette, HEIGHT)
    height = HEIGHT - TOP - BELOW
    write(axes, -LEFT / (WIDTH - LEFT - right), 1 + 0.5 * TOP / height, y_label, palette.text)
    write(axes, 0.5, -40 / height, x_label, palette.text, ha="center")
    return to_svg(figure)


def _draw(axes: Axes, x: FloatArray, y: FloatArray, color: str, dashes: str, points: float) -> None:
    axes.plot(x, y, dashes, color=color, linewidth=points, clip_on=False)


def _draw_band(axes: Axes, band: ShareBand, color: str) -> None:
    # A polygon, for what `fill_between` makes gets a random name in SVG.
    x = np.concatenate([band.shares, band.shares[::-1]])
    y = np.concatenate([band.low, band.high[::-1]])
    axes.fill(x, y, color=color, alpha=BAND_ALPHA, linewidth=0, clip_on=False)
    for edge in (band.low, band.high):
        _draw(axes, band.shares, edge, color, "--", BAND_POINTS)


def _require_fitting(lines: Sequence[ShareLine], most: int) -> None:
    if not 1 <= len(lines) <= most:
        raise ValueError(f"lines must be 1 to {most}, as there are colors, but {len(lines)} came.")
    for one in lines:
        heights = [(one.curve.shares, one.curve.probabilities)]
        if one.band is not None:
            heights += [(one.band.shares, one.band.low), (one.band.shares, one.band.high)]
        for shares, values in heights:
            shape = np.shape(shares)
            if len(shape) != 1 or shape[0] < 1 or np.shape(values) != shape:
                raise ValueError(
                    "lines must have a probability for each share, and at least one, but "
                    f"{one.label!r} came with {shape} and {np.shape(values)}."
                )
