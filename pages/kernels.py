"""Kernels: the weights that training has found, as pictures and as numbers."""

import streamlit as st

from cnnviz_core.views import kernels as kernels_view
from pages.parts import controls, cross_links, layout, presets
from pages.parts.inspection.layer_kernel_controls import (
    FILTER,
    LAYER,
    LAYER_KERNEL_CONTROLS,
    RANDOM,
    SCALE,
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
from pages.parts.live import live_pictures
from pages.parts.network_controls import NETWORK, choose_network
from pages.parts.presets import Preset
from pages.parts.references import show_references
from pages.parts.refusals import fragment
from pages.parts.texts import N_, _, literal

CONTROLS = (NETWORK, *LAYER_KERNEL_CONTROLS)
PRESETS = (
    Preset(N_("First layer"), N_("What a trained network looks for in the picture itself."), {}),
    Preset(
        N_("Trained or random"),
        N_("The first layer of VGG16 next to one that has learned nothing."),
        {NETWORK: "vgg16-edges", LAYER: "block1_conv1", RANDOM: True},
        group="network",
    ),
    Preset(
        N_("Blobs and edges"),
        N_("5×5 filters that each read a single channel."),
        {LAYER: "block3a_depthwise"},
    ),
    Preset(
        N_("Mixing channels"),
        N_("1×1 kernels: they only mix channels."),
        {LAYER: "block1a_project"},
    ),
    Preset(
        N_("1,152 filters"),
        N_("A deep layer: most filters look at one place and its surroundings."),
        {LAYER: "block6b_depthwise"},
    ),
    Preset(
        N_("Deeper"),
        N_("256 filters that each read 128 channels, next to 256 that have learned nothing."),
        {NETWORK: "vgg16-edges", LAYER: "block3_conv1", RANDOM: True, SCALE: "own"},
        group="network",
    ),
    Preset(
        N_("Untrained"),
        N_("A network after LeNet-5, before it has seen a digit."),
        {NETWORK: "lenet-5", LAYER: "conv1"},
        group="network",
    ),
)


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
            channel = controls.value(FILTER) - 1 if st.session_state.get(NUMBERS) else None
            cross_links.show_layer(network, layer, channel, here="kernels")
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
show_references("kernels", "initialization", "he-initialization")
