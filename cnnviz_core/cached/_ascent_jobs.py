"""What can be asked to climb, and the climbs themselves, shared by all who ask for the same."""

import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from cnnviz_core import ascent_batches, ascent_drawing, images, kept_results, networks, turns
from cnnviz_core.arrays import FloatArray
from cnnviz_core.ascent_batches import Climbed
from cnnviz_core.ascent_formulas import AscentTarget
from cnnviz_core.ascent_images import stretched
from cnnviz_core.ascent_objectives import Objective, channel, whole_layer
from cnnviz_core.cached._jobs import LINE, Job, is_finished, latest, work_on
from cnnviz_core.cached._pictures import Picture, shared
from cnnviz_core.filter_ascent import BOOK, DEFAULT, AscentSettings
from cnnviz_core.kept_results import Arrays, Store
from cnnviz_core.networks import Network
from cnnviz_core.rendering import encode_jpeg
from cnnviz_core.turns import Ticket, Urgency

# One that is under way holds a traced graph, tens of megabytes.
MAX_JOBS = 16

# Chollet (2017), listing 5.38.
ARTICLE_STEPS = 40

# Of an animation, besides the first picture; each picture in it at most so wide or high.
NUM_FRAMES = 24
FRAME_SIDE = 128


@dataclass(frozen=True, slots=True)
class AscentQuestion:
    """What is to be climbed; the same question has the same answer.

    Attributes
    ----------
    layer : str
    target : "filters", "layer" or "class"
        Channels of the layer, all of it, or channels of a layer that classifies.
    channels : tuple of int
        From 0. Not used for a whole layer.
    copies : int
        Pictures of each.
    size : (int, int)
        Height and width.
    """

    layer: str
    target: AscentTarget
    channels: tuple[int, ...]
    size: tuple[int, int]
    steps: int
    copies: int = 1
    seed: int = 0
    settings: AscentSettings = DEFAULT

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """One for each filter."""
        if self.target == "layer":
            return (whole_layer(),)
        return tuple(map(channel, self.channels))

    @property
    def is_articles(self) -> bool:
        """Whether it climbs as the article does."""
        return self.settings == BOOK


@dataclass(frozen=True, slots=True, eq=False)
class AscentState:
    """How far a climb has come, pictures of the way for an animation, and the seconds it took.

    The seconds are those after the first step, which takes longer: that one is traced.
    """

    climbed: Climbed
    frames: tuple[bytes, ...]
    seconds: float


@dataclass(slots=True, eq=False)
class _Place:
    ticket: Ticket | None = None
    num_watchers: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class AscentJob:
    """A climb under way, or finished. `picture` is where it begins, if not with noise or grey."""

    network: Network
    picture: Picture | None
    question: AscentQuestion
    before: AscentState
    kept: AscentState | None
    job: Job[AscentState]
    _place: _Place = field(default_factory=_Place, repr=False)

    @property
    def state(self) -> AscentState:
        """How far it is; `ValueError` if it cannot be climbed."""
        return self.kept or latest(self.job) or self.before

    @property
    def is_finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self.kept is not None or is_finished(self.job)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class AscentWatch:
    """One visitor's look at a climb, which stands in the line as long as anybody looks at it.

    However many look, it stands there once, and each of them takes it further. Who looks away
    calls `look_away`, or loses the watch, as a session that ends does.
    """

    ascent: AscentJob
    ticket: Ticket
    _finalizers: list[Callable[[], object]] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class AscentStanding:
    """Which place a climb has among those that share the processor, from 1, and how many they are.

    `seconds` is how long the rest takes with so many; None as long as that is not known.
    """

    place: int
    num_jobs: int
    seconds: float | None


_lock = threading.RLock()


def article_question(question: AscentQuestion) -> AscentQuestion:
    """The same filters, climbed as the article does: plain pixels, the plain gradient."""
    return replace(question, settings=BOOK, steps=ARTICLE_STEPS, copies=1)


@shared(MAX_JOBS)
def ascent_job(network: Network, picture: Picture | None, question: AscentQuestion) -> AscentJob:
    """A climb to watch; the same for all who ask for the same, and finished if it ever was.

    Raises
    ------
    ValueError
        As `ascent_batches.climb`.
    """
    arrays = kept_results.find(
        *_store_and_name(network, picture, "ascent", question, question.steps)
    )
    kept = None if arrays is None else _unpacked(arrays)
    states = iter(()) if kept else _states(network, picture, question)
    return AscentJob(
        network, picture, question, _before(picture, question), kept, Job(lambda: states, True)
    )


def is_answered(network: Network, picture: Picture | None, question: AscentQuestion) -> bool:
    """Whether somebody has climbed this to the end already."""
    where = _store_and_name(network, picture, "ascent", question, question.steps)
    return kept_results.find(*where) is not None


def watch_ascent(ascent: AscentJob, urgency: Urgency) -> AscentWatch:
    """Look at a climb."""
    with _lock:
        place = ascent._place
        if place.ticket is None:
            place.ticket = turns.join(LINE, urgency)
        place.num_watchers += 1
        watch = AscentWatch(ascent, place.ticket)
    # It runs once: when it is called, or when the watch is gone.
    watch._finalizers.append(weakref.finalize(watch, _leave, place))
    return watch


def look_away(watch: AscentWatch) -> None:
    """Leave the line, unless others look at the same climb; twice does no harm."""
    for finalizer in watch._finalizers:
        finalizer()


def _leave(place: _Place) -> None:
    with _lock:
        place.num_watchers -= 1
        if not place.num_watchers and place.ticket is not None:
            turns.leave(LINE, place.ticket)
            place.ticket = None


def climb_on(watch: AscentWatch) -> None:
    """Take a climb a piece further, if it is its turn."""
    if not watch.ascent.is_finished:
        work_on([watch.ascent.job], watch.ticket)
    if watch.ascent.is_finished:
        turns.leave(LINE, watch.ticket)


def ascent_standing(watch: AscentWatch) -> AscentStanding:
    """Where a climb stands in the line, and how long the rest of it takes."""
    standing = turns.standing(LINE, watch.ticket)
    num_jobs = max(1, standing.num_jobs)
    alone = _seconds_left(watch.ascent)
    return AscentStanding(standing.ahead + 1, num_jobs, None if alone is None else alone * num_jobs)


def _seconds_left(ascent: AscentJob) -> float | None:
    state, first = ascent.state, 1 / (ascent.question.steps + 1)
    share = state.climbed.share
    if share <= first or not state.seconds:
        return None
    return state.seconds * (1 - share) / (share - first)


def pictures_of(question: AscentQuestion, climbed: Climbed) -> FloatArray:
    """The pictures as they are shown: the article's, hardly more than grey, with more contrast."""
    return stretched(climbed.images) if question.is_articles else climbed.images


def own_answers(ascent: AscentJob, state: AscentState) -> Iterator[FloatArray]:
    """What filters answer to pictures made for them, before the activation function, on the mean.

    Yields the answers (N,) piece by piece, or all at once where they are known.
    """
    question, climbed = ascent.question, state.climbed
    where = _store_and_name(
        ascent.network, ascent.picture, "ascent answers", question, climbed.step
    )
    known = kept_results.find(*where)
    if known is not None:
        yield known["answers"]
        return
    parts = []
    for part in ascent_batches.measure_in_batches(
        ascent.network, question.layer, question.objectives, climbed.images
    ):
        parts.append(part)
        yield part
    kept_results.keep(*where, {"answers": np.concatenate(parts)})


def _before(picture: Picture | None, question: AscentQuestion) -> AscentState:
    count = len(question.objectives) * question.copies
    pixels = None if picture is None else picture.pixels
    first = ascent_batches.unclimbed(pixels, count, question.size)
    return AscentState(Climbed(0.0, first, np.empty((0, count), np.float32)), (), 0.0)


def _states(
    network: Network, picture: Picture | None, question: AscentQuestion
) -> Iterator[AscentState]:
    climb = ascent_batches.climb(
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
    return _filmed(climb, question, partial(_keep, network, picture, question))


def _filmed(climb: Iterator[Climbed], question: AscentQuestion, keep: Any) -> Iterator[AscentState]:
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
            drawn = ascent_drawing.sheet(pictures_of(question, climbed), max_side=FRAME_SIDE)
            frames.append(encode_jpeg(drawn))
        state = AscentState(climbed, tuple(frames), seconds)
        if climbed.share == 1:
            keep(state)
        yield state
        begun = time.perf_counter()


def _keep(
    network: Network, picture: Picture | None, question: AscentQuestion, state: AscentState
) -> None:
    where = _store_and_name(network, picture, "ascent", question, question.steps)
    kept_results.keep(*where, _packed(state))


def _packed(state: AscentState) -> Arrays:
    return {
        # Finer than the eighth bit of what is shown, even where contrast is raised.
        "images": state.climbed.images.astype(np.float16),
        "activations": state.climbed.activations,
        "frames": np.frombuffer(b"".join(state.frames), np.uint8),
        "lengths": np.array([len(frame) for frame in state.frames]),
        "seconds": np.array(state.seconds),
    }


def _unpacked(arrays: Arrays) -> AscentState:
    ends = np.cumsum(arrays["lengths"])
    parts = np.split(arrays["frames"], ends[:-1])
    climbed = Climbed(1.0, arrays["images"].astype(np.float32), arrays["activations"])
    frames = tuple(part.tobytes() for part in parts)
    return AscentState(climbed, frames, float(arrays["seconds"]))


def _store_and_name(
    network: Network, picture: Picture | None, kind: str, question: AscentQuestion, steps: int
) -> tuple[Store, str]:
    # Only what anybody could ask for goes into the folder.
    is_public = (picture is None or picture.key in images.sample_names()) and any(
        network.key == info.key for info in networks.available()
    )
    name = kept_results.name_of(
        kind,
        network_key=network.key,
        parameters={
            **asdict(question),
            "steps": steps,
            "picture": None if picture is None else picture.key,
        },
    )
    return (_public_store() if is_public else _private_store()), name


@lru_cache(maxsize=1)
def _public_store() -> Store:
    return kept_results.store_of(os.environ)


@lru_cache(maxsize=1)
def _private_store() -> Store:
    return Store()
