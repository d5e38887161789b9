"""A network split at one layer: its activations, and what they do to the logits.

The heatmaps of a class need a layer's activations, the derivatives of a weighted sum of logits with
respect to them, and the logits of activations that were tampered with. Each is traced once for a
network and a layer; the class comes as a tensor, so choosing another one traces nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.inspection.layer_roles import default_layer
from cnnviz_core.inspection.predictions import require_classifier
from cnnviz_core.networks.graph_nodes import graph_nodes, node_of, run_nodes
from cnnviz_core.networks.network import Network
from cnnviz_core.networks.traced_functions import kept_with_network, traced

# Over all networks.
MAX_LAYERS = 24

# Numbers that one batch of tampered activations may have: 32 MB.
_BATCH_NUMBERS = 2**23
_MAX_BATCH = 64


@dataclass(frozen=True, slots=True, eq=False)
class SplitNetwork:
    """The traced calls of a network split at a layer. Tensors in, tensors out.

    Attributes
    ----------
    layer : str
    activations : callable
        float32 (1, h, w, C) -> list of tensors: the layer's output (1, h', w', C'), then those of
        the layers before it that the rest of the network needs too (residual connections).
    gradients : callable
        float32 (1, h, w, C), logit_weights (classes,), is_top -> the layer's output, the logits
        (classes,), the logit weights used, and the derivatives of Σ logit_weights · logits with
        respect to the layer's output. With is_top they are those of the class with the highest
        logit.
    head : callable
        List of tensors from `activations`, factors (N, C') -> logits (N, classes) with the channels
        of the layer's output multiplied by each row of factors.
    """

    layer: str
    activations: Callable[[FloatArray], list[Any]]
    gradients: Callable[[FloatArray, FloatArray, bool], tuple[Any, Any, Any, Any]]
    head: Callable[[list[Any], FloatArray], Any]


def split_at(network: Network, layer: str | None = None) -> SplitNetwork:
    """Return the traced calls of a network split at a layer, kept for the next time.

    Parameters
    ----------
    layer : str, optional
        Any layer with maps that leads to the logits; the last of `target_layers` by default.

    Raises
    ------
    ValueError
        If the network has no classifier, or there is no such layer.
    """
    require_classifier(network)
    return _split(network, _default_layer(network) if layer is None else layer)


def layers_beside(network: Network, layer: str) -> tuple[str, ...]:
    """Return the layers before one whose outputs the rest of the network needs, too.

    They are those that residual connections lead around it; errors are as of `split_at`.
    """
    import keras

    require_classifier(network)
    _require_maps(network, layer)
    model = keras.Model(network.model.inputs, network.logits)
    _nodes, beside = _after(model, network.model.get_layer(layer).output, layer)
    return tuple(node_of(tensor).operation.name for tensor in beside)


def batch_size(activations: Any) -> int:
    """Return how many tampered copies of a layer's output (1, h, w, C) to run at a time."""
    return int(np.clip(_BATCH_NUMBERS // np.prod(activations.shape), 1, _MAX_BATCH))


_default_layer = kept_with_network(MAX_LAYERS)(default_layer)


@kept_with_network(MAX_LAYERS)
def _split(network: Network, name: str) -> SplitNetwork:
    import keras
    import tensorflow as tf

    _require_maps(network, name)
    model = keras.Model(network.model.inputs, network.logits)
    target = network.model.get_layer(name).output
    nodes, beside = _after(model, target, name)
    body = keras.Model(network.model.inputs, [target, *beside])
    head = partial(_head, nodes, [target, *beside], network.logits)
    batch = tf.TensorSpec((1, *network.input_size, network.model.input.shape[-1]), tf.float32)
    specs = [
        tf.TensorSpec(tensor.shape, tensor.dtype)
        for tensor in body.compute_output_spec(keras.KerasTensor(batch.shape))
    ]
    logit_weights = tf.TensorSpec((network.logits.shape[-1],), tf.float32)
    factors = tf.TensorSpec((None, target.shape[-1]), tf.float32)
    is_top = tf.TensorSpec((), tf.bool)
    return SplitNetwork(
        name,
        activations=traced(partial(_outputs, body), batch),
        gradients=traced(partial(_gradients, body, head), batch, logit_weights, is_top),
        head=traced(partial(_tampered, head), specs, factors),
    )


def _require_maps(network: Network, name: str) -> None:
    shape = network.layer(name).output_shape
    if len(shape) != 3:
        raise ValueError(
            f"layer must answer with maps (height, width, channels), but {name!r} answers with the "
            f"shape {shape}. Choose a convolutional layer."
        )


def _after(model: Any, target: Any, name: str) -> tuple[list[Any], list[Any]]:
    # The graph from a tensor on: its nodes in order, and what else they take. Keras could make a
    # model of it, but would add nodes to the layers that everybody shares.
    reached = {id(target)}
    beside: dict[int, Any] = {}
    nodes = []
    for node in graph_nodes(model):
        if not any(id(tensor) in reached for tensor in node.input_tensors):
            continue
        nodes.append(node)
        reached |= {id(tensor) for tensor in node.outputs}
        beside |= {id(tensor): tensor for tensor in node.input_tensors}
    if id(model.outputs[0]) not in reached:
        raise ValueError(
            f"layer must lead to the logits, but {name!r} does not. Choose one of target_layers."
        )
    return nodes, [tensor for key, tensor in beside.items() if key not in reached]


def _head(nodes: Sequence[Any], places: Sequence[Any], end: Any, tensors: Sequence[Any]) -> Any:
    known = {id(place): tensor for place, tensor in zip(places, tensors, strict=True)}
    return run_nodes(nodes, known)[id(end)]


def _gradients(
    body: Any, head: Callable[[Sequence[Any]], Any], batch: Any, logit_weights: Any, is_top: Any
) -> tuple[Any, Any, Any, Any]:
    # The tape sees nothing of the network before the layer: there is nothing to differentiate.
    import tensorflow as tf

    target, *beside = _outputs(body, batch)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(target)
        logits = head([target, *beside])[0]
        logit_weights = add_top(logit_weights, logits, is_top)
        score = tf.reduce_sum(tf.stop_gradient(logit_weights) * logits)
    gradients = tape.gradient(score, target, unconnected_gradients="zero")
    return target, logits, logit_weights, gradients


def add_top(logit_weights: Any, logits: Any, is_top: Any) -> Any:
    """Return the logit weights (classes,), and that of the highest logit added if asked for.

    All are tensors. A single logit stands for two classes: that of 1 if it is positive.
    """
    import tensorflow as tf

    if logits.shape[0] == 1:
        top = tf.where(logits < 0, -1.0, 1.0)
    else:
        top = tf.one_hot(tf.argmax(logits), logits.shape[0])
    return logit_weights + tf.where(is_top, top, tf.zeros_like(logits))


def _tampered(head: Callable[[Sequence[Any]], Any], tensors: list[Any], factors: Any) -> Any:
    import tensorflow as tf

    target, *beside = tensors
    copies = tf.shape(factors)[0]
    repeated = [tf.repeat(tensor, copies, axis=0) for tensor in beside]
    return head([target * factors[:, tf.newaxis, tf.newaxis, :], *repeated])


def _outputs(body: Any, batch: Any) -> list[Any]:
    # Keras unwraps a list of one.
    outputs = body(batch, training=False)
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]
