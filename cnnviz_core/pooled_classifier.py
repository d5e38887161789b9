"""The simplest end of a network: maps, their means, and one weighted sum of the means a class."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray
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
    last = network.model.output._keras_history.operation
    # What follows the logits is no part of them, and a dense layer's own activation neither.
    weighing = _before(last) if type(last).__name__ in ("Softmax", "Activation") else last
    weighing = _skipped(weighing)
    weights = _weights(weighing, is_last=weighing is last)
    pooling = weighing if weights is None else _skipped(_before(weighing))
    if type(pooling).__name__ != "GlobalAveragePooling2D":
        return None
    if pooling.data_format != "channels_last":
        return None
    source = _before(pooling)
    if weights is None:
        count = int(network.logits.shape[-1])
        weights = np.eye(count, dtype=np.float32), np.zeros(count, np.float32)
    return PooledClassifier(str(source.name), *weights)


def _before(operation: Any) -> Any:
    tensors = operation._inbound_nodes[0].input_tensors
    return tensors[0]._keras_history.operation if len(tensors) == 1 else None


def _skipped(operation: Any) -> Any:
    while type(operation).__name__ in _PASSING_ON:
        operation = _before(operation)
    return operation


def _weights(layer: Any, *, is_last: bool) -> tuple[FloatArray, FloatArray] | None:
    kind = type(layer).__name__
    if kind not in ("Dense", "Conv2D"):
        return None
    # A convolution at the end with an activation of its own has no logits: `network.logits`.
    if not is_last and layer.activation.__name__ != "linear":
        return None
    if kind == "Conv2D" and (layer.kernel_size != (1, 1) or layer.groups != 1):
        return None
    count = int(layer.kernel.shape[-1])
    kernel = np.asarray(layer.kernel, np.float32).reshape(-1, count)
    bias = np.asarray(layer.bias if layer.use_bias else np.zeros(count), np.float32)
    return kernel, bias
