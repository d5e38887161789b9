"""The ascents themselves, shared by all who ask for the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.filter_ascent import batches
from cnnviz_core.filter_ascent.batches import AscentProgress
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job, finished, slowdown
from cnnviz_core.views.ascent_film import filmed_ascent
from cnnviz_core.views.ascent_store import (
    AscentHistory,
    AscentQuestion,
    get_activations,
    get_ascent,
    put_activations,
    put_ascent,
)
from cnnviz_core.views.sharing import Picture, shared

# One that is under way holds a traced graph, tens of megabytes.
MAX_JOBS = 16


@dataclass(frozen=True, slots=True, eq=False)
class AscentJob:
    """An ascent under way, or finished; `before` is what there is before any work is done."""

    network: Network
    question: AscentQuestion
    before: AscentHistory
    job: Job[AscentHistory]

    @property
    def state(self) -> AscentHistory:
        """Return how far it is."""
        return self.job.state or self.before


@shared(MAX_JOBS)
def ascent_job(network: Network, question: AscentQuestion, _picture: Picture) -> AscentJob:
    """Return an ascent to watch; the same for all who ask for the same.

    It is finished if it ever was.

    Parameters
    ----------
    _picture : Picture
        The one that the question names, if it names any; any other is not looked at. Ascents that
        begin without it are shared by all, whichever they have chosen: hence the underscore, by
        which Streamlit leaves it out of what it compares.

    Raises
    ------
    ValueError
        As `batches.ascend_in_batches`.
    """
    pixels = None if question.picture is None else _picture.pixels
    stored = get_ascent(network, question)
    name = f"ascent of {question.target} in {question.layer} of {network.key}"
    if stored is None:
        begin = partial(filmed_ascent, network, pixels, question)
        begin()  # what cannot be asked is refused now, wherever it will be done
        job = Job(
            begin=begin,
            name=name,
            is_portable=True,
            can_resume=True,
            keep=partial(put_ascent, network, question),
        )
    else:
        job = finished(stored, name)
    return AscentJob(network, question, _before(pixels, question), job)


def is_answered(network: Network, question: AscentQuestion) -> bool:
    """Return whether somebody has asked for this ascent, and seen its end."""
    return get_ascent(network, question) is not None


def seconds_left(ascents: Sequence[AscentJob]) -> float | None:
    """Return how long the rest takes, in turns with all others; None as long as nobody knows."""
    alone = [_seconds_alone(one) for one in ascents]
    known = [one for one in alone if one is not None]
    if len(known) < len(alone):
        return None
    jobs = [one.job for one in ascents if not one.job.is_finished]
    return max(known) * slowdown(jobs)


def _seconds_alone(ascent: AscentJob) -> float | None:
    state, first = ascent.state, 1 / (ascent.question.steps + 1)
    share = state.progress.share
    if share <= first or not state.seconds:
        return None
    return state.seconds * (1 - share) / (share - first)


def known_activations(ascent: AscentJob, state: AscentHistory) -> FloatArray | None:
    """Return what the objectives measure of these pictures as they are, if anybody has asked."""
    return get_activations(ascent.network, ascent.question, state.progress.step)


def keep_own_activations(ascent: AscentJob, state: AscentHistory, activations: FloatArray) -> None:
    """Store what the objectives measure of these pictures as they are, for all who ask."""
    put_activations(ascent.network, ascent.question, state.progress.step, activations)


def _before(pixels: ByteArray | None, question: AscentQuestion) -> AscentHistory:
    count = len(question.objectives) * question.copies
    first = batches.first_pictures(pixels, count, question.size)
    return AscentHistory(AscentProgress(0.0, first, np.empty((0, count), np.float32)), (), 0.0)
