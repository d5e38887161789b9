"""Long work in short pieces, shared by all who ask for the same, and done in turns.

A page asks for a piece, shows what came of it, and asks again: nothing runs on by itself, so that a
moved control or a closed tab ends the work. Who asks for what somebody else has begun goes on with
it, and what is finished is there for everybody.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from cnnviz_core.runtime import malloc, scheduler
from cnnviz_core.runtime.scheduler import Scheduler, Urgency

State = TypeVar("State")

# Everything that computes for long, on any page, takes turns here.
SCHEDULER = Scheduler()

# A piece of work takes about so many seconds: a moved control is answered after it.
PIECE = 0.3

# How long to wait for a turn, before showing again how far it is.
WAIT = 0.2

OUT_OF_MEMORY = "The server had too little memory for this. Choose something smaller."
BROKEN_OFF = "This work broke off, and the log of the server says why. Try other settings."

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Progress(Generic[State]):
    states: Iterator[State] | None = None
    latest: State | None = None
    is_finished: bool = False
    problem: str | None = None
    # For the log: how long it has been worked on, and when that began.
    seconds: float = 0.0
    begun: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Job(Generic[State]):
    """Work that gives better and better states; share one among all who ask for the same.

    Attributes
    ----------
    begin : callable
        Gives the iterator of states; called once, when the work begins.
    is_long : bool
        Whether it has to wait for its turn; short work is done at once, and to its end.
    name : str
        What the log calls it: one line for each long job that comes to its end.
    """

    begin: Callable[[], Iterator[State]]
    is_long: bool = True
    name: str = "long work"
    _progress: _Progress[State] = field(default_factory=_Progress, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def state(self) -> State | None:
        """The last state so far; None before the first."""
        return self._progress.latest

    @property
    def is_finished(self) -> bool:
        """Whether it has come to its end, or to a problem."""
        return self._progress.is_finished

    @property
    def problem(self) -> str | None:
        """Why it came to an early end; None if all is well.

        The `ValueError` of the work itself, `OUT_OF_MEMORY` or `BROKEN_OFF`.
        """
        return self._progress.problem


def finished(state: State, name: str) -> Job[State]:
    """Return a job that has come to its end already."""
    _log.info("%s: there already", name)
    progress = _Progress(latest=state, is_finished=True)
    return Job(lambda: iter(()), is_long=False, name=name, _progress=progress)


def num_others(jobs: Collection[Job[Any]]) -> int:
    """Return how many jobs of others take turns with these."""
    return scheduler.num_others(SCHEDULER, jobs)


def work_on(jobs: Collection[Job[Any]], urgency: Urgency = "finished") -> None:
    """Do about `PIECE` seconds of work: what is short if there is any left, or else what is long.

    Of what is long, the first job that is not finished, when its turn comes; if that takes too
    long, none. What somebody is working on right now is let alone by the others.
    """
    unfinished = [job for job in jobs if not job.is_finished]
    short = [job for job in unfinished if not job.is_long]
    if short:
        _run(short)
    elif unfinished:
        job = unfinished[0]
        with scheduler.turn(SCHEDULER, job, urgency, wait=WAIT) as is_mine:
            if is_mine:
                _run([job])
        if job.is_finished:
            scheduler.leave(SCHEDULER, job)


def _run(jobs: Collection[Job[Any]]) -> None:
    """Run a piece of these jobs, one after the other.

    This alone decides where a job runs: here, in the thread that asks for it.
    """
    deadline = time.monotonic() + PIECE
    for job in jobs:
        if job._lock.acquire(timeout=WAIT):
            try:
                _take_states(job, deadline)
            finally:
                job._lock.release()
        if time.monotonic() >= deadline:
            return


def _take_states(job: Job[Any], deadline: float) -> None:
    progress = job._progress
    if progress.is_finished:
        return
    begun = time.monotonic()
    while not progress.is_finished:
        try:
            if progress.states is None:
                progress.begun = begun
                progress.states = job.begin()
            progress.latest = next(progress.states)
        except StopIteration:
            progress.is_finished = True
            malloc.give_back()
        except ValueError as problem:
            progress.problem, progress.is_finished = str(problem), True
        except MemoryError:
            progress.problem, progress.is_finished = OUT_OF_MEMORY, True
            malloc.give_back()
        except Exception:
            # An iterator that has raised ends in silence when it is asked again.
            progress.problem, progress.is_finished = BROKEN_OFF, True
            raise
        if job.is_long and time.monotonic() >= deadline:
            break
    progress.seconds += time.monotonic() - begun
    if job.is_long and progress.is_finished:
        _log.info(
            "%s: made in %.1f s of work and %.1f s of time, at last beside %d others%s",
            job.name,
            progress.seconds,
            time.monotonic() - progress.begun,
            num_others([job]),
            "" if progress.problem is None else f"; {progress.problem}",
        )
