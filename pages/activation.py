"""Activation: every value goes through a function that bends or cuts."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.layers import step_style
from cnnviz_core.views import activation as activation_view
from cnnviz_core.views import maps
from pages.parts import layout, pictures, presets
from pages.parts.layers.activation_controls import (
    ACTIVATION_DEFAULTS,
    choose_function,
    choose_look,
    choose_values,
)
from pages.parts.layers.activation_facts import show_curves, show_facts
from pages.parts.layers.activation_names import ACTIVATION_TITLES
from pages.parts.layers.input_controls import choose_input, input_controls
from pages.parts.picker import current
from pages.parts.presets import Preset
from pages.parts.references import show_references
from pages.parts.texts import _

COUNTS = (1, 2, 3, 4, 6, 8)
INPUT = input_controls("act", COUNTS, "maps")
DEFAULTS = {**{one.key: one.default for one in INPUT}, **ACTIVATION_DEFAULTS}
PRESETS = (
    Preset(
        "ReLU, one map",
        "One random 3×3 filter, then ReLU.",
        {"act_filters": 1, "act_seed": 78},
        "article",
    ),
    Preset("ReLU, color", "Three random 3×3 filters, then ReLU.", {"act_seed": 265}, "article"),
    Preset(
        "Sigmoid saturates",
        "With pixels from 0 to 255, nearly every value ends up at 0 or 1.",
        {"act_function": "sigmoid", "act_values": 255},
    ),
    Preset(
        "tanh keeps the sign",
        "With pixels from 0 to 255, little more than the sign is left.",
        {"act_function": "tanh", "act_filters": 1, "act_values": 255},
    ),
    Preset(
        "Leaky ReLU",
        "What ReLU cuts away leaves a trace.",
        {
            "act_function": "leaky_relu",
            "act_filters": 1,
            "act_seed": 78,
            "act_slope": 0.1,
            "act_compare": ["relu"],
        },
    ),
    Preset(
        "Softmax over 8",
        "At every pixel, eight channels compete for shares that add up to 1.",
        {"act_function": "softmax", "act_filters": 8},
    ),
    Preset(
        "GELU, swish, ReLU",
        "Three that look alike from afar.",
        {"act_function": "gelu", "act_compare": ["swish", "relu"]},
    ),
)
LOOK_FOR = (
    "{share} of all values become 0 here, and the differences between them are gone. Where the "
    "curve is flat, differences are lost for good; where it is steep, they stay."
)
LOOK_FOR_NO_ZEROS = (
    "No value becomes 0 here, but where the curve is nearly flat, differences shrink. Compare the "
    "dark and the bright parts of both pictures: where the curve is steep, detail stays."
)
HISTOGRAM = "How often each value occurs, before and after"


@st.fragment
def activation(left: DeltaGenerator, right: DeltaGenerator, shown: DeltaGenerator) -> None:
    """Everything that a moved control changes."""
    picture = current()
    theme: step_style.Theme = "dark" if st.context.theme.type == "dark" else "light"

    with left:
        layer, functions = choose_function()
        before, seed = choose_input(INPUT)
        values = choose_values()
        num_channels = maps.num_channels(before)
        look = choose_look(num_channels)
    with right:
        view = activation_view.activated(picture, before, seed, values, layer, **look)
        with shown:
            pictures.side_by_side((_("Before"), view.before), (_("After"), view.after))
        if layer.name == "softmax" and num_channels == 1:
            st.info(_("With one channel there is nothing to compete with: its share is always 1."))
        text = _(LOOK_FOR if view.share_zeroed >= 0.001 else LOOK_FOR_NO_ZEROS)
        layout.look_for(text.format(share=f"{view.share_zeroed:.1%}"))
        labels = tuple((name, _(ACTIVATION_TITLES[name])) for name in functions)
        curve, facts = st.columns([3, 2], gap="medium")
        with curve:
            show_curves(layer, labels, values, num_channels, theme)
        with facts:
            show_facts(layer.name, view)
        histogram = st.expander(
            _("How the values are distributed, before and after"),
            icon=":material/bar_chart:",
            key="act_histogram",
            bind="query-params",
        )
        if histogram.open:
            drawn = activation_view.activation_histogram(
                picture,
                before,
                seed,
                values,
                layer,
                labels=(_("before"), _("after")),
                zero_label=_("{share} exactly 0"),
                theme=theme,
            )
            histogram.image(drawn, width="stretch", alt=_(HISTOGRAM))


layout.heading("activation")
presets.row(PRESETS, DEFAULTS)
left, right = layout.controls_and_pictures()
with right:
    shown = layout.in_view()
activation(left, right, shown)
show_references("act", "article", "deep-learning")
