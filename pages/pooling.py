"""Pooling: one number is kept from each window of the picture."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.layers import specs
from cnnviz_core.views import maps
from cnnviz_core.views import pooling as pooling_view
from pages.parts import controls, formulas, layout, pictures, presets
from pages.parts.layers.input_controls import choose_input, input_defaults, room_after
from pages.parts.layers.pooling_controls import POOLING_DEFAULTS, choose_pooling, choose_window
from pages.parts.layers.window_view import show_window
from pages.parts.picker import current
from pages.parts.presets import Preset
from pages.parts.references import show_references
from pages.parts.texts import _

DEFAULTS = {**input_defaults("pool", "picture"), "pool_relu": False, **POOLING_DEFAULTS}
ONE_MAP = {"pool_input": "maps", "pool_filters": 1, "pool_seed": 78}
COLOR = {"pool_input": "maps", "pool_filters": 3, "pool_seed": 265}
PRESETS = (
    Preset(
        "Max pooling, one map",
        "One random filter, then the largest of every 5×5 values.",
        ONE_MAP,
        group="article",
    ),
    Preset(
        "Max pooling, color",
        "Three random filters, then the largest of every 5×5 values.",
        COLOR,
        group="article",
    ),
    Preset(
        "ReLU first, one map",
        "Negative values become zero; then the largest of every 5×5 values.",
        {**ONE_MAP, "pool_relu": True},
        group="article",
    ),
    Preset(
        "ReLU first, color",
        "The same with three filters, shown as red, green and blue.",
        {**COLOR, "pool_relu": True},
        group="article",
    ),
    Preset(
        "Mosaic",
        "The picture itself in squares of 10×10 pixels, each in its average color.",
        {"pool_mode": "average", "pool_size": 10},
    ),
    Preset(
        "Bright spots grow",
        "The largest of the 10×10 pixels around each one: highlights grow, dark lines disappear.",
        {"pool_size": 10, "pool_touch": False, "pool_stride": 1, "pool_padding": "same"},
    ),
    Preset(
        "Overlapping",
        "3×3 windows, two pixels apart, as in AlexNet (Krizhevsky et al., 2012).",
        {"pool_size": 3, "pool_touch": False, "pool_stride": 2},
    ),
)
LOOK_FOR = {
    "max": (
        "The larger the window, the more bright spots grow, and thin dark lines vanish. The "
        "maximum remembers that something was found, and forgets where in the window."
    ),
    "average": (
        "Fine detail evens out: each window becomes the mean of what it covers. Compare with the "
        "maximum, which keeps small bright spots."
    ),
}


@st.fragment
def pooling(left: DeltaGenerator, right: DeltaGenerator, shown: DeltaGenerator) -> None:
    """Everything that a moved control changes."""
    with left:
        window = st.container()
        before, seed = choose_input("pool", (1, 3), "picture")
        with window:
            layer = choose_pooling(room_after(before))
        if before and controls.switch(
            _("ReLU before pooling"),
            "pool_relu",
            False,
            help=_("Negative values become zero first, as in most networks."),
        ):
            before = (*before, specs.Activation("relu"))
    with right:
        place, channel = choose_window(maps.num_channels(before))
        view = pooling_view.pooled(current(), before, seed, layer, **place)
        with shown:
            pictures.side_by_side(
                (_("Before"), view.before),
                (_("After"), view.after),
                (_("Enlarged"), view.enlarged),
            )
        show_window(view, layer.mode, channel)
        formulas.show_output_size(view.height_formula, view.width_formula)
        layout.look_for(_(LOOK_FOR[layer.mode]))


layout.heading("pooling")
presets.row(PRESETS, DEFAULTS)
left, right = layout.controls_and_pictures()
with right:
    shown = layout.in_view()
pooling(left, right, shown)
show_references("pool", "article", "arithmetic", "alexnet")
