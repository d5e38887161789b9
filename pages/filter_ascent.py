"""Filter ascent: the picture that excites a filter, a layer or a class most."""

from functools import partial
from pathlib import Path

import streamlit as st

from pages.parts import layout, picker, presets
from pages.parts.class_controls import CLASS
from pages.parts.filter_ascent.ascent_answers import show_answers
from pages.parts.filter_ascent.ascent_controls import (
    ASCENT_DEFAULTS,
    COUNT,
    FIRST,
    LAYER,
    NETWORK,
    TARGET,
    WAY,
    WHICH,
    choose_climbs,
    choose_network,
)
from pages.parts.filter_ascent.ascent_facts import SOURCES, name_tile, save, show_facts
from pages.parts.filter_ascent.ascent_formulas import show_step
from pages.parts.filter_ascent.ascent_player import START, show_climbs
from pages.parts.filter_ascent.ascent_settings import (
    COPIES,
    DIVERSITY,
    JITTER,
    ROTATION,
    SCALING,
    SIDE,
    STEP,
    STEPS,
)
from pages.parts.filter_ascent.ascent_settings import START as FROM
from pages.parts.presets import Preset
from pages.parts.references import show_references
from pages.parts.texts import _

DEFAULTS = {**ASCENT_DEFAULTS, START: True}
EFFICIENTNET = {NETWORK: "efficientnet-lite0"}
PRESETS = (
    Preset("Block 1", "The first layer of VGG16.", {LAYER: "block1_conv1"}, group="article"),
    Preset("Block 2", "The third layer of VGG16.", {LAYER: "block2_conv1"}, group="article"),
    Preset("Block 3", "The fifth layer of VGG16.", {}, group="article"),
    Preset("Block 4", "The eighth layer of VGG16.", {LAYER: "block4_conv1"}, group="article"),
    Preset("Block 5", "The eleventh layer of VGG16.", {LAYER: "block5_conv1"}, group="article"),
    Preset(
        "Two ways",
        "The same filters, Reppel's way and ours.",
        {WAY: "both", COUNT: 4},
    ),
    Preset(
        "DeepDream",
        "More of whatever a layer sees in the cat.",
        {
            **EFFICIENTNET,
            picker.KEY: "cat",
            TARGET: "layer",
            LAYER: "block4b_expand_relu",
            FROM: "picture",
            SIDE: 256,
            STEPS: 32,
        },
    ),
    Preset(
        "Egyptian cat",
        "What is an Egyptian cat to a network that knows a thousand classes?",
        {
            **EFFICIENTNET,
            TARGET: "class",
            CLASS: 285,
            COPIES: 2,
            DIVERSITY: 0.0,
            SIDE: 224,
            STEPS: 64,
            STEP: 0.1,
            JITTER: 16,
            ROTATION: 15,
            SCALING: 0.2,
        },
    ),
    Preset(
        "Four of one",
        "Four pictures of one filter, pushed apart: does it look for more than one thing?",
        {
            **EFFICIENTNET,
            LAYER: "block5b_expand_relu",
            FIRST: 2,
            COUNT: 1,
            COPIES: 4,
        },
    ),
    Preset(
        "The cat's filters",
        "The filters that the cat excites more than other pictures do.",
        {picker.KEY: "cat", LAYER: "block4_conv3", WHICH: "picture"},
    ),
)
STYLE = Path(__file__).parent / "parts" / "filter_ascent" / "ascent.css"

layout.heading("filter_ascent")
st.html(STYLE)
presets.row(PRESETS, DEFAULTS)
left, right = layout.controls_and_pictures()
picture = picker.current()

with left:
    network = choose_network()
if network is None:
    right.info(_("As soon as the network is loaded, its filters can be shown here."))
    st.stop()
with left:
    asks = choose_climbs(network, picture)
label = partial(name_tile, network, picture)
with right:
    climbs = show_climbs(asks, label)
    show_facts(asks[-1].question, is_both=len(asks) == 2)
    if climbs:
        save(climbs)
    show_answers(climbs, asks[-1].key, picture, label)
    show_step(asks[-1].question, begins_with_picture=asks[-1].picture is not None)
show_references("ascent", *SOURCES)
