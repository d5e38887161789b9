"""One matplotlib figure: how many of a set of values there are of each size."""

from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from cnnviz_core.arrays import require_choice, require_real
from cnnviz_core.drawing.curves import histogram_edges
from cnnviz_core.drawing.figure_style import (
    CHARACTER_PIXELS,
    PALETTES,
    WIDTH,
    Theme,
    add_axes,
    new_figure,
    to_svg,
    write,
)

CountScale = Literal["linear", "log"]

HEIGHT = 240
TOP = 30  # room for the label of the y axis
BELOW = 30  # room for the numbers of the x axis
RIGHT = 24  # room for half of the last of them
# Where a logarithmic axis begins: below 1, so that a single value is a bar, too.
LOWEST_LOG_COUNT = 0.6


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
    axes.stairs(
        bars.clip(base),
        edges,
        baseline=base,
        fill=True,
        color=palette.series[0],
        linewidth=0,
        zorder=2,
        clip_on=False,
    )
    axes.axhline(base, color=palette.text, alpha=0.5, linewidth=1, clip_on=False)
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
