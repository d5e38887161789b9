"""The climbs themselves, shared by all who ask for the same."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing import ascents
from cnnviz_core.drawing.encoding import encode_jpeg
from cnnviz_core.filter_ascent import batches
from cnnviz_core.filter_ascent.batches import Climbed
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job, finished, num_others
from cnnviz_core.views.ascent_store import (
    AscentQuestion,
    AscentState,
    keep_answers,
    keep_climb,
    kept_answers,
    kept_climb,
    pictures_of,
)
from cnnviz_core.views.sharing import Picture, shared

# One that is under way holds a traced graph, tens of megabytes.
MAX_JOBS = 16

# Of an animation, besides the first picture; each picture in it at most so wide or high.
NUM_FRAMES = 24
FRAME_SIDE = 128


@dataclass(frozen=True, slots=True, eq=False)
class AscentJob:
    """A climb under way, or finished. `picture` is where it begins, if not with noise or gray."""

    network: Network
    picture: Picture | None
    question: AscentQuestion
    before: AscentState
    job: Job[AscentState]

    @property
    def state(self) -> AscentState:
        """How far it is."""
        return self.job.state or self.before


@shared(MAX_JOBS)
def ascent_job(network: Network, picture: Picture | None, question: AscentQuestion) -> AscentJob:
    """A climb to watch; the same for all who ask for the same, and finished if it ever was.

    Raises
    ------
    ValueError
        As `ascent_batches.climb`.
    """
    kept = kept_climb(network, picture, question)
    if kept is None:
        states = _states(network, picture, question)
        job = Job(lambda: states)
    else:
        job = finished(kept)
    return AscentJob(network, picture, question, _before(picture, question), job)


def is_answered(network: Network, picture: Picture | None, question: AscentQuestion) -> bool:
    """Whether somebody has climbed this to the end already."""
    return kept_climb(network, picture, question) is not None


def seconds_left(ascents: Sequence[AscentJob]) -> float | None:
    """Return how long the rest takes, in turns with all others; None as long as nobody knows."""
    alone = [_seconds_alone(one) for one in ascents]
    known = [one for one in alone if one is not None]
    if len(known) < len(alone):
        return None
    jobs = [one.job for one in ascents if not one.job.is_finished]
    return max(known) * (len(jobs) + num_others(jobs))


def _seconds_alone(ascent: AscentJob) -> float | None:
    state, first = ascent.state, 1 / (ascent.question.steps + 1)
    share = state.climbed.share
    if share <= first or not state.seconds:
        return None
    return state.seconds * (1 - share) / (share - first)


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
        negative_slope=question.settings.negative_slope,
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
