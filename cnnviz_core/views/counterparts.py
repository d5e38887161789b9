"""The same channels among other layers: pages offer different ones of a network."""

from collections.abc import Sequence

from cnnviz_core.inspection.layer_roles import convolution_of
from cnnviz_core.networks import Network


def counterpart(network: Network, layer: str, offered: Sequence[str]) -> str | None:
    """Return the layer on offer whose channels are those of `layer`, one by one.

    Parameters
    ----------
    layer : str
        Any layer of the network.
    offered : sequence of str
        Layers of the network.

    Returns
    -------
    str or None
        The layer itself if it is on offer; else the first with channels by the same kernels, as an
        activation function has those of the convolution before it. None if there is none.

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    if layer in offered:
        return layer
    made_by = convolution_of(network, layer)
    if made_by is None:
        return None
    return next((one for one in offered if convolution_of(network, one) == made_by), None)
