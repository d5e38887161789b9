"""The kernels that make the channels of a layer, where one convolution does."""

from typing import Any

from cnnviz_core.inspection.architecture import layers_with_kernels
from cnnviz_core.networks.network import Network

# What keeps channels apart, and changes their values at most.
_KEEPING_CHANNELS = (
    "Activation", "BatchNormalization", "Dropout", "ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax",
    "SpatialDropout2D",
)  # fmt: skip

# Of these the last axis of the kernel counts the layer's channels.
_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2D", "Conv2DTranspose")


def convolution_of(network: Network, layer: str) -> str | None:
    """Return the convolution whose kernels make the channels of a layer, one kernel each.

    Parameters
    ----------
    layer : str
        Any layer.

    Returns
    -------
    str or None
        The layer itself, or the one before its normalisation and activation function. None where
        channels are made otherwise: by adding or joining paths, or by pooling.

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    network.layer(layer)
    operation: Any = network.model.get_layer(layer)
    while type(operation).__name__ in _KEEPING_CHANNELS:
        (tensor,) = operation._inbound_nodes[0].input_tensors
        operation = tensor._keras_history.operation
    is_convolution = type(operation).__name__ in _CONVOLUTIONS
    name = str(operation.name)
    return name if is_convolution and name in layers_with_kernels(network) else None
