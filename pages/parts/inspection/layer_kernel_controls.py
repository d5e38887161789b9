"""Which layer's kernels are shown, which of their weights, and what they are compared with."""

from typing import NotRequired, TypedDict

import streamlit as st

from cnnviz_core.networks import Network
from cnnviz_core.views.kernels import (
    KernelDisplay,
    kernel_displays,
    layer_kernels,
    layers_with_kernels,
)
from cnnviz_core.views.maps import ScaleSharing
from pages.parts import controls, layer_controls
from pages.parts.declarations import Choice, Number, Switch
from pages.parts.inspection.layer_names import explain_layer
from pages.parts.seeds import choose_seed, seed
from pages.parts.texts import N_

# The empty name stands for the first layer with kernels.
LAYER: Choice[str] = Choice(
    key="kernels_layer",
    label=N_("Layer"),
    options={},
    default="",
    help=N_(
        "All layers that have kernels, from the picture on the left to the deepest one on the "
        "right."
    ),
)
DISPLAYS: dict[KernelDisplay, str] = {
    "color": N_("Colors"),
    "mean": N_("Mean"),
    "channel": N_("One channel"),
}


def _display(key: str, default: KernelDisplay) -> Choice[KernelDisplay]:
    return Choice(
        key=key,
        label=N_("Show"),
        options=DISPLAYS,
        default=default,
        help=N_(
            "A kernel has a small grid of weights for each input channel. Colors: those for red, "
            "green and blue as one picture. Mean: over all channels. One channel: one of these "
            "grids."
        ),
    )


OF_FIRST, OF_DEEP = _display("kernels_first", "color"), _display("kernels_deep", "mean")
CHANNEL = Number(
    key="kernels_channel",
    label=N_("Input channel"),
    low=1,
    default=1,
    help=N_("Which of the layer's {count} input channels."),
)
RANDOM = Switch(
    key="kernels_random",
    label=N_("Compare with random weights"),
    help=N_("What such a layer has before training: random numbers, as Keras draws them."),
)
SEED = seed("kernels_seed")
SCALE: Choice[ScaleSharing] = Choice(
    key="kernels_scale",
    label=N_("Color scale"),
    options={"shared": N_("One for both"), "own": N_("One for each")},
    default="shared",
    help=N_("One for both: to compare sizes. One for each: to compare patterns."),
)
FILTER = Number(
    key="kernels_filter",
    label=N_("Filter"),
    low=1,
    default=1,
    help=N_("Which kernel, counted row by row in the picture above from the top left."),
)
LAYER_KERNEL_CONTROLS = (LAYER, OF_FIRST, OF_DEEP, CHANNEL, RANDOM, SEED, SCALE)


class Weights(TypedDict):
    """The arguments of `kernels.kernels_of` that say which weights are shown."""

    display: KernelDisplay
    channel: NotRequired[int]


class Comparison(TypedDict, total=False):
    """The arguments of `kernels.kernels_of` that say what stands beside them; nothing if empty."""

    seed: int
    sharing: ScaleSharing


def choose_layer(network: Network) -> str | None:
    """Draw the control along the network's depth; None where no layer has kernels."""
    layers = layers_with_kernels(network)
    if not layers:
        return None
    layer = layer_controls.choose_layer(LAYER, network, layers)
    st.caption(explain_layer(network, layer))
    return layer


def choose_weights(network: Network, layer: str) -> Weights:
    """Draw the controls for which weights of the layer are shown."""
    displays = kernel_displays(network, layer)
    chosen = Weights(display=displays[0])
    if len(displays) > 1:
        declared = OF_FIRST if "color" in displays else OF_DEEP
        chosen["display"] = controls.choice(declared, options=displays)
    if chosen["display"] == "channel":
        chosen["channel"] = _choose_one(CHANNEL, layer_kernels(network, layer).shape[2])
    return chosen


def choose_comparison() -> Comparison:
    """Draw the controls for random weights beside the trained ones."""
    if not controls.switch(RANDOM):
        return Comparison()
    sharing = controls.choice(SCALE)
    return Comparison(seed=choose_seed(SEED), sharing=sharing)


def choose_filter(count: int) -> int:
    """Draw the control for the kernel whose numbers are shown."""
    return _choose_one(FILTER, count)


def _choose_one(declared: Number, count: int) -> int:
    """One of `count`, counted from 1 where a person sees it and from 0 in what is returned."""
    if count == 1:
        return 0
    return controls.slider(declared, high=count, facts={"count": count}) - 1
