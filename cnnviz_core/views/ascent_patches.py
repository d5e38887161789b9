"""What real pictures excite the filters, beside the pictures that were made for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from cnnviz_core import images
from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import montage
from cnnviz_core.drawing.encoding import encode_png
from cnnviz_core.filter_ascent import patches
from cnnviz_core.filter_ascent.patches import ChannelActivations, Patch
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views.ascent_jobs import AscentJob, own_activations
from cnnviz_core.views.ascent_store import AscentHistory
from cnnviz_core.views.sharing import Picture, sample_picture, shared

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
    channel : int
        From 0.
    index : int
        Of the picture made for it; of several, the one that excites it most.
    patches : tuple of ShownPatch
        The strongest first.
    own, chosen, best : ActivationBar
        By the picture made for it, by the one that the visitor has chosen, and by that of the
        others which excites it most. One scale for the three.
    """

    channel: int
    index: int
    patches: tuple[ShownPatch, ...]
    own: ActivationBar
    chosen: ActivationBar
    best: ActivationBar


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """How many pieces of the comparison are done, and what came of it once all are."""

    done: int
    total: int
    rows: tuple[FilterActivations, ...]


def real_pictures(chosen: Picture) -> tuple[Picture, ...]:
    """Return the chosen picture, then all samples that are others."""
    names = [name for name in images.sample_names() if name != chosen.key]
    return chosen, *map(sample_picture, names)


@shared(MAX_ACTIVATIONS)
def layer_activations(
    network: Network, layer: str, picture: Picture, after_activation: bool = False
) -> ChannelActivations:
    """Return the activations of all filters of a layer by a picture."""
    return patches.channel_activations(
        network, layer, picture.pixels, after_activation=after_activation
    )


def excited_channels(network: Network, layer: str, chosen: Picture, count: int) -> tuple[int, ...]:
    """Return the filters that a picture excites more than others do, the most excited first.

    Runs the network once for each sample, unless it has done so before.
    """
    first, *others = (layer_activations(network, layer, one) for one in real_pictures(chosen))
    return tuple(one.channel for one in patches.most_excited(first, others, count=count))


def comparison(ascent: AscentJob, state: AscentHistory, chosen: Picture) -> Job[Comparison]:
    """Return the work of comparing an ascent with real pictures; not for a whole layer."""
    begin = partial(_compare, ascent, state, chosen)
    return Job(begin, name=f"real patches for {ascent.question.layer} of {ascent.network.key}")


def _compare(ascent: AscentJob, state: AscentHistory, chosen: Picture) -> Iterator[Comparison]:
    network, layer = ascent.network, ascent.question.layer
    is_after = ascent.question.settings.after_activation
    pictures = real_pictures(chosen)
    total = len(pictures) + 1
    found: list[ChannelActivations] = []
    for picture in pictures:
        yield Comparison(len(found), total, ())
        found.append(layer_activations(network, layer, picture, is_after))
    own: list[FloatArray] = []
    for part in own_activations(ascent, state):
        own.append(part)
        yield Comparison(len(found), total, ())
    of_each = np.concatenate(own).reshape(-1, ascent.question.copies)
    rows = tuple(
        _row(ascent, channel, number, of_each[number], pictures, found)
        for number, channel in enumerate(ascent.question.channels)
    )
    yield Comparison(total, total, rows)


def _row(
    ascent: AscentJob,
    channel: int,
    number: int,
    own: FloatArray,
    pictures: Sequence[Picture],
    found: Sequence[ChannelActivations],
) -> FilterActivations:
    copy = int(own.argmax())
    negative_slope = ascent.question.settings.negative_slope
    means = [float(patches.objective_means(one, negative_slope)[channel]) for one in found]
    best = 1 + int(np.argmax(means[1:]))
    values = (float(own[copy]), means[0], means[best])
    own_bar, chosen_bar, best_bar = _bars(
        values, (None, _sample(pictures[0]), _sample(pictures[best]))
    )
    shown = patches.top_patches(
        ascent.network,
        ascent.question.layer,
        channel,
        [one.pixels for one in pictures],
        found,
        count=NUM_PATCHES,
    )
    return FilterActivations(
        channel=channel,
        index=number * ascent.question.copies + copy,
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


def _sample(picture: Picture) -> str | None:
    return picture.key if picture.key in images.sample_names() else None


def _shown(patch: Patch, picture: Picture) -> ShownPatch:
    return ShownPatch(encode_png(_fitted(patch.crop)), _sample(picture), patch.value)


def _fitted(crop: ByteArray) -> ByteArray:
    side = max(crop.shape[:2])
    if side < PATCH_PIXELS:
        return montage.enlarge(crop, -(-PATCH_PIXELS // side))
    return images.fit(crop, PATCH_PIXELS)
