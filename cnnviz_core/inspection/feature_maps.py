"""What every layer of a network answers to one picture, and measures of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, as_feature_maps, require_choice
from cnnviz_core.images import ImageArray, as_picture
from cnnviz_core.networks.network import Network

ChannelOrder = Literal["index", "mean", "maximum", "variance"]
CHANNEL_ORDERS: tuple[ChannelOrder, ...] = ("index", "mean", "maximum", "variance")

# The side of the picture that `kept` is measured on. Small enough for all layers of a network in
# about a second, and still finer than the maps where pictures begin to blur.
MEASURED_SIDE = 64

# The squares of the chessboard that halves it: larger than what one position of a 7×7 map covers,
# so that the two halves don't see the same maps.
SQUARE = 16

# Ridge of the read-out, as a share of the mean variance of the channels. Deep layers have more
# channels than there are positions to learn from; without it they would learn the picture by heart.
RIDGE = 0.01

# A channel counts as blank below this share of the layer's largest value: float32's noise.
BLANK = 1e-6


@dataclass(frozen=True, slots=True)
class LayerMeasures:
    """The article's three conclusions, as numbers for one layer; all in 0..1.

    Attributes
    ----------
    name : str
        The layer.
    blank : float
        Share of channels that are zero everywhere for this picture; where they end in ReLU, how
        far below zero they were is not known.
    sparsity : float
        Share of values that are exactly zero (Glorot, Bordes and Bengio, *Deep Sparse Rectifier
        Neural Networks*, 2011).
    kept : float
        How much of the picture can be read out linearly; see `kept_share`.
    """

    name: str
    blank: float
    sparsity: float
    kept: float


def all_layers(network: Network, image: ImageArray) -> dict[str, FloatArray]:
    """Return the output of every layer, from one forward pass.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.

    Returns
    -------
    dict of str to float32 (H', W', C)
        By layer name, from the input to the output; read-only. A layer that answers with a vector
        gives (1, 1, C).

    Raises
    ------
    ValueError
        If `image` is no picture.
    """
    outputs = network.run_layers(network.preprocess(image))
    return {
        layer.name: _as_maps(np.asarray(output))
        for layer, output in zip(network.layers, outputs, strict=True)
    }


def feature_maps(network: Network, image: ImageArray, layer: str) -> FloatArray:
    """Return the output of the layer called `layer`.

    All layers are computed on the way: who wants several asks `all_layers` once.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    layer : str
        The name of one of `network.layers`.

    Returns
    -------
    float32 (H', W', C)
        (1, 1, C) for a layer that answers with a vector.

    Raises
    ------
    ValueError
        If there is no such layer, or `image` is no picture.
    """
    network.layer(layer)
    return all_layers(network, image)[layer].copy()


def channel_order(maps: FloatArray, order: ChannelOrder) -> npt.NDArray[np.intp]:
    """Return the channels' indices in the order asked for: by index, or the highest first.

    Parameters
    ----------
    maps : float32 (H, W, C)
    order : "index", "mean", "maximum" or "variance"
        What to sort by. Equal channels stay in the order of their indices.

    Returns
    -------
    intp (C,)

    Raises
    ------
    ValueError
        If `order` is none of these, or `maps` are no feature maps.

    Examples
    --------
    >>> channel_order(np.float32([[[1, 9, 4]]]), "maximum").tolist()
    [1, 2, 0]
    """
    require_choice(order, "order", CHANNEL_ORDERS)
    values = as_feature_maps(maps, "maps")
    match order:
        case "index":
            return np.arange(values.shape[2])
        case "mean":
            keys = values.mean((0, 1), dtype=np.float64)
        case "maximum":
            keys = values.max((0, 1)).astype(np.float64)
        case "variance":
            keys = values.var((0, 1), dtype=np.float64)
    return np.argsort(-keys, kind="stable")


def measure_layers(maps: Mapping[str, FloatArray], image: ImageArray) -> tuple[LayerMeasures, ...]:
    """Measure the article's three conclusions for each layer.

    Parameters
    ----------
    maps : mapping of str to float32 (H', W', C)
        From `all_layers`, or some of them.
    image : uint8 or float32 (H, W, 3)
        The picture that the layers answered to.

    Raises
    ------
    ValueError
        If `image` is no picture.
    """
    picture = as_picture(image)
    return tuple(
        LayerMeasures(
            name=name,
            blank=blank_share(values),
            sparsity=float(np.mean(values == 0)),
            kept=kept_share(values, picture),
        )
        for name, values in maps.items()
    )


def blank_share(maps: FloatArray) -> float:
    """Return the share of channels that are zero everywhere, up to rounding.

    Examples
    --------
    >>> blank_share(np.float32([[[0, 1], [0, 2]]]))
    0.5
    """
    largest = np.abs(maps).max((0, 1))
    return float(np.mean(largest <= BLANK * largest.max()))


def kept_share(maps: FloatArray, image: ImageArray) -> float:
    """Return how much of a picture can be read out of a layer's maps by one weighted sum.

    The picture and the maps are brought to 64×64 and halved like a chessboard of 16×16 squares. On
    one half, ridge regression finds the weighted sum of the channels that comes closest to red,
    green and blue at the same position; on the other half it must then guess them, and the other
    way round. The result is R² of the guesses: the share of the picture's variance that they get
    right. It asks what the layer still tells about the color at a place, and falls both where
    maps become coarse and where channels mean something else; like a linear probe (Alain and
    Bengio, *Understanding Intermediate Layers Using Linear Classifier Probes*, 2016). Where maps
    have few positions, there is little to learn from and the result is a lower bound: it does not
    say that the network has forgotten the rest.

    Parameters
    ----------
    maps : float32 (H', W', C)
    image : uint8 or float32 (H, W, 3)

    Returns
    -------
    float
        In 0..1: 0 where guessing is no better than the mean color. A picture of a single color
        has nothing to lose: 1.
    """
    target = _resampled(as_picture(image)).reshape(-1, 3).astype(np.float64)
    total = float(((target - target.mean(0)) ** 2).sum())
    if total <= 1e-6 * target.size:
        return 1.0
    features = _resampled(_reduced(maps)).reshape(MEASURED_SIDE**2, -1)
    rows, columns = np.indices((MEASURED_SIDE, MEASURED_SIDE)).reshape(2, -1) // SQUARE
    is_white = (rows + columns) % 2 == 0
    missed = sum(
        float(((target[~half] - _read_out(features, target, half)) ** 2).sum())
        for half in (is_white, ~is_white)
    )
    return min(1.0, max(0.0, 1.0 - missed / total))


def _read_out(
    features: FloatArray, target: npt.NDArray[np.float64], half: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """Learn `target` from `features` where `half` is true; guess it where it is not."""
    center, mean = features[half].mean(0), target[half].mean(0)
    known = features[half] - center
    gram = (known.T @ known).astype(np.float64)
    ridge = RIDGE * gram.trace() / len(gram)
    if ridge <= 0:
        return np.broadcast_to(mean, target[~half].shape)
    gram[np.diag_indices_from(gram)] += ridge
    weights = np.linalg.solve(gram, known.T @ (target[half] - mean))
    return np.asarray(mean + (features[~half] - center) @ weights)


def _as_maps(output: npt.NDArray[np.float32]) -> FloatArray:
    maps = output[0] if output.ndim == 4 else output.reshape(1, 1, -1)
    maps = maps.astype(np.float32, copy=False)
    maps.flags.writeable = False
    return maps


def _reduced(maps: FloatArray) -> FloatArray:
    # Of more channels than positions, so many weighted sums say as much as all of them: turn to
    # the principal axes of the positions, which span the same guesses with less work.
    height, width, channels = maps.shape
    positions = maps.reshape(-1, channels).astype(np.float64)
    if channels <= len(positions):
        return maps
    values, axes = np.linalg.eigh(positions @ positions.T)
    scaled = axes * np.sqrt(np.maximum(values, 0))
    return np.asarray(scaled, np.float32).reshape(height, width, -1)


def _resampled(maps: FloatArray) -> FloatArray:
    rows, columns = (_resampling(size) for size in maps.shape[:2])
    resampled = np.einsum("ri,ijc,sj->rsc", rows, maps, columns, optimize=True)
    return np.asarray(resampled, np.float32)


def _resampling(size: int) -> FloatArray:
    """Return the matrix (64, size) that brings an axis to 64 samples.

    A triangle as wide as the coarser of the two grids: linear interpolation where the axis grows,
    averaging where it shrinks.
    """
    scale = size / MEASURED_SIDE
    centers = (np.arange(MEASURED_SIDE) + 0.5) * scale - 0.5
    centers = np.clip(centers, 0, size - 1)
    distances = np.abs(centers[:, np.newaxis] - np.arange(size)) / max(scale, 1.0)
    triangle = np.maximum(0.0, 1.0 - distances)
    return np.asarray(triangle / triangle.sum(1, keepdims=True), np.float32)
