"""The climbs themselves, shared by all who ask for the same."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing import ascents
from cnnviz_core.drawing.encoding import encode_jpeg
from cnnviz_core.filter_ascent import batches
from cnnviz_core.filter_ascent.batches import Climbed
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job, is_finished, latest
from cnnviz_core.views.ascent_questions import AscentQuestion, AscentState, pictures_of
from cnnviz_core.views.ascent_store import keep_answers, keep_climb, kept_answers, kept_climb
from cnnviz_core.views.sharing import Picture, shared

# One that is under way holds a traced graph, tens of megabytes.
MAX_JOBS = 16

# Of an animation, besides the first picture; each picture in it at most so wide or high.
NUM_FRAMES = 24
FRAME_SIDE = 128


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class AscentJob:
    """A climb under way, or finished. `picture` is where it begins, if not with noise or gray."""

    network: Network
    picture: Picture | None
    question: AscentQuestion
    before: AscentState
    kept: AscentState | None
    job: Job[AscentState]

    @property
    def state(self) -> AscentState:
        """How far it is; `ValueError` if it cannot be climbed."""
        return self.kept or latest(self.job) or self.before

    @property
    def is_finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self.kept is not None or is_finished(self.job)


@shared(MAX_JOBS)
def ascent_job(network: Network, picture: Picture | None, question: AscentQuestion) -> AscentJob:
    """A climb to watch; the same for all who ask for the same, and finished if it ever was.

    Raises
    ------
    ValueError
        As `ascent_batches.climb`.
    """
    kept = kept_climb(network, picture, question)
    states = iter(()) if kept else _states(network, picture, question)
    return AscentJob(
        network, picture, question, _before(picture, question), kept, Job(lambda: states, True)
    )


def is_answered(network: Network, picture: Picture | None, question: AscentQuestion) -> bool:
    """Whether somebody has climbed this to the end already."""
    return kept_climb(network, picture, question) is not None


def known_answers(ascent: AscentJob, state: AscentState) -> FloatArray | None:
    """What `own_answers` found of these pictures, if anybody has asked."""
    return kept_answers(ascent.network, ascent.picture, ascent.question, state.climbed.step)


def own_answers(ascent: AscentJob, state: AscentState) -> Iterator[FloatArray]:
    """What the objectives measure of the pictures as they are.

    While they are climbed, they are shifted at random before each measurement, and on some
    processors computed in fewer digits: hence another number, which may be lower or higher.

    Yields the answers (N,) piece by piece, or all at once where they are known.
    """
    network, picture, question = ascent.network, ascent.picture, ascent.question
    climbed = state.climbed
    known = known_answers(ascent, state)
    if known is not None:
        yield known
        return
    parts = []
    for part in batches.measure_in_batches(
        network,
        question.layer,
        question.objectives,
        climbed.images,
        below_zero=question.settings.below_zero,
        after_activation=question.settings.after_activation,
    ):
        parts.append(part)
        yield part
    keep_answers(network, picture, question, climbed.step, np.concatenate(parts))


def _before(picture: Picture | None, question: AscentQuestion) -> AscentState:
    count = len(question.objectives) * question.copies
    pixels = None if picture is None else picture.pixels
    first = batches.unclimbed(pixels, count, question.size)
    return AscentState(Climbed(0.0, first, np.empty((0, count), np.float32)), (), 0.0)


def _states(
    network: Network, picture: Picture | None, question: AscentQuestion
) -> Iterator[AscentState]:
    climb = batches.climb(
        network,
        question.layer,
        question.objectives,
        copies=question.copies,
        steps=question.steps,
        size=question.size,
        seed=question.seed,
        settings=question.settings,
        picture=None if picture is None else picture.pixels,
    )
    return _filmed(climb, question, partial(keep_climb, network, picture, question))


def _filmed(
    climb: Iterator[Climbed], question: AscentQuestion, keep: Callable[[AscentState], None]
) -> Iterator[AscentState]:
    frames: list[bytes] = []
    seconds, filmed = 0.0, -1
    every = -(-question.steps // NUM_FRAMES) or 1
    begun = time.perf_counter()
    for climbed in climb:
        if climbed.share > 1 / (question.steps + 1):
            seconds += time.perf_counter() - begun
        is_new = len(climbed.activations) > 0 and climbed.step > filmed
        if is_new and (climbed.step % every == 0 or climbed.step == question.steps):
            filmed = climbed.step
            drawn = ascents.sheet(pictures_of(question, climbed), max_side=FRAME_SIDE)
            frames.append(encode_jpeg(drawn))
        state = AscentState(climbed, tuple(frames), seconds)
        if climbed.share == 1:
            keep(state)
        yield state
        begun = time.perf_counter()
