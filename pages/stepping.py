"""Step by step: a window over a small grid of numbers, one stop at a time."""

import streamlit as st

from cnnviz_core.views import stepping
from pages.parts import controls, formulas, layout, pictures, presets
from pages.parts.layers.step_controls import (
    DILATION,
    OPERATION,
    PADDING,
    STEP_CONTROLS,
    STRIDE,
    choose_setup,
)
from pages.parts.layers.step_grids import GRID, KERNEL
from pages.parts.layers.step_player import POSITION, save_animation, show_costs, show_stops
from pages.parts.presets import Preset
from pages.parts.references import show_references
from pages.parts.texts import N_, _

CONTROLS = (*STEP_CONTROLS, POSITION)
CLASSIC_POOLING = "1 1 2 4\n5 6 7 8\n3 2 1 0\n1 2 3 4"
PRESETS = (
    Preset(N_("Textbook"), N_("A 5×5 grid and a 3×3 kernel: nine stops."), {}),
    Preset(
        N_("Zero padding"),
        N_("A ring of zeros around the grid: the result is as large as the grid."),
        {PADDING.kind: "zeros"},
    ),
    Preset(N_("Stride 2"), N_("The window skips every other place."), {STRIDE: 2}),
    Preset(
        N_("Dilation 2"),
        N_("The same nine weights spread over five rows and columns."),
        {
            GRID: "0 0 0 1 0 0 0\n0 0 1 2 1 0 0\n0 1 2 3 2 1 0\n1 2 3 4 3 2 1\n"
            "0 1 2 3 2 1 0\n0 0 1 2 1 0 0\n0 0 0 1 0 0 0",
            DILATION: 2,
        },
    ),
    Preset(
        N_("Max pooling"),
        N_("The largest of every four numbers is kept."),
        {OPERATION: "max", GRID: CLASSIC_POOLING},
    ),
    Preset(
        N_("Average pooling"),
        N_("Every four numbers become their mean."),
        {OPERATION: "average", GRID: CLASSIC_POOLING},
    ),
    Preset(
        N_("Find an edge"),
        N_(
            "Dark on the left, bright on the right: Sobel's kernel responds only to the step "
            "between."
        ),
        {
            GRID: "\n".join(["0 0 0 0 9 9 9"] * 5),
            KERNEL: "-1 0 1\n-2 0 2\n-1 0 1",
        },
    ),
)
LOOK_FOR = {
    "convolution": N_(
        "Each number under the window is multiplied by the blue weight in its corner, and the sum "
        "of the products becomes one cell of the result. The weights stay the same at every stop: "
        "a pattern they find in one place they find everywhere. Hatched cells are padding."
    ),
    "max": N_(
        "Only the largest number under the window survives. The smaller result still says that "
        "something was there, but no longer exactly where."
    ),
    "average": N_(
        "All numbers under the window count equally, and their mean becomes one cell of the "
        "result. A single large number is smoothed away, where max pooling would keep it."
    ),
}
FORMULAS = {
    "convolution": r"y_{ij} = \sum_m \sum_n w_{mn} \cdot x_{\,i s + m d - p,\; j s + n d - p}",
    "max": r"y_{ij} = \max_{m,\,n}\; x_{\,i s + m - p,\; j s + n - p}",
    "average": r"y_{ij} = \frac{1}{k^2} \sum_m \sum_n x_{\,i s + m - p,\; j s + n - p}",
}
SYMBOLS = N_(
    "All counted from 0: i and j are the row and column of the result y, m and n those of the "
    "window over the input x; s is the stride, d the dilation, p the padding before the first "
    "cell."
)

layout.heading("stepping")
presets.row(PRESETS, CONTROLS)
left, right = layout.controls_and_pictures()

with left:
    chosen = choose_setup()
    operation = controls.value(OPERATION)
with right:
    player = layout.in_view()
    with player:
        good = pictures.last_valid(
            "stepping", lambda: (chosen, stepping.walk_view(chosen), operation)
        )
    if good is not None:
        setup, view, operation = good
        with player:
            show_stops(setup, view.num_stops)
        formulas.show_output_size(view.height_formula, view.width_formula)
        if view.costs is not None:
            show_costs(view.costs)
        layout.look_for(_(LOOK_FOR[operation]))
        save_animation(setup, view.num_stops)
        formula = layout.more(_("As a formula"), key="step_formula", icon=":material/function:")
        if formula.open:
            with formula:
                st.latex(FORMULAS[operation])
                st.caption(_(SYMBOLS))
show_references("step", "arithmetic")
