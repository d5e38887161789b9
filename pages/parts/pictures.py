"""How a page shows a picture: the pixels, and the facts that stand under them."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from html import escape
from typing import TypeVar

import streamlit as st

from cnnviz_core.drawing.rendered import Rendered
from cnnviz_core.drawing.rendering import PICTURE_SCALE, Scale
from cnnviz_core.number_format import short_number
from cnnviz_core.views.colors import gradients
from cnnviz_core.views.sharing import Picture, data_url
from pages.parts import refusals
from pages.parts.texts import N_, _

Result = TypeVar("Result")

# In the order of a picture's channels, and of the three maps shown as one picture.
CHANNELS = (N_("Red"), N_("Green"), N_("Blue"))

# The channels of a picture and the maps shown as one: a letter, since not every eye sees red.
CHANNEL_LETTERS = ("R", "G", "B")

# How near to an end of a color bar zero has no room for a number of its own.
ZERO_MARGIN = 0.15

# Comes and goes with what it grays. A rule in the style sheet that looks for a stale picture, as in
# `:has(.cnnviz-stale)`, has the browser look at all elements anew at every step of a slider.
STALE = """
.st-key-pictures :is([data-testid="stImage"], [data-testid="stHtml"], .katex) {
  filter: grayscale(1); opacity: .45;
}
"""


def show(picture: Rendered, title: str, *, place: str | None = None) -> None:
    """Show a picture under its title, with color bar, shape and value range.

    `place`, if given, is what the loupe calls a value's place: words with {row}, {column} and
    {number}, that of its tile.
    """
    st.markdown(f"**{title}**")
    image(picture, alt=title)
    st.html(facts(picture, place=place))


def image(picture: Rendered, *, alt: str) -> None:
    """Show a picture alone, as wide as there is room."""
    st.image(picture.data, width="stretch", output_format="PNG", alt=alt)


def side_by_side(*titled: tuple[str, Rendered]) -> None:
    """Show pictures in a row, each under its title."""
    for column, (title, picture) in zip(st.columns(len(titled)), titled, strict=True):
        with column:
            show(picture, title)


def facts(
    picture: Rendered, *, place: str | None = None, numbers: Sequence[int] | None = None
) -> str:
    """Return the color bars with their numbers, the shape and the extremes, as HTML.

    `place` is that of `show`; `numbers` are those of the tiles, from 0, if they are out of order.
    """
    shape = f'<span class="cnnviz-shape">{" × ".join(map(str, picture.shape))}</span>'
    if picture.scale.color_map == "channels":
        bars, note = _channel_bars(picture), _zero(picture.scale)
    else:
        bars = color_bar(picture.scale)
        note = _("values {range}").format(range=_range(picture.low, picture.high))
    grid = _grid(picture, place, numbers)
    note = f'<span class="cnnviz-range">{note}</span>'
    return f'<div class="cnnviz-facts"{grid}>{bars}{shape} {note}</div>'


def _grid(picture: Rendered, place: str | None, numbers: Sequence[int] | None) -> str:
    """Return for the loupe, as an attribute, where which values lie in a picture."""
    scale = picture.scale
    # A network may compute what is no number; no color stands for it.
    has_scale = math.isfinite(scale.low) and math.isfinite(scale.high)
    if picture.grid is None or picture.is_blank or not has_scale:
        return ""
    is_clipped = picture.high > scale.high or picture.low < scale.low
    grid = {
        **asdict(picture.grid),
        "scale": asdict(scale),
        "shape": picture.shape,
        "is_clipped": is_clipped,
        "place": place,
        "numbers": numbers,
    }
    return f' data-grid="{escape(json.dumps(grid))}"'


def color_bar(scale: Scale, num_marks: int = 3) -> str:
    """Return the colors from low to high with so many numbers below them, two at least, as HTML."""
    shares = [number / (num_marks - 1) for number in range(num_marks)]
    marks = "".join(
        f"<span>{short_number(scale.low * (1 - share) + scale.high * share)}</span>"
        for share in shares
    )
    return f'{_bar(gradients(scale)[0])}<div class="cnnviz-marks">{marks}</div>'


def _channel_bars(picture: Rendered) -> str:
    """Return three bars on one scale with the extremes of each map; below them, where zero is.

    Zero is left out where it would stand on the number of an end.
    """
    scale = picture.scale
    rows = []
    for index, (name, colors) in enumerate(zip(CHANNEL_LETTERS, gradients(scale), strict=True)):
        own = _range(*picture.channels[index])
        rows.append(f"<b>{_(name)}</b>{_bar(colors)}<span>{own}</span>")
    marks = [f"<span>{short_number(end)}</span>" for end in (scale.low, scale.high)]
    share = -scale.low / (scale.high - scale.low)
    if ZERO_MARGIN < share < 1 - ZERO_MARGIN:
        marks.insert(1, f'<span class="cnnviz-zero" style="left:{share:.1%}">0</span>')
    return (
        f'<div class="cnnviz-channels">{"".join(rows)}'
        f'<div class="cnnviz-marks">{"".join(marks)}</div></div>'
    )


def _bar(colors: Sequence[str]) -> str:
    gradient = f"linear-gradient(to right, {', '.join(colors)})"
    return f'<div class="cnnviz-bar" style="background:{gradient}"></div>'


def _range(low: float, high: float) -> str:
    return f"{short_number(low)} … {short_number(high)}"


def _zero(scale: Scale) -> str:
    """Return what zero looks like where a scale is made for it; a picture's black needs no word."""
    if scale == PICTURE_SCALE:
        return ""
    colors = {0.0: _("black is zero"), -scale.high: _("mid-gray is zero")}
    return colors.get(scale.low, "")


def inline(picture: Rendered, title: str) -> str:
    """Return a small picture as HTML that carries its bytes: the browser asks for nothing more."""
    url = data_url(picture.data)
    return f'<img class="cnnviz-inline" src="{url}" alt="{escape(title)}">'


def last_valid(
    name: str, compute: Callable[[], Result], *, of: Picture | None = None
) -> Result | None:
    """Return what `compute` gives; if it refuses, say why and return what it gave before, in gray.

    Call it where the pictures stand, and have `compute` give all that is shown, settings included.
    What it gave for another picture than `of` is not given again. Only `ValueError`, the core's
    word for what a person can mend, is caught, and a want of memory.
    """
    key = f"last valid {name}"
    picture = of.key if of else None
    try:
        result = compute()
    except (ValueError, MemoryError) as problem:
        refusals.show(problem)
        kept_of, kept = st.session_state.get(key, (None, None))
        if kept is None or kept_of != picture:
            return None
        st.html(f'<div class="cnnviz-stale"></div><style>{STALE}</style>')
        st.caption(_("Grayed out: the result of the last settings that worked."))
        last: Result = kept
        return last
    st.session_state[key] = picture, result
    return result
