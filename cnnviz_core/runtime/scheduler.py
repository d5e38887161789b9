"""Long jobs of several people take turns, one short piece at a time.

A page runs one piece of its job, shows what came of it, and asks again. Who has had a turn goes to
the back of the line, so all get as many turns; those who ask for a preview come before those whose
picture is to be finished. Nobody is waited for: whoever is busy showing a picture keeps the place
in the line, and the next one who asks gets the turn. Who stops asking, as a closed tab does, is
dropped after a while. Nothing here starts a thread.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, get_args

from cnnviz_core.arrays import require_choice, require_whole

Urgency = Literal["preview", "finished"]
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)

# Without such a bound, a class full of people who move sliders would keep a finished picture
# waiting for as long as the lesson lasts.
PREVIEWS_IN_A_ROW = 4


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """One job's place in the line. `urgency` is whether it is a preview or a finished picture."""

    urgency: Urgency
    _left: threading.Event = field(default_factory=threading.Event, repr=False)


@dataclass(slots=True, eq=False)
class _State:
    # The line: when each ticket was last heard of, the next one first.
    seen: dict[Ticket, float] = field(default_factory=dict)
    asking: dict[Ticket, int] = field(default_factory=dict)
    working: set[Ticket] = field(default_factory=set)
    previews_in_a_row: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The line at one machine; make one for all sessions.

    Attributes
    ----------
    num_workers : int
        How many may work at once. One is best where each piece uses all processors by itself.
    patience : float
        Seconds after which a ticket is dropped that nobody asks for.
    clock : callable
        What `patience` is measured by: seconds that never go back.
    """

    num_workers: int = 1
    patience: float = 10.0
    clock: Callable[[], float] = time.monotonic
    _changed: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _state: _State = field(default_factory=_State, repr=False)

    def __post_init__(self) -> None:
        """Check the arguments."""
        require_whole(self.num_workers, "num_workers", low=1)
        if not self.patience > 0:
            raise ValueError(f"patience must be above 0 seconds, but came as {self.patience!r}.")


def join(line: Line, urgency: Urgency) -> Ticket:
    """Stand at the back of the line.

    Raises
    ------
    ValueError
        If `urgency` is none of `URGENCIES`.
    """
    require_choice(urgency, "urgency", URGENCIES)
    ticket = Ticket(urgency)
    with line._changed:
        _hear_of(line, ticket)
    return ticket


def leave(line: Line, ticket: Ticket) -> None:
    """Give a job up: it gets no more turns, and who waits with its ticket is let go at once.

    A piece that is being worked on is not interrupted. Leaving twice does no harm.
    """
    with line._changed:
        ticket._left.set()
        line._state.seen.pop(ticket, None)
        line._changed.notify_all()


@contextmanager
def turn(line: Line, ticket: Ticket, *, wait: float) -> Iterator[bool]:
    """Wait for a turn, and hold it for as long as the `with` block runs.

    Keep the block short: nobody else works in the meantime.

    Parameters
    ----------
    wait : float
        Seconds, at most, in which a page answers nothing else. With 0, the turn comes only if the
        processor is free and nobody who comes before is asking. A ticket that was dropped stands at
        the back of the line again.

    Yields
    ------
    bool
        Whether it is this job's turn. False when the time is up, or the job was given up.

    Examples
    --------
    >>> line = Line()
    >>> mine, theirs = join(line, "preview"), join(line, "preview")
    >>> with turn(line, mine, wait=0) as is_mine, turn(line, theirs, wait=0) as is_theirs:
    ...     (is_mine, is_theirs, num_jobs(line, theirs))
    (True, False, 2)
    """
    is_granted = _wait_for_turn(line, ticket, wait)
    try:
        yield is_granted
    finally:
        if is_granted:
            _hand_over(line, ticket)


def num_jobs(line: Line, ticket: Ticket) -> int:
    """Count the jobs that take turns, this one included; 0 for one that was given up.

    There is no place to tell: whoever has just had a turn is at the back of the line, and a page
    shows itself right after its turn, so each would say that it is the last. To ask counts as a
    sign of life, but not as asking for a turn.
    """
    with line._changed:
        if ticket._left.is_set():
            return 0
        _hear_of(line, ticket)
        return len(line._state.seen | dict.fromkeys(line._state.working))


def _wait_for_turn(line: Line, ticket: Ticket, wait: float) -> bool:
    state = line._state
    deadline = time.monotonic() + wait
    with line._changed:
        state.asking[ticket] = state.asking.get(ticket, 0) + 1
        try:
            # Those who come later may stand before those who wait: a preview, or a thread that
            # begins to ask again for a ticket that kept its place.
            while not ticket._left.is_set():
                _hear_of(line, ticket)
                if _next(line) is ticket:
                    _begin(line, ticket)
                    return True
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    return False
                line._changed.wait(remaining)
            return False
        finally:
            state.asking[ticket] -= 1
            if not state.asking[ticket]:
                del state.asking[ticket]
            # The next one may have been held back by this one's asking.
            line._changed.notify_all()


def _next(line: Line) -> Ticket | None:
    state = line._state
    if len(state.working) >= line.num_workers:
        return None
    ready = [one for one in state.seen if one in state.asking and one not in state.working]
    previews = [one for one in ready if one.urgency == "preview"]
    finished = [one for one in ready if one.urgency == "finished"]
    if finished and (not previews or state.previews_in_a_row >= PREVIEWS_IN_A_ROW):
        return finished[0]
    return previews[0] if previews else None


def _begin(line: Line, ticket: Ticket) -> None:
    state = line._state
    state.working.add(ticket)
    held_back = [one for one in state.seen.keys() - state.working if one.urgency == "finished"]
    is_before = bool(held_back) and ticket.urgency == "preview"
    state.previews_in_a_row = state.previews_in_a_row + 1 if is_before else 0


def _hand_over(line: Line, ticket: Ticket) -> None:
    with line._changed:
        line._state.working.discard(ticket)
        line._state.seen.pop(ticket, None)
        if not ticket._left.is_set():
            _hear_of(line, ticket)
        line._changed.notify_all()


def _hear_of(line: Line, ticket: Ticket) -> None:
    # Also drops those who were not heard of for too long. Who waits or works is there, though its
    # last sign of life may be old.
    state, now = line._state, line.clock()
    present = state.asking.keys() | state.working
    state.seen[ticket] = now
    for one, last in list(state.seen.items()):
        if now - last > line.patience and one not in present:
            del state.seen[one]
