"""The kernels page's program, and what can be saved of it."""

from typing import Any

from cnnviz_core.networks import Network
from cnnviz_core.snippets import inspection
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.files import Saved
from cnnviz_core.views.kernels import KernelDisplay, kernels_of, layer_kernels


def program(network: Network, layer: str) -> Program:
    """Return the program of a layer's kernels; `ValueError` if the network is a visitor's own."""
    return inspection.kernels(network, layer, layer_kernels(network, layer))


def saved(network: Network, layer: str, *, display: KernelDisplay, **look: Any) -> Saved:
    """Return the first sheet of `kernels.kernels_of`, and all weights of the layer's kernels."""
    view = kernels_of(network, layer, display, **look)
    name = "-".join(("kernels", network.key, layer)).replace("_", "-")
    axes = "row", "column", "channel", "filter"
    return Saved(
        name=name,
        picture=view.sheets[0],
        values=layer_kernels(network, layer),
        axes=axes,
        formulas=(f"${view.weights_formula}$",),
    )
