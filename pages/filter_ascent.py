"""Filter ascent: the picture that excites a filter, a layer or a class most."""

from functools import partial
from pathlib import Path

import streamlit as st

from pages.parts import layout, picker, presets
from pages.parts.class_controls import CLASS
from pages.parts.filter_ascent import ascent_facts as facts
from pages.parts.filter_ascent import ascent_settings as settings
from pages.parts.filter_ascent.ascent_comparison import show_comparison
from pages.parts.filter_ascent.ascent_controls import (
    ASCENT_CONTROLS,
    COUNT,
    FIRST,
    LAYER,
    NETWORK,
    TARGET,
    WAY,
    WHICH,
    choose_ascents,
)
from pages.parts.filter_ascent.ascent_formulas import show_step
from pages.parts.filter_ascent.ascent_player import START, show_ascents
from pages.parts.live import live_pictures
from pages.parts.network_controls import choose_network
from pages.parts.presets import Preset, Settings
from pages.parts.references import show_references
from pages.parts.texts import N_, _

EFFICIENTNET: Settings = {NETWORK: "efficientnet-lite0"}
PRESETS = (
    Preset(
        N_("Block 1"), N_("The first layer of VGG16."), {LAYER: "block1_conv1"}, group="article"
    ),
    Preset(
        N_("Block 2"), N_("The third layer of VGG16."), {LAYER: "block2_conv1"}, group="article"
    ),
    Preset(N_("Block 3"), N_("The fifth layer of VGG16."), {}, group="article"),
    Preset(
        N_("Block 4"), N_("The eighth layer of VGG16."), {LAYER: "block4_conv1"}, group="article"
    ),
    Preset(
        N_("Block 5"), N_("The eleventh layer of VGG16."), {LAYER: "block5_conv1"}, group="article"
    ),
    Preset(
        N_("Two ways"),
        N_("The same filters, Reppel's way and ours."),
        {WAY: "both", COUNT: 4},
    ),
    Preset(
        N_("DeepDream"),
        N_("More of whatever a layer sees in the cat."),
        {
            **EFFICIENTNET,
            picker.PICTURE: "cat",
            TARGET: "layer",
            LAYER: "block4b_expand_relu",
            settings.START: "picture",
            settings.SIDE: 256,
            settings.STEPS: 32,
            settings.STEP: 0.05,
        },
    ),
    Preset(
        N_("Egyptian cat"),
        N_("What is an Egyptian cat to a network that knows a thousand classes?"),
        {
            **EFFICIENTNET,
            TARGET: "class",
            CLASS: 285,
            settings.COPIES: 2,
            settings.DIVERSITY: 0.0,
            settings.SIDE: 224,
            settings.STEPS: 64,
            settings.STEP: 0.1,
            settings.JITTER: 16,
            settings.ROTATION: 15,
            settings.SCALING: 0.2,
        },
    ),
    Preset(
        N_("Four of one"),
        N_("Four pictures of one filter, pushed apart: does it look for more than one thing?"),
        {
            **EFFICIENTNET,
            LAYER: "block5b_expand_relu",
            FIRST: 2,
            COUNT: 1,
            settings.COPIES: 4,
        },
    ),
    Preset(
        N_("The cat's filters"),
        N_("The filters that the cat excites more than other pictures do."),
        {picker.PICTURE: "cat", LAYER: "block4_conv3", WHICH: "picture"},
    ),
)
STYLE = Path(__file__).parent / "parts" / "filter_ascent" / "ascent.css"


def begin() -> None:
    """Have the ascent of a preset begin at once, at full size."""
    st.session_state[START] = True


layout.heading("filter_ascent")
st.html(STYLE)
presets.row(PRESETS, ASCENT_CONTROLS, then=begin)
left, right = layout.controls_and_pictures()
picture = picker.current()

with left:
    network = choose_network(NETWORK)
if network is None:
    right.info(_("As soon as the network is loaded, its filters can be shown here."))
    st.stop()
with left:
    questions = choose_ascents(network, picture)
label = partial(facts.name_tile, network, picture)
with right:
    ascents = show_ascents(network, picture, questions, label)
    facts.show_facts(network, picture, questions[-1], is_both=len(questions) == 2)
    if ascents:
        facts.save(ascents)
    show_comparison(ascents, picture, label)
    show_step(questions[-1])
live_pictures.inspect()
show_references("ascent", *facts.SOURCES)
