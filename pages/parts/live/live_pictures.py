"""What a page says to have its pictures follow a slider while it is moved.

The browser gets the picture and the settings that the page has been drawn with, and computes what
other settings make of it. Once a slider is let go, the page is drawn as ever.
"""

import json
from collections.abc import Sequence
from html import escape

import streamlit as st

from cnnviz_core.drawing.rendering import NUM_COLORS, ColorMap, Scale
from cnnviz_core.views import sharing
from cnnviz_core.views.colors import gradients
from pages.parts import controls, pictures
from pages.parts.declarations import Control
from pages.parts.live.modules import joined
from pages.parts.picker import current
from pages.parts.texts import _

_follow = st.components.v2.component("cnnviz_live", html="<i></i>", js=joined("follow"))

COLOR_MAPS: tuple[ColorMap, ...] = ("sequential", "diverging", "channels")


def follow() -> None:
    """Have the pictures of this page follow the sliders; call it once, where the page ends."""
    with st.container(key="live-source"):
        pictures.image(sharing.original(current()), alt=_("The picture"))
    words = {
        "values": _("values {range}"),
        "black": _("black is zero"),
        "gray": _("mid-gray is zero"),
        "cell": _("Row {row}, column {column}"),
        "map": _("Map {number}"),
        "place": _("Row {row}, column {column} of the result"),
        "filter": _("Filter {number} of {count}"),
        "channels": [_(name) for name in pictures.CHANNELS],
        "letters": [_(letter) for letter in pictures.CHANNEL_LETTERS],
        "gradients": {one: gradients(Scale(0, 1, one)) for one in COLOR_MAPS},
    }
    palettes = {one: _palette(one) for one in COLOR_MAPS if one != "channels"}
    _follow(key="live", data={"words": words, "palettes": palettes})


def say(page: str, declared: Sequence[Control[object]]) -> None:
    """Tell the browser what these controls say now that the page is drawn."""
    settings = {one.key: controls.value(one) for one in declared}
    text = json.dumps({"page": page, **settings})
    st.html(f'<i data-live-settings="{escape(text)}"></i>')


def _palette(color_map: ColorMap) -> list[list[int]]:
    """Return the colors of a map from low to high, red, green and blue from 0 to 255."""
    (colors,) = gradients(Scale(0, 1, color_map), NUM_COLORS)
    return [[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in colors]
