"""Which parts layers play: end of a step, target of a heatmap, maker of channels, classifier."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.networks.graph_nodes import graph_nodes, node_of
from cnnviz_core.networks.layer_types import LayerType, layer_type
from cnnviz_core.networks.network import LayerInfo, Network
from cnnviz_core.networks.traced_functions import kept_with_network

# Of each, what is found is a few names, and asked for at every step of a slider.
MAX_NETWORKS = 16


@dataclass(frozen=True, slots=True, eq=False)
class PooledClassifier:
    """What makes logits of maps: logits = mean over positions @ kernel + bias.

    Attributes
    ----------
    layer : str
        Whose maps are averaged.
    kernel : float32 (C, classes)
    bias : float32 (classes,)
    """

    layer: str
    kernel: FloatArray
    bias: FloatArray


@kept_with_network(MAX_NETWORKS)
def main_layers(network: Network) -> tuple[str, ...]:
    """Return the names of the layers that end a step, from the input to the output.

    A step is what is said in one breath, "convolution, normalization, ReLU": its values count once
    they have been through the activation function. So these are the layers with an activation
    function, and those that pool. A network that has neither shows all of its layers.
    """
    names = tuple(
        layer.name for layer in network.layers if _ends_step(network.model.get_layer(layer.name))
    )
    return names or tuple(layer.name for layer in network.layers)


def main_maps(network: Network) -> tuple[str, ...]:
    """Return those of `main_layers` that give maps of more than one position."""
    spatial = {layer.name for layer in network.layers if layer.is_spatial}
    return tuple(name for name in main_layers(network) if name in spatial)


def spread_over(names: Sequence[str], count: int) -> tuple[str, ...]:
    """Return at most `count` of the names, evenly spaced, the first and the last among them.

    Examples
    --------
    >>> spread_over("abcdefg", 3)
    ('a', 'd', 'g')
    """
    places = np.linspace(0, len(names) - 1, min(count, len(names))).round().astype(int)
    return tuple(names[place] for place in places)


@kept_with_network(MAX_NETWORKS)
def target_layers(network: Network) -> tuple[str, ...]:
    """Return the layers whose maps can explain a class, from the input to the output.

    Each is the end of a convolution's step: the convolution itself, or the normalization, the
    joining of paths and the activation function that follow it. Layers of a single position are
    left out where there are others. Empty without a classifier. Any other layer with maps that
    leads to the logits can be explained too.
    """
    if network.logits is None:
        return ()
    nodes = graph_nodes(network.model)
    ends = {_end_of_step(node, nodes) for node in nodes if _type(node).family == "convolution"}
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


def convolution_of(network: Network, layer: str) -> str | None:
    """Return the convolution whose kernels make the channels of a layer, one kernel each.

    Parameters
    ----------
    layer : str
        Any layer.

    Returns
    -------
    str or None
        The layer itself, or the one before its normalization and activation function. None where
        channels are made otherwise: by adding or joining paths, or by pooling.

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    network.layer(layer)
    node = node_of(network.model.get_layer(layer).output)
    while _type(node).keeps_channels:
        node = node_of(node.input_tensors[0])
    # The last axis of a separable convolution's first kernels does not count its channels.
    is_made = _kind(node) != "SeparableConv2D" and _type(node).family == "convolution"
    return str(node.operation.name) if is_made else None


def pooled_classifier(network: Network) -> PooledClassifier | None:
    """Return a network's end where it is global average pooling and a dense layer; None elsewhere.

    A 1×1 convolution of the means is a dense layer, and a network that averages one map a class has
    the identity for a kernel.
    """
    if network.logits is None:
        return None
    last = node_of(network.model.output)
    # What follows the logits is no part of them, and a dense layer's own activation neither.
    weighing = _skipped(_before(last) if _kind(last) in ("Softmax", "Activation") else last)
    weights = _weights(weighing, is_last=weighing is last)
    pooling = weighing if weights is None else _skipped(_before(weighing))
    if _kind(pooling) != "GlobalAveragePooling2D":
        return None
    if pooling.operation.data_format != "channels_last":
        return None
    if weights is None:
        count = int(network.logits.shape[-1])
        weights = np.eye(count, dtype=np.float32), np.zeros(count, np.float32)
    return PooledClassifier(str(_before(pooling).operation.name), *weights)


def weighed_layer(network: Network) -> LayerInfo | None:
    """Return the layer whose values the classifier weighs: the last dense or pooled one.

    None without a classifier, and where it weighs maps that have places, not a vector.
    """
    if network.logits is None:
        return None
    vectors = [
        layer
        for layer in network.layers
        if layer.output_shape[:-1] in ((), (1, 1)) and not layer_type(layer.type).hands_on
    ]
    while vectors and vectors[-1].output_shape[-1] == network.logits.shape[-1]:
        del vectors[-1]
    return vectors[-1] if vectors else None


def _ends_step(layer: Any) -> bool:
    function = getattr(layer, "activation", None)
    if function is not None:
        return bool(function.__name__ != "linear")
    kind = layer_type(type(layer).__name__)
    return kind.pools or kind.family == "activation"


def _end_of_step(node: Any, nodes: Sequence[Any]) -> str:
    while True:
        following = [
            other for other in nodes if any(node.outputs[0] is one for one in other.input_tensors)
        ]
        if len(following) != 1 or not _type(following[0]).continues_step:
            return str(node.operation.name)
        (node,) = following


def _kind(node: Any) -> str:
    return "" if node is None else type(node.operation).__name__


def _type(node: Any) -> LayerType:
    return layer_type(_kind(node))


def _before(node: Any) -> Any:
    tensors = node.input_tensors
    return node_of(tensors[0]) if len(tensors) == 1 else None


def _skipped(node: Any) -> Any:
    while _type(node).hands_on:
        node = _before(node)
    return node


def _weights(node: Any, *, is_last: bool) -> tuple[FloatArray, FloatArray] | None:
    kind = _kind(node)
    if kind not in ("Dense", "Conv2D"):
        return None
    layer = node.operation
    # A convolution at the end with an activation of its own has no logits: `network.logits`.
    if not is_last and layer.activation.__name__ != "linear":
        return None
    if kind == "Conv2D" and (layer.kernel_size != (1, 1) or layer.groups != 1):
        return None
    count = int(layer.kernel.shape[-1])
    kernel = np.asarray(layer.kernel, np.float32).reshape(-1, count)
    bias = np.asarray(layer.bias if layer.use_bias else np.zeros(count), np.float32)
    return kernel, bias
