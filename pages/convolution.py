"""Convolution: a small grid of weights slides over the picture."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.views import convolution as convolution_view
from cnnviz_core.views import sharing
from pages.parts import layout, pictures, presets
from pages.parts.layers import kernel_controls as kernel
from pages.parts.layers.convolution_controls import PLACE, SLIDING_CONTROLS, choose_sliding
from pages.parts.layers.convolution_view import show_convolved
from pages.parts.layers.layer_controls import choose_place, move_place
from pages.parts.layers.map_controls import (
    COLORS,
    DISPLAY_CONTROLS,
    OF_MANY,
    choose_display,
    show_map,
)
from pages.parts.live import live_pictures
from pages.parts.picker import current
from pages.parts.presets import Preset, Settings
from pages.parts.references import show_references
from pages.parts.refusals import fragment
from pages.parts.texts import N_, _

CONTROLS = (*kernel.KERNEL_CONTROLS, *SLIDING_CONTROLS, *DISPLAY_CONTROLS, *PLACE)
RANDOM: Settings = {kernel.SOURCE: "random"}
LARGE: Settings = {**RANDOM, kernel.SIZE: 10}
ONE: Settings = {**RANDOM, kernel.FILTERS: 1, kernel.SEED: 78}
PRESETS = (
    Preset(N_("Find edges"), N_("Sobel's kernel: what changes from left to right."), {}),
    Preset(
        N_("Whiskers"),
        N_("A 9×9 Gabor kernel that responds to stripes in one direction."),
        {kernel.NAME: "gabor", kernel.NAMED_SIZE: 9, kernel.ANGLE: 160},
    ),
    Preset(
        N_("Emboss"),
        N_("As if light fell from one corner."),
        {kernel.NAME: "emboss", kernel.NAMED_COLORS: "each_channel", COLORS: "picture"},
    ),
    Preset(
        N_("64 filters"),
        N_("As many as in VGG16's first layer."),
        {**RANDOM, kernel.FILTERS: 64},
        "network",
    ),
    Preset(
        N_("One color each"),
        N_("Depthwise: each of three filters reads red, green or blue alone."),
        {**RANDOM, kernel.GROUPS: 3},
        "network",
    ),
    Preset(
        N_("One convolution"),
        N_("Three random 3×3 filters, as red, green, blue."),
        RANDOM,
        "article",
    ),
    Preset(N_("Bigger kernel"), N_("Three random 10×10 filters."), LARGE, "article"),
    Preset(N_("One filter"), N_("A single random 3×3 filter."), ONE, "article"),
    Preset(
        N_("One filter, big kernel"),
        N_("A single random 15×15 filter."),
        {**ONE, kernel.SIZE: 15},
        "article",
    ),
)


@fragment
def convolution(
    left: DeltaGenerator,
    right: DeltaGenerator,
    frame: DeltaGenerator,
    between: DeltaGenerator,
    after: DeltaGenerator,
) -> None:
    """Everything that a moved control changes."""
    with left:
        kernels = kernel.choose_kernels()
        sliding = choose_sliding(convolution_view.kernel_size(kernels))
    with right:
        display = choose_display(convolution_view.num_filters(kernels))
        index = display.get("filter_index", 0)
        place = choose_place(PLACE)
        picture = current()
        with after:
            computed = pictures.last_valid(
                "convolution",
                lambda: (
                    convolution_view.convolved(picture, kernels, **sliding, **display),
                    convolution_view.convolution_place(
                        picture,
                        kernels,
                        **sliding,
                        **place,
                        display=display["display"],
                        filter_index=index,
                        size=display.get("size", "proportional"),
                    ),
                    kernels,
                    index,
                ),
                of=picture,
            )
        if computed is not None:
            show_convolved(*computed, frame, between, after)
    live_pictures.say("convolution", (*CONTROLS, OF_MANY))


def choose(chosen: live_pictures.Chosen) -> None:
    """Take what was clicked on: one of the tiles, or a place."""
    move_place(PLACE, chosen.down, chosen.across)
    if chosen.tile is not None:
        show_map(chosen.tile)


layout.heading("convolution")
presets.row(PRESETS, CONTROLS)
left, right = layout.controls_and_pictures()
with right, layout.in_view(), st.container(key="conv-row"):
    before, between, after = st.columns([5, 3, 5], gap="small")
    before.markdown(f"**{_('Before')}**")
    between.markdown(f"**∗ {_('Kernel')}**")
    after.markdown(f"**= {_('After')}**")
    with before:
        picture = sharing.original(current())
        with st.container(key="conv-before"):
            pictures.image(picture, alt=_("Before"))
            frame = st.container(key="conv-frame")
        st.html(pictures.facts(picture))
convolution(left, right, frame, between.container(), after.container())
live_pictures.inspect(choose)
show_references("conv", "article", "arithmetic", "deep-learning")
