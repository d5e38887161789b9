"""Shares in percent over the layers of a network, as lines."""

from collections.abc import Mapping, Sequence
from typing import get_args

from matplotlib.ticker import PercentFormatter

from cnnviz_core.arrays import require_choice
from cnnviz_core.figure_style import (
    CHARACTER_PIXELS,
    FONT_POINTS,
    LINE_POINTS,
    PALETTES,
    Theme,
    add_axes,
    label_ends,
    new_figure,
    to_svg,
)

PLOT_HEIGHT = 250
TOP = 12
MIN_LEFT = 64
MIN_PLOT_WIDTH = 260

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
    steps = max(1, -(-len(names) // MAX_NAMES))
    below = 16 + NAME_PIXELS * max(map(len, names[::steps]))
    height = TOP + PLOT_HEIGHT + below
    left = _left_margin(names, steps)
    right = CHARACTER_PIXELS * max(map(len, shares)) + 34
    figure = new_figure(height)
    axes = add_axes(figure, palette, left=left, right=right, top=TOP, bottom=below)
    axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(-0.03, 1.03))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xticks(
        range(0, len(names), steps),
        names[::steps],
        rotation=SLANT_DEGREES,
        ha="right",
        rotation_mode="anchor",
        fontsize=NAME_POINTS,
    )
    if marked in names:
        axes.axvline(names.index(marked), color=palette.accent, linewidth=LINE_POINTS, zorder=1.5)
    places = range(len(names))
    for values, color in zip(shares.values(), palette.series, strict=False):
        axes.plot(places, values, "o-", color=color, linewidth=LINE_POINTS, markersize=4)
    ends = [(label, values[-1]) for label, values in shares.items()]
    label_ends(axes, ends, palette, height)
    return to_svg(figure)


def _left_margin(names: Sequence[str], steps: int) -> float:
    """Room for the numbers, and for those names that begin left of the plot."""
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
