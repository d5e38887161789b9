"""An ascent of many pictures in batches, so small that no piece of the work takes long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest

import numpy as np

from cnnviz_core import low_memory
from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.filter_ascent.ascent import AscentState, ascend, measure, stretched_picture
from cnnviz_core.filter_ascent.objectives import Objective, as_objectives
from cnnviz_core.filter_ascent.settings import DEFAULT, AscentSettings
from cnnviz_core.images import ImageArray
from cnnviz_core.networks.network import Network

# Of all pictures of a batch. In VGG16 a step of so many takes about 0.1 s on two cores, and a
# picture takes as long in a small batch as in a large one; EfficientNet is fastest from here on.
BATCH_PIXELS = low_memory.bound(2**16, 2**14)

GRAY = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class AscentProgress:
    """How far an ascent has come.

    Attributes
    ----------
    share : float
        Of all the work, 0..1.
    images : float32 (N, H, W, 3)
        RGB in 0..1; some may be a step ahead of others. Those that have not begun are gray, or the
        picture that they are to begin with.
    activations : float32 (steps + 1, N)
        What the objectives measured before each step that all pictures have made, as in
        `filter_ascent.AscentState`; (0, N) until all have begun.
    states : tuple of AscentState
        The last one of each batch that has begun, without its pictures: what it takes to go on from
        here. None at the end.
    """

    share: float
    images: FloatArray
    activations: FloatArray
    states: tuple[AscentState, ...] = field(default=(), repr=False)

    @property
    def step(self) -> int:
        """Return how many steps all pictures have made."""
        return max(0, len(self.activations) - 1)


def filters_per_batch(count: int, copies: int, size: tuple[int, int]) -> int:
    """Return how many of `count` filters go into a batch: all are alike, and traced once.

    Examples
    --------
    >>> filters_per_batch(8, 1, (128, 128)), filters_per_batch(6, 1, (128, 128))
    (4, 3)
    >>> filters_per_batch(2, 4, (128, 128)), filters_per_batch(3, 1, (256, 256))
    (1, 1)
    """
    most = max(1, BATCH_PIXELS // (copies * size[0] * size[1]))
    return next(number for number in range(min(most, count), 0, -1) if count % number == 0)


def ascend_in_batches(
    network: Network,
    layer: str,
    filters: Sequence[int | Objective],
    *,
    copies: int = 1,
    steps: int,
    size: tuple[int, int],
    seed: int = 0,
    settings: AscentSettings = DEFAULT,
    picture: ImageArray | None = None,
    resume: AscentProgress | None = None,
) -> Iterator[AscentProgress]:
    """Ascend as `filter_ascent.ascend` does, but give the pictures after every step of a batch.

    Parameters
    ----------
    filters : sequence of int or Objective
        Of each, so many pictures:
    copies : int
        They stand side by side and go into one batch, so that `settings.diversity` drives them
        apart.
    size : (int, int)
        Height and width.
    picture : uint8 or float32 (H, W, 3), optional
        RGB, 0..255: begin here instead.
    resume : AscentProgress, optional
        Go on from here, all else being the same; each batch repeats its last step.

    Yields
    ------
    AscentProgress
        First what is there before any work is done; of what is resumed, first what comes next.

    Raises
    ------
    ValueError
        As `ascend`, at once.
    """
    batches = _batches(as_objectives(filters), copies, size)
    count = len(filters) * copies
    first = AscentProgress(
        0.0, first_pictures(picture, count, size), np.empty((0, count), np.float32)
    )
    before = first if resume is None else resume
    runs = [
        ascend(
            network,
            layer,
            batch,
            steps=steps - (0 if state is None else state.step),
            size=size,
            seed=seed,
            settings=settings,
            picture=picture,
            resume=state,
        )
        for batch, state in zip_longest(batches, before.states)
    ]
    following = _rounds(runs, before, steps)
    return chain([first], following) if resume is None else following


def first_pictures(picture: ImageArray | None, count: int, size: tuple[int, int]) -> FloatArray:
    """Return what there is before any work is done: gray, or the picture to begin with.

    Parameters
    ----------
    picture : uint8 or float32 (H, W, 3), or None
        RGB, 0..255.
    count : int
    size : (int, int)
        Height and width.

    Returns
    -------
    float32 (count, height, width, 3)
        In 0..1.
    """
    if picture is None:
        return np.full((count, *size, 3), GRAY, np.float32)
    return np.repeat(stretched_picture(picture, size)[np.newaxis], count, 0)


def measure_in_batches(
    network: Network,
    layer: str,
    filters: Sequence[int | Objective],
    images: FloatArray,
    *,
    negative_slope: float = 1.0,
    after_activation: bool = False,
) -> Iterator[FloatArray]:
    """Measure as `ascent.measure` does, batch by batch.

    Parameters
    ----------
    filters : sequence of int or Objective
        Each has the same number of pictures, side by side.
    images : float32 (N, H, W, 3)
    negative_slope, after_activation
        As in `measure`.

    Yields
    ------
    float32
        The activations of one batch after the other; N in all.
    """
    objectives = as_objectives(filters)
    batches = _batches(objectives, len(images) // len(objectives), images.shape[1:3])
    parts = np.split(images, len(batches))
    for batch, part in zip(batches, parts, strict=True):
        yield measure(
            network,
            layer,
            batch,
            part,
            negative_slope=negative_slope,
            after_activation=after_activation,
        )


def _batches(
    objectives: Sequence[Objective], copies: int, size: tuple[int, ...]
) -> list[list[Objective]]:
    require_whole(copies, "copies", low=1)
    number = filters_per_batch(len(objectives), copies, (size[0], size[1]))
    return [
        [one for one in objectives[start : start + number] for _ in range(copies)]
        for start in range(0, len(objectives), number)
    ]


def _rounds(
    runs: Sequence[Iterator[AscentState]], before: AscentProgress, steps: int
) -> Iterator[AscentProgress]:
    images, activations = before.images, before.activations
    count, total = len(images) // len(runs), len(runs) * (steps + 1)
    # The first state of a run that is resumed is its last one, once more.
    states = [_bare(next(run)) for run in runs[: len(before.states)]]
    for done in range(round(before.share * total), total):
        number = done % len(runs)
        state = next(runs[number])
        images = images.copy()
        images[number * count : (number + 1) * count] = state.images
        states[number : number + 1] = [_bare(state)]
        if number == len(runs) - 1:
            latest = np.concatenate([one.activations for one in states])
            activations = np.vstack([activations, latest])
        is_last = done == total - 1
        yield AscentProgress(
            (done + 1) / total, images, activations, () if is_last else tuple(states)
        )


def _bare(state: AscentState) -> AscentState:
    # Its pictures are among those of the progress. TensorFlow's tensors could not be sent on.
    first, mean, square = map(np.asarray, state.values)
    return replace(state, images=state.images[:0], values=(first, mean, square))
