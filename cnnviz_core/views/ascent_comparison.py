"""What filters answer to real pictures and to those made for them, side by side.

Workers compare, too, so nothing is cached here but what belongs to a network.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz_core import images
from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import montage
from cnnviz_core.drawing.encoding import encode_png
from cnnviz_core.filter_ascent import batches, patches
from cnnviz_core.filter_ascent.channel_activations import (
    ChannelActivations,
    channel_activations,
    objective_means,
)
from cnnviz_core.filter_ascent.patches import Patch
from cnnviz_core.networks import Network
from cnnviz_core.networks.traced_functions import kept_with_network
from cnnviz_core.views.ascent_store import AscentQuestion

# A sample by its name, or the pixels of a visitor's own picture.
RealPicture = str | ByteArray

# The activations of one layer by one picture take about 80 bytes a channel.
MAX_ACTIVATIONS = 256

NUM_PATCHES = 6

# Small patches are enlarged to this side at least, large ones reduced; pixels may be the point.
PATCH_PIXELS = 96


@dataclass(frozen=True, slots=True, eq=False)
class ShownPatch:
    """A part of a real picture as PNG, a sample's name (None: the visitor's), and the value."""

    data: bytes
    sample: str | None
    value: float


@dataclass(frozen=True, slots=True)
class ActivationBar:
    """What the objective measures of a whole picture, and where its bar begins and ends.

    Both ends are 0..1 from the left.

    `zero` is where it begins, or ends where the activation is below zero. `sample` is the name of a
    sample; None for the visitor's own picture, or the one made for the filter.
    """

    sample: str | None
    value: float
    start: float
    end: float
    zero: float


@dataclass(frozen=True, slots=True, eq=False)
class FilterActivations:
    """What excites one filter.

    Attributes
    ----------
    index : int
        Of the picture made for it; of several, the one that excites it most.
    patches : tuple of ShownPatch
        The strongest first.
    own, chosen, best : ActivationBar
        By the picture made for it, by the one that the visitor has chosen, and by that of the
        others which excites it most. One scale for the three.
    """

    index: int
    patches: tuple[ShownPatch, ...]
    own: ActivationBar
    chosen: ActivationBar
    best: ActivationBar


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """How many pieces of the comparison are done, and what came of it once all are.

    `own` is what the objectives measure of the pictures that were made, as they are: float32 (N,).
    """

    done: int
    total: int
    rows: tuple[FilterActivations, ...] = ()
    own: FloatArray | None = None


def real_activations(
    network: Network, layer: str, picture: RealPicture, after_activation: bool
) -> ChannelActivations:
    """Return the activations of all filters of a layer by a picture; those of samples are kept."""
    if isinstance(picture, str):
        return _by_sample(network, layer, picture, after_activation)
    return channel_activations(network, layer, picture, after_activation=after_activation)


@kept_with_network(MAX_ACTIVATIONS)
def _by_sample(
    network: Network, layer: str, name: str, after_activation: bool
) -> ChannelActivations:
    pixels = images.sample(name)
    return channel_activations(network, layer, pixels, after_activation=after_activation)


def compare_states(
    network: Network,
    question: AscentQuestion,
    made: FloatArray,
    pictures: Sequence[RealPicture],
    own: FloatArray | None,
) -> Iterator[Comparison]:
    """Compare the pictures of an ascent with real ones; not for a whole layer.

    Parameters
    ----------
    made : float32 (N, H, W, 3)
        The pictures of the ascent.
    pictures : sequence of str or uint8 (H, W, 3)
        The one that the visitor has chosen first.
    own : float32 (N,), or None
        What the objectives measure of the pictures that were made, if it is known. During the
        ascent they are shifted at random before each measurement, and on some processors computed
        in fewer digits: hence another number, which may be lower or higher.

    Yields
    ------
    Comparison
        After every piece; the last one has the rows.
    """
    total = len(pictures) + 1
    found: list[ChannelActivations] = []
    for picture in pictures:
        yield Comparison(len(found), total)
        is_after = question.settings.after_activation
        found.append(real_activations(network, question.layer, picture, is_after))
    if own is None:
        parts = []
        for part in _measured(network, question, made):
            parts.append(part)
            yield Comparison(len(found), total)
        own = np.concatenate(parts)
    of_each = own.reshape(-1, question.copies)
    rows = tuple(
        _row(network, question, number, of_each[number], pictures, found)
        for number in range(len(question.channels))
    )
    yield Comparison(total, total, rows, own)


def _measured(network: Network, question: AscentQuestion, made: FloatArray) -> Iterator[FloatArray]:
    return batches.measure_in_batches(
        network,
        question.layer,
        question.objectives,
        made,
        negative_slope=question.settings.negative_slope,
        after_activation=question.settings.after_activation,
    )


def _row(
    network: Network,
    question: AscentQuestion,
    number: int,
    own: FloatArray,
    pictures: Sequence[RealPicture],
    found: Sequence[ChannelActivations],
) -> FilterActivations:
    channel, copy = question.channels[number], int(own.argmax())
    negative_slope = question.settings.negative_slope
    means = [float(objective_means(one, negative_slope)[channel]) for one in found]
    best = 1 + int(np.argmax(means[1:]))
    values = (float(own[copy]), means[0], means[best])
    own_bar, chosen_bar, best_bar = _bars(
        values, (None, _sample(pictures[0]), _sample(pictures[best]))
    )
    shown = patches.top_patches(
        network,
        question.layer,
        channel,
        list(map(_pixels, pictures)),
        found,
        count=NUM_PATCHES,
    )
    return FilterActivations(
        index=number * question.copies + copy,
        patches=tuple(_shown(one, pictures[one.picture]) for one in shown),
        own=own_bar,
        chosen=chosen_bar,
        best=best_bar,
    )


def _bars(values: Sequence[float], samples: Sequence[str | None]) -> tuple[ActivationBar, ...]:
    low, high = min(0.0, *values), max(0.0, *values)
    size = high - low or 1.0
    return tuple(
        ActivationBar(
            sample, value, (min(value, 0) - low) / size, (max(value, 0) - low) / size, -low / size
        )
        for value, sample in zip(values, samples, strict=True)
    )


def _sample(picture: RealPicture) -> str | None:
    return picture if isinstance(picture, str) else None


def _pixels(picture: RealPicture) -> ByteArray:
    return images.sample(picture) if isinstance(picture, str) else picture


def _shown(patch: Patch, picture: RealPicture) -> ShownPatch:
    return ShownPatch(encode_png(_fitted(patch.crop)), _sample(picture), patch.value)


def _fitted(crop: ByteArray) -> ByteArray:
    side = max(crop.shape[:2])
    if side < PATCH_PIXELS:
        return montage.enlarge(crop, -(-PATCH_PIXELS // side))
    return images.fit(crop, PATCH_PIXELS)
