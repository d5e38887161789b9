"""Layers in a row and the picture after each; LeNet; the article's figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, as_feature_maps, require_whole
from cnnviz_core.layers.activation import activate
from cnnviz_core.layers.article import FIGURES, ArticleFigure, HeadLayer, lenet, lenet_head
from cnnviz_core.layers.convolution import convolve
from cnnviz_core.layers.kernels import random_kernels
from cnnviz_core.layers.pooling import pool
from cnnviz_core.layers.specs import (
    Activation,
    Convolution,
    Layer,
    Pooling,
    Shape,
    StageShape,
    shapes,
)

__all__ = [
    "FIGURES",
    "Activation",
    "ArticleFigure",
    "Convolution",
    "HeadLayer",
    "Layer",
    "Pooling",
    "Shape",
    "Stage",
    "StageShape",
    "lenet",
    "lenet_head",
    "run",
    "shapes",
]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The picture after a layer.

    `values` is float32 (H', W', C); `num_parameters` counts the layer's weights and biases;
    `kernels`, float32 (size, size, in, out), is there for a convolution layer only.
    """

    name: str
    values: FloatArray
    num_parameters: int
    kernels: FloatArray | None

    @property
    def shape(self) -> Shape:
        """Height, width and channels of the values."""
        height, width, channels = self.values.shape
        return height, width, channels


def run(image: npt.ArrayLike, layers: Sequence[Layer], seed: int = 0) -> tuple[Stage, ...]:
    """Send a picture through layers, and keep what it looks like after each.

    Parameters
    ----------
    image : array_like (H, W, C)
        Any real dtype and range, 0..255 for a picture.
    layers : sequence of Convolution, Activation and Pooling
        May be empty.
    seed : int
        From 0. The first convolution layer has the kernels
        `random_kernels(size, num_filters, C, seed)`; each later one has a seed of its own, made
        from `seed` and how many convolution layers came before it. So adding or removing another
        kind of layer leaves the kernels alone. Biases are 0, as in an untrained layer.

    Returns
    -------
    tuple of Stage
        One more than layers: stage 0, "picture", is `image` itself as float32 (not a copy if it
        was), stage i what layer i, counted from 1, made of it.

    Raises
    ------
    ValueError
        As `shapes`, before anything is computed.

    Examples
    --------
    >>> dark, bright = run([[[-2.0], [3.0]]], [Activation("relu")])[1].values[0]
    >>> dark, bright
    (array([0.], dtype=float32), array([3.], dtype=float32))
    """
    maps = as_feature_maps(image, "image")
    seed = require_whole(seed, "seed", low=0)
    picture, *outlines = shapes(maps.shape, layers)
    stages = [Stage(picture.name, maps, picture.num_parameters, None)]
    num_convolutions = 0
    for layer, outline in zip(layers, outlines, strict=True):
        before, kernels = stages[-1].values, None
        match layer:
            case Convolution(num_filters, size, stride, padding, dilation):
                kernel_seed = _kernel_seed(seed, num_convolutions)
                kernels = random_kernels(size, num_filters, before.shape[2], kernel_seed)
                after = convolve(before, kernels, stride=stride, padding=padding, dilation=dilation)
                num_convolutions += 1
            case Activation(function, slope):
                after = activate(before, function, slope=slope)
            case Pooling(size, pool_stride, mode, pool_padding):
                after = pool(before, size, stride=pool_stride, mode=mode, padding=pool_padding)
        stages.append(Stage(outline.name, after, outline.num_parameters, kernels))
    return tuple(stages)


def _kernel_seed(seed: int, num_convolutions: int) -> int:
    """Return the seed of the convolution layer that has `num_convolutions` others before it."""
    if num_convolutions == 0:
        return seed
    # Not seed + 1: the next seed's first layer would repeat this seed's second.
    sequence = np.random.SeedSequence(seed, spawn_key=(num_convolutions,))
    return int(sequence.generate_state(1)[0])
