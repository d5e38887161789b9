"""How feature maps are shown: together, side by side or one alone, and in which colors."""

from typing import TypedDict

import streamlit as st

from cnnviz_core.views.maps import ColorRange, Display, SizeOnScreen
from pages.parts import old_controls as controls
from pages.parts.texts import _

DISPLAY_DEFAULTS = {
    "display": "composite",
    "filter": 1,
    "color_range": "fitted",
    "size_on_screen": "proportional",
}
DISPLAYS: dict[Display, str] = {
    "composite": "As RGB",
    "tiles": "Tiles",
    "single": "One map",
}
COLOR_RANGES: dict[ColorRange, str] = {"fitted": "Fitted", "picture": "0…255"}
SIZES: dict[SizeOnScreen, str] = {"proportional": "In proportion", "enlarged": "Enlarged"}


class MapDisplay(TypedDict, total=False):
    """The arguments of `cached.convolved` and its like that say how maps are shown."""

    display: Display
    filter_index: int
    colors: ColorRange
    size: SizeOnScreen


def choose_display(num_maps: int) -> MapDisplay:
    """Draw the controls that have an effect on `num_maps` feature maps, and give the choice."""
    with st.container(horizontal=True, gap="medium"):
        display = _display(num_maps)
        chosen = MapDisplay(display=display)
        if display == "composite":
            chosen["colors"] = controls.choice(
                _("Colors"),
                "color_range",
                list(COLOR_RANGES),
                show=lambda name: _(COLOR_RANGES[name]),
                help=_("Fitted: from the smallest value to the largest. 0…255: as in the picture."),
            )
        if display != "tiles":
            chosen["size"] = controls.choice(
                _("Size on screen"),
                "size_on_screen",
                list(SIZES),
                show=lambda name: _(SIZES[name]),
                help=_("In proportion to the picture, or enlarged so that single pixels show."),
            )
        if display == "single" and num_maps > 1:
            chosen["filter_index"] = (
                controls.slider(
                    _("Map"), "filter", 1, num_maps, 1, help=_("Which filter's map is shown.")
                )
                - 1
            )
    return chosen


def _display(num_maps: int) -> Display:
    if num_maps == 1:
        return "single"
    return controls.choice(
        _("Show maps"),
        "display" if num_maps == 3 else "display_many",
        [name for name in DISPLAYS if num_maps == 3 or name != "composite"],
        show=lambda name: _(DISPLAYS[name]),
        help=_("Three maps can be the red, green and blue of one picture."),
    )
