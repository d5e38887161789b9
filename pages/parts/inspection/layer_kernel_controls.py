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
from pages.parts import old_controls as controls
from pages.parts.inspection.layer_names import explain_layer
from pages.parts.seeds import choose_seed, seed
from pages.parts.texts import _

LAYER = "kernels_layer"
CHANNEL = "kernels_channel"
RANDOM = "kernels_random"
SEED = seed("kernels_seed")
SCALE = "kernels_scale"

LAYER_KERNEL_DEFAULTS = {
    LAYER: "stem_conv",
    "kernels_first": "color",
    "kernels_deep": "mean",
    CHANNEL: 1,
    RANDOM: False,
    SEED.key: SEED.default,
    SCALE: "shared",
}
DISPLAYS: dict[KernelDisplay, str] = {
    "color": "Colors",
    "mean": "Mean",
    "channel": "One channel",
}
SCALES: dict[ScaleSharing, str] = {"shared": "One for both", "own": "One for each"}


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
    if len(layers) == 1:
        st.caption(explain_layer(network, layers[0]))
        return layers[0]
    controls.fall_back(LAYER, layers, layers[0])
    layer = controls.snap(
        _("Layer"),
        LAYER,
        layers,
        layers[0],
        show=_,
        help=_(
            "All layers that have kernels, from the picture on the left to the deepest one on the "
            "right."
        ),
    )
    st.caption(explain_layer(network, layer))
    return layer


def choose_weights(network: Network, layer: str) -> Weights:
    """Draw the controls for which weights of the layer are shown."""
    displays = kernel_displays(network, layer)
    chosen = Weights(display=displays[0])
    if len(displays) > 1:
        chosen["display"] = controls.choice(
            _("Show"),
            "kernels_first" if "color" in displays else "kernels_deep",
            displays,
            show=lambda one: _(DISPLAYS[one]),
            help=_(
                "A kernel has a small grid of weights for each input channel. Colors: those for "
                "red, green and blue as one picture. Mean: over all channels. One channel: one of "
                "these grids."
            ),
        )
    if chosen["display"] == "channel":
        chosen["channel"] = _choose_channel(layer_kernels(network, layer).shape[2])
    return chosen


def choose_comparison() -> Comparison:
    """Draw the controls for random weights beside the trained ones."""
    if not controls.switch(
        _("Compare with random weights"),
        RANDOM,
        False,
        help=_("What such a layer has before training: random numbers, as Keras draws them."),
    ):
        return Comparison()
    sharing = controls.choice(
        _("Color scale"),
        SCALE,
        list(SCALES),
        show=lambda one: _(SCALES[one]),
        help=_("One for both: to compare sizes. One for each: to compare patterns."),
    )
    return Comparison(seed=choose_seed(SEED), sharing=sharing)


def choose_filter(count: int) -> int:
    """Draw the control for the kernel whose numbers are shown."""
    return _choose_one(
        _("Filter"),
        "kernels_filter",
        count,
        _("Which kernel, counted row by row in the picture above from the top left."),
    )


def _choose_channel(count: int) -> int:
    return _choose_one(
        _("Input channel"),
        CHANNEL,
        count,
        _("Which of the layer's {count} input channels.").format(count=count),
    )


def _choose_one(label: str, key: str, count: int, help: str) -> int:
    """One of `count`, counted from 1 where a person sees it and from 0 in what is returned."""
    if count == 1:
        return 0
    if key in st.session_state:
        st.session_state[key] = min(st.session_state[key], count)
    return controls.slider(label, key, 1, count, 1, help=help) - 1
