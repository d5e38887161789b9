"""What all matplotlib figures share: colors, sizes, empty axes, text, and the way to SVG."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cnnviz_core.theme import Theme

# In CSS pixels, of which 96 make an inch: so a point here is a point on the page.
WIDTH = 620
PIXELS_PER_INCH = 96

FONT_POINTS = 11.5
# What matplotlib's own font needs at that size, for each digit and for each line.
CHARACTER_PIXELS = 9.8
LINE_PIXELS = 20

LINE_POINTS = 1.9

MAX_STEPS = 7  # from number to number along an axis


@dataclass(frozen=True, slots=True)
class Palette:
    """Colors of a theme, as `.streamlit/config.toml` has them; `accent` marks one thing."""

    text: str
    border: str
    accent: str
    series: tuple[str, ...]


PALETTES: Mapping[Theme, Palette] = MappingProxyType(
    {
        "light": Palette(
            "#2B2622",
            "#E4DACE",
            "#B4511E",
            ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"),
        ),
        "dark": Palette(
            "#F1EAE2",
            "#3B3430",
            "#EF9A5E",
            ("#56B4E9", "#F0803C", "#2BC39A", "#E29CC4", "#F2B632", "#8FCBF0"),
        ),
    }
)


def new_figure(height: float) -> Figure:
    """Return an empty, transparent figure, `WIDTH` by `height` CSS pixels."""
    size = WIDTH / PIXELS_PER_INCH, height / PIXELS_PER_INCH
    figure = Figure(figsize=size, dpi=PIXELS_PER_INCH, facecolor="none")
    FigureCanvasSVG(figure)
    return figure


def add_axes(
    figure: Figure, palette: Palette, *, left: float, right: float, top: float, bottom: float
) -> Axes:
    """Add axes without a frame, with margins in CSS pixels."""
    height = figure.get_figheight() * PIXELS_PER_INCH
    size = (WIDTH - left - right) / WIDTH, (height - top - bottom) / height
    axes = figure.add_axes((left / WIDTH, bottom / height, *size), frameon=False)
    axes.tick_params(bottom=False, left=False, labelsize=FONT_POINTS, labelcolor=palette.text)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(MAX_STEPS, steps=(1, 2, 5, 10)))
    # Nothing is drawn outside the axes anyway, and clip paths get random names in SVG.
    axes.grid(color=palette.border, linewidth=0.8, clip_on=False)
    return axes


def write(axes: Axes, x: float, y: float, text: str, color: str, *, ha: str = "left") -> None:
    """Write at a place given as shares of the axes' width and height; `$` means itself."""
    axes.text(
        x,
        y,
        text,
        color=color,
        fontsize=FONT_POINTS,
        ha=ha,
        va="center",
        transform=axes.transAxes,
        parse_math=False,
    )


def label_ends(
    axes: Axes, ends: Sequence[tuple[str, float]], palette: Palette, height: float
) -> None:
    """Write each curve's label right of where it ends, and draw a line from there to it.

    Parameters
    ----------
    ends : sequence of (str, float)
        The labels, and the y at which the curves end, in the order of their colors.
    height : float
        Of the figure, in CSS pixels.
    """
    low, high = axes.get_ylim()
    box = axes.get_position()
    gap = LINE_PIXELS / (box.height * height)
    shares = [(value - low) / (high - low) for _, value in ends]
    # Of curves that end together, the first is named at the top.
    places = spread(shares[::-1], gap, gap / 2, 1 - gap / 2)[::-1]
    pixel = 1 / (box.width * WIDTH)
    for (label, _), share, place, color in zip(ends, shares, places, palette.series, strict=False):
        axes.plot(
            (1 + 3 * pixel, 1 + 13 * pixel, 1 + 23 * pixel),
            (share, place, place),
            color=color,
            linewidth=LINE_POINTS,
            transform=axes.transAxes,
            clip_on=False,
        )
        write(axes, 1 + 28 * pixel, place, label, palette.text)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places that are closer than `gap` apart: upwards, and down again from `high`.

    Examples
    --------
    >>> spread([1.0, 1.0, 5.0], 2.0, 0.0, 6.0)
    [1.0, 3.0, 5.0]
    >>> spread([6.0, 6.0], 2.0, 0.0, 6.0)
    [4.0, 6.0]
    """
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    placed = list(wanted)
    lowest, highest = low, high
    for index in order:
        placed[index] = max(placed[index], lowest)
        lowest = placed[index] + gap
    for index in reversed(order):
        placed[index] = min(placed[index], highest)
        highest = placed[index] - gap
    return placed


def to_svg(figure: Figure) -> str:
    """Draw the figure; without a date in it, the same figure gives the same text."""
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
