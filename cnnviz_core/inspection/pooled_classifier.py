"""The simplest end of a network: maps, their means, and one weighted sum of the means a class."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.networks.graph_nodes import node_of
from cnnviz_core.networks.network import Network

# Layers that only hand on what they get, once training is over.
_PASSING_ON = ("Dropout", "Flatten", "Reshape")


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


def _kind(node: Any) -> str:
    return "" if node is None else type(node.operation).__name__


def _before(node: Any) -> Any:
    tensors = node.input_tensors
    return node_of(tensors[0]) if len(tensors) == 1 else None


def _skipped(node: Any) -> Any:
    while _kind(node) in _PASSING_ON:
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
