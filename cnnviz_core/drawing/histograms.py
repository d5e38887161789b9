"""Where values fall: before and after a layer, or how many there are of each size."""

import math
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from cnnviz_core.arrays import FloatArray, require_choice, require_real
from cnnviz_core.drawing.figure_style import (
    CHARACTER_PIXELS,
    PALETTES,
    WIDTH,
    Palette,
    add_axes,
    new_figure,
    to_svg,
    write,
)
from cnnviz_core.number_format import percent
from cnnviz_core.theme import Theme

Floats = npt.NDArray[np.float64]

CountScale = Literal["linear", "log"]

NUM_BINS = 90
ROW_HEIGHT = 85
ROW_GAP = 28  # above each row, room for a label

HEIGHT = 240
TOP = 30  # room for the label of the y axis
BELOW = 30  # room for the numbers of the x axis
HISTOGRAM_HEIGHT = 2 * (ROW_GAP + ROW_HEIGHT) + BELOW
RIGHT = 24  # room for half of the last of them
# Where a logarithmic axis begins: below 1, so that a single value is a bar, too.
LOWEST_LOG_COUNT = 0.6


def histogram(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    *,
    theme: Theme,
    labels: tuple[str, str] = ("before", "after"),
    zero_label: str = "{share} exactly 0",
) -> str:
    """Draw where values fall before and after a layer, one above the other on one x axis.

    Values of exactly zero, of which an activation function can make very many, are not in the
    bars: their share is marked at zero. The bars of a row are relative to its highest.

    Parameters
    ----------
    before, after : array_like, any shape
        What is not finite does not count.
    theme : "light" or "dark"
        Which page the picture will stand on.
    labels : (str, str)
        Beside the rows.
    zero_label : str
        Above a mark; "{share}" becomes the share, as in "33.3%".

    Returns
    -------
    str
        An SVG picture, `WIDTH` by `HISTOGRAM_HEIGHT` CSS pixels.

    Raises
    ------
    ValueError
        If there is no finite value on one side.
    """
    require_choice(theme, "theme", get_args(Theme))
    rows = _finite(before, "before"), _finite(after, "after")
    edges = histogram_edges(
        min(float(row.min()) for row in rows), max(float(row.max()) for row in rows)
    )
    palette = PALETTES[theme]
    left = CHARACTER_PIXELS * max(map(len, labels)) + 16
    figure = new_figure(HISTOGRAM_HEIGHT)
    axes = add_axes(figure, palette, left=left, right=16, top=ROW_GAP, bottom=BELOW)
    # One pair of axes for both rows, because axes are what takes time; its y counts pixels.
    top = HISTOGRAM_HEIGHT - ROW_GAP - BELOW
    axes.set(xlim=(edges[0], edges[-1]), ylim=(0, top), yticks=[])
    for values, label, base in zip(rows, labels, (top - ROW_HEIGHT, 0), strict=True):
        # As many bins within a range are counted faster than between given edges.
        bars, _ = np.histogram(values[values != 0], len(edges) - 1, (edges[0], edges[-1]))
        _draw_bars(axes, base + bars * (ROW_HEIGHT / max(bars.max(), 1)), edges, base, palette)
        _mark_zeros(axes, values, zero_label, base, palette)
        middle = (base + ROW_HEIGHT / 2) / top
        write(axes, -12 / (WIDTH - left - 16), middle, label, palette.text, ha="right")
    return to_svg(figure)


def histogram_edges(low: float, high: float) -> Floats:
    """Divide low..high into about `NUM_BINS` equal bins, none of them on both sides of 0.

    Examples
    --------
    >>> edges = histogram_edges(-1.0, 2.0)
    >>> len(edges), 0.0 in edges
    (91, True)
    """
    width = (high - low) / NUM_BINS or 1.0
    first = math.floor(low / width)
    last = max(math.ceil(high / width), first + 1)
    edges: Floats = np.arange(first, last + 1, dtype=np.float64) * width
    return edges


def counts(
    values: npt.ArrayLike, *, theme: Theme, count_scale: CountScale = "linear", label: str = "count"
) -> str:
    """Draw a histogram with numbers beside it.

    Parameters
    ----------
    values : array_like, any shape
        At least one; all of them finite.
    theme : "light" or "dark"
        Which page the picture will stand on.
    count_scale : "linear" or "log"
        With "log", single values are seen beside a thousand.
    label : str
        Above the y axis.

    Returns
    -------
    str
        An SVG picture, `WIDTH` by `HEIGHT` CSS pixels.

    Raises
    ------
    ValueError
        If there is no value, or one is not finite.
    """
    require_choice(theme, "theme", get_args(Theme))
    require_choice(count_scale, "count_scale", get_args(CountScale))
    flat = _checked(values)
    edges = histogram_edges(float(flat.min()), float(flat.max()))
    bars, _ = np.histogram(flat, len(edges) - 1, (edges[0], edges[-1]))
    palette = PALETTES[theme]
    top = 1.05 * float(bars.max())
    left = CHARACTER_PIXELS * len(str(int(top))) + 16
    figure = new_figure(HEIGHT)
    axes = add_axes(figure, palette, left=left, right=RIGHT, top=TOP, bottom=BELOW)
    base = _begin_counts(axes, count_scale)
    axes.set(xlim=(edges[0], edges[-1]), ylim=(base, top))
    _draw_bars(axes, bars.clip(base), edges, base, palette)
    above = 1 + 0.5 * TOP / (HEIGHT - TOP - BELOW)
    write(axes, -left / (WIDTH - left - RIGHT), above, label, palette.text)
    return to_svg(figure)


def _checked(values: npt.ArrayLike) -> npt.NDArray[Any]:
    flat = np.asarray(values).ravel()
    require_real(flat, "values")
    if flat.size == 0 or not np.isfinite(flat).all():
        raise ValueError(
            f"values must be at least one and all finite, but of the {flat.size} that came "
            f"{np.count_nonzero(~np.isfinite(flat))} are not. Leave those out."
        )
    return flat


def _begin_counts(axes: Axes, count_scale: CountScale) -> float:
    """Prepare the y axis for whole numbers, and give where it begins."""
    if count_scale == "linear":
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        return 0.0
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_locator(NullLocator())
    return LOWEST_LOG_COUNT


def _finite(values: npt.ArrayLike, name: str) -> FloatArray:
    array = np.asarray(values)
    require_real(array, name)
    flat: FloatArray = array.astype(np.float32, copy=False).ravel()
    finite = np.isfinite(flat)
    if not finite.any():
        raise ValueError(f"{name} must hold a finite number, but none of its {flat.size} is.")
    return flat if finite.all() else flat[finite]


def _draw_bars(
    axes: Axes, tops: npt.NDArray[Any], edges: Floats, base: float, palette: Palette
) -> None:
    axes.stairs(
        tops,
        edges,
        baseline=base,
        fill=True,
        color=palette.series[0],
        linewidth=0,
        zorder=2,
        clip_on=False,
    )
    axes.axhline(base, color=palette.text, alpha=0.5, linewidth=1, clip_on=False)


def _mark_zeros(
    axes: Axes, values: FloatArray, zero_label: str, base: float, palette: Palette
) -> None:
    share = np.count_nonzero(values == 0) / values.size
    if share < 0.005:  # which is hardly seen
        return
    line = (base, base + ROW_HEIGHT + 0.7 * ROW_GAP)
    axes.plot((0, 0), line, color=palette.accent, linewidth=3, clip_on=False)
    low, high = axes.get_xlim()
    place = -low / (high - low)
    side, away = ("left", 0.012) if place < 0.6 else ("right", -0.012)
    middle = (base + ROW_HEIGHT + 0.4 * ROW_GAP) / axes.get_ylim()[1]
    text = zero_label.format(share=percent(share))
    write(axes, place + away, middle, text, palette.accent, ha=side)
