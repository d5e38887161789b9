"""Curves of functions.

As in all modules of figures, each call draws on a `Figure` of its own, without pyplot and without
touching matplotlib's settings, so that threads do not meet. The pictures are SVG: drawn in half
the time of a PNG for high-density screens, smaller, and crisp at any size. They are transparent,
letters are outlines.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from cnnviz_core.arrays import FloatArray, require_choice, require_real
from cnnviz_core.drawing.figure_style import (
    CHARACTER_PIXELS,
    LINE_POINTS,
    MAX_STEPS,
    PALETTES,
    Palette,
    add_axes,
    label_ends,
    new_figure,
    to_svg,
    write,
)
from cnnviz_core.theme import Theme

Floats = npt.NDArray[np.float64]

MAX_SERIES = min(len(palette.series) for palette in PALETTES.values())

CURVES_HEIGHT = 380
FIRST_LINE_POINTS = 4.5
DASHES = (4.0, 2.2)

BELOW = 30  # room for the numbers of the x axis


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A function's values, and its derivative's where that is shown, at the x of a figure."""

    label: str
    values: FloatArray
    derivative: FloatArray | None = None


def curves(x: npt.ArrayLike, series: Sequence[Series], *, theme: Theme) -> str:
    """Draw functions over one x axis, each labeled at its right end.

    Parameters
    ----------
    x : array_like (N,)
        Ascending, at least two.
    series : 1 to `MAX_SERIES` Series
        Each has a color, its derivative the same color in dashes. The first line is the
        widest, so that all are seen where they coincide.
    theme : "light" or "dark"
        Which page the picture will stand on.

    Returns
    -------
    str
        An SVG picture, `WIDTH` by `CURVES_HEIGHT` CSS pixels.

    Raises
    ------
    ValueError
        If there are too few or too many series, or lengths do not fit.
    """
    require_choice(theme, "theme", get_args(Theme))
    places = _checked_places(x, series)
    palette = PALETTES[theme]
    low, high = _limits(series)
    left = CHARACTER_PIXELS * _number_length(low, high) + 14
    right = CHARACTER_PIXELS * max(len(one.label) for one in series) + 34
    figure = new_figure(CURVES_HEIGHT)
    axes = add_axes(figure, palette, left=left, right=right, top=10, bottom=BELOW)
    axes.set(xlim=(places[0], places[-1]), ylim=(low, high))
    axes.axhline(0, color=palette.text, alpha=0.5, linewidth=1, zorder=1.5, clip_on=False)
    if places[0] < 0 < places[-1]:
        axes.axvline(0, color=palette.text, alpha=0.5, linewidth=1, zorder=1.5, clip_on=False)
    for one, color, width in zip(series, palette.series, _line_widths(len(series)), strict=False):
        axes.plot(places, one.values, color=color, linewidth=width, clip_on=False)
        if one.derivative is not None:
            _dashed(axes, places, one.derivative, color)
    ends = [(one.label, float(one.values[-1])) for one in series]
    label_ends(axes, ends, palette, CURVES_HEIGHT)
    if any(one.derivative is not None for one in series):
        _draw_key(axes, palette)
    return to_svg(figure)


def _checked_places(x: npt.ArrayLike, series: Sequence[Series]) -> Floats:
    places = np.asarray(x)
    require_real(places, "x")
    if places.ndim != 1 or len(places) < 2 or not (np.diff(places) > 0).all():
        raise ValueError(
            "x must be one row of at least two ascending numbers, "
            f"but came with the shape {places.shape}, or not ascending."
        )
    if not 1 <= len(series) <= MAX_SERIES:
        raise ValueError(
            f"series must be 1 to {MAX_SERIES}, as there are colors, but {len(series)} came."
        )
    for one in series:
        for values in (one.values, one.derivative):
            if values is not None and np.shape(values) != places.shape:
                raise ValueError(
                    f"series must have a value for each of the {len(places)} x, "
                    f"but {one.label!r} came with the shape {np.shape(values)}."
                )
    return places.astype(np.float64)


def _limits(series: Sequence[Series]) -> tuple[float, float]:
    """Return the lowest and highest y of a figure, with 0 and some room between them."""
    lines = [line for one in series for line in (one.values, one.derivative) if line is not None]
    low = min(0.0, *(float(np.min(line)) for line in lines))
    high = max(0.0, *(float(np.max(line)) for line in lines))
    margin = 0.05 * (high - low) or 0.5
    return low - margin, high + margin


def _number_length(low: float, high: float) -> int:
    """Return the characters of the longest number beside a y axis from `low` to `high`."""
    decimals = max(0, math.ceil(-math.log10((high - low) / MAX_STEPS)))
    return max(len(f"{end:.{decimals}f}") for end in (low, high))


def _line_widths(count: int) -> Floats:
    """Return widths in points, the widest for the first of several lines."""
    widths: Floats = np.linspace(FIRST_LINE_POINTS, LINE_POINTS, count + 1)[1:]
    return widths


def _dashed(axes: Axes, x: Floats, y: FloatArray, color: str) -> None:
    axes.plot(x, y, color=color, linewidth=LINE_POINTS, dashes=DASHES, clip_on=False)


def _draw_key(axes: Axes, palette: Palette) -> None:
    """Tell solid from dashed in the language of formulas, top left, where few curves pass."""
    for text, place, style in (("f(x)", 0.95, "-"), ("f′(x)", 0.88, (0, DASHES))):
        axes.plot(
            (0.03, 0.085),
            (place, place),
            color=palette.text,
            linewidth=LINE_POINTS,
            linestyle=style,
            transform=axes.transAxes,
            clip_on=False,
        )
        write(axes, 0.1, place, text, palette.text)
