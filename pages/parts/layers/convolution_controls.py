"""How a kernel slides over a picture."""

from typing import TypedDict

import streamlit as st

from cnnviz_core.layers.windows import Padding
from pages.parts import old_controls as controls
from pages.parts.layers.layer_controls import choose_padding, padding_controls
from pages.parts.texts import _

PADDING = padding_controls()
SLIDING_DEFAULTS = {**{one.key: one.default for one in PADDING}, "stride": 1, "dilation": 1}


class Sliding(TypedDict):
    """The arguments of `cached.convolved` that say where windows are."""

    stride: int
    padding: Padding
    dilation: int


def choose_sliding() -> Sliding:
    """Draw the controls, folded until one of them is used, and give the choice."""
    state = st.session_state
    asked = set() if "stride" in state else SLIDING_DEFAULTS.keys() & set(st.query_params)
    if asked or any(state.get(key, usual) != usual for key, usual in SLIDING_DEFAULTS.items()):
        state["more"] = True
    with st.expander(
        _("More: stride, padding, dilation"),
        icon=":material/tune:",
        key="more",
        bind="query-params",
    ):
        stride = controls.slider(
            _("Stride"),
            "stride",
            1,
            4,
            1,
            help=_(
                "How many pixels the grid moves at a time. With 2, every other place is skipped."
            ),
        )
        padding = choose_padding(PADDING)
        dilation = controls.slider(
            _("Dilation"),
            "dilation",
            1,
            3,
            1,
            help=_(
                "Pixels from one weight to the next. From 2 on, the grid has holes and spans more."
            ),
        )
    return Sliding(stride=stride, padding=padding, dilation=dilation)
