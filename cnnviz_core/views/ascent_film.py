"""An ascent with its film, pictures of the way: made by workers, too, so nothing is cached here."""

import time
from collections.abc import Iterator

from cnnviz_core.arrays import ByteArray
from cnnviz_core.drawing import ascents
from cnnviz_core.drawing.encoding import encode_jpeg
from cnnviz_core.filter_ascent import batches
from cnnviz_core.filter_ascent.batches import AscentProgress
from cnnviz_core.networks import Network
from cnnviz_core.views.ascent_store import AscentHistory, AscentQuestion, pictures_of

# Of an animation, besides the first picture; each picture in it at most so wide or high.
NUM_FRAMES = 24
FRAME_SIDE = 128


def filmed_steps(steps: int) -> tuple[int, ...]:
    """Return after which of so many steps a picture of the way is taken.

    >>> filmed_steps(3), filmed_steps(50)[:3], filmed_steps(50)[-2:]
    ((0, 1, 2, 3), (0, 3, 6), (48, 50))
    """
    every = -(-steps // NUM_FRAMES) or 1
    return (*range(0, steps, every), steps)


def filmed_ascent(
    network: Network,
    pixels: ByteArray | None,
    question: AscentQuestion,
    resume: AscentHistory | None = None,
) -> Iterator[AscentHistory]:
    """Make an ascent, with its film.

    Parameters
    ----------
    pixels : uint8 (H, W, 3), or None
        Of the picture that the question names, if it names any.
    resume : AscentHistory, optional
        Go on from there.

    Yields
    ------
    AscentHistory

    Raises
    ------
    ValueError
        As `batches.ascend_in_batches`, at once.
    """
    ascent = batches.ascend_in_batches(
        network,
        question.layer,
        question.objectives,
        copies=question.copies,
        steps=question.steps,
        size=question.size,
        seed=question.seed,
        settings=question.settings,
        picture=pixels,
        resume=None if resume is None else resume.progress,
    )
    return _filmed(ascent, question, resume)


def _filmed(
    ascent: Iterator[AscentProgress], question: AscentQuestion, resume: AscentHistory | None
) -> Iterator[AscentHistory]:
    frames: list[bytes] = []
    seconds, filmed = 0.0, -1
    if resume is not None:
        frames.extend(resume.frames)
        seconds, filmed = resume.seconds, len(resume.progress.activations) - 1
    steps = filmed_steps(question.steps)
    begun = time.perf_counter()
    for progress in ascent:
        if progress.share > 1 / (question.steps + 1):
            seconds += time.perf_counter() - begun
        is_new = len(progress.activations) > 0 and progress.step > filmed
        if is_new and progress.step in steps:
            filmed = progress.step
            drawn = ascents.sheet(pictures_of(question, progress), max_side=FRAME_SIDE)
            frames.append(encode_jpeg(drawn))
        yield AscentHistory(progress, tuple(frames), seconds)
        begun = time.perf_counter()
