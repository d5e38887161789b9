"""Long work in short pieces, shared by all who ask for the same, and done in turns.

A page asks for a piece, shows what came of it, and asks again: nothing runs on by itself, so that a
moved control or a closed tab ends the work. Who asks for what somebody else has begun goes on with
it, and what is finished is there for everybody.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cnnviz_core.runtime import malloc, scheduler
from cnnviz_core.runtime.scheduler import Line, Ticket

State = TypeVar("State")

# Everything that computes for long, on any page, stands in this one line.
LINE = Line()

# A piece of work takes about so many seconds: a moved control is answered after it.
PIECE = 0.3

# How long to wait for a turn, before showing again how far it is.
WAIT = 0.2


@dataclass(slots=True, eq=False)
class _Progress(Generic[State]):
    states: Iterator[State] | None = None
    latest: State | None = None
    is_finished: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Job(Generic[State]):
    """Work that gives better and better states.

    Attributes
    ----------
    begin : callable
        Gives the iterator of states; called once, when the work begins.
    is_long : bool
        Whether it has to wait for its turn; short work is done at once.
    """

    begin: Callable[[], Iterator[State]]
    is_long: bool
    _progress: _Progress[State] = field(default_factory=_Progress, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)


def latest(job: Job[State]) -> State | None:
    """The last state of a job so far; None before the first."""
    return job._progress.latest


def problem_of(job: Job[State]) -> str | None:
    """Why a job came to an early end: the `ValueError` of the work itself; None if all is well."""
    return job._progress.problem


def is_finished(job: Job[State]) -> bool:
    """Whether a job has come to its end, or to a problem."""
    return job._progress.is_finished


def take_ticket() -> Ticket:
    """A place in the line, for one visitor's long work."""
    return scheduler.join(LINE, "finished")


def num_others(ticket: Ticket) -> int:
    """How many other jobs take turns with this one."""
    return max(0, scheduler.num_jobs(LINE, ticket) - 1)


def give_up(ticket: Ticket) -> None:
    """Leave the line."""
    scheduler.leave(LINE, ticket)


def work_on(jobs: Sequence[Job[State]], ticket: Ticket) -> None:
    """Do about `PIECE` seconds of work: what is short if there is any left, or else what is long.

    Of long work less is done, or none, as long as it is not this visitor's turn. What one visitor
    is working on right now is let alone by the others.
    """
    unfinished = [job for job in jobs if not is_finished(job)]
    short = [job for job in unfinished if not job.is_long]
    if short:
        _advance_all(short)
    elif unfinished:
        with scheduler.turn(LINE, ticket, wait=WAIT) as is_mine:
            if is_mine:
                _advance_all(unfinished)


def _advance_all(jobs: Sequence[Job[State]]) -> None:
    deadline = time.monotonic() + PIECE
    for job in jobs:
        _advance(job, deadline)
        if time.monotonic() >= deadline:
            return


def _advance(job: Job[State], deadline: float) -> None:
    if not job._lock.acquire(blocking=False):
        return
    try:
        _take_states(job, deadline)
    finally:
        job._lock.release()


def _take_states(job: Job[State], deadline: float) -> None:
    progress = job._progress
    while not progress.is_finished:
        try:
            if progress.states is None:
                progress.states = job.begin()
            progress.latest = next(progress.states)
        except StopIteration:
            progress.is_finished = True
            malloc.give_back()
        except ValueError as problem:
            progress.problem, progress.is_finished = str(problem), True
        if time.monotonic() >= deadline:
            break
