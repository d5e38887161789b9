"""Which layers of a network can explain a class."""

from collections.abc import Sequence
from typing import Any

from cnnviz_core.networks.graph_nodes import graph_nodes
from cnnviz_core.networks.network import Network

CONVOLUTIONS = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose")

# What belongs to the step of a convolution: its values count once they have been through these.
_ENDS_OF_A_STEP = (
    "Activation", "Add", "BatchNormalization", "Concatenate", "Dropout", "ELU",
    "LayerNormalization", "LeakyReLU", "PReLU", "ReLU", "SpatialDropout2D",
)  # fmt: skip


def target_layers(network: Network) -> tuple[str, ...]:
    """Return the layers whose maps can explain a class, from the input to the output.

    Each is the end of a convolution's step: the convolution itself, or the normalisation, the
    joining of paths and the activation function that follow it. Layers of a single position are
    left out where there are others. Empty without a classifier. Any other layer with maps that
    leads to the logits can be explained too.
    """
    if network.logits is None:
        return ()
    nodes = graph_nodes(network.model)
    ends = {
        _end_of_step(node, nodes) for node in nodes if type(node.operation).__name__ in CONVOLUTIONS
    }
    layers = [layer for layer in network.layers if layer.name in ends]
    spatial = [layer for layer in layers if layer.is_spatial]
    return tuple(layer.name for layer in spatial or layers)


def default_layer(network: Network) -> str:
    """Return the last of the target layers.

    Raises
    ------
    ValueError
        If there is none.
    """
    names = target_layers(network)
    if not names:
        raise ValueError(
            f"The network must have a convolutional layer, but “{network.title}” has none. "
            "Attributions to pixels need none."
        )
    return names[-1]


def _end_of_step(node: Any, nodes: Sequence[Any]) -> str:
    while True:
        following = [
            other for other in nodes if any(node.outputs[0] is one for one in other.input_tensors)
        ]
        if len(following) != 1 or type(following[0].operation).__name__ not in _ENDS_OF_A_STEP:
            return str(node.operation.name)
        (node,) = following
