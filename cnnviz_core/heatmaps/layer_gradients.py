"""A score of classes, run backward through a whole network: its derivatives at every layer.

A network split at one layer (`split_network`) goes back to that layer alone, the cheapest way to
the last one; but each layer is traced anew, which takes a second or more. Here one trace serves all
target layers, and one pass whoever asks for another layer, or another method, after it.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.heatmaps.split_network import add_top
from cnnviz_core.inspection.layer_roles import target_layers
from cnnviz_core.networks.graph_nodes import graph_nodes, run_nodes
from cnnviz_core.networks.network import Network
from cnnviz_core.networks.traced_functions import kept_with_network, traced

# The last passes are kept, over all networks, each at most so many numbers of either kind: 64 MB.
MAX_PASSES = 2
MAX_NUMBERS = 2**23

# Of traces, each tens of megabytes.
MAX_NETWORKS = 4


@dataclass(frozen=True, slots=True, eq=False)
class LayerGradients:
    """What one picture gives at every target layer, for one score.

    `activations` and `gradients` are float32 (h, w, C) by layers; `logits` and `logit_weights` are
    those of `ClassGradients`.
    """

    activations: dict[str, FloatArray]
    gradients: dict[str, FloatArray]
    logits: FloatArray
    logit_weights: FloatArray


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question to a network, equal to another one that has the same answer."""

    digest: bytes
    batch: FloatArray = field(compare=False)
    logit_weights: FloatArray = field(compare=False)
    is_top: bool = field(compare=False)


def has_layer_gradients(network: Network, layer: str) -> bool:
    """Return whether `layer_gradients` has this layer: a target, if the network is not too large.

    It does not have the last one, to which a split network goes back at less cost.
    """
    return layer in _targets(network)


def trace_layer_gradients(network: Network) -> None:
    """Make ready what `layer_gradients` runs: it takes seconds once, and each pass a fraction."""
    if _targets(network):
        _traced(network)


def layer_gradients(
    network: Network, batch: FloatArray, logit_weights: FloatArray, is_top: bool
) -> LayerGradients:
    """Run a picture forward to the logits, and one score backward to all target layers.

    The same question, asked again soon, takes no pass.

    Parameters
    ----------
    batch : float32 (1, h, w, C)
        What `network.preprocess` gives.
    logit_weights : float32 (classes,)
        What makes a score of the logits.
    is_top : bool
        Whether the logit of the most probable class is added.
    """
    digest = hashlib.blake2b(batch.tobytes())
    digest.update(logit_weights.tobytes() + bytes([is_top]))
    return _passed(network, _Asked(digest.digest(), batch, logit_weights, is_top))


@kept_with_network(MAX_PASSES)
def _passed(network: Network, asked: _Asked) -> LayerGradients:
    maps, logits, logit_weights, gradients = _traced(network)(
        asked.batch, asked.logit_weights, asked.is_top
    )
    names = _targets(network)
    return LayerGradients(
        activations=_by_layer(names, maps),
        gradients=_by_layer(names, gradients),
        logits=np.asarray(logits, np.float32),
        logit_weights=np.asarray(logit_weights, np.float32),
    )


def _by_layer(names: Sequence[str], tensors: Sequence[Any]) -> dict[str, FloatArray]:
    return {name: np.asarray(one, np.float32)[0] for name, one in zip(names, tensors, strict=True)}


@kept_with_network(MAX_NETWORKS)
def _targets(network: Network) -> tuple[str, ...]:
    names = target_layers(network)[:-1]
    count = sum(int(np.prod(network.layer(name).output_shape)) for name in names)
    return names if count <= MAX_NUMBERS else ()


@kept_with_network(MAX_NETWORKS)
def _traced(network: Network) -> Callable[..., Any]:
    import keras
    import tensorflow as tf

    model = keras.Model(network.model.inputs, network.logits)
    targets = [id(network.model.get_layer(name).output) for name in _targets(network)]
    shape = (1, *network.input_size, network.model.input.shape[-1])
    return traced(
        partial(_back, graph_nodes(model), id(model.inputs[0]), targets, id(network.logits)),
        tf.TensorSpec(shape, tf.float32),
        tf.TensorSpec((network.logits.shape[-1],), tf.float32),
        tf.TensorSpec((), tf.bool),
    )


def _back(
    nodes: Sequence[Any],
    start: int,
    targets: Sequence[int],
    end: int,
    batch: Any,
    logit_weights: Any,
    is_top: Any,
) -> tuple[list[Any], Any, Any, list[Any]]:
    import tensorflow as tf

    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(batch)
        tensors = run_nodes(nodes, {start: batch})
        logits = tensors[end][0]
        logit_weights = add_top(logit_weights, logits, is_top)
        score = tf.reduce_sum(tf.stop_gradient(logit_weights) * logits)
    maps = [tensors[target] for target in targets]
    gradients = tape.gradient(score, maps, unconnected_gradients="zero")
    return maps, logits, logit_weights, gradients
