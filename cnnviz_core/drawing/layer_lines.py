"""Shares and likenesses over the layers of a network, as lines."""

from collections.abc import Mapping, Sequence
from typing import get_args

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from cnnviz_core.arrays import require_choice
from cnnviz_core.drawing.figure_style import (
    CHARACTER_PIXELS,
    FONT_POINTS,
    LINE_POINTS,
    PALETTES,
    Palette,
    add_axes,
    label_ends,
    new_figure,
    to_svg,
)
from cnnviz_core.theme import Theme

PLOT_HEIGHT = 250
TOP = 12
MIN_LEFT = 64
MIN_PLOT_WIDTH = 260

BAND_ALPHA = 0.2

# Names of layers are long: they are written aslant, and only so many of them.
MAX_NAMES = 9
SLANT_DEGREES = 40
NAME_POINTS = FONT_POINTS - 1.5

# What a character of a name takes to the left, and nearly as much downwards, at that slant.
NAME_PIXELS = 6.0


def shares_over_layers(
    names: Sequence[str],
    shares: Mapping[str, Sequence[float]],
    *,
    theme: Theme,
    marked: str | None = None,
) -> str:
    """Draw shares that each layer has of something, a line for each thing.

    Parameters
    ----------
    names : sequence of str
        The layers from the input to the output, at least one.
    shares : mapping of label to sequence of float
        One share in 0..1 a layer.
    theme : "light" or "dark"
        Which page the picture will stand on.
    marked : str, optional
        The layer to draw an upright line at; nothing happens if it is not among `names`.

    Returns
    -------
    str
        An SVG picture, `WIDTH` CSS pixels wide.

    Raises
    ------
    ValueError
        If there is no layer, or a line has not one share for each.
    """
    require_choice(theme, "theme", get_args(Theme))
    _require_fitting(names, shares)
    palette = PALETTES[theme]
    figure, axes, height = _axes_over(names, tuple(shares), palette)
    axes.set_ylim(-0.03, 1.03)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    if marked in names:
        axes.axvline(names.index(marked), color=palette.accent, linewidth=LINE_POINTS, zorder=1.5)
    places = range(len(names))
    for values, color in zip(shares.values(), palette.series, strict=False):
        axes.plot(places, values, "o-", color=color, linewidth=LINE_POINTS, markersize=4)
    ends = [(label, values[-1]) for label, values in shares.items()]
    label_ends(axes, ends, palette, height)
    return to_svg(figure)


def likeness_over_layers(
    names: Sequence[str],
    runs: Mapping[str, Sequence[Sequence[float]]],
    *,
    theme: Theme,
) -> str:
    """Draw how much alike something stays over layers, in several runs: their mean, and a band.

    Parameters
    ----------
    names : sequence of str
        The layers in the order of the runs, at least one.
    runs : mapping of label to sequence of sequence of float
        −1..1. For each thing several runs, each with one value a layer or, as far as it has come,
        for the first few; the first run has come furthest. The band reaches from the lowest run to
        the highest.
    theme : "light" or "dark"
        Which page the picture will stand on.

    Returns
    -------
    str
        An SVG picture, `WIDTH` CSS pixels wide.

    Raises
    ------
    ValueError
        If there is no layer, or a run has no values or more than layers.
    """
    require_choice(theme, "theme", get_args(Theme))
    _require_runs(names, runs)
    palette = PALETTES[theme]
    figure, axes, height = _axes_over(names, tuple(runs), palette)
    every = [value for one in runs.values() for run in one for value in run]
    axes.set_ylim(min(-0.05, *every) - 0.03, 1.05)
    axes.axhline(0, color=palette.text, linewidth=1)
    ends = []
    for (label, some), color, marker in zip(runs.items(), palette.series, "os^Dv*", strict=False):
        places = range(len(some[0]))
        values = [[run[place] for run in some if place < len(run)] for place in places]
        means = [sum(one) / len(one) for one in values]
        lows, highs = [min(one) for one in values], [max(one) for one in values]
        axes.fill_between(places, lows, highs, color=color, alpha=BAND_ALPHA, linewidth=0)
        axes.plot(places, means, f"{marker}-", color=color, linewidth=LINE_POINTS, markersize=5)
        ends.append((label, means[-1]))
    label_ends(axes, ends, palette, height)
    return to_svg(figure)


def _axes_over(
    names: Sequence[str], labels: Sequence[str], palette: Palette
) -> tuple[Figure, Axes, float]:
    """Return a figure with the layers' names below and room for labels, and its height."""
    steps = max(1, -(-len(names) // MAX_NAMES))
    below = 16 + NAME_PIXELS * max(map(len, names[::steps]))
    height = TOP + PLOT_HEIGHT + below
    left = _left_margin(names, steps)
    right = CHARACTER_PIXELS * max(map(len, labels)) + 34
    figure = new_figure(height)
    axes = add_axes(figure, palette, left=left, right=right, top=TOP, bottom=below)
    axes.set_xlim(-0.5, len(names) - 0.5)
    axes.set_xticks(
        range(0, len(names), steps),
        names[::steps],
        rotation=SLANT_DEGREES,
        ha="right",
        rotation_mode="anchor",
        fontsize=NAME_POINTS,
    )
    return figure, axes, height


def _left_margin(names: Sequence[str], steps: int) -> float:
    """Return room for the numbers, and for those names that begin left of the plot."""
    pitch = MIN_PLOT_WIDTH / len(names)
    reaches = [
        NAME_PIXELS * len(name) - (place * steps + 0.5) * pitch
        for place, name in enumerate(names[::steps])
    ]
    return max(MIN_LEFT, *reaches)


def _require_fitting(names: Sequence[str], shares: Mapping[str, Sequence[float]]) -> None:
    if not names:
        raise ValueError("names must hold at least one layer, but is empty.")
    for label, values in shares.items():
        if len(values) != len(names):
            raise ValueError(
                f"shares must have one value for each of {len(names)} layers, "
                f"but {label!r} came with {len(values)}."
            )


def _require_runs(names: Sequence[str], runs: Mapping[str, Sequence[Sequence[float]]]) -> None:
    if not names:
        raise ValueError("names must hold at least one layer, but is empty.")
    for label, some in runs.items():
        lengths = [len(run) for run in some]
        if not lengths or not all(1 <= one <= len(names) for one in lengths):
            raise ValueError(
                f"runs must each have 1 to {len(names)} values, one a layer, but those of "
                f"{label!r} have {lengths}."
            )
