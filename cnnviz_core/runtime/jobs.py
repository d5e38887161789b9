"""Long work in short pieces, shared by all who ask for the same, and done in turns.

A page asks for a piece, shows what came of it, and asks again: nothing runs on by itself, so that a
moved control or a closed tab ends the work. Who asks for what somebody else has begun goes on with
it, and what is finished is there for everybody.

A piece is done in the thread that asks for it, or by a worker, if there are any (`errands`): the
thread only waits for that one.
"""

import logging
import os
import pickle
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from cnnviz_core.runtime import errands, malloc, scheduler, workers
from cnnviz_core.runtime.errands import Errand
from cnnviz_core.runtime.pieces import OUT_OF_MEMORY, Piece
from cnnviz_core.runtime.scheduler import Scheduler, Urgency

State = TypeVar("State")

# Everything that computes for long in this server, on any page, takes turns here.
SCHEDULER = Scheduler()

# What goes to workers takes turns in a queue of theirs. None if nobody has named any.
WORKERS = workers.workers_of(os.environ)

# A piece of work takes about so many seconds: a moved control is answered after it.
PIECE = 0.3

# How long to wait for a turn, before showing again how far it is.
WAIT = 0.2

# A want of memory may be over when others have finished: then who asks begins the work again.
SECONDS_TO_WANT = 30.0

BROKEN_OFF = "This work broke off, and the log of the server says why. Try other settings."

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Progress(Generic[State]):
    states: Iterator[State] | None = None
    latest: State | None = None
    is_finished: bool = False
    problem: str | None = None
    # When there may be enough memory again; None if that is not what it came to.
    wants_until: float | None = None
    # For the log: how long it has been worked on, and when that began.
    seconds: float = 0.0
    begun: float | None = None
    errand: Errand = field(default_factory=Errand)
    # Whether workers cannot do it.
    stays: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Job(Generic[State]):
    """Work that gives better and better states; share one among all who ask for the same.

    Attributes
    ----------
    begin : callable
        Gives the iterator of states; called once, when the work begins, unless a worker is lost.
    is_long : bool
        Whether it has to wait for its turn; short work is done at once, and to its end.
    name : str
        What the log calls it: one line for each long job that comes to its end.
    is_portable : bool
        Whether a worker may do it. Then `begin` is a function of a module, or a `partial` of one,
        and can be pickled with all its arguments, and so can the states. What cannot, such as a
        visitor's own network, is found out, and done here.
    can_resume : bool
        Whether `begin(resume=state)` goes on after that state. Work that cannot is begun anew if
        its worker is lost, and stays where it has begun otherwise.
    keep : callable or None
        Takes the last state once the work has come to its end, and is called in the server.
    """

    begin: Callable[..., Iterator[State]]
    is_long: bool = True
    name: str = "long work"
    is_portable: bool = False
    can_resume: bool = False
    keep: Callable[[State], None] | None = None
    _progress: _Progress[State] = field(default_factory=_Progress, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def state(self) -> State | None:
        """The last state so far; None before the first."""
        return self._progress.latest

    @property
    def is_finished(self) -> bool:
        """Whether it has come to its end, or to a problem that lasts.

        A want of memory lasts for `SECONDS_TO_WANT`.
        """
        return self._progress.is_finished and not self._may_be_tried_again

    @property
    def _may_be_tried_again(self) -> bool:
        until = self._progress.wants_until
        return until is not None and time.monotonic() >= until

    @property
    def problem(self) -> str | None:
        """Why it came to an early end; None if all is well.

        The `ValueError` of the work itself, `OUT_OF_MEMORY` or `BROKEN_OFF`.
        """
        return None if self._may_be_tried_again else self._progress.problem


def finished(state: State, name: str) -> Job[State]:
    """Return a job that has come to its end already."""
    _log.info("%s: there already", name)
    progress = _Progress(latest=state, is_finished=True)
    return Job(begin=lambda: iter(()), is_long=False, name=name, _progress=progress)


def look_for_workers() -> None:
    """Begin to look for workers, if any are named, before somebody asks for work."""
    if WORKERS is not None:
        workers.are_there(WORKERS)


def num_others(jobs: Collection[Job[Any]]) -> int:
    """Return how many jobs of others take turns with these."""
    return sum(scheduler.num_others(queue, jobs) for queue in _queues())


def slowdown(jobs: Collection[Job[Any]]) -> float:
    """Return how many times as long as one of these alone all of them take, beside all others.

    Of these, one is worked on at a time.
    """
    all_at_once = (scheduler.rounds(queue, jobs) for queue in _queues())
    return max(len(jobs), *all_at_once)


def work_on(jobs: Collection[Job[Any]], urgency: Urgency = "finished") -> None:
    """Do about `PIECE` seconds of work: what is short if there is any left, or else what is long.

    Of what is long, the first job that is not finished, when its turn comes; if that takes too
    long, none. What somebody is working on right now is let alone by the others.
    """
    unfinished = [job for job in jobs if not job.is_finished]
    short = [job for job in unfinished if not job.is_long]
    if short:
        _run(short, _take_states)
    elif unfinished:
        job = unfinished[0]
        queue = _queue_of(job)
        for other in _queues():
            if other is not queue:
                scheduler.leave(other, job)
        with scheduler.turn(queue, job, urgency, wait=WAIT) as is_mine:
            if is_mine:
                _run([job], _take_states if queue is SCHEDULER else _take_piece)
        if job.is_finished:
            scheduler.leave(queue, job)


def _queues() -> tuple[Scheduler, ...]:
    return (SCHEDULER,) if WORKERS is None else (SCHEDULER, WORKERS.queue)


def _queue_of(job: Job[Any]) -> Scheduler:
    """Return the queue for a long job's next piece.

    This alone decides where that is done: here, or by a worker.
    """
    progress = job._progress
    is_bound = progress.states is not None and not job.can_resume
    if WORKERS is None or not job.is_portable or progress.stays or is_bound:
        return SCHEDULER
    return WORKERS.queue if workers.are_there(WORKERS) else SCHEDULER


def _run(jobs: Collection[Job[Any]], take: Callable[[Job[Any], float], None]) -> None:
    """Run a piece of these jobs, one after the other, here or elsewhere."""
    deadline = time.monotonic() + PIECE
    for job in jobs:
        if job._lock.acquire(timeout=WAIT):
            try:
                if not job.is_finished:
                    if job._may_be_tried_again:
                        _begin_again(job)
                    take(job, deadline)
            finally:
                job._lock.release()
        if time.monotonic() >= deadline:
            return


def _take_states(job: Job[Any], deadline: float) -> None:
    progress = job._progress
    begun = time.monotonic()
    errands.withdraw(progress.errand)
    if progress.begun is None:
        progress.begun = begun
    while not progress.is_finished:
        try:
            if progress.states is None:
                progress.states = _beginning(job)()
            progress.latest = next(progress.states)
        except StopIteration:
            _finish(job)
            malloc.give_back()
        except ValueError as problem:
            _finish(job, str(problem))
        except MemoryError:
            _finish(job, OUT_OF_MEMORY)
            malloc.give_back()
        except Exception:
            # An iterator that has raised ends in silence when it is asked again.
            _finish(job, BROKEN_OFF)
            raise
        if job.is_long and time.monotonic() >= deadline:
            break
    progress.seconds += time.monotonic() - begun
    _note_end(job)


def _take_piece(job: Job[Any], deadline: float) -> None:
    """Have a worker do a piece, and take what comes of it; nothing if that takes too long."""
    progress = job._progress
    if WORKERS is None:
        return
    if progress.begun is None:
        progress.begun = time.monotonic()
    try:
        piece = errands.get_piece(
            WORKERS,
            progress.errand,
            partial(_pickled, job),
            seconds=deadline - time.monotonic(),
            wait=PIECE + WAIT,
        )
    except pickle.PicklingError:
        progress.stays = True
        return
    if piece is not None:
        # The states there are further than any iterator here.
        progress.states = None
        progress.seconds += piece.seconds
        _take_outcome(job, piece)
        _note_end(job)


def _take_outcome(job: Job[Any], piece: Piece) -> None:
    progress = job._progress
    if piece.state is not None:
        progress.latest = piece.state
    match piece.outcome:
        case "finished":
            _finish(job)
        case "refused":
            _finish(job, piece.text)
        case "failed":
            _finish(job, BROKEN_OFF)
            raise RuntimeError(f"{job.name}, by the worker {piece.worker}:\n{piece.text}")
        case "unable":
            progress.stays = True
            _log.info("%s: stays in this server, for a worker cannot: %s", job.name, piece.text)


def _beginning(job: Job[Any]) -> Callable[[], Iterator[Any]]:
    latest = job._progress.latest
    if latest is None or not job.can_resume:
        return job.begin
    return partial(job.begin, resume=latest)


def _pickled(job: Job[Any]) -> bytes:
    try:
        return pickle.dumps(_beginning(job))
    except (TypeError, AttributeError) as error:  # what `pickle` says of some things
        raise pickle.PicklingError(str(error)) from error


def _finish(job: Job[Any], problem: str | None = None) -> None:
    progress = job._progress
    progress.problem, progress.is_finished = problem, True
    if problem == OUT_OF_MEMORY:
        # What the iterator holds is needed by others, and having raised it would give no more.
        progress.states = None
        progress.wants_until = time.monotonic() + SECONDS_TO_WANT
    if problem is None and job.keep is not None and progress.latest is not None:
        job.keep(progress.latest)


def _begin_again(job: Job[Any]) -> None:
    progress = job._progress
    progress.is_finished, progress.problem, progress.wants_until = False, None, None


def _note_end(job: Job[Any]) -> None:
    progress = job._progress
    if job.is_long and progress.is_finished:
        _log.info(
            "%s: made in %.1f s of work and %.1f s of time, at last beside %d others%s",
            job.name,
            progress.seconds,
            time.monotonic() - (progress.begun or 0.0),
            num_others([job]),
            "" if progress.problem is None else f"; {progress.problem}",
        )
