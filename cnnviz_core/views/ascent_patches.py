"""What real pictures excite the filters, beside the pictures that were made for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from cnnviz_core import images
from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import montage
from cnnviz_core.drawing.encoding import encode_png
from cnnviz_core.filter_ascent import patches as best_patches
from cnnviz_core.filter_ascent.patches import Answers, Patch
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views.ascent_jobs import AscentJob, own_answers
from cnnviz_core.views.ascent_store import AscentState
from cnnviz_core.views.sharing import Picture, sample_picture, shared

# The answers of one layer to one picture take about 80 bytes a channel.
MAX_ANSWERS = 256

NUM_PATCHES = 6

# Small patches are enlarged to this side at least, large ones reduced; pixels may be the point.
PATCH_PIXELS = 96


@dataclass(frozen=True, slots=True, eq=False)
class ShownPatch:
    """A part of a real picture as PNG, the sample's name (None: the visitor's), and the answer."""

    data: bytes
    sample: str | None
    value: float


@dataclass(frozen=True, slots=True)
class AnswerBar:
    """What the objective measures of a whole picture, and where its bar begins and ends.

    Both ends are 0..1 from the left.

    `zero` is where it begins, or ends where the answer is below zero. `sample` is the name of a
    sample; None for the visitor's own picture, or the one made for the filter.
    """

    sample: str | None
    value: float
    start: float
    end: float
    zero: float


@dataclass(frozen=True, slots=True, eq=False)
class FilterAnswers:
    """What excites one filter.

    Attributes
    ----------
    channel : int
        From 0.
    index : int
        Of the picture made for it; of several, the one that excites it most.
    patches : tuple of ShownPatch
        The strongest first.
    own, chosen, best : AnswerBar
        To the picture made for it, to the one that the visitor has chosen, and to that of the
        others which excites it most. One scale for the three.
    """

    channel: int
    index: int
    patches: tuple[ShownPatch, ...]
    own: AnswerBar
    chosen: AnswerBar
    best: AnswerBar


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """How many pieces of the comparison are done, and what came of it once all are."""

    done: int
    total: int
    rows: tuple[FilterAnswers, ...]


def real_pictures(chosen: Picture) -> tuple[Picture, ...]:
    """The chosen picture, then all samples that are others."""
    names = [name for name in images.sample_names() if name != chosen.key]
    return chosen, *map(sample_picture, names)


@shared(MAX_ANSWERS)
def layer_answers(
    network: Network, layer: str, picture: Picture, after_activation: bool = False
) -> Answers:
    """What all filters of a layer answer to a picture."""
    return best_patches.answers(network, layer, picture.pixels, after_activation=after_activation)


def excited_channels(network: Network, layer: str, chosen: Picture, count: int) -> tuple[int, ...]:
    """The filters that answer more to a picture than they usually do, the most excited first.

    Runs the network once for each sample, unless it has done so before.
    """
    first, *others = (layer_answers(network, layer, one) for one in real_pictures(chosen))
    return tuple(one.channel for one in best_patches.most_excited(first, others, count=count))


def comparison(ascent: AscentJob, state: AscentState, chosen: Picture) -> Job[Comparison]:
    """Compare the pictures of a climb with real ones; not for a whole layer."""
    return Job(partial(_compare, ascent, state, chosen))


def _compare(ascent: AscentJob, state: AscentState, chosen: Picture) -> Iterator[Comparison]:
    network, layer = ascent.network, ascent.question.layer
    is_after = ascent.question.settings.after_activation
    pictures = real_pictures(chosen)
    total = len(pictures) + 1
    found: list[Answers] = []
    for picture in pictures:
        yield Comparison(len(found), total, ())
        found.append(layer_answers(network, layer, picture, is_after))
    own: list[FloatArray] = []
    for part in own_answers(ascent, state):
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
    found: Sequence[Answers],
) -> FilterAnswers:
    copy = int(own.argmax())
    negative_slope = ascent.question.settings.negative_slope
    means = [float(best_patches.objective_means(one, negative_slope)[channel]) for one in found]
    best = 1 + int(np.argmax(means[1:]))
    values = (float(own[copy]), means[0], means[best])
    own_bar, chosen_bar, best_bar = _bars(
        values, (None, _sample(pictures[0]), _sample(pictures[best]))
    )
    patches = best_patches.best_patches(
        ascent.network,
        ascent.question.layer,
        channel,
        [one.pixels for one in pictures],
        found,
        count=NUM_PATCHES,
    )
    return FilterAnswers(
        channel=channel,
        index=number * ascent.question.copies + copy,
        patches=tuple(_shown(one, pictures[one.picture]) for one in patches),
        own=own_bar,
        chosen=chosen_bar,
        best=best_bar,
    )


def _bars(values: Sequence[float], samples: Sequence[str | None]) -> tuple[AnswerBar, ...]:
    low, high = min(0.0, *values), max(0.0, *values)
    size = high - low or 1.0
    return tuple(
        AnswerBar(
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
