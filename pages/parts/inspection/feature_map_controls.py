"""Which layer of a network, and how its channels are sorted and colored."""

import streamlit as st

from cnnviz_core.inspection.feature_maps import CHANNEL_ORDERS, ChannelOrder
from cnnviz_core.networks import Network
from cnnviz_core.views.feature_maps import ChannelScale, main_layers, num_tiles
from pages.parts import old_controls as controls
from pages.parts.inspection.layer_names import explain_layer
from pages.parts.network_controls import NETWORK_DEFAULTS
from pages.parts.texts import _

LAYER = "maps_layer"
CHANNEL = "maps_channel"
FEATURE_MAP_DEFAULTS = {
    **NETWORK_DEFAULTS,
    "maps_steps": False,
    LAYER: "stem_relu",
    "maps_order": "index",
    "maps_scale": "layer",
    CHANNEL: 1,
}
ORDERS: dict[ChannelOrder, str] = {
    "index": "Original order",
    "mean": "Mean",
    "maximum": "Maximum",
    "variance": "Variance",
}
SCALES: dict[ChannelScale, str] = {"layer": "One for all", "channel": "One for each"}

_BY_NAME = "layer by name"


def choose_layer(network: Network) -> str:
    """Draw a slider along the depth and a list of names, which move together; give the layer."""
    every = [layer.name for layer in network.layers]
    offered = main_layers(network)
    if len(offered) < len(every) and controls.switch(
        _("Show in-between steps"),
        "maps_steps",
        False,
        help=_(
            "Also the values before batch normalization and before the activation function. "
            "There, values can be negative."
        ),
    ):
        offered = tuple(every)
    if len(offered) == 1:
        return offered[0]
    _keep_offered(offered, every)
    layer = controls.snap(
        _("Layer, from first to last"),
        LAYER,
        offered,
        offered[0],
        help=_("How deep into the network to look. The arrow keys move it too."),
    )
    st.session_state[_BY_NAME] = layer
    st.selectbox(
        _("Layer by name"),
        offered,
        key=_BY_NAME,
        on_change=_go_to_name,
        label_visibility="collapsed",
        help=_("Type part of a name to find it."),
    )
    st.caption(explain_layer(network, layer))
    return layer


def _keep_offered(offered: tuple[str, ...], every: list[str]) -> None:
    """Go on to the next layer offered if the chosen one no longer is; to the first if unknown."""
    chosen = st.session_state.get(LAYER)
    if chosen is None or chosen in offered:
        return
    later = every[every.index(chosen) :] if chosen in every else every
    st.session_state[LAYER] = next((name for name in later if name in offered), offered[-1])


def _go_to_name() -> None:
    st.session_state[LAYER] = st.session_state[_BY_NAME]


def choose_order() -> tuple[ChannelOrder, ChannelScale]:
    """Draw the controls for the order of the channels and for their colors, and give both."""
    order = controls.pick(
        _("Sort channels by"),
        "maps_order",
        CHANNEL_ORDERS,
        show=lambda name: _(ORDERS[name]),
        help=_(
            "By mean, maximum or variance, the highest first: what the layer responds to most. "
            "Original order: it has no meaning, but stays the same when the picture changes."
        ),
    )
    scaling = controls.choice(
        _("Color scale"),
        "maps_scale",
        list(SCALES),
        show=lambda name: _(SCALES[name]),
        help=_(
            "One for all: strong channels are bright, weak ones dark. One for each: weak channels "
            "show as clearly as strong ones."
        ),
    )
    return order, scaling


def choose_channel(num_channels: int) -> int:
    """Draw the slider for the channel to show alone; give its place in the order, from 0."""
    most = num_tiles(num_channels)
    if most == 1:
        return 0
    if CHANNEL in st.session_state:
        st.session_state[CHANNEL] = min(st.session_state[CHANNEL], most)
    # Unlike `slider`, this stays the same control when the number of channels changes, so that
    # the address bar keeps up with it.
    position = controls.snap(
        _("Channel, in the order shown"),
        CHANNEL,
        range(1, most + 1),
        1,
        help=_("Which tile to show on its own, counted row by row. It is framed."),
    )
    return position - 1
