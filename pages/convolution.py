"""Convolution: a small grid of weights slides over the picture."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.views import convolution as convolution_view
from cnnviz_core.views import convolution_files as take_home
from cnnviz_core.views import sharing
from pages.parts import code_drawer, layout, pictures, presets, results
from pages.parts.layers import kernel_controls as kernel
from pages.parts.layers.convolution_controls import (
    PLACE,
    SLIDING_CONTROLS,
    choose_sliding,
)
from pages.parts.layers.convolution_presets import PRESETS
from pages.parts.layers.convolution_view import show_convolved
from pages.parts.layers.layer_controls import choose_place, move_place
from pages.parts.layers.map_controls import (
    DISPLAY_CONTROLS,
    OF_MANY,
    choose_display,
    show_map,
)
from pages.parts.live import live_pictures
from pages.parts.picker import current
from pages.parts.references import show_references
from pages.parts.refusals import fragment
from pages.parts.texts import _

CONTROLS = (*kernel.KERNEL_CONTROLS, *SLIDING_CONTROLS, *DISPLAY_CONTROLS, *PLACE)


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
        compared = st.container()
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
        with compared:
            results.say(
                _("Convolution"),
                partial(take_home.saved, picture, kernels, **sliding, **display),
                CONTROLS,
            )
    code_drawer.tell(
        partial(take_home.program, picture, kernels, **sliding, **place, filter_index=index)
    )
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
code_drawer.offer()
results.offer()
show_references("conv", "article", "arithmetic", "deep-learning")
