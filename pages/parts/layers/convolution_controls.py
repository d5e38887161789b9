"""How a kernel slides over a picture."""

from typing import TypedDict

import streamlit as st

from cnnviz_core.layers.windows import Padding
from cnnviz_core.views.maps import largest_dilation
from pages.parts import controls, layout
from pages.parts.layers.layer_controls import (
    choose_padding,
    dilation_control,
    padding_controls,
    place_controls,
    stride_control,
)
from pages.parts.picker import room
from pages.parts.texts import _

STRIDE = stride_control("stride")
PADDING = padding_controls()
DILATION = dilation_control("dilation")
PLACE = place_controls()
SLIDING_CONTROLS = (*PADDING, STRIDE, DILATION)


class Sliding(TypedDict):
    """The arguments of `convolution.convolved` that say where windows are."""

    stride: int
    padding: Padding
    dilation: int


def choose_sliding(kernel_size: int) -> Sliding:
    """Draw the controls, folded until one of them is used, and give the choice.

    The weights of a kernel of this size move apart as far as the picture has room for.
    """
    is_new = STRIDE.key not in st.session_state
    is_asked = is_new and any(one.key in st.query_params for one in SLIDING_CONTROLS)
    if is_asked or any(controls.value(one) != one.default for one in SLIDING_CONTROLS):
        st.session_state["more"] = True
    with layout.more(_("More: stride, padding, dilation"), key="more", icon=":material/tune:"):
        stride, padding = controls.slider(STRIDE), choose_padding(PADDING)
        dilation = controls.slider(DILATION, high=largest_dilation(room(), kernel_size, padding))
        return Sliding(stride=stride, padding=padding, dilation=dilation)
