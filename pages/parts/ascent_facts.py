"""What is said of a climb: names, formulas, what to look for, and how to keep it."""

from collections.abc import Sequence

import streamlit as st

from cnnviz_core.cached import (
    AscentJob,
    AscentQuestion,
    AscentState,
    AscentTile,
    AscentView,
    Network,
    Picture,
    ascent_animation,
    ascent_sheet,
)
from pages.parts.class_controls import class_name
from pages.parts.texts import _

LOOK_FOR = {
    "filters": (
        "Go from layer to layer: the first ones like colours and edges, the middle ones textures "
        "and spots, deep ones eyes, feathers, scales. The highest are hard to climb by plain "
        "ascent: what excites them is rare, and noise finds a way sooner than a shape."
    ),
    "both": (
        "Higher is not better: single pixels excite a filter more than any shape, with a fine "
        "pattern that no photograph has. Waves cannot do that, and show what the filter looks "
        "for. And where a filter is silent, the article's way finds no slope: it stays grey."
    ),
    "layer": (
        "Low layers draw strokes along the edges that they find; deep ones turn spots into eyes "
        "and fur into feathers. The network sees what it has learned, wherever there is a hint "
        "of it."
    ),
    "class": (
        "Look for what must be there: fur, spots, an ear, an eye, many times and anywhere. There "
        "is no cat in one piece: for the class it counts that the parts are there, not where."
    ),
}


def name_tile(
    network: Network, picture: Picture, question: AscentQuestion, tile: AscentTile
) -> str:
    """What a climbed picture is called."""
    if tile.channel is None:
        return question.layer
    if question.target == "class":
        name = class_name(network, picture, tile.channel)
    else:
        name = _("Filter {number}").format(number=f"{tile.channel + 1:,}")
    if question.copies == 1:
        return name
    return _("{name}, {copy} of {copies}").format(
        name=name, copy=tile.copy + 1, copies=question.copies
    )


def formulas_of(view: AscentView, name: str) -> str:
    """What is climbed and how a step goes, with the numbers of the first picture."""
    return (
        _("**{name}** now, and what a step does to the picture $x$:").format(name=name)
        + f"\n\n${view.objective_formula or 'a'}$ $\\qquad$ ${view.step_formula}$"
    )


def show_facts(question: AscentQuestion, *, is_both: bool) -> None:
    """What to look for."""
    st.caption(_(LOOK_FOR["both" if is_both else question.target]))


def save(climbs: Sequence[tuple[AscentJob, AscentState]]) -> None:
    """Draw the buttons that save the pictures, and the way to them; of two climbs, the last."""
    job, state = climbs[-1]
    if not state.frames:
        return
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            _("Save as PNG"),
            lambda: ascent_sheet(job, state),
            file_name="filters.png",
            mime="image/png",
            key="ascent png",
            icon=":material/image:",
            on_click="ignore",
            help=_("All pictures on one sheet."),
        )
        st.download_button(
            _("Save the climb as GIF"),
            lambda: ascent_animation(state),
            file_name="climb.gif",
            mime="image/gif",
            key="ascent gif",
            icon=":material/gif_box:",
            on_click="ignore",
            help=_("How the pictures grew, from the first step to the last."),
        )
