"""What a worker does of a job: one piece at a time. The iterator stays there in between.

Workers are processes of dask.distributed, on this machine or others; `workers` sends them orders.
"""

import pickle
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from cnnviz_core.runtime import malloc, warm_up

Outcome = Literal["goes on", "finished", "refused", "failed", "unknown", "unable"]

# Jobs that a worker keeps in the middle, some megabytes each. As many as a class has visitors, or
# those that cannot be resumed would push each other out, and never end.
MAX_BEGUN = 64

OUT_OF_MEMORY = "The server had too little memory for this. Choose something smaller."

_begun: OrderedDict[str, tuple[int, Iterator[Any]]] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What a worker is asked for.

    Attributes
    ----------
    job : str
        A name that no other job has, of whatever server.
    num_states : int
        How many states of it the server has seen. A worker that has come further, as when its last
        answer was lost, does not go on from there.
    seconds : float
        How long the piece takes, about.
    work : bytes or None
        A pickled callable that gives the iterator of states; None for what the worker has begun.
        Pickles are programs, so orders come from servers alone, over a network that is trusted.
    """

    job: str
    num_states: int
    seconds: float
    work: bytes | None


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What came of an order.

    Attributes
    ----------
    outcome : str
        "refused" is the work's own `ValueError` or a want of memory, "failed" any other error in
        it. "unknown" says that the worker has not begun this job, and is to be told what it is;
        "unable" that it cannot: it lacks the network's weights, say.
    num_states : int
        As in the order, with those of this piece.
    seconds : float
        That it took.
    worker : str
        Its address.
    state : object
        The last one; None if the piece gave none.
    text : str
        Why it was refused, failed, or the worker is unable.
    """

    outcome: Outcome
    num_states: int
    seconds: float
    worker: str
    state: Any = None
    text: str = ""


def dask_setup(worker: object) -> None:
    """Load TensorFlow, and only then be there: `--preload cnnviz_core.runtime.pieces`.

    Until a worker is ready, whoever asks for work does without it.
    """
    warm_up.start(delay=0)
    warm_up.wait()


def work(order: Order) -> Piece:
    """Do a piece of a job that this worker has begun, or is told to begin or to resume."""
    from distributed import get_worker

    begun = time.monotonic()
    outcome, num_states, state, text = _worked(order, begun + order.seconds)
    return Piece(
        outcome=outcome,
        num_states=num_states,
        seconds=time.monotonic() - begun,
        worker=get_worker().address,
        state=state,
        text=text,
    )


def _worked(order: Order, deadline: float) -> tuple[Outcome, int, Any, str]:
    count, state = order.num_states, None
    begin: Callable[[], Iterator[Any]] | None = None
    if (begun := _taken_out(order)) is not None:
        begin = partial(iter, begun)
    if order.work is not None:
        try:
            begin = pickle.loads(order.work)  # noqa: S301
        except Exception as error:  # whatever it takes to load a network here
            return "unable", count, None, f"{type(error).__name__}: {error}"
    if begin is None:
        return "unknown", count, None, ""
    try:
        states = begin()
        while True:
            state = next(states)
            count += 1
            if time.monotonic() >= deadline:
                break
    except StopIteration:
        malloc.give_back()
        return "finished", count, state, ""
    except ValueError as problem:
        return "refused", count, state, str(problem)
    except MemoryError:
        malloc.give_back()
        return "refused", count, state, OUT_OF_MEMORY
    except Exception:  # the server raises it as its own
        return "failed", count, state, traceback.format_exc()
    _put_back(order.job, count, states)
    return "goes on", count, state, ""


def _taken_out(order: Order) -> Iterator[Any] | None:
    # Out, so that no two ever work on it, whatever is sent twice.
    with _lock:
        count, states = _begun.pop(order.job, (None, None))
    return states if count == order.num_states else None


def _put_back(job: str, num_states: int, states: Iterator[Any]) -> None:
    with _lock:
        _begun[job] = num_states, states
        while len(_begun) > MAX_BEGUN:
            _begun.popitem(last=False)
