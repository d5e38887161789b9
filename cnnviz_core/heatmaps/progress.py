"""Long work in parts, so that a page can show it growing, stop it and go on."""

from collections import deque
from collections.abc import Iterator
from typing import TypeVar

State = TypeVar("State")


def chunks(total: int, size: int) -> Iterator[range]:
    """Cut the numbers from 0 to `total` into runs of `size`; the last may be shorter.

    Examples
    --------
    >>> list(chunks(7, 3))
    [range(0, 3), range(3, 6), range(6, 7)]
    """
    return (range(start, min(start + size, total)) for start in range(0, total, size))


def last(states: Iterator[State]) -> State:
    """Run to the end and return the last state; no other is kept.

    Examples
    --------
    >>> last(iter("cat"))
    't'
    """
    return deque(states, maxlen=1)[0]
