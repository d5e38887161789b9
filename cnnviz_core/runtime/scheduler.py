"""Long jobs of several people take turns, one short piece at a time.

A page runs one piece of its job, shows what came of it, and asks again. A job that has had a turn
goes to the back of the queue, so all get as many turns; those who ask for a preview come before
those whose picture is to be finished. Nobody is waited for: whoever is busy showing a picture keeps
the place in the queue, and the next one who asks gets the turn. A job that nobody asks for any
more, as after a closed tab, loses its place after a while. Nothing here starts a thread.
"""

import threading
import time
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, get_args

from cnnviz_core.arrays import require_choice, require_whole

Urgency = Literal["preview", "finished"]
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)

# Without such a bound, a class full of people who move sliders would keep a finished picture
# waiting for as long as the lesson lasts.
PREVIEWS_IN_A_ROW = 4

# A page that works asks several times a second; a slow network may keep it from that for a while.
PATIENCE = 5.0


@dataclass(slots=True, eq=False)
class _Place:
    # When the job came into the queue, and when it was last asked for.
    since: float
    asked: float
    urgency: Urgency


@dataclass(slots=True, eq=False)
class _State:
    # The next one first.
    queue: dict[Hashable, _Place] = field(default_factory=dict)
    asking: dict[Hashable, int] = field(default_factory=dict)
    working: set[Hashable] = field(default_factory=set)
    previews_in_a_row: int = 0
    num_workers: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Scheduler:
    """The queue at one machine; make one for all sessions.

    Attributes
    ----------
    num_workers : int
        How many may work at once, until `resize` says otherwise. One is best where each piece uses
        all processors by itself.
    patience : float
        Seconds after which a job that nobody asks for loses its place.
    clock : callable
        What `patience` is measured by: seconds that never go back.
    """

    num_workers: int = 1
    patience: float = PATIENCE
    clock: Callable[[], float] = time.monotonic
    _changed: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _state: _State = field(default_factory=_State, repr=False)

    def __post_init__(self) -> None:
        """Check the arguments."""
        require_whole(self.num_workers, "num_workers", low=1)
        if not self.patience > 0:
            raise ValueError(f"patience must be above 0 seconds, but came as {self.patience!r}.")
        self._state.num_workers = self.num_workers


@contextmanager
def turn(
    scheduler: Scheduler, job: Hashable, urgency: Urgency = "finished", *, wait: float
) -> Iterator[bool]:
    """Wait for a job's turn, and hold it for as long as the `with` block runs.

    Keep the block short: nobody else works in the meantime.

    Parameters
    ----------
    job : hashable
        Whoever asks for an equal one asks for the same place in the queue. One that has no place
        stands at the back.
    urgency : str
        One of `URGENCIES`.
    wait : float
        Seconds, at most, in which a page answers nothing else. With 0, the turn comes only if the
        processor is free and nobody who comes before is asking.

    Yields
    ------
    bool
        Whether it is this job's turn. False when the time is up.

    Raises
    ------
    ValueError
        If `urgency` is none of `URGENCIES`.

    Examples
    --------
    >>> scheduler = Scheduler()
    >>> with turn(scheduler, "mine", wait=0) as mine, turn(scheduler, "yours", wait=0) as yours:
    ...     (mine, yours, num_others(scheduler, ["mine"]))
    (True, False, 1)
    """
    require_choice(urgency, "urgency", URGENCIES)
    is_granted = _wait_for_turn(scheduler, job, urgency, wait)
    try:
        yield is_granted
    finally:
        if is_granted:
            _hand_over(scheduler, job)


def leave(scheduler: Scheduler, job: Hashable) -> None:
    """Take a job that is done out of the queue; twice does no harm."""
    with scheduler._changed:
        scheduler._state.queue.pop(job, None)
        scheduler._changed.notify_all()


def resize(scheduler: Scheduler, num_workers: int) -> None:
    """Let so many work at once from now on; who works already goes on.

    Raises
    ------
    ValueError
        If `num_workers` is below 1.
    """
    require_whole(num_workers, "num_workers", low=1)
    with scheduler._changed:
        scheduler._state.num_workers = num_workers
        scheduler._changed.notify_all()


def num_others(scheduler: Scheduler, jobs: Collection[Hashable]) -> int:
    """Return how many other jobs take turns with these.

    0 if none of these has a place, or all of them and the others can work at once.

    Only those count that were asked for since these came: what somebody has just turned away from,
    to ask for one of these instead, takes no more turns.

    There is no position to tell: whatever has just had a turn is at the back of the queue, and a
    page shows itself right after its turn, so each would say that it is the last.
    """
    with scheduler._changed:
        _drop_forgotten(scheduler)
        queue = scheduler._state.queue
        since = min((queue[one].since for one in jobs if one in queue), default=None)
        if since is None:
            return 0
        others = sum(one not in jobs and place.asked >= since for one, place in queue.items())
        own = sum(one in queue for one in jobs)
        return others if own + others > scheduler._state.num_workers else 0


def rounds(scheduler: Scheduler, jobs: Collection[Hashable]) -> float:
    """Return how many rounds it takes until each of these jobs and of all others had a turn.

    Examples
    --------
    >>> scheduler = Scheduler(num_workers=2)
    >>> for job in ("mine", "yours", "theirs"):
    ...     with turn(scheduler, job, wait=0):
    ...         pass
    >>> rounds(scheduler, ["mine"])
    1.5
    """
    num_jobs = len(jobs) + num_others(scheduler, jobs)
    return num_jobs / scheduler._state.num_workers


def _wait_for_turn(scheduler: Scheduler, job: Hashable, urgency: Urgency, wait: float) -> bool:
    state = scheduler._state
    deadline = time.monotonic() + wait
    with scheduler._changed:
        state.asking[job] = state.asking.get(job, 0) + 1
        try:
            # Those who come later may stand before those who wait: a preview, or a thread that
            # begins to ask again for a job that kept its place.
            while True:
                _stand(scheduler, job, urgency)
                if _next(scheduler) == job:
                    _begin(scheduler, job)
                    return True
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    return False
                scheduler._changed.wait(remaining)
        finally:
            state.asking[job] -= 1
            if not state.asking[job]:
                del state.asking[job]
            # The next one may have been held back by this one's asking.
            scheduler._changed.notify_all()


def _stand(scheduler: Scheduler, job: Hashable, urgency: Urgency) -> None:
    now = scheduler.clock()
    place = scheduler._state.queue.setdefault(job, _Place(now, now, urgency))
    place.asked, place.urgency = now, urgency
    _drop_forgotten(scheduler)


def _drop_forgotten(scheduler: Scheduler) -> None:
    # Who waits or works is there, though it may have asked long ago.
    state, now = scheduler._state, scheduler.clock()
    present = state.asking.keys() | state.working
    for job, place in list(state.queue.items()):
        if now - place.asked > scheduler.patience and job not in present:
            del state.queue[job]


def _next(scheduler: Scheduler) -> Hashable | None:
    state = scheduler._state
    if len(state.working) >= state.num_workers:
        return None
    ready = [
        (job, place.urgency)
        for job, place in state.queue.items()
        if job in state.asking and job not in state.working
    ]
    previews = [job for job, urgency in ready if urgency == "preview"]
    finished = [job for job, urgency in ready if urgency == "finished"]
    if finished and (not previews or state.previews_in_a_row >= PREVIEWS_IN_A_ROW):
        return finished[0]
    return previews[0] if previews else None


def _begin(scheduler: Scheduler, job: Hashable) -> None:
    state = scheduler._state
    state.working.add(job)
    is_preview = state.queue[job].urgency == "preview"
    holds_back = any(
        place.urgency == "finished" and one not in state.working
        for one, place in state.queue.items()
    )
    state.previews_in_a_row = state.previews_in_a_row + 1 if is_preview and holds_back else 0


def _hand_over(scheduler: Scheduler, job: Hashable) -> None:
    with scheduler._changed:
        scheduler._state.working.discard(job)
        place = scheduler._state.queue.pop(job, None)
        if place is not None:
            scheduler._state.queue[job] = place
        scheduler._changed.notify_all()
