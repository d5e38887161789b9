"""Step by step: a window over a small grid of numbers, one stop at a time."""

from functools import partial

import streamlit as st

from cnnviz_core.stepping.setups import GradientSetup, TransposedSetup
from cnnviz_core.views import stepping_files as take_home
from cnnviz_core.views.step_facts import walk_view
from pages.parts import code_drawer, formulas, layout, pictures, presets, results
from pages.parts.layers.layer_costs import show_costs
from pages.parts.layers.step_controls import (
    STEP_CONTROLS,
    choose_setup,
)
from pages.parts.layers.step_explanations import (
    FORMULAS,
    LOOK_FOR,
    SAID,
    SYMBOLS,
    subject,
)
from pages.parts.layers.step_learning import RATE, show_learning
from pages.parts.layers.step_player import (
    POSITION,
    say_too_many_stops,
    show_bias_gradient,
    show_stops,
)
from pages.parts.layers.step_presets import PRESETS
from pages.parts.layers.step_upsampling import show_upsampled
from pages.parts.references import show_references
from pages.parts.step_position import words
from pages.parts.texts import _

CONTROLS = (*STEP_CONTROLS, POSITION, RATE)

layout.heading("stepping")
presets.row(PRESETS, CONTROLS)
left, right = layout.controls_and_pictures()

with left:
    chosen, operation, direction = choose_setup()
with right:
    player = layout.in_view()
    with player:
        good = pictures.last_valid(
            "stepping",
            lambda: (chosen, walk_view(chosen), subject(operation, direction)),
        )
    if good is not None:
        setup, view, shown = good
        with player:
            show_stops(setup, view.num_stops, _(SAID[shown]))
        if view.height_formula:
            formulas.show_output_size(view.height_formula, view.width_formula)
        if view.costs is not None:
            show_costs(view.costs)
        if view.bias_gradient is not None:
            show_bias_gradient(view.bias_gradient)
        if isinstance(setup, TransposedSetup):
            show_upsampled(setup)
        if isinstance(setup, GradientSetup) and setup.towards == "kernel":
            show_learning(setup)
        code_drawer.tell(partial(take_home.program, setup))
        code_drawer.offer()
        theme = layout.page_theme()
        results.say(_("Step by step"), partial(take_home.saved, setup, theme, words()), CONTROLS)
        results.offer()
        layout.look_for(_(LOOK_FOR[shown]))
        say_too_many_stops(view.num_stops)
        formula = layout.more(_("As a formula"), key="step_formula", icon=":material/function:")
        if formula.open:
            with formula:
                st.latex(FORMULAS[shown])
                st.caption(_(SYMBOLS))
show_references("step", "arithmetic", "checkerboard", "heart-beat")
