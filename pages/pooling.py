"""Pooling: one number is kept from each window of the picture."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.layers.specs import Activation
from cnnviz_core.views import maps
from cnnviz_core.views import pooling as pooling_view
from cnnviz_core.views import pooling_files as take_home
from pages.parts import code_drawer, controls, formulas, layout, pictures, presets, results
from pages.parts.layers.input_controls import choose_input
from pages.parts.layers.layer_controls import move_place
from pages.parts.layers.pooling_controls import (
    INPUT,
    MODE,
    PADDING,
    PLACE,
    RELU,
    SIZE,
    STRIDE,
    TOUCH,
    choose_pooling,
    choose_window,
)
from pages.parts.layers.pooling_presets import PRESETS
from pages.parts.layers.window_view import show_window
from pages.parts.live import live_pictures
from pages.parts.picker import current
from pages.parts.references import show_references
from pages.parts.refusals import fragment
from pages.parts.texts import N_, _

CONTROLS = (*INPUT, RELU, MODE, SIZE, TOUCH, STRIDE, PADDING)
LOOK_FOR = {
    "max": N_(
        "The larger the window, the more bright spots grow, and thin dark lines vanish. The "
        "maximum remembers that something was found, and forgets where in the window."
    ),
    "average": N_(
        "Fine detail evens out: each window becomes the mean of what it covers. Compare with the "
        "maximum, which keeps small bright spots."
    ),
}


@fragment
def pooling(left: DeltaGenerator, right: DeltaGenerator, shown: DeltaGenerator) -> None:
    """Everything that a moved control changes."""
    with left:
        window = st.container()
        before, seed = choose_input(INPUT)
        with window:
            layer = choose_pooling(maps.room_after(current(), before))
        if before and controls.switch(RELU):
            before = (*before, Activation("relu"))
    with right:
        compared = st.container()
        place, channel = choose_window(maps.num_channels(before))
        view = pooling_view.pooled(current(), before, seed, layer, **place)
        with shown:
            pictures.side_by_side(
                (_("Before"), view.before),
                (_("After"), view.after),
                (_("Enlarged"), view.enlarged),
            )
        with compared:
            results.say(
                _("Pooling"),
                partial(take_home.saved, current(), before, seed, layer, **place),
                (*CONTROLS, *PLACE),
            )
        show_window(view, layer.mode, channel)
        formulas.show_output_size(view.height_formula, view.width_formula)
        layout.look_for(_(LOOK_FOR[layer.mode]))
    code_drawer.tell(partial(take_home.program, current(), before, seed, layer, **place))
    live_pictures.say("pooling", (*CONTROLS, *PLACE))


layout.heading("pooling")
presets.row(PRESETS, CONTROLS)
left, right = layout.controls_and_pictures()
with right:
    shown = layout.in_view()
pooling(left, right, shown)
live_pictures.follow(lambda at: move_place(PLACE, at.down, at.across))
code_drawer.offer()
results.offer()
show_references("pool", "article", "arithmetic", "alexnet")
