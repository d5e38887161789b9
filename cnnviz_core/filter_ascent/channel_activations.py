"""How strongly real pictures excite the channels of a layer, and where.

As in the ascent, all values are those before the layer's activation function: they tell a filter
that is nearly excited from one that is not at all, and they go on where a ReLU6 stops.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, as_feature_maps, require_whole, split_channels
from cnnviz_core.filter_ascent import truncated_network
from cnnviz_core.images import ImageArray
from cnnviz_core.inspection.receptive_fields import Span, fields
from cnnviz_core.networks.graph_nodes import predicting, run_model, truncated_model
from cnnviz_core.networks.network import Network

# Of each picture, so that one picture with a fence does not fill all places.
PLACES = 3


@dataclass(frozen=True, slots=True, eq=False)
class ChannelActivations:
    """The activations of all channels of a layer by one picture; P places of each are kept.

    Attributes
    ----------
    mean : float32 (C,)
        Over all places: what `ascent.measure` says of a channel.
    mean_above_zero : float32 (C,)
        The mean of max(y, 0).
    rows, columns : intp (P, C)
        Where each channel is largest, the strongest first. What the units at these places see does
        not overlap.
    values : float32 (P, C)
        The values there; −inf where no room is left for a further place.
    """

    mean: FloatArray
    mean_above_zero: FloatArray
    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    values: FloatArray


def channel_activations(
    network: Network,
    layer: str,
    image: ImageArray,
    *,
    places: int = PLACES,
    after_activation: bool = False,
) -> ChannelActivations:
    """Return the activations of all channels of a layer by one picture, in one forward pass.

    Parameters
    ----------
    layer : str
        The name of one of `network.layers`.
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    places : int
        How many places of each channel to keep, at least 1.
    after_activation : bool
        Whether to ask behind the layer's activation function, as in `AscentSettings`.

    Raises
    ------
    ValueError
        If there is no such layer, `image` is no picture, or `places` is below 1.
    """
    require_whole(places, "places", low=1)
    network.layer(layer)
    last = (
        truncated_network.after_activation
        if after_activation
        else truncated_network.before_activation
    )
    maps = _maps(network, layer, image, last)
    rows, columns, values = strongest_places(maps, places, apart=_apart(network, layer))
    mean_above_zero = np.maximum(maps, 0).mean((0, 1))
    return ChannelActivations(maps.mean((0, 1)), mean_above_zero, rows, columns, values)


def objective_means(found: ChannelActivations, negative_slope: float) -> FloatArray:
    """Return what an ascent measures of each channel: the mean of max(y, `negative_slope` · y).

    Parameters
    ----------
    negative_slope : float
        0..1. As in `AscentSettings`.

    Returns
    -------
    float32 (C,)
    """
    share = np.float32(negative_slope)
    # The values below zero have the mean that is missing from those above to all.
    return (1 - share) * found.mean_above_zero + share * found.mean


def strongest_places(
    maps: FloatArray, places: int, *, apart: tuple[int, int] = (1, 1)
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], FloatArray]:
    """Return where each channel is largest, place by place, keeping them apart.

    Parameters
    ----------
    maps : float32 (H, W, C)
    places : int
        At least 1.
    apart : (int, int)
        Two places differ by so many rows, or by so many columns, at least.

    Returns
    -------
    rows, columns, values : intp, intp and float32 (places, C)
        As in `ChannelActivations`. Of equal values, the first from the top and the left.

    Raises
    ------
    ValueError
        If `maps` are no feature maps.

    Examples
    --------
    >>> maps = np.float32([[[5], [4]], [[0], [3]]])
    >>> strongest_places(maps, 2, apart=(1, 2))[2].ravel().tolist()
    [5.0, 3.0]
    """
    left = split_channels(as_feature_maps(maps, "maps"))
    channels = np.arange(len(left))
    found = []
    for _ in range(places):
        rows, columns = np.divmod(left.reshape(len(left), -1).argmax(1), left.shape[2])
        found.append((rows, columns, left[channels, rows, columns]))
        for channel, row, column in zip(channels, rows, columns, strict=True):
            near = _around(row, apart[0]), _around(column, apart[1])
            left[(channel, *near)] = -np.inf
    rows, columns, values = (np.stack(part) for part in zip(*found, strict=True))
    return rows, columns, values


def excitation_scores(
    chosen: ChannelActivations, others: Sequence[ChannelActivations]
) -> npt.NDArray[np.float64]:
    """Return how much more one picture excites each channel than others do.

    Some channels are loud for every picture, and would always win. So each is compared with itself:
    its score is (a − m) / (s + s₀), where a is its mean activation by the picture, m and s are the
    mean and the standard deviation of those by the others, and s₀ is the mean of s over the layer.
    Without s₀, channels that are hardly ever excited would win by noise (the same remedy as in
    Tusher, Tibshirani and Chu, *Significance Analysis of Microarrays*, 2001, equation 1).

    Parameters
    ----------
    chosen : ChannelActivations
        By the picture in question.
    others : sequence of ChannelActivations
        Of the same layer, by two other pictures or more.

    Returns
    -------
    float64 (C,)

    Raises
    ------
    ValueError
        If there are fewer than two others.
    """
    if len(others) < 2:
        raise ValueError(
            f"others must be answers to two pictures or more, but came as {len(others)}: "
            "what is usual cannot be told from fewer."
        )
    of_others = np.stack([other.mean for other in others]).astype(np.float64)
    spread = of_others.std(0)
    return np.asarray((chosen.mean - of_others.mean(0)) / (spread + (spread.mean() or 1.0)))


def most_excited(
    chosen: ChannelActivations, others: Sequence[ChannelActivations], count: int
) -> tuple[int, ...]:
    """Return the `count` channels with the highest `excitation_scores`, the highest first."""
    order = np.argsort(-excitation_scores(chosen, others), kind="stable")
    return tuple(order[:count].tolist())


def _maps(
    network: Network, layer: str, image: ImageArray, last: Callable[[Any, Any], Any]
) -> FloatArray:
    # Only up to the layer: a shallow one takes a tenth of the whole network's time.
    import tensorflow as tf

    target = network.model.get_layer(layer)

    def calling(one: Any) -> Callable[..., Any]:
        return predicting(one) if one is not target else lambda inputs, **_: last(one, inputs)

    batch = tf.constant(network.preprocess(image))
    output = run_model(truncated_model(network.model, layer), batch, calling)
    maps: FloatArray = np.asarray(output, np.float32)[0]
    return maps if maps.ndim == 3 else maps[np.newaxis, np.newaxis]


def _apart(network: Network, layer: str) -> tuple[int, int]:
    # How many units further on the field begins where this one ends. Where each sees everything,
    # one place is enough: further ones would be as many as there are units.
    shape = network.layer(layer).output_shape
    height, width = shape[:2] if len(shape) == 3 else (1, 1)
    field = fields(network)[layer]
    if field is None:
        return height, width

    def units(span: Span, side: int) -> int:
        return -(-span.size // span.jump) if span.jump else side

    return units(field.rows, height), units(field.columns, width)


def _around(place: int, apart: int) -> slice:
    return slice(max(0, place - apart + 1), place + apart)
