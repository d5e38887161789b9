"""What the pictures of an ascent are worth to the layer: objectives, and how alike they are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cnnviz_core.filter_ascent.parameterization import ImageKind
from cnnviz_core.filter_ascent.precision import Precision
from cnnviz_core.filter_ascent.truncated_network import (
    TruncatedNetwork,
    after_activation,
    before_activation,
    can_mix,
    convolved,
    inputs_of,
    target_activations,
)


@dataclass(frozen=True, slots=True)
class StepSignature:
    """What a traced step is traced for.

    Attributes
    ----------
    layer : str
    count, num_terms : int
        Pictures in the batch, and terms of the longest objective.
    size : (int, int)
    image : "fourier" or "pixels"
    is_after : bool
        Whether to measure after the activation function.
    needs_all : bool
        Whether objective or diversity ask for all channels of the layer.
    is_turned : bool
    precision : "float32" or "bfloat16"
    """

    layer: str
    count: int
    num_terms: int
    size: tuple[int, int]
    image: ImageKind
    is_after: bool
    needs_all: bool
    is_turned: bool
    precision: Precision


def measured(
    truncated: TruncatedNetwork,
    signature: StepSignature,
    images: Any,
    objective: dict[str, Any],
    settings: dict[str, Any],
) -> Any:
    """Return the objectives (N,) of pictures (N, H, W, 3) in 0..1."""
    maps = _maps(truncated, signature, images, objective)
    return _activations(truncated, signature, maps, objective, settings["negative_slope"])


def scores(
    truncated: TruncatedNetwork,
    signature: StepSignature,
    images: Any,
    objective: dict[str, Any],
    settings: dict[str, Any],
) -> tuple[Any, Any]:
    """Return the objectives (N,), and what to maximize: their sum, less what pictures share."""
    import tensorflow as tf

    maps = _maps(truncated, signature, images, objective)
    activations = _activations(truncated, signature, maps, objective, settings["negative_slope"])
    if not signature.needs_all:
        return activations, tf.reduce_sum(activations)
    shared = tf.reduce_sum(objective["alike"] * similarities(maps), 1)
    # In units of the objective itself, for it has another scale in every layer.
    size = tf.stop_gradient(tf.abs(activations))
    return activations, tf.reduce_sum(activations - settings["diversity"] * size * shared)


def _maps(
    truncated: TruncatedNetwork,
    signature: StepSignature,
    images: Any,
    objective: dict[str, Any],
) -> Any:
    import tensorflow as tf

    inputs = inputs_of(truncated, images, signature.precision)
    last = _last(truncated, signature, objective)
    maps = tf.cast(target_activations(truncated, inputs, signature.precision, last), tf.float32)
    return maps if len(maps.shape) == 4 else maps[:, tf.newaxis, tf.newaxis]


def _mixes(truncated: TruncatedNetwork, signature: StepSignature) -> bool:
    return can_mix(truncated) and not signature.needs_all and not signature.is_after


def _last(
    truncated: TruncatedNetwork, signature: StepSignature, objective: dict[str, Any]
) -> Callable[[Any, Any], Any]:
    """Return what to compute of the target layer: all of its channels, or what is asked for."""
    import tensorflow as tf

    if not _mixes(truncated, signature):
        return after_activation if signature.is_after else before_activation
    flat = tf.reshape(objective["channels"], (signature.count * signature.num_terms, -1))
    return lambda layer, given: convolved(layer, given, tf.transpose(flat))


def _activations(
    truncated: TruncatedNetwork,
    signature: StepSignature,
    maps: Any,
    objective: dict[str, Any],
    negative_slope: Any,
) -> Any:
    """Return the objectives (N,) of maps (N, H', W', C), as `_last` has them computed."""
    import tensorflow as tf

    count, height, width = maps.shape[:3]
    if _mixes(truncated, signature):
        mixed = tf.reshape(maps, (count, height, width, count, signature.num_terms))
        # Of each picture, the terms of its own objective.
        own = tf.gather(mixed, tf.range(count), axis=3, batch_dims=1)
    else:
        own = tf.einsum("nhwc,nkc->nhwk", maps, objective["channels"])
    own = tf.maximum(own, 0) + negative_slope * tf.minimum(own, 0)
    found = tf.reduce_sum(own * _places(objective, height, width), (1, 2, 3))
    if signature.needs_all:
        found += objective["energy"] * tf.reduce_mean(maps**2, (1, 2, 3))
    return found


def _places(objective: dict[str, Any], height: int, width: int) -> Any:
    """Return the weight of every place for every term, (N, H', W', K): one place, or the mean."""
    import tensorflow as tf

    rows = tf.one_hot(objective["rows"], height)[..., tf.newaxis]
    columns = tf.one_hot(objective["columns"], width)[..., tf.newaxis, :]
    everywhere = objective["rows"][..., tf.newaxis, tf.newaxis] < 0
    places = tf.where(everywhere, 1 / (height * width), rows * columns)
    return tf.transpose(places, (0, 2, 3, 1))


def similarities(maps: Any) -> Any:
    """Return how alike the textures of each two pictures are, (N, N): cosines of Gram matrices.

    Olah, Mordvintsev and Schubert, *Feature Visualization* (2017), "Diversity"; the Gram matrix of
    channels as a measure of texture is of Gatys, Ecker and Bethge (2015).

    Parameters
    ----------
    maps : tensor (N, H', W', C)
    """
    import tensorflow as tf

    count, height, width, channels = maps.shape
    flat = tf.reshape(maps, (count, height * width, channels))
    grams = tf.reshape(tf.linalg.matmul(flat, flat, transpose_a=True), (count, channels**2))
    grams = tf.math.l2_normalize(grams, 1)
    return tf.linalg.matmul(grams, grams, transpose_b=True)
