"""A score of classes, run backward to the maps of a layer."""

from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.heatmaps.class_scores import one_class
from cnnviz_core.heatmaps.layer_gradients import has_layer_gradients, layer_gradients
from cnnviz_core.heatmaps.split_network import split_at
from cnnviz_core.images import ImageArray
from cnnviz_core.inspection.predictions import require_classifier, require_finite
from cnnviz_core.networks.network import Network


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
    logit_weights : float32 (classes,)
        What the score is made of: 1 at the class and 0 elsewhere; −1 at the class to tell it from.
    """

    layer: str
    activations: FloatArray
    gradients: FloatArray
    logits: FloatArray
    logit_weights: FloatArray

    @property
    def score(self) -> float:
        """Return the weighted sum of logits: Σ logit_weights · logits."""
        return float(self.logits.astype(np.float64) @ self.logit_weights)


def class_gradients(
    network: Network,
    image: ImageArray,
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
        One of `layer_roles.target_layers`; the last one by default.

    Raises
    ------
    ValueError
        If the network has no classifier, there is no such class or layer, or `image` is no picture.
    """
    require_classifier(network)
    asked = score_weights(network, target_class, against), target_class is None
    if layer is not None and has_layer_gradients(network, layer):
        found = _of_all_layers(network, image, layer, *asked)
    else:
        found = _of_one_layer(network, image, layer, *asked)
    require_finite(network, found.logits)
    _require_something(found.logit_weights, against)
    return found


def _of_all_layers(
    network: Network, image: ImageArray, layer: str, logit_weights: FloatArray, is_top: bool
) -> ClassGradients:
    found = layer_gradients(network, network.preprocess(image), logit_weights, is_top)
    return ClassGradients(
        layer,
        found.activations[layer],
        found.gradients[layer],
        found.logits,
        found.logit_weights,
    )


def _of_one_layer(
    network: Network, image: ImageArray, layer: str | None, logit_weights: FloatArray, is_top: bool
) -> ClassGradients:
    split = split_at(network, layer)
    activations, logits, logit_weights, gradients = (
        np.asarray(tensor, np.float32)
        for tensor in split.gradients(network.preprocess(image), logit_weights, is_top)
    )
    return ClassGradients(split.layer, activations[0], gradients[0], logits, logit_weights)


def score_weights(
    network: Network, target_class: int | None, against: int | None = None
) -> FloatArray:
    """Return what makes a score of the logits: for a class, and against another one.

    Returns
    -------
    float32 (classes,)
        Without `target_class` only what is subtracted.

    Raises
    ------
    ValueError
        If the network has no classifier, there is no such class, or both are the same.
    """
    logit_weights = np.zeros(require_classifier(network), np.float32)[: network.logits.shape[-1]]
    if target_class is not None:
        logit_weights += one_class(network, target_class)
    # With a single output, what speaks for one class already is what speaks against the other.
    if against is not None and (logit_weights.size > 1 or target_class == against):
        logit_weights -= one_class(network, against)
    if target_class is not None:
        _require_something(logit_weights, against)
    return logit_weights


def _require_something(logit_weights: FloatArray, against: int | None) -> None:
    if not logit_weights.any():
        raise ValueError(
            f"against must be another class than the one to explain, but both are {against}."
        )
