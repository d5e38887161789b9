"""Kernels: the weights that training has found, as pictures and as numbers."""

from functools import partial

import streamlit as st

from cnnviz_core.views import kernels as kernels_view
from cnnviz_core.views import kernels_files as take_home
from pages.parts import code_drawer, controls, layout, network_links, presets, results
from pages.parts.inspection.layer_kernel_controls import (
    FILTER,
    LAYER_KERNEL_CONTROLS,
    SEED,
    choose_comparison,
    choose_layer,
    choose_weights,
)
from pages.parts.inspection.layer_kernel_pictures import (
    EXPLANATIONS,
    NUMBERS,
    show_histogram,
    show_numbers,
    show_sheets,
)
from pages.parts.inspection.layer_kernel_presets import PRESETS
from pages.parts.live import live_pictures
from pages.parts.network_controls import NETWORK, choose_network
from pages.parts.references import show_references
from pages.parts.refusals import fragment
from pages.parts.texts import _, literal

CONTROLS = (NETWORK, *LAYER_KERNEL_CONTROLS)


@fragment
def kernels() -> None:
    """Show what a moved control changes."""
    left, right = layout.controls_and_pictures()
    theme = layout.page_theme()
    with left:
        network = choose_network()
        layer = choose_layer(network) if network else None
        if network and layer:
            weights = choose_weights(network, layer)
            comparison = choose_comparison()
    with right:
        if network and not layer:
            st.info(
                _("{title} has no kernels: none of its layers is a convolution.").format(
                    title=literal(_(network.title))
                )
            )
        if network and layer:
            view = kernels_view.kernels_of(network, layer, **weights, **comparison)
            with layout.in_view():
                show_sheets(view, weights["display"], network)
            results.say(
                _("Kernels"),
                partial(take_home.saved, network, layer, **weights, **comparison),
                CONTROLS,
            )
            channel = controls.value(FILTER) - 1 if st.session_state.get(NUMBERS) else None
            network_links.show_layer(network, layer, channel, here="kernels")
            st.markdown(
                _("Weights in the kernels of *{layer}*:").format(layer=layer)
                + f" ${view.weights_formula}$. "
                + _("Parameters of the whole layer: {count}.").format(
                    count=f"{view.num_parameters:,}"
                )
            )
            layout.look_for(
                _(EXPLANATIONS[weights["display"]])
                + " "
                + _("These weights stay the same, whatever the picture.")
            )
            code_drawer.tell(partial(take_home.program, network, layer))
            show_numbers(view, weights["display"])
            show_histogram(network, layer, comparison.get("seed", SEED.default), theme)


def choose(chosen: live_pictures.Chosen) -> None:
    """Open the numbers of the kernel that was clicked on."""
    live_pictures.tile_number(FILTER)(chosen)
    st.session_state[NUMBERS] = True


layout.heading("kernels")
presets.row(PRESETS, CONTROLS)
kernels()
live_pictures.inspect(choose)
code_drawer.offer()
results.offer()
show_references("kernels", "initialization", "he-initialization")
