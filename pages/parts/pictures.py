"""How a page shows a picture: the pixels, and the facts that stand under them."""

from collections.abc import Callable
from html import escape
from typing import TypeVar

import streamlit as st

from cnnviz_core.cached import Rendered, Scale, data_url, gradient, short_number
from pages.parts.texts import _

Result = TypeVar("Result")


def show(picture: Rendered, title: str) -> None:
    """Show a picture under its title, with colour bar, shape and value range."""
    st.markdown(f"**{title}**")
    st.image(picture.data, width="stretch", output_format="PNG", alt=title)
    st.html(facts(picture))


def side_by_side(*titled: tuple[str, Rendered]) -> None:
    """Show pictures in a row, each under its title."""
    for column, (title, picture) in zip(st.columns(len(titled)), titled, strict=True):
        with column:
            show(picture, title)


def facts(picture: Rendered) -> str:
    """The colour bar with its numbers, the shape and the extremes, as HTML."""
    shape = " × ".join(map(str, picture.shape))
    extremes = _("values {low} … {high}").format(
        low=short_number(picture.low), high=short_number(picture.high)
    )
    return (
        '<div class="cnnviz-facts">'
        f"{color_bar(picture.scale)}"
        f'<span class="cnnviz-shape">{shape}</span> <span class="cnnviz-range">{extremes}</span>'
        "</div>"
    )


def color_bar(scale: Scale, num_marks: int = 3) -> str:
    """The colours from low to high with so many numbers below them, two at least, as HTML."""
    colors = ", ".join(gradient(scale))
    shares = [number / (num_marks - 1) for number in range(num_marks)]
    marks = "".join(
        f"<span>{short_number(scale.low * (1 - share) + scale.high * share)}</span>"
        for share in shares
    )
    return (
        f'<div class="cnnviz-bar" style="background:linear-gradient(to right, {colors})"></div>'
        f'<div class="cnnviz-marks">{marks}</div>'
    )


def inline(picture: Rendered, title: str) -> str:
    """A small picture as HTML that carries its bytes, so that the browser asks for nothing more."""
    url = data_url(picture.data, "png")
    return f'<img class="cnnviz-inline" src="{url}" alt="{escape(title)}">'


def last_good(name: str, compute: Callable[[], Result]) -> Result | None:
    """What `compute` gives; if it refuses, say why and give what it gave before.

    Only `ValueError`, the core's word for what a person can mend, is caught.
    """
    key = f"last good {name}"
    try:
        result = compute()
    except ValueError as problem:
        st.error(str(problem), icon=":material/error:")
        kept: Result | None = st.session_state.get(key)
        return kept
    st.session_state[key] = result
    return result
