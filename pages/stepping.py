"""Step by step: a window over a small grid of numbers, one stop at a time."""

import streamlit as st

from cnnviz_core.views import stepping
from pages.parts import formulas, layout, pictures, presets
from pages.parts.layers.step_controls import STEP_DEFAULTS, choose_setup
from pages.parts.layers.step_player import STOP, save_animation, show_stops
from pages.parts.presets import Preset
from pages.parts.references import show_references
from pages.parts.texts import _

DEFAULTS = {**STEP_DEFAULTS, STOP: 1}
CLASSIC_POOLING = "1 1 2 4\n5 6 7 8\n3 2 1 0\n1 2 3 4"
PRESETS = (
    Preset("Textbook", "A 5×5 grid and a 3×3 kernel: nine stops.", {}),
    Preset(
        "Zero padding",
        "A ring of zeros around the grid: the result is as large as the grid.",
        {"step_padding": "zeros"},
    ),
    Preset("Stride 2", "The window skips every other place.", {"step_stride": 2}),
    Preset(
        "Dilation 2",
        "The same nine weights spread over five rows and columns.",
        {
            "step_grid": "0 0 0 1 0 0 0\n0 0 1 2 1 0 0\n0 1 2 3 2 1 0\n1 2 3 4 3 2 1\n"
            "0 1 2 3 2 1 0\n0 0 1 2 1 0 0\n0 0 0 1 0 0 0",
            "step_dilation": 2,
        },
    ),
    Preset(
        "Max pooling",
        "The largest of every four numbers is kept.",
        {"step_operation": "max", "step_grid": CLASSIC_POOLING},
    ),
    Preset(
        "Average pooling",
        "Every four numbers become their mean.",
        {"step_operation": "average", "step_grid": CLASSIC_POOLING},
    ),
    Preset(
        "Find an edge",
        "Dark on the left, bright on the right: Sobel's kernel responds only to the step between.",
        {
            "step_grid": "\n".join(["0 0 0 0 9 9 9"] * 5),
            "step_kernel": "-1 0 1\n-2 0 2\n-1 0 1",
        },
    ),
)
LOOK_FOR = {
    "convolution": (
        "Each number under the window is multiplied by the blue weight in its corner, and the sum "
        "of the products becomes one cell of the result. The weights stay the same at every stop: "
        "a pattern they find in one place they find everywhere. Hatched cells are padding."
    ),
    "max": (
        "Only the largest number under the window survives. The smaller result still says that "
        "something was there, but no longer exactly where."
    ),
    "average": (
        "All numbers under the window count equally, and their mean becomes one cell of the "
        "result. A single large number is smoothed away, where max pooling would keep it."
    ),
}
FORMULAS = {
    "convolution": r"y_{ij} = \sum_m \sum_n w_{mn} \cdot x_{\,i s + m d - p,\; j s + n d - p}",
    "max": r"y_{ij} = \max_{m,\,n}\; x_{\,i s + m - p,\; j s + n - p}",
    "average": r"y_{ij} = \frac{1}{k^2} \sum_m \sum_n x_{\,i s + m - p,\; j s + n - p}",
}
SYMBOLS = (
    "All counted from 0: i and j are the row and column of the result y, m and n those of the "
    "window over the input x; s is the stride, d the dilation, p the padding before the first "
    "cell."
)

layout.heading("stepping")
presets.row(PRESETS, DEFAULTS)
left, right = layout.controls_and_pictures()

with left:
    chosen = choose_setup()
with right:
    player = layout.in_view()
    with player:
        good = pictures.last_good("stepping", lambda: (chosen, stepping.stops(chosen)))
    if good is not None:
        setup, view = good
        with player:
            show_stops(setup, view.num_stops)
        formulas.show_output_size(view.height_formula, view.width_formula)
        layout.look_for(_(LOOK_FOR[view.operation]))
        save_animation(setup, view.num_stops)
        formula = st.expander(
            _("As a formula"), icon=":material/function:", key="step_formula", bind="query-params"
        )
        if formula.open:
            with formula:
                st.latex(FORMULAS[view.operation])
                st.caption(_(SYMBOLS))
show_references("step", "arithmetic")
