"""The feature-maps page's program, and what can be saved of it."""

from typing import Any

from cnnviz_core.networks import Network
from cnnviz_core.snippets import inspection
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.feature_maps import layer_view
from cnnviz_core.views.files import Saved, name_of, source
from cnnviz_core.views.networks import all_layers
from cnnviz_core.views.sharing import Picture


def program(network: Network, picture: Picture, layer: str, channel: int) -> Program:
    """Return the program of a layer's maps; it ends in the largest value of a channel.

    Raises
    ------
    ValueError
        If the picture cannot go into the network, or the network is a visitor's own.
    """
    maps = all_layers(network, picture)[layer]
    row, column = divmod(int(maps[:, :, channel].argmax()), maps.shape[1])
    return inspection.feature_maps(network, source(picture), layer, maps, (row, column, channel))


def saved(network: Network, picture: Picture, layer: str, **look: Any) -> Saved:
    """Return the sheet of `feature_maps.layer_view`, and all channels of the layer in order."""
    view = layer_view(network, picture, layer, **look)
    values = all_layers(network, picture)[layer]
    name = name_of(picture, "feature-maps", network.key, layer)
    return Saved(name=name, picture=view.sheet, values=values, formulas=(f"${view.dead_formula}$",))
