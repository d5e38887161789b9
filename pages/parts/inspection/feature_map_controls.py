"""Which layer of a network, and how its channels are sorted and colored."""

import streamlit as st

from cnnviz_core.inspection.feature_maps import ChannelOrder
from cnnviz_core.networks import Network
from cnnviz_core.views.feature_maps import ChannelScale, main_layers, num_tiles
from pages.parts import controls, layer_controls
from pages.parts.declarations import Choice, Switch
from pages.parts.inspection.layer_names import explain_layer
from pages.parts.network_controls import NETWORK
from pages.parts.texts import N_, _

STEPS = Switch(
    key="maps_steps",
    label=N_("Show in-between steps"),
    help=N_(
        "Also the values before batch normalization and before the activation function. There, "
        "values can be negative."
    ),
)
# The empty name stands for the first layer on offer.
LAYER: Choice[str] = Choice(
    key="maps_layer",
    label=N_("Layer, from first to last"),
    options={},
    default="",
    help=N_("How deep into the network to look. The arrow keys move it too."),
)
ORDER: Choice[ChannelOrder] = Choice(
    key="maps_order",
    label=N_("Sort channels by"),
    options={
        "index": N_("Original order"),
        "mean": N_("Mean"),
        "maximum": N_("Maximum"),
        "variance": N_("Variance"),
    },
    default="index",
    help=N_(
        "By mean, maximum or variance, the highest first: what the layer responds to most. "
        "Original order: it has no meaning, but stays the same when the picture changes."
    ),
)
SCALE: Choice[ChannelScale] = Choice(
    key="maps_scale",
    label=N_("Color scale"),
    options={"layer": N_("One for all"), "channel": N_("One for each")},
    default="layer",
    help=N_(
        "One for all: strong channels are bright, weak ones dark. One for each: weak channels show "
        "as clearly as strong ones."
    ),
)
# Unlike a number's slider, this one stays the same control when the number of channels changes, so
# that the address bar keeps up with it.
CHANNEL: Choice[int] = Choice(
    key="maps_channel",
    label=N_("Channel, in the order shown"),
    options={},
    default=1,
    help=N_("Which tile to show on its own, counted row by row. It is framed."),
)
FEATURE_MAP_CONTROLS = (NETWORK, STEPS, LAYER, ORDER, SCALE, CHANNEL)

_BY_NAME = "layer by name"


def choose_layer(network: Network) -> str:
    """Draw a slider along the depth and a list of names, which move together; give the layer."""
    every = [layer.name for layer in network.layers]
    if len(main_layers(network)) < len(every):
        controls.switch(STEPS)
    offered = offered_layers(network)
    if len(offered) == 1:
        return offered[0]
    _keep_offered(offered, every)
    layer = layer_controls.choose_layer(LAYER, network, offered)
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


def offered_layers(network: Network) -> tuple[str, ...]:
    """Return the layers along the slider."""
    if controls.value(STEPS):
        return tuple(layer.name for layer in network.layers)
    return main_layers(network)


def _keep_offered(offered: tuple[str, ...], every: list[str]) -> None:
    """Go on to the next layer offered if the chosen one no longer is; to the first if unknown."""
    chosen = st.session_state.get(LAYER.key)
    if chosen is None or chosen in offered:
        return
    later = every[every.index(chosen) :] if chosen in every else every
    controls.say(LAYER, next((name for name in later if name in offered), offered[-1]))


def _go_to_name() -> None:
    controls.say(LAYER, st.session_state[_BY_NAME])


def choose_order() -> tuple[ChannelOrder, ChannelScale]:
    """Draw the controls for the order of the channels and for their colors, and give both."""
    return controls.pick(ORDER), controls.choice(SCALE)


def choose_channel(num_channels: int) -> int:
    """Draw the slider for the channel to show alone; give its place in the order, from 0."""
    most = num_tiles(num_channels)
    if most == 1:
        return 0
    controls.at_most(CHANNEL, most)
    return controls.snap(CHANNEL, options=range(1, most + 1)) - 1
