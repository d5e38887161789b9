"""Few at a time: short pieces of work in Python that would only slow each other down.

One interpreter does one thing at a time. Thirty pieces of 50 ms that begin together all end after
1.5 s, each having waited at every step; in their order, the first ones end at once, and the mean is
half of that. Two at a time, since one of them may be in an operation that needs no interpreter.
Whatever takes long, as on a server that is still loading, waits for something else, and holds
nobody up.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Admission:
    """The door; make one for all threads.

    Attributes
    ----------
    most : int
        How many are let in at once.
    patience : float
        Seconds after which whoever is inside no longer counts.
    """

    most: int = 2
    patience: float = 0.25
    _changed: threading.Condition = field(default_factory=threading.Condition, repr=False)
    # When each thread was let in.
    _since: dict[int, float] = field(default_factory=dict, repr=False)


@contextmanager
def admitted(admission: Admission) -> Iterator[None]:
    """Wait to be let in, and leave at the end of the block; whoever is inside need not wait again.

    Examples
    --------
    >>> door = Admission(most=1)
    >>> with admitted(door), admitted(door):
    ...     "inside"
    'inside'
    """
    me = threading.get_ident()
    if me in admission._since:
        yield
        return
    with admission._changed:
        while (seconds := _seconds_to_wait(admission)) > 0:
            admission._changed.wait(seconds)
        admission._since[me] = time.monotonic()
    try:
        yield
    finally:
        step_aside(admission)


def step_aside(admission: Admission) -> None:
    """Let the next one in before the end of the block: what follows takes long."""
    with admission._changed:
        admission._since.pop(threading.get_ident(), None)
        admission._changed.notify()


def _seconds_to_wait(admission: Admission) -> float:
    """Return after how many seconds one of those inside no longer counts; 0 if there is room."""
    now = time.monotonic()
    left = [admission.patience - (now - since) for since in admission._since.values()]
    counting = [seconds for seconds in left if seconds > 0]
    return min(counting) if len(counting) >= admission.most else 0.0
