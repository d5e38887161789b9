"""What a page says to have its pictures follow a slider while it is moved.

The browser gets the picture and the settings that the page has been drawn with, and computes what
other settings make of it. Once a slider is let go, the page is drawn as ever.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from cnnviz_core.drawing.rendering import NUM_COLORS, ColorMap, Scale
from cnnviz_core.inspection.receptive_fields import Field
from cnnviz_core.views import sharing
from cnnviz_core.views.colors import gradients
from pages.parts import controls, pictures
from pages.parts.declarations import Choice, Control
from pages.parts.modules import joined
from pages.parts.picker import current
from pages.parts.texts import _

KEY = "live"
_ASKED = "live values asked for"
# No page has more pictures in a row, and no sheet more tiles.
MOST = 9999

_follow: Any = st.components.v2.component("cnnviz_live", html="<i></i>", js=joined("follow"))

COLOR_MAPS: tuple[ColorMap, ...] = ("sequential", "diverging", "channels")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a visitor has clicked on: where in which of the page's pictures, from 0.

    `down` and `across` are in percent of the way; `tile` is None in a picture that has no tiles.
    """

    place: int
    down: int
    across: int
    tile: int | None


def follow(choose: Callable[[Chosen], None] | None = None) -> None:
    """Have the pictures of this page follow the sliders, and be inspected as by `inspect`."""
    with st.container(key="live-source"):
        pictures.image(sharing.original(current()), alt=_("The picture"))
    inspect(choose)


def inspect(choose: Callable[[Chosen], None] | None = None) -> None:
    """Show values of this page's pictures in a loupe; call it once, where the page ends.

    `choose` is called with what has been clicked on.
    """
    words = {
        "values": _("values {range}"),
        "black": _("black is zero"),
        "gray": _("mid-gray is zero"),
        "pinch": _("Pinch to zoom"),
        "wheel": _("Ctrl + wheel to zoom"),
        "cell": _("Row {row}, column {column}"),
        "map": _("Map {number}"),
        "place": _("Row {row}, column {column} of the result"),
        "filter": _("Filter {number} of {count}"),
        "parameters": _("{count} parameters"),
        "noParameters": _("no parameters"),
        "contributions": _("Row {row}, column {column} of the map, most from:"),
        "contribution": _("channel {number}: {contribution}"),
        "channels": [_(name) for name in pictures.CHANNELS],
        "letters": [_(letter) for letter in pictures.CHANNEL_LETTERS],
        "gradients": {one: gradients(Scale(0, 1, one)) for one in COLOR_MAPS},
    }
    palettes = {one: palette(one) for one in COLOR_MAPS if one != "channels"}
    _follow(
        key=KEY,
        data={"words": words, "palettes": palettes, "isChoosing": choose is not None},
        on_chosen_change=partial(_choose, choose) if choose else lambda: None,
        on_asked_change=_ask,
    )


def offer_values(place: int, name: str, values: Callable[[], bytes | None]) -> None:
    """Send the values of a picture of the page, from 0, in full once a hand rests on it.

    `name` tells them from those of other pictures; `values` gives them as `encode_halves` does.
    """
    st.html(f'<i data-live-exact="{escape(json.dumps({"place": place, "name": name}))}"></i>')
    if st.session_state.get(_ASKED) == name and (sent := values()):
        with st.container(key="live-exact"):
            st.image(sent, output_format="PNG", alt=name)


def say_field(place: int, field: Field, input_size: tuple[int, int]) -> None:
    """Tell the browser which part of a picture of the page, from 0, the values of others see."""
    text = json.dumps({"place": place, "input": input_size, **asdict(field)})
    st.html(f'<i data-live-field="{escape(text)}"></i>')


def tile_number(control: Control[int]) -> Callable[[Chosen], None]:
    """Have a control say the number of the tile that was clicked on, counted from 1."""

    def choose(chosen: Chosen) -> None:
        if chosen.tile is not None:
            controls.say(control, chosen.tile + 1)

    return choose


def _ask() -> None:
    asked = st.session_state[KEY].asked
    # What comes from a browser may be anything.
    if isinstance(asked, str):
        st.session_state[_ASKED] = asked


def _choose(choose: Callable[[Chosen], None]) -> None:
    chosen = st.session_state[KEY].chosen
    # What comes from a browser may be anything.
    if not isinstance(chosen, dict):
        return
    place: Any = chosen.get("place")
    down: Any = chosen.get("down")
    across: Any = chosen.get("across")
    tile: Any = chosen.get("tile")
    numbers = place, down, across, 0 if tile is None else tile
    if all(type(one) is int and 0 <= one <= MOST for one in numbers):
        choose(Chosen(place, min(down, 100), min(across, 100), tile))


def hide(files: Sequence[bytes]) -> None:
    """Give the browser pictures that nobody sees: numbers of which it makes what is seen."""
    with st.container(key="live-others"):
        for one in files:
            st.image(one, output_format=sharing.kind_of(one), alt="")


def say(page: str, declared: Sequence[Control[object]], **known: object) -> None:
    """Tell the browser what these controls say now that the page is drawn; and what else it needs.

    `known` are names of such, and what can be written as JSON.
    """
    settings = {one.key: controls.value(one) for one in declared}
    titles = {one.key: _titles(one) for one in declared if isinstance(one, Choice)}
    text = json.dumps({"page": page, **settings, "titles": titles, **known})
    st.html(f'<i data-live-settings="{escape(text)}"></i>')


def _titles(control: Choice[object]) -> dict[str, object]:
    """Return the numbers among the options by what a slider calls them, where it has a word."""
    return {
        _(title): option
        for option, title in control.options.items()
        if isinstance(option, int | float) and title != str(option)
    }


def palette(color_map: ColorMap) -> list[list[int]]:
    """Return the colors of a map from low to high, red, green and blue from 0 to 255."""
    (colors,) = gradients(Scale(0, 1, color_map), NUM_COLORS)
    return [[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in colors]
