"""What a job has at the workers: the piece that is asked for, and who holds its iterator."""

import uuid
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import Any

from cnnviz_core.runtime import pieces
from cnnviz_core.runtime.pieces import Order, Piece
from cnnviz_core.runtime.workers import Workers, lose, said


@dataclass(slots=True, eq=False)
class Errand:
    """What a job has at the workers.

    `worker` is the address of the one that holds its iterator, if any; `num_states` counts the
    states that have come back.
    """

    name: str = field(default_factory=lambda: f"cnnviz-{uuid.uuid4().hex}")
    worker: str | None = None
    num_states: int = 0
    pending: Any = None
    client: Any = None


def get_piece(
    workers: Workers, errand: Errand, work: Callable[[], bytes], *, seconds: float, wait: float
) -> Piece | None:
    """Have the next piece of a job done, or see whether it has come back.

    Parameters
    ----------
    work : callable
        Gives the pickled beginning, or what resumes the job; called only if it must be sent. What
        it raises comes through.
    seconds : float
        How long the piece takes on the worker, about.
    wait : float
        Seconds to wait for it, at most.

    Returns
    -------
    Piece or None
        None if it is not there yet: to be asked again. Also if the scheduler was just lost.
    """
    client = workers._state.client
    if client is None:
        return None
    if errand.client is not client:
        # What was asked for went with the connection; the worker may still have the iterator.
        errand.pending, errand.client = None, client
    if errand.pending is None:
        sent = None if errand.worker is not None else work()
        order = Order(errand.name, errand.num_states, seconds, sent)
        errand.pending = _guarded(workers, client, lambda: _submit(client, errand, order))
    if errand.pending is None:
        return None
    found: Piece | None = _guarded(workers, client, lambda: _result(errand.pending, wait))
    if found is not None:
        errand.pending, errand.num_states = None, found.num_states
        errand.worker = found.worker if found.outcome == "goes on" else None
    return found


def withdraw(errand: Errand) -> None:
    """Have nothing at the workers any more: the job is done here, or begun anew."""
    errand.pending = errand.worker = errand.client = None


def _submit(client: Any, errand: Errand, order: Order) -> Any:
    # Whoever has the iterator comes first; if that one is gone, another says so.
    return client.submit(
        pieces.work,
        order,
        key=f"{errand.name}-{uuid.uuid4().hex}",
        pure=False,
        workers=errand.worker,
        allow_other_workers=errand.worker is not None,
    )


def _result(pending: Any, wait: float) -> Piece | None:
    from distributed import KilledWorker

    try:
        found: Piece = pending.result(timeout=wait)
    except TimeoutError:
        return None
    except KilledWorker:
        text = "All workers that tried were lost. Ask for less: fewer pictures, or smaller ones."
        return Piece(outcome="refused", num_states=0, seconds=0.0, worker="", text=text)
    return found


def _guarded(workers: Workers, client: Any, ask: Callable[[], Any]) -> Any:
    # The work's own errors come as pieces: whatever is raised here is the connection's.
    try:
        return ask()
    except CancelledError:
        lose(workers, client, "the connection was lost")
    except Exception as error:
        lose(workers, client, said(error))
    return None
