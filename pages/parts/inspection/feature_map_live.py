"""What the browser needs to show every layer itself while the slider along them is moved."""

from dataclasses import asdict

from cnnviz_core.inspection.feature_maps import ChannelOrder
from cnnviz_core.networks import Network
from cnnviz_core.views.feature_maps import ChannelScale
from cnnviz_core.views.layer_previews import NUM_LEVELS, layer_previews
from cnnviz_core.views.sharing import Picture
from pages.parts.inspection.feature_map_controls import LAYER, offered_layers
from pages.parts.live import live_pictures


def say_previews(
    network: Network, picture: Picture, order: ChannelOrder, scaling: ChannelScale
) -> None:
    """Give the browser a small sheet of each layer; call it where all else has been drawn."""
    names = offered_layers(network)
    if len(names) == 1:
        return
    previews = layer_previews(network, picture, names, order=order, scaling=scaling)
    live_pictures.hide([previews.data])
    layers = {one.name: asdict(one) for one in previews.layers}
    live_pictures.say("feature_maps", (LAYER,), layers=layers, levels=NUM_LEVELS)
