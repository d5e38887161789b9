"""How feature maps are shown: together, side by side or one alone, and in which colors."""

from typing import TypedDict

import streamlit as st

from cnnviz_core.views.maps import ColorRange, Display, SizeOnScreen
from pages.parts import controls
from pages.parts.declarations import Choice, Number
from pages.parts.layers.kernel_controls import FILTERS
from pages.parts.texts import N_

DISPLAYS: dict[Display, str] = {
    "composite": N_("As RGB"),
    "tiles": N_("Tiles"),
    "single": N_("One map"),
}
SIZES: dict[SizeOnScreen, str] = {
    "proportional": N_("In proportion"),
    "enlarged": N_("Enlarged"),
}


def _display(key: str, *offered: Display) -> Choice[Display]:
    return Choice(
        key=key,
        label=N_("Show maps"),
        options={one: DISPLAYS[one] for one in offered},
        default=offered[0],
        help=N_("Three maps can be the red, green and blue of one picture."),
    )


OF_THREE = _display("display", "composite", "tiles", "single")
OF_MANY = _display("display_many", "tiles", "single")
COLORS: Choice[ColorRange] = Choice(
    key="color_range",
    label=N_("Colors"),
    options={"fitted": N_("Fitted"), "picture": N_("0…255")},
    default="fitted",
    help=N_("Fitted: from the smallest value to the largest. 0…255: as in the picture."),
)
SIZE: Choice[SizeOnScreen] = Choice(
    key="size_on_screen",
    label=N_("Size on screen"),
    options=SIZES,
    default="proportional",
    help=N_("In proportion to the picture, or enlarged so that single pixels show."),
)
MAP = Number(
    key="filter",
    label=N_("Map"),
    low=1,
    high=FILTERS.high,
    default=1,
    help=N_("Which filter's map is shown."),
)
# What is chosen for many maps stays, whatever else a preset sets.
DISPLAY_CONTROLS = (OF_THREE, MAP, COLORS, SIZE)


class MapDisplay(TypedDict, total=False):
    """The arguments of `convolution.convolved` and its like that say how maps are shown."""

    display: Display
    filter_index: int
    colors: ColorRange
    size: SizeOnScreen


def choose_display(num_maps: int) -> MapDisplay:
    """Draw the controls that have an effect on `num_maps` feature maps, and give the choice."""
    with st.container(horizontal=True, gap="medium"):
        display: Display = "single"
        if num_maps > 1:
            display = controls.choice(OF_THREE if num_maps == 3 else OF_MANY)
        chosen = MapDisplay(display=display)
        if display == "composite":
            chosen["colors"] = controls.choice(COLORS)
        if display != "tiles":
            chosen["size"] = controls.choice(SIZE)
        if display == "single" and num_maps > 1:
            chosen["filter_index"] = controls.slider(MAP, high=num_maps) - 1
    return chosen


def show_map(index: int) -> None:
    """Show one map alone, from 0."""
    controls.say(OF_THREE, "single")
    controls.say(OF_MANY, "single")
    controls.say(MAP, index + 1)
