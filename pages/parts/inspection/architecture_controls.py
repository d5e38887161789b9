"""The controls of the architecture page: a layer along the depth, and a place in its maps."""

import streamlit as st

from cnnviz_core.views.architecture import ArchitectureView
from pages.parts import old_controls as controls
from pages.parts.texts import _

LAYER = "arch_layer"
DOWN = "arch_down"
ACROSS = "arch_across"
# Presets set these; a network without a layer of that name starts at its middle. The place is that
# of the cat's left eye.
START_LAYER, START_DOWN, START_ACROSS = "block3a_depthwise", 34, 38
FIELD_DEFAULTS = {LAYER: START_LAYER, DOWN: START_DOWN, ACROSS: START_ACROSS}


def choose_layer(view: ArchitectureView) -> str:
    """Choose the layer to look at: by the slider, or by a click into the table."""
    names = [layer.name for layer in view.layers]
    first = START_LAYER if START_LAYER in names else names[len(names) // 2]
    if st.session_state.get(LAYER, first) not in names:
        st.session_state[LAYER] = first
    if len(names) == 1:
        return names[0]
    return controls.snap(
        _("Layer"),
        LAYER,
        names,
        first,
        help=_(
            "From the first layer, next to the picture, to the last. "
            "You can also click a row of the table below."
        ),
    )


def choose_place(shape: tuple[int, ...]) -> dict[str, int]:
    """Choose which of the layer's units to follow, in percent of its map's height and width."""
    if len(shape) != 3 or shape[:2] == (1, 1):
        st.caption(_("This layer has no places left to choose from: its output is one list."))
        return {"down": 0, "across": 0}
    return {
        "down": controls.slider(
            _("Down"),
            DOWN,
            0,
            100,
            START_DOWN,
            help=_(
                "A layer responds at many places. Choose one: how far down its map, in percent."
            ),
        ),
        "across": controls.slider(
            _("Across"),
            ACROSS,
            0,
            100,
            START_ACROSS,
            help=_("And how far from its left edge, in percent."),
        ),
    }
