"""Activation: every value goes through a function that bends or cuts."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.number_format import percent
from cnnviz_core.views import activation as activation_view
from cnnviz_core.views import activation_files as take_home
from cnnviz_core.views import maps
from pages.parts import code_drawer, controls, layout, pictures, presets, results
from pages.parts.layers import activation_controls as act
from pages.parts.layers.activation_facts import offer_histogram, show_curves, show_facts
from pages.parts.layers.activation_names import ACTIVATION_TITLES
from pages.parts.layers.activation_presets import PRESETS
from pages.parts.layers.input_controls import choose_input
from pages.parts.live import live_pictures
from pages.parts.picker import current
from pages.parts.references import show_references
from pages.parts.refusals import fragment
from pages.parts.texts import N_, _

LOOK_FOR = N_(
    "{share} of all values become 0 here, and the differences between them are gone. Where the "
    "curve is flat, differences are lost for good; where it is steep, they stay."
)
LOOK_FOR_NO_ZEROS = N_(
    "No value becomes 0 here, but where the curve is nearly flat, differences shrink. Compare the "
    "dark and the bright parts of both pictures: where the curve is steep, detail stays."
)


@fragment
def activation(left: DeltaGenerator, right: DeltaGenerator, shown: DeltaGenerator) -> None:
    """Everything that a moved control changes."""
    picture = current()
    theme = layout.page_theme()

    with left:
        layer, functions = act.choose_function()
        before, seed = choose_input(act.INPUT)
        values = controls.choice(act.VALUES)
        num_channels = maps.num_channels(before)
        look = act.choose_look(num_channels)
    with right:
        view = activation_view.activated(picture, before, seed, values, layer, **look)
        with shown:
            pictures.side_by_side((_("Before"), view.before), (_("After"), view.after))
        labels = tuple((name, _(ACTIVATION_TITLES[name])) for name in functions)
        results.say(
            _("Activation"),
            partial(take_home.saved, picture, before, seed, values, layer, labels, **look),
            act.ACTIVATION_CONTROLS,
        )
        if layer.name == "softmax" and num_channels == 1:
            st.info(_("With one channel there is nothing to compete with: its share is always 1."))
        text = _(LOOK_FOR if view.share_zeroed >= 0.001 else LOOK_FOR_NO_ZEROS)
        layout.look_for(text.format(share=percent(view.share_zeroed)))
        curve, facts = st.columns([3, 2], gap="medium")
        with curve:
            show_curves(layer, labels, values, num_channels, theme)
        with facts:
            show_facts(layer.name, view)
        offer_histogram(
            lambda: activation_view.activation_histogram(
                picture,
                before,
                seed,
                values,
                layer,
                labels=(_("before"), _("after")),
                zero_label=_("{share} exactly 0"),
                theme=theme,
            )
        )

    code_drawer.tell(partial(take_home.program, picture, before, seed, values, layer))
    live_pictures.say("activation", act.ACTIVATION_CONTROLS)


layout.heading("activation")
presets.row(PRESETS, act.ACTIVATION_CONTROLS)
left, right = layout.controls_and_pictures()
with right:
    shown = layout.in_view()
activation(left, right, shown)
live_pictures.follow()
code_drawer.offer()
results.offer()
show_references("act", "article", "deep-learning")
