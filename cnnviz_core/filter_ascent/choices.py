"""What an ascent can be asked of a network: which layers, channels and places, at which sizes."""

import numpy as np

from cnnviz_core.filter_ascent.step import truncated_network_and_shape
from cnnviz_core.inspection import layer_roles
from cnnviz_core.networks.layer_types import layer_type
from cnnviz_core.networks.network import Network

SIZES = (64, 96, 128, 160, 192, 224, 256)


def filter_layers(network: Network) -> tuple[str, ...]:
    """Return the layers whose filters can be asked what they like, from input to output.

    They are those that end a step and compute: pooling has the channels of the layer before it,
    and the last layer's are classes.
    """
    last = class_layer(network)
    names = tuple(
        name
        for name in layer_roles.main_layers(network)
        if name != last and not layer_type(network.layer(name).type).pools
    )
    return names or tuple(layer.name for layer in network.layers if layer.name != last)


def class_layer(network: Network) -> str | None:
    """Return the layer whose channels are classes; None if there is none, or a single score."""
    last = network.layers[-1]
    return None if network.logits is None or last.output_shape[-1] == 1 else last.name


def sizes(network: Network, layer: str) -> tuple[int, ...]:
    """Return the sides in pixels that pictures for a layer can have.

    A single one where layers behind the convolutions take the network's own input size alone.
    """
    if all(_takes(network, layer, side) for side in (SIZES[0], SIZES[-1])):
        return SIZES
    return (max(network.input_size),)


def fitted_size(side: int, proportions: tuple[int, int]) -> tuple[int, int]:
    """Return the height and width of a picture of these proportions whose longer side is `side`.

    Neither is below half of the smallest side on offer.

    Examples
    --------
    >>> fitted_size(128, (320, 400)), fitted_size(128, (100, 10))
    ((102, 128), (128, 32))
    """
    shrink = side / max(proportions)
    height, width = (max(SIZES[0] // 2, round(shrink * one)) for one in proportions)
    return height, width


def random_channels(count: int, num_channels: int, seed: int) -> tuple[int, ...]:
    """Return a handful of channels, in their order.

    Examples
    --------
    >>> random_channels(3, 64, seed=1) == random_channels(3, 64, seed=1)
    True
    """
    chosen = np.random.default_rng(seed).choice(num_channels, count, replace=False)
    return tuple(sorted(map(int, chosen)))


def _takes(network: Network, layer: str, side: int) -> bool:
    try:
        truncated_network_and_shape(network, layer, (side, side))
    except ValueError:
        return False
    return True
