"""The activations of every layer of a network for one picture, and measures of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, as_feature_maps, require_choice
from cnnviz_core.images import ImageArray, as_picture
from cnnviz_core.inspection.linear_readout import r2_of_colors
from cnnviz_core.networks.network import Network

ChannelOrder = Literal["index", "mean", "maximum", "variance"]
CHANNEL_ORDERS: tuple[ChannelOrder, ...] = ("index", "mean", "maximum", "variance")

# A channel counts as dead below this share of the layer's largest value: float32's noise.
DEAD = 1e-6


@dataclass(frozen=True, slots=True)
class LayerMeasures:
    """The article's three conclusions, as numbers for one layer; all in 0..1.

    Attributes
    ----------
    name : str
        The layer.
    dead : float
        Share of channels that are zero everywhere for this picture; where they end in ReLU, how
        far below zero they were is not known.
    sparsity : float
        Share of values that are exactly zero (Glorot, Bordes and Bengio, *Deep Sparse Rectifier
        Neural Networks*, 2011).
    r2 : float
        Of the picture's colors, regressed on the layer's channels; see `r2_of_colors`.
    """

    name: str
    dead: float
    sparsity: float
    r2: float


def all_layers(network: Network, image: ImageArray) -> dict[str, FloatArray]:
    """Return the output of every layer, from one forward pass.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.

    Returns
    -------
    dict of str to float32 (H', W', C)
        By layer name, from the input to the output; read-only. A layer that gives a vector
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
        (1, 1, C) for a layer that gives a vector.

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
            dead=num_dead(values) / values.shape[2],
            sparsity=float(np.mean(values == 0)),
            r2=r2_of_colors(values, picture),
        )
        for name, values in maps.items()
    )


def num_dead(maps: FloatArray) -> int:
    """Count the channels that are zero everywhere, up to rounding.

    Examples
    --------
    >>> num_dead(np.float32([[[0, 1], [0, 2]]]))
    1
    """
    largest = np.abs(maps).max((0, 1))
    return int(np.count_nonzero(largest <= DEAD * largest.max()))


def _as_maps(output: npt.NDArray[np.float32]) -> FloatArray:
    maps = output[0] if output.ndim == 4 else output.reshape(1, 1, -1)
    maps = maps.astype(np.float32, copy=False)
    maps.flags.writeable = False
    return maps
