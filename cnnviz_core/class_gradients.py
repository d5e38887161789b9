"""A network cut at one layer: its activations, and what they do to the logits.

The heatmaps of a class need a layer's activations, the derivatives of a mixture of logits with
respect to them, and the logits of activations that were tampered with. Each is traced once for a
network and a layer; the class comes as a tensor, so choosing another one traces nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock
from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.class_scores import num_classes, one_class
from cnnviz_core.networks.network import Network, Picture

CONVOLUTIONS = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose")

# What belongs to the step of a convolution: its values count once they have been through these.
_ENDS_OF_A_STEP = (
    "Activation", "BatchNormalization", "Dropout", "ELU", "LayerNormalization", "LeakyReLU",
    "PReLU", "ReLU", "SpatialDropout2D",
)  # fmt: skip

# How many networks are kept with how many of their layers. A kept network stays in memory even
# after the shelf of networks has dropped it, so these are few.
_MAX_NETWORKS, _MAX_LAYERS = 2, 12

# Numbers that one batch of tampered activations may have: 32 MB.
_BATCH_NUMBERS = 2**23
_MAX_BATCH = 64


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The traced calls of a network cut at a layer. Tensors in, tensors out.

    Attributes
    ----------
    layer : str
    activations : callable
        float32 (1, h, w, C) -> list of tensors: the layer's output (1, h', w', C'), then those of
        the layers before it that the rest of the network needs too (residual connections).
    gradients : callable
        float32 (1, h, w, C), mixture (classes,), is_top -> the layer's output, the logits
        (classes,), the mixture used, and the derivatives of Σ mixture · logits with respect to the
        layer's output. With is_top the mixture is that of the class with the highest logit.
    head : callable
        List of tensors from `activations`, factors (N, C') -> logits (N, classes) with the channels
        of the layer's output multiplied by each row of factors.
    """

    layer: str
    activations: Callable[[FloatArray], list[Any]]
    gradients: Callable[[FloatArray, FloatArray, bool], tuple[Any, Any, Any, Any]]
    head: Callable[[list[Any], FloatArray], Any]


@dataclass(frozen=True, slots=True, eq=False)
class ClassGradients:
    """What one picture gives at one layer, for one class or the difference of two.

    Attributes
    ----------
    layer : str
    activations : float32 (h, w, C)
        The layer's output.
    gradients : float32 (h, w, C)
        Derivatives of `score` with respect to it.
    logits : float32 (classes,)
    mixture : float32 (classes,)
        What the score is made of: 1 at the class and 0 elsewhere; −1 at the class to tell it from.
    """

    layer: str
    activations: FloatArray
    gradients: FloatArray
    logits: FloatArray
    mixture: FloatArray

    @property
    def score(self) -> float:
        """The mixture of logits: Σ mixture · logits."""
        return float(self.logits.astype(np.float64) @ self.mixture)


def class_gradients(
    network: Network,
    image: Picture,
    target_class: int | None = None,
    *,
    against: int | None = None,
    layer: str | None = None,
) -> ClassGradients:
    """Run a picture forward to the logits, and one score backward to a layer.

    The score is a logit, never a probability: a probability near 1 has derivatives near 0.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    target_class : int, optional
        Index of a class; the most probable one by default. See `class_scores.one_class`.
    against : int, optional
        Another class, whose logit is subtracted: what speaks for the one rather than the other
        (Prabhushankar, Kwon, Temel and AlRegib, *Contrastive Explanations in Neural Networks*,
        2020).
    layer : str, optional
        One of `target_layers`; the last one by default.

    Raises
    ------
    ValueError
        If the network has no classifier, there is no such class or layer, or `image` is no picture.
    """
    cut = cut_at(network, layer)
    mixture = _mixture(network, target_class, against)
    batch = network.preprocess(image)
    found = cut.gradients(batch, mixture, target_class is None)
    activations, logits, mixture, gradients = (np.asarray(tensor, np.float32) for tensor in found)
    if not mixture.any():
        raise ValueError(
            f"against must be another class than the one to explain, but both are {against}."
        )
    return ClassGradients(cut.layer, activations[0], gradients[0], logits, mixture)


def target_layers(network: Network) -> tuple[str, ...]:
    """Return the layers whose maps can explain a class, from the input to the output.

    Each is the end of a convolution's step: the convolution itself, or the normalisation and the
    activation function that follow it. Layers of a single position are left out where there are
    others. Empty without a classifier.
    """
    if network.logits is None:
        return ()
    operations = _logit_model(network).operations
    ends = [
        _end_of_step(operation, operations)
        for operation in operations
        if type(operation).__name__ in CONVOLUTIONS
    ]
    spatial = [name for name in ends if network.layer(name).is_spatial]
    return tuple(dict.fromkeys(spatial or ends))


def cut_at(network: Network, layer: str | None = None) -> Cut:
    """Return the traced calls of a network cut at a layer, kept for the next time.

    Parameters
    ----------
    layer : str, optional
        Any layer with maps that leads to the logits; the last of `target_layers` by default.

    Raises
    ------
    ValueError
        If the network has no classifier, or there is no such layer.
    """
    num_classes(network)
    with _LOCK:
        cuts = _cuts_of(network)
    return cuts(layer)


def batch_size(activations: Any) -> int:
    """Return how many tampered copies of a layer's output (1, h, w, C) to run at a time."""
    return int(np.clip(_BATCH_NUMBERS // np.prod(activations.shape), 1, _MAX_BATCH))


def _mixture(network: Network, target_class: int | None, against: int | None) -> FloatArray:
    # Without a target only what is subtracted: the top class is added where it is known.
    mixture = np.zeros(network.logits.shape[-1], np.float32)
    if target_class is not None:
        mixture += one_class(network, target_class)
    # With a single output, what speaks for one class already is what speaks against the other.
    if against is not None and (one_class(network, against).size > 1 or target_class == against):
        mixture -= one_class(network, against)
    return mixture


_LOCK = Lock()


@lru_cache(maxsize=_MAX_NETWORKS)
def _cuts_of(network: Network) -> Callable[[str | None], Cut]:
    lock = Lock()
    kept = lru_cache(maxsize=_MAX_LAYERS)(partial(_cut, network))

    def cut(layer: str | None) -> Cut:
        with lock:
            return kept(layer)

    return cut


def _cut(network: Network, layer: str | None) -> Cut:
    import keras
    import tensorflow as tf

    name = _default_layer(network) if layer is None else layer
    _require_maps(network, name)
    model = _logit_model(network)
    target = network.model.get_layer(name).output
    nodes, beside = _after(model, target, name)
    body = keras.Model(network.model.inputs, [target, *beside])
    head = partial(_run_nodes, nodes, [target, *beside], network.logits)
    batch = tf.TensorSpec((1, *network.input_size, network.model.input.shape[-1]), tf.float32)
    specs = [
        tf.TensorSpec(tensor.shape, tensor.dtype)
        for tensor in body.compute_output_spec(keras.KerasTensor(batch.shape))
    ]
    mixture = tf.TensorSpec((network.logits.shape[-1],), tf.float32)
    factors = tf.TensorSpec((None, target.shape[-1]), tf.float32)
    is_top = tf.TensorSpec((), tf.bool)
    return Cut(
        name,
        activations=_traced(partial(_outputs, body), batch),
        gradients=_traced(partial(_gradients, body, head), batch, mixture, is_top),
        head=_traced(partial(_tampered, head), specs, factors),
    )


def _default_layer(network: Network) -> str:
    names = target_layers(network)
    if not names:
        raise ValueError(
            f"network must have a convolutional layer, but {network.title!r} has none. "
            "Attributions to pixels need none."
        )
    return names[-1]


def _require_maps(network: Network, name: str) -> None:
    shape = network.layer(name).output_shape
    if len(shape) != 3:
        raise ValueError(
            f"layer must answer with maps (height, width, channels), but {name!r} answers with the "
            f"shape {shape}. Choose a convolutional layer."
        )


def _end_of_step(layer: Any, operations: Sequence[Any]) -> str:
    while True:
        following = [
            operation
            for operation in operations
            if any(tensor is layer.output for tensor in operation._inbound_nodes[0].input_tensors)
        ]
        if len(following) != 1 or type(following[0]).__name__ not in _ENDS_OF_A_STEP:
            return str(layer.name)
        (layer,) = following


def _logit_model(network: Network) -> Any:
    import keras

    return keras.Model(network.model.inputs, network.logits)


def _after(model: Any, target: Any, name: str) -> tuple[list[Any], list[Any]]:
    # The graph from a tensor on: its nodes in order, and what else they take. Keras could make a
    # model of it, but would add nodes to the layers that everybody shares.
    reached = {id(target)}
    beside: dict[int, Any] = {}
    nodes = []
    for operation in model.operations:
        node = operation._inbound_nodes[0]
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


def _run_nodes(
    nodes: Sequence[Any], places: Sequence[Any], end: Any, tensors: Sequence[Any]
) -> Any:
    import keras

    known = {id(place): tensor for place, tensor in zip(places, tensors, strict=True)}
    for node in nodes:
        args, kwargs = node.arguments.fill_in(known)
        if "training" in getattr(node.operation, "_call_context_args", ()):
            kwargs["training"] = False
        outputs = keras.tree.flatten(node.operation(*args, **kwargs))
        known.update(zip(map(id, node.outputs), outputs, strict=True))
    return known[id(end)]


def _gradients(
    body: Any, head: Callable[[Sequence[Any]], Any], batch: Any, mixture: Any, is_top: Any
) -> tuple[Any, Any, Any, Any]:
    # The tape sees nothing of the network before the layer: there is nothing to differentiate.
    import tensorflow as tf

    target, *beside = _outputs(body, batch)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(target)
        logits = head([target, *beside])[0]
        mixture += tf.where(is_top, _top(logits), tf.zeros_like(logits))
        score = tf.reduce_sum(tf.stop_gradient(mixture) * logits)
    gradients = tape.gradient(score, target, unconnected_gradients="zero")
    return target, logits, mixture, gradients


def _top(logits: Any) -> Any:
    import tensorflow as tf

    if logits.shape[0] == 1:
        return tf.where(logits < 0, -1.0, 1.0)
    return tf.one_hot(tf.argmax(logits), logits.shape[0])


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


def _traced(function: Callable[..., Any], *signature: Any) -> Callable[..., Any]:
    import tensorflow as tf

    traced: Callable[..., Any] = tf.function(function, input_signature=signature, autograph=False)
    return traced
