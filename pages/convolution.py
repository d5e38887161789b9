"""Convolution: a small grid of weights slides over the picture."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core import cached
from pages.parts import controls, formulas, layout, pictures, presets
from pages.parts.kernel_controls import KERNEL_DEFAULTS, choose_kernels
from pages.parts.kernel_pictures import kernel_strip, show_kernel_numbers
from pages.parts.layer_controls import PADDING_DEFAULTS, choose_padding
from pages.parts.map_controls import DISPLAY_DEFAULTS, choose_display
from pages.parts.picker import current
from pages.parts.presets import Preset
from pages.parts.texts import _

DEFAULTS = {**KERNEL_DEFAULTS, **PADDING_DEFAULTS, **DISPLAY_DEFAULTS, "stride": 1, "dilation": 1}
PRESETS = (
    Preset("One convolution", "The article: three random filters of 3×3, as red, green, blue.", {}),
    Preset("Bigger kernel", "The article: three random filters of 10×10.", {"size": 10}),
    Preset("One filter", "The article: a single random filter of 3×3.", {"filters": 1, "seed": 78}),
    Preset(
        "One filter, big kernel",
        "The article: a single random filter of 15×15.",
        {"filters": 1, "size": 15, "seed": 78},
    ),
    Preset("64 filters", "As many feature maps as a real first layer.", {"filters": 64}),
    Preset(
        "Find edges",
        "Sobel's kernel: what changes from left to right.",
        {"kernels": "named", "kernel": "sobel_x", "colors": "brightness"},
    ),
    Preset(
        "Whiskers",
        "A Gabor kernel of 9×9 that likes stripes along one direction.",
        {
            "kernels": "named",
            "kernel": "gabor",
            "kernel_size": 9,
            "angle": 160,
            "colors": "brightness",
        },
    ),
    Preset(
        "Emboss",
        "Light from one corner.",
        {"kernels": "named", "kernel": "emboss", "color_range": "picture"},
    ),
)


@st.fragment
def convolution(left: DeltaGenerator, right: DeltaGenerator, after: DeltaGenerator) -> None:
    """Everything that a moved control changes."""
    with left:
        kernels = choose_kernels()
        stride = controls.slider(
            _("Stride"),
            "stride",
            1,
            4,
            1,
            help=_(
                "How many pixels the grid moves at a time. With 2, every other place is skipped."
            ),
        )
        padding = choose_padding()
        dilation = controls.slider(
            _("Dilation"),
            "dilation",
            1,
            3,
            1,
            help=_(
                "Pixels from one weight to the next. From 2 on, the grid has holes and sees wider."
            ),
        )
    with right:
        display = choose_display(cached.num_filters(kernels))
        picture = current()
        with after:
            view = pictures.last_good(
                "convolution",
                lambda: cached.convolved(
                    picture, kernels, stride=stride, padding=padding, dilation=dilation, **display
                ),
                of=picture,
            )
        if view is not None:
            with after:
                pictures.show(view.after, _("After"))
            sizes = formulas.output_size(view.height_formula, view.width_formula)
            st.html(sizes + kernel_strip(view))
            show_kernel_numbers(view)


layout.heading("convolution")
presets.row(PRESETS, DEFAULTS)
left, right = layout.controls_and_pictures()
with right, layout.in_view():
    before, after = st.columns(2)
    with before:
        pictures.show(cached.original(current()), _("Before"))
convolution(left, right, after)
