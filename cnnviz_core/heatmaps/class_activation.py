"""Class activation maps from one pass forward and back: where in a layer the evidence lies.

Each method takes a layer's activations A (h, w, C) with the derivatives g = ∂y/∂A of a score y, and
returns what its paper weighs them with, float32: a number for each channel, (C,), or for each value
of each, (h, w, C). The map is their `weighted_sum`, before the paper's last ReLU, so that what
speaks against the class can be seen too. y is a logit, or the difference of two. Eigen-CAM, which
asks for no class, returns its map.
"""

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.heatmaps.class_gradients import ClassGradients
from cnnviz_core.inspection.layer_roles import PooledClassifier


def cam(found: ClassGradients, end: PooledClassifier) -> FloatArray:
    """Weigh each channel as the classifier weighs its mean: Σₖ wₖ Aₖ.

    Zhou, Khosla, Lapedriza, Oliva and Torralba, *Learning Deep Features for Discriminative
    Localization* (2016), equation 2. Its mean, plus the bias, is the score.

    Parameters
    ----------
    end : PooledClassifier
        Of the network that `found` is of.

    Raises
    ------
    ValueError
        If the layer is not the one that is averaged.
    """
    if end.layer != found.layer:
        raise ValueError(
            f"layer must be {end.layer!r}, whose means the classifier weighs, but came as "
            f"{found.layer!r}. Grad-CAM explains any layer."
        )
    return np.asarray(end.kernel @ found.logit_weights, np.float32)


def grad_cam(found: ClassGradients) -> FloatArray:
    """Weigh each channel with the mean of its derivatives: Σₖ mean(gₖ) Aₖ.

    Selvaraju, Cogswell, Das, Vedantam, Parikh and Batra, *Grad-CAM: Visual Explanations from Deep
    Networks via Gradient-based Localization* (2017), equations 1 and 2.
    """
    return np.asarray(found.gradients.mean((0, 1), dtype=np.float64), np.float32)


def grad_cam_plus_plus(found: ClassGradients) -> FloatArray:
    """Weigh each channel with its positive derivatives, each in a share of its own.

    Chattopadhay, Sarkar, Howlader and Balasubramanian, *Grad-CAM++: Improved Visual Explanations
    for Deep Convolutional Networks* (2018), equations 10, 11 and 19, for the score exp(y): there
    the shares are α = g² / (2g² + g³ ΣA) = 1 / (2 + g ΣA) where g is not 0, and the weights
    Σ α ReLU(exp(y) g). The factor exp(y), the same for all, is left out: it overflows.
    """
    slopes = np.maximum(found.gradients.astype(np.float64), 0)
    shares = 2 + slopes * found.activations.sum((0, 1), dtype=np.float64)
    # Zero only where activations are negative, of which the paper has none.
    alphas = np.divide(1, shares, out=np.zeros_like(shares), where=shares != 0)
    return np.asarray((alphas * slopes).sum((0, 1)), np.float32)


def xgrad_cam(found: ClassGradients) -> FloatArray:
    """Weigh each channel with its derivatives, averaged where the channel is active.

    Fu, Hu, Dong, Guo, Gao and Li, *Axiom-based Grad-CAM: Towards Accurate Visualization and
    Explanation of CNNs* (2020), equation 8: wₖ = Σ (Aₖ / ΣAₖ) gₖ. A channel that sums to 0 gets 0.
    """
    totals = found.activations.sum((0, 1), dtype=np.float64)
    products = (found.activations.astype(np.float64) * found.gradients).sum((0, 1))
    weights = np.divide(products, totals, out=np.zeros_like(totals), where=totals != 0)
    return np.asarray(weights, np.float32)


def layer_cam(found: ClassGradients) -> FloatArray:
    """Weigh each value with its own derivative where that is positive: Σₖ ReLU(gₖ) Aₖ.

    Jiang, Zhang, Hou, Cheng and Wei, *LayerCAM: Exploring Hierarchical Class Activation Maps for
    Localization* (2021), equations 5 and 6.
    """
    return np.maximum(found.gradients, 0)


def hires_cam(found: ClassGradients) -> FloatArray:
    """Weigh each value with its own derivative: Σₖ gₖ Aₖ.

    Draelos and Carin, *Use HiResCAM instead of Grad-CAM for Faithful Explanations of Convolutional
    Neural Networks* (2020), equation 5.
    """
    return found.gradients


def eigen_cam(found: ClassGradients) -> FloatArray:
    """Project each position's channels on their main direction; no class is asked.

    Muhammad and Yeasin, *Eigen-CAM: Class Activation Map using Principal Components* (2020),
    equations 4 and 5: with A = UΣVᵀ, positions by channels, the map is A V₁. Which of its two signs
    a direction has is arbitrary: here the map's sum is positive.
    """
    height, width, channels = found.activations.shape
    positions = found.activations.reshape(-1, channels).astype(np.float64)
    # The smaller of AᵀA and AAᵀ: V₁ from the one, U₁Σ₁ = A V₁ from the other.
    if channels <= len(positions):
        _, directions = np.linalg.eigh(positions.T @ positions)
        projected = positions @ directions[:, -1]
    else:
        squares, directions = np.linalg.eigh(positions @ positions.T)
        projected = directions[:, -1] * np.sqrt(max(squares[-1], 0.0))
    signed = -projected if projected.sum() < 0 else projected
    return np.asarray(signed, np.float32).reshape(height, width)


def weighted_sum(activations: FloatArray, weights: FloatArray) -> FloatArray:
    """Add up a layer's channels, each times its weight, or each of its values times its own.

    Parameters
    ----------
    activations : float32 (h, w, C)
    weights : float32 (C,) or (h, w, C)

    Returns
    -------
    float32 (h, w)

    Examples
    --------
    >>> weighted_sum(np.float32([[[1, 2], [3, 4]]]), np.float32([10, 1]))
    array([[12., 34.]], dtype=float32)
    """
    if weights.ndim == 1:
        return np.asarray(activations @ weights, np.float32)
    return np.asarray(np.einsum("hwc,hwc->hw", activations, weights), np.float32)
