"""How a page shows a picture: the pixels, and the facts that stand under them."""

import base64
from collections.abc import Callable
from html import escape
from typing import TypeVar

import streamlit as st

from cnnviz_core.cached import Rendered, gradient
from pages.parts.texts import _

Result = TypeVar("Result")


def show(picture: Rendered, title: str) -> None:
    """Show a picture under its title, with colour bar, shape and value range."""
    st.markdown(f"**{title}**")
    st.image(picture.data, width="stretch", output_format="PNG", alt=title)
    st.html(facts(picture))


def before_and_after(before: Rendered, after: Rendered) -> None:
    """Two pictures side by side, on phones too."""
    left, right = st.columns(2)
    with left:
        show(before, _("Before"))
    with right:
        show(after, _("After"))


def facts(picture: Rendered) -> str:
    """The colour bar with its numbers, the shape and the extremes, as HTML."""
    scale = picture.scale
    colors = ", ".join(gradient(scale))
    shape = " × ".join(map(str, picture.shape))
    extremes = _("values {low} … {high}").format(
        low=short_number(picture.low), high=short_number(picture.high)
    )
    middle = (scale.low + scale.high) / 2
    marks = "".join(
        f"<span>{short_number(mark)}</span>" for mark in (scale.low, middle, scale.high)
    )
    return (
        '<div class="cnnviz-facts">'
        f'<div class="cnnviz-bar" style="background:linear-gradient(to right, {colors})"></div>'
        f'<div class="cnnviz-marks">{marks}</div>'
        f'<span class="cnnviz-shape">{shape}</span> <span class="cnnviz-range">{extremes}</span>'
        "</div>"
    )


def inline(picture: Rendered, title: str) -> str:
    """A small picture as HTML that carries its bytes, so that the browser asks for nothing more."""
    data = base64.b64encode(picture.data).decode()
    return f'<img class="cnnviz-inline" src="data:image/png;base64,{data}" alt="{escape(title)}">'


def short_number(value: float) -> str:
    """A number in few characters, with a true minus sign.

    >>> short_number(-412.03), short_number(0.12345), short_number(0)
    ('−412', '0.123', '0')
    """
    return f"{value:.3g}".replace("-", "−")


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
