"""The parts of real pictures that excite a filter most.

A picture made for a filter shows what the filter could look for; the patches that excite it most
show what it finds (Zeiler and Fergus, *Visualizing and Understanding Convolutional Networks*, 2014,
figure 2).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import ByteArray, require_whole
from cnnviz_core.filter_ascent.channel_activations import ChannelActivations
from cnnviz_core.images import ImageArray, as_picture, stretch
from cnnviz_core.inspection.architecture import field_on_picture, pixel_box
from cnnviz_core.inspection.receptive_fields import Field, Span, fields
from cnnviz_core.networks.network import Network

# What lies outside the picture, where a network sees padding.
OUTSIDE = 128


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


def _patch(
    network: Network, layer: str, image: ImageArray, place: tuple[int, int, int], value: float
) -> Patch:
    picture, row, column = place
    pixels = as_picture(image)
    part = field_on_picture(network, layer, row, column, pixels.shape[:2])
    box = pixel_box(part or (0, 0, *pixels.shape[:2]))
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
