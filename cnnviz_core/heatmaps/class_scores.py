"""Scores of classes for many pictures at once, and their derivatives by the network's input.

A score is a weighted sum of logits, so one traced function serves every class, and the difference
of two classes as well. Logits, because probabilities near 0 or 1 hardly move with the picture.
"""

from functools import partial
from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.images import ImageArray, stretch
from cnnviz_core.inspection.predictions import require_classifier, require_finite
from cnnviz_core.networks.network import Network
from cnnviz_core.networks.traced_functions import kept_with_network, traced

# As many networks as people compare side by side.
KEPT_NETWORKS = 4

# The values of all layers that one pass may hold: 256 MB in float32, most of which derivatives need
# until the end. Of EfficientNet-Lite0 this makes three pictures; more are hardly faster.
MAX_VALUES = 64 * 10**6
MAX_CHUNK = 16


def one_class(network: Network, index: int) -> FloatArray:
    """Return the logit weights that ask for the logit of one class.

    Parameters
    ----------
    index : int
        From 0. A single sigmoid output has two classes, of which it scores class 1; class 0 is
        explained by what lowers that score.

    Returns
    -------
    float32 (classes,)

    Raises
    ------
    ValueError
        If there is no such class, or no classifier.
    """
    count = require_classifier(network)
    require_whole(index, "index", low=0, high=count - 1)
    if network.logits.shape[-1] == 1:
        return np.array([2 * index - 1], np.float32)
    logit_weights = np.zeros(count, np.float32)
    logit_weights[index] = 1
    return logit_weights


def require_logit_weights(network: Network, logit_weights: FloatArray) -> FloatArray:
    """Return `logit_weights` as float32, once it is sure that it weighs the network's logits.

    Raises
    ------
    ValueError
        If there is no classifier, or `logit_weights` is not one finite number for each logit.
    """
    require_classifier(network)
    weights = np.asarray(logit_weights, np.float32)
    expected = (int(network.logits.shape[-1]),)
    if weights.shape != expected or not np.isfinite(weights).all():
        raise ValueError(
            f"logit_weights must be {expected[0]} finite numbers, one for each logit of "
            f"{network.title!r}, but came with the shape {weights.shape}. "
            "class_scores.one_class makes one."
        )
    return weights


def chunk_size(network: Network) -> int:
    """Return how many pictures go through the network together."""
    values = sum(int(np.prod(layer.output_shape)) for layer in network.layers)
    return min(max(MAX_VALUES // max(values, 1), 1), MAX_CHUNK)


def logits_of(network: Network, batch: FloatArray) -> FloatArray:
    """Return the logits of several pictures.

    Parameters
    ----------
    batch : float32 (N, h, w, C)
        Preprocessed. All go through the network together: see `chunk_size`.

    Returns
    -------
    float32 (N, logits)

    Raises
    ------
    ValueError
        If there is no classifier, or a logit is not finite.
    """
    require_classifier(network)
    logits = np.asarray(_traced_logits(network)(batch), np.float32)
    require_finite(network, logits)
    return logits


def input_gradients(
    network: Network, batch: FloatArray, logit_weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the scores of several pictures, and their derivatives by the network's input.

    Parameters
    ----------
    batch : float32 (N, h, w, C)
        Preprocessed. All go through the network together: see `chunk_size`.
    logit_weights : float32 (classes,)
        The score is the sum of the logits weighed with it.

    Returns
    -------
    scores : float32 (N,)
    gradients : float32 (N, h, w, C)
        Signed, per unit of the preprocessed input.

    Raises
    ------
    ValueError
        If there is no classifier, `logit_weights` does not fit, or a result is not finite.
    """
    weights = require_logit_weights(network, logit_weights)
    run = _traced_gradients(network)
    scores, gradients = (np.asarray(result, np.float32) for result in run(batch, weights))
    require_finite(network, scores, gradients)
    return scores, gradients


def at_picture_size(values: FloatArray, image: ImageArray) -> FloatArray:
    """Bring a map of the network's input, or of a layer, to the size of the picture.

    The centers of pixels are aligned: bilinear where the map grows, the mean of what falls together
    where it shrinks. It is the way back from what `preprocess` does.

    Parameters
    ----------
    values : float32 (h, w)
    image : (H, W, 3)
        Only its size counts.

    Returns
    -------
    float32 (H, W)
    """
    height, width = image.shape[:2]
    return stretch(values[..., np.newaxis], (height, width))[..., 0]


@kept_with_network(KEPT_NETWORKS)
def _traced_logits(network: Network) -> Any:
    return traced(partial(_logits_model(network), training=False), _batch_spec(network))


@kept_with_network(KEPT_NETWORKS)
def _traced_gradients(network: Network) -> Any:
    import tensorflow as tf

    spec = tf.TensorSpec((network.logits.shape[-1],), tf.float32)
    run = partial(_scores_and_gradients, _logits_model(network))
    return traced(run, _batch_spec(network), spec)


def _scores_and_gradients(model: Any, batch: Any, logit_weights: Any) -> tuple[Any, Any]:
    import tensorflow as tf

    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(batch)
        logits = tf.cast(model(batch, training=False), tf.float32)
        scores = tf.linalg.matvec(logits, logit_weights)
    zero = tf.UnconnectedGradients.ZERO
    return scores, tape.gradient(scores, batch, unconnected_gradients=zero)


def _logits_model(network: Network) -> Any:
    # A new way through the same graph: it shares the weights, and changes nothing.
    import keras

    return keras.Model(network.model.inputs, network.logits)


def _batch_spec(network: Network) -> Any:
    import tensorflow as tf

    return tf.TensorSpec((None, *network.input_size, network.model.input.shape[-1]), tf.float32)
