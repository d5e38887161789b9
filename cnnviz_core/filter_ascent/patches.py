"""The parts of real pictures that excite a filter most, and how its activations compare.

A picture made for a filter shows what the filter could look for; the patches that excite it most
show what it finds (Zeiler and Fergus, *Visualizing and Understanding Convolutional Networks*, 2014,
figure 2). As in the ascent, all values are those before the layer's activation function: they tell
a filter that is nearly excited from one that is not at all, and they go on where a ReLU6 stops.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import (
    ByteArray,
    FloatArray,
    as_feature_maps,
    require_choice,
    require_whole,
    split_channels,
)
from cnnviz_core.filter_ascent import truncated_network
from cnnviz_core.images import ImageArray, as_picture, stretch
from cnnviz_core.inspection.architecture import field_on_picture
from cnnviz_core.inspection.receptive_fields import Field, Span, fields
from cnnviz_core.networks.graph_nodes import predicting, run_model, truncated_model
from cnnviz_core.networks.network import Network

Measure = Literal["mean", "maximum"]
MEASURES: tuple[Measure, ...] = ("mean", "maximum")

# Of each picture, so that one picture with a fence does not fill all places.
PLACES = 3

# What lies outside the picture, where a network sees padding.
OUTSIDE = 128


@dataclass(frozen=True, slots=True, eq=False)
class ChannelActivations:
    """The activations of all channels of a layer by one picture; P places of each are kept.

    Attributes
    ----------
    maximum, mean : float32 (C,)
        Over all places. The mean is what `filter_ascent.measure` says of a channel.
    mean_above_zero : float32 (C,)
        The mean of max(y, 0).
    rows, columns : intp (P, C)
        Where each channel is largest, the strongest first. What the units at these places see does
        not overlap.
    values : float32 (P, C)
        The values there; −inf where no room is left for a further place.
    """

    maximum: FloatArray
    mean: FloatArray
    mean_above_zero: FloatArray
    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    values: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """The part of a picture that one unit sees.

    Attributes
    ----------
    picture : int
        Which of the pictures, from 0.
    row, column : int
        The unit's place in the feature map.
    value : float
        Its activation. Where the largest is not above 0, the filter is silent behind a ReLU.
    box : (top, left, bottom, right)
        What it sees, in whole pixels of the picture as it was given; as in a slice.
    crop : uint8 (h, w, 3)
        What it sees at the network's own resolution, where the picture is stretched to the
        network's input; the same size for all patches of a layer. Gray where the field reaches over
        the picture's edge. Along an axis on which the field is larger than the input, all of it.
    """

    picture: int
    row: int
    column: int
    value: float
    box: tuple[int, int, int, int]
    crop: ByteArray


@dataclass(frozen=True, slots=True)
class ExcitedFilter:
    """A channel that one picture excites unusually: its activation, the baseline, and the score.

    The baseline is the mean of its activations by other pictures.
    """

    channel: int
    activation: float
    baseline: float
    score: float


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
    above = np.maximum(maps, 0).mean((0, 1))
    return ChannelActivations(
        maximum=maps.max((0, 1)),
        mean=maps.mean((0, 1)),
        mean_above_zero=above,
        rows=rows,
        columns=columns,
        values=values,
    )


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


def top_patches(
    network: Network,
    layer: str,
    channel: int,
    pictures: Sequence[ImageArray],
    found: Sequence[ChannelActivations],
    *,
    count: int = 9,
) -> tuple[Patch, ...]:
    """Return the parts of several pictures that excite one channel most, the strongest first.

    Parameters
    ----------
    channel : int
        Of the layer, from 0.
    pictures : sequence of uint8 or float32 (H, W, 3)
        RGB, 0..255, of any sizes.
    found : sequence of ChannelActivations
        What `channel_activations` says of each of them.
    count : int
        At most so many.

    Returns
    -------
    tuple of Patch
        Fewer than `count` where the pictures have no more places.

    Raises
    ------
    ValueError
        If there is no such layer or channel, or `pictures` and `found` differ in number.
    """
    require_whole(count, "count", low=1)
    require_whole(channel, "channel", low=0, high=network.layer(layer).output_shape[-1] - 1)
    if len(pictures) != len(found):
        raise ValueError(
            f"found must hold the answers to {len(pictures)} pictures, one each, "
            f"but came with {len(found)}."
        )
    places = [
        (float(value), picture, int(row), int(column))
        for picture, one in enumerate(found)
        for value, row, column in zip(
            one.values[:, channel],
            one.rows[:, channel],
            one.columns[:, channel],
            strict=True,
        )
        if value > -np.inf
    ]
    top = sorted(places, key=lambda place: -place[0])[:count]
    return tuple(
        _patch(network, layer, pictures[picture], (picture, row, column), value)
        for value, picture, row, column in top
    )


def most_excited(
    chosen: ChannelActivations,
    others: Sequence[ChannelActivations],
    *,
    count: int = 9,
    measure: Measure = "mean",
) -> tuple[ExcitedFilter, ...]:
    """Return the channels that one picture excites more than others do.

    Some channels are loud for every picture, and would always win. So each is compared with itself:
    its score is (a − m) / (s + s₀), where a is its activation by the picture, m and s are the mean
    and the standard deviation of its activations by the others, and s₀ is the mean of s over the
    layer. Without s₀, channels that are hardly ever excited would win by noise (the same remedy as
    in Tusher, Tibshirani and Chu, *Significance Analysis of Microarrays*, 2001, equation 1).

    Parameters
    ----------
    chosen : ChannelActivations
        By the picture in question.
    others : sequence of ChannelActivations
        Of the same layer, by two other pictures or more.
    count : int
        At most so many, the highest score first.
    measure : "mean" or "maximum"
        Of a feature map: how much of the picture excites the channel, or how strongly one place.

    Raises
    ------
    ValueError
        If there are fewer than two others, or `measure` is neither.
    """
    require_whole(count, "count", low=1)
    require_choice(measure, "measure", MEASURES)
    if len(others) < 2:
        raise ValueError(
            f"others must be answers to two pictures or more, but came as {len(others)}: "
            "what is usual cannot be told from fewer."
        )
    found = np.asarray(getattr(chosen, measure), np.float64)
    of_others = np.stack([getattr(other, measure) for other in others]).astype(np.float64)
    spread, baselines = of_others.std(0), of_others.mean(0)
    scores = (found - baselines) / (spread + (spread.mean() or 1.0))
    return tuple(
        ExcitedFilter(int(one), float(found[one]), float(baselines[one]), float(scores[one]))
        for one in np.argsort(-scores, kind="stable")[:count]
    )


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


def _patch(
    network: Network, layer: str, image: ImageArray, place: tuple[int, int, int], value: float
) -> Patch:
    picture, row, column = place
    pixels = as_picture(image)
    part = field_on_picture(network, layer, row, column, pixels.shape[:2])
    top, left, bottom, right = part or (0, 0, *pixels.shape[:2])
    box = int(top), int(left), int(np.ceil(bottom)), int(np.ceil(right))
    seen = np.rint(stretch(pixels, network.input_size)).clip(0, 255).astype(np.uint8)
    crop = _cropped(seen, fields(network)[layer], row, column)
    return Patch(picture=picture, row=row, column=column, value=value, box=box, crop=crop)


def _cropped(seen: ByteArray, field: Field | None, row: int, column: int) -> ByteArray:
    if field is None:
        return seen
    top, bottom = _reach(field.rows, row, seen.shape[0])
    left, right = _reach(field.columns, column, seen.shape[1])
    crop = np.full((bottom - top, right - left, 3), OUTSIDE, np.uint8)
    inside = seen[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    down, across = max(-top, 0), max(-left, 0)
    crop[down : down + inside.shape[0], across : across + inside.shape[1]] = inside
    return crop


def _reach(span: Span, place: int, size: int) -> tuple[int, int]:
    if span.size >= size:
        return 0, size
    first = span.first + place * span.jump
    return first, first + span.size
