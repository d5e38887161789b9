"""What the pages about trained networks have to save."""

from typing import Any

from cnnviz_core.networks import Network
from cnnviz_core.views.feature_maps import layer_view
from cnnviz_core.views.heat_jobs import HeatJob
from cnnviz_core.views.heatmaps import HeatLook, heat_view
from cnnviz_core.views.kernels import KernelDisplay, kernels_of, layer_kernels
from cnnviz_core.views.networks import all_layers
from cnnviz_core.views.saving import Saved, name_of
from cnnviz_core.views.sharing import Picture


def saved_maps(network: Network, picture: Picture, layer: str, **look: Any) -> Saved:
    """Return the sheet of `feature_maps.layer_view`, and all channels of the layer in order."""
    view = layer_view(network, picture, layer, **look)
    values = all_layers(network, picture)[layer]
    return Saved(name_of(picture, "feature-maps", network.key, layer), view.sheet, values)


def saved_kernels(network: Network, layer: str, *, display: KernelDisplay, **look: Any) -> Saved:
    """Return the first sheet of `kernels.kernels_of`, and all weights of the layer's kernels."""
    view = kernels_of(network, layer, display, **look)
    name = "-".join(("kernels", network.key, layer)).replace("_", "-")
    axes = "row", "column", "channel", "filter"
    return Saved(name, view.sheets[0], layer_kernels(network, layer), axes)


def saved_heatmap(one: HeatJob, look: HeatLook) -> Saved:
    """Return a map over its picture as `heatmaps.heat_view` has it, and its values.

    Raises
    ------
    ValueError
        If there is nothing of the map yet.
    """
    view, state = heat_view(one, look), one.state
    if view is None or state is None:
        raise ValueError("There is nothing of the map yet. Wait until it can be seen.")
    question = one.question
    name = name_of(one.picture, question.method, one.network.key, question.layer)
    return Saved(name, view[0], state.values, ("row", "column"))
