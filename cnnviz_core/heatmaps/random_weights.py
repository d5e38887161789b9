"""The same network with random weights: does a heatmap tell the two apart?

Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim, *Sanity Checks for Saliency Maps* (2018): a
map that stays the same has nothing to do with what was learned.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.images import sample
from cnnviz_core.networks.graph import network_from_graph
from cnnviz_core.networks.graph_nodes import predicting, run_model
from cnnviz_core.networks.network import Network
from cnnviz_core.networks.preprocessing import unchanged
from cnnviz_core.networks.traced_functions import kept_with_network

# A network of random weights takes as much memory as the trained one.
MAX_KEPT = 2

# Photographs that batch normalization is measured on.
PHOTOGRAPHS = ("cat", "astronaut", "coffee", "motorcycle")

# What Keras calls the weights that are drawn, and those that start at a number (a PReLU's slope at
# that of He et al., 2015). All others start at zero.
_KERNELS = ("kernel", "depthwise_kernel", "pointwise_kernel")
_STARTS = {"gamma": 1.0, "moving_variance": 1.0, "alpha": 0.25}

# Its numbers describe the pictures that a network takes: they stay.
_KEPT = "Normalization"


def randomized_layers(network: Network, down_to: str | None = None) -> tuple[str, ...]:
    """Return the names of the layers that get random weights, the last one first.

    Parameters
    ----------
    down_to : str, optional
        The lowest of them; by default, the first layer that has weights.

    Raises
    ------
    ValueError
        If there is no such layer, or it is one without weights to draw.

    Examples
    --------
    >>> from cnnviz_core.networks import load
    >>> randomized_layers(load("lenet-5"), "hidden1")
    ('digits', 'hidden2', 'hidden1')
    """
    names = [
        layer.name
        for layer in reversed(network.layers)
        if layer.num_parameters > 0 and layer.type != _KEPT
    ]
    if down_to is None:
        return tuple(names)
    network.layer(down_to)
    if down_to not in names:
        raise ValueError(
            f"down_to must be a layer with trained weights, but {down_to!r} has none. "
            "randomized_layers(network) names them all."
        )
    return tuple(names[: names.index(down_to) + 1])


def with_random_weights(network: Network, *, seed: int = 0, down_to: str | None = None) -> Network:
    """Return a copy of a network that has forgotten what it learned.

    Kernels are drawn from a Gaussian of the variance 2 / inputs, which keeps the strength of values
    through layers with ReLU (He, Zhang, Ren and Sun, *Delving Deep into Rectifiers*, 2015, equation
    10). Biases are zero. Batch normalizations of the randomized part get the mean and variance of
    four photographs at their place, without scale and shift: with those of the trained network,
    values would vanish or explode.

    Parameters
    ----------
    network : Network
        Stays as it is; the copy shares nothing with it but its preprocessing.
    seed : int
        From 0. A layer's weights don't depend on how many others get new ones.
    down_to : str, optional
        Only the layers from the last one down to this one forget; see `randomized_layers`. By
        default all do.

    Returns
    -------
    Network
        With a key of its own.

    Raises
    ------
    ValueError
        If there is no such layer, or it has no weights; or `seed` is no whole number from 0 on.
    """
    randomized_layers(network, down_to)
    require_whole(seed, "seed", low=0)
    copy = replace(
        _copied_network(network),
        key=f"{network.key}:random:{seed}:{down_to or ''}",
    )
    _forget(copy, network, seed, down_to)
    return copy


@kept_with_network(MAX_KEPT)
def forgetful_network(network: Network, down_to: str) -> Network:
    """Return `with_random_weights(network, down_to=down_to)`, the same one for all who ask."""
    return with_random_weights(network, down_to=down_to)


def forgetful_states(
    network: Network, depths: Sequence[str], *, seeds: Sequence[int]
) -> Iterator[tuple[int, str, Network]]:
    """Forget layer after layer from the top down, once for each seed: the cascade of the paper.

    Parameters
    ----------
    depths : sequence of str
        Down to which layers to forget; see `randomized_layers`.
    seeds : sequence of int
        From 0.

    Yields
    ------
    (int, str, Network)
        The seed, the lowest layer that has forgotten, and the network. It is the same object each
        time, so that nothing is traced twice: its weights change when the next one is taken.

    Raises
    ------
    ValueError
        As `with_random_weights`, before anything is copied.
    """
    for depth in depths:
        randomized_layers(network, depth)
    for seed in seeds:
        require_whole(seed, "seeds", low=0)
    copy = _copied_network(network)
    for seed in seeds:
        for depth in depths:
            _forget(copy, network, seed, depth)
            yield seed, depth, copy


def _copied_network(network: Network) -> Network:
    copy = network_from_graph(
        _copy(network.model),
        key=f"{network.key}:random",
        title=f"{network.title} (random weights)",
        scaling=unchanged,
        class_names=network.class_names,
        input_size=network.input_size,
    )
    return replace(copy, preprocess=network.preprocess)


def _forget(copy: Network, network: Network, seed: int, down_to: str | None) -> None:
    names = randomized_layers(network, down_to)
    for index, layer in enumerate(network.layers):
        mine = copy.model.get_layer(layer.name)
        if layer.name in names:
            mine.set_weights(_draw(mine, np.random.default_rng((seed, index))))
        else:
            mine.set_weights(network.model.get_layer(layer.name).get_weights())
    _measure_normalizations(copy.model, network, names)


def _copy(model: Any) -> Any:
    # The flat graph with layers of its own.
    import keras

    def copied(operation: Any) -> Any:
        is_layer = isinstance(operation, keras.layers.Layer)
        return type(operation).from_config(operation.get_config()) if is_layer else operation

    return keras.models.clone_model(model, clone_function=copied)


def _draw(layer: Any, random: np.random.Generator) -> list[FloatArray]:
    return [
        _gaussian(tuple(weight.shape), _inputs(layer, weight), random)
        if weight.name in _KERNELS
        else np.full(weight.shape, _STARTS.get(weight.name, 0.0), np.float32)
        for weight in layer.weights
    ]


def _gaussian(shape: tuple[int, ...], inputs: int, random: np.random.Generator) -> FloatArray:
    return random.standard_normal(shape, np.float32) * np.float32(np.sqrt(2 / inputs))


def _inputs(layer: Any, kernel: Any) -> int:
    """Return how many numbers a unit sums up."""
    kind, shape = type(layer).__name__, kernel.shape
    if kernel.name == "depthwise_kernel" or kind == "DepthwiseConv2D":
        return int(np.prod(shape[:2]))
    # Keras keeps the kernels of a transposed convolution as (kh, kw, out, in).
    return int(np.prod(shape) // shape[2 if kind == "Conv2DTranspose" else -1])


def _measure_normalizations(model: Any, network: Network, names: tuple[str, ...]) -> None:
    # One pass through the copy's graph. Each batch normalization sees values that those before it
    # have normalized already, notes their mean and variance, and normalizes with them.
    import tensorflow as tf

    def measuring(operation: Any) -> Callable[..., Any]:
        is_measured = type(operation).__name__ == "BatchNormalization" and operation.name in names
        return partial(_normalized, operation) if is_measured else predicting(operation)

    batch = np.concatenate([network.preprocess(sample(name)) for name in PHOTOGRAPHS])
    run_model(model, tf.constant(batch), measuring)


def _normalized(layer: Any, values: Any, **arguments: Any) -> Any:
    import tensorflow as tf

    axis = layer.axis % values.shape.rank
    others = [place for place in range(values.shape.rank) if place != axis]
    mean, variance = tf.nn.moments(values, others)
    layer.moving_mean.assign(mean)
    layer.moving_variance.assign(variance)
    return layer(values, **arguments)
