"""Where long work is sent if one machine is not enough: workers of dask.distributed, as a client.

`CNNVIZ_SCHEDULER` names their scheduler, `tcp://host:8786`, or is `local`: then this server starts
them. Nobody ever waits for a scheduler: threads of their own look for it, and look again after some
seconds, but only as long as somebody asks for work. Until there is one, and whenever it is lost,
work is done in the server. Without the variable nothing of Dask is imported.
"""

import logging
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import Any

from cnnviz_core.runtime import local_workers, pieces, scheduler
from cnnviz_core.runtime.pieces import Order, Piece
from cnnviz_core.runtime.scheduler import Scheduler

VARIABLE = "CNNVIZ_SCHEDULER"
LOCAL = "local"

# A scheduler that was not there is looked for again after so many seconds; one that is there is
# asked after so many how many workers it has.
RETRY = 5.0
COUNT = 2.0

# Within so many seconds a scheduler that is there has answered.
CONNECT = 5.0

# What it is told: a state of the largest ascent takes 25 MB, of which Dask warns from 10 MB on.
_SETTINGS = {"distributed.admin.large-graph-warning-threshold": "100MB"}

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _State:
    client: Any = None
    num_workers: int = 0
    local: subprocess.Popen[bytes] | None = None
    # For whoever looks: one at a time, and not before then.
    is_looking: bool = False
    next_look: float = 0.0
    has_complained: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Workers:
    """Workers, there or not; make one for all sessions.

    Attributes
    ----------
    address : str
        Of their scheduler, or "local".
    queue : Scheduler
        For the jobs that they do: as many at once as there are workers.
    """

    address: str
    queue: Scheduler = field(default_factory=Scheduler, repr=False)
    _state: _State = field(default_factory=_State, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        """Check the address."""
        if self.address != LOCAL and "://" not in self.address:
            raise ValueError(
                f"{VARIABLE} must be the address of a Dask scheduler, such as tcp://host:8786, or "
                f"{LOCAL!r} for workers on this machine, but came as {self.address!r}."
            )


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


def workers_of(environment: Mapping[str, str]) -> Workers | None:
    """Return the workers that `CNNVIZ_SCHEDULER` names; None without it.

    Raises
    ------
    ValueError
        If it is no address.

    Examples
    --------
    >>> workers_of({}) is None, workers_of({"CNNVIZ_SCHEDULER": "tcp://cellar:8786"})
    (True, Workers(address='tcp://cellar:8786'))
    """
    address = environment.get(VARIABLE, "").strip()
    return Workers(address) if address else None


def are_there(workers: Workers) -> bool:
    """Whether there are workers now; looks for them, or counts them anew, in the background."""
    state = workers._state
    with workers._lock:
        if not state.is_looking and time.monotonic() >= state.next_look:
            state.is_looking = True
            threading.Thread(target=_look, args=(workers,), daemon=True).start()
    client = state.client
    if client is not None and client.status != "running":
        _lose(workers, client, "the connection was lost")
        return False
    return client is not None and state.num_workers > 0


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
        withdraw(errand)
        errand.client = client
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


def close(workers: Workers) -> None:
    """End the connection, and the processes of `local`; the next who asks begins anew."""
    state = workers._state
    with workers._lock:
        client, process = state.client, state.local
        state.client, state.local, state.num_workers, state.next_look = None, None, 0, 0.0
    _close(client, process)


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
        return Piece("refused", num_states=0, seconds=0.0, worker="", text=text)
    return found


def _guarded(workers: Workers, client: Any, ask: Callable[[], Any]) -> Any:
    # The work's own errors come as pieces: whatever is raised here is the connection's.
    try:
        return ask()
    except CancelledError:
        _lose(workers, client, "the connection was lost")
    except Exception as error:
        _lose(workers, client, _said(error))
    return None


def _look(workers: Workers) -> None:
    state = workers._state
    pause = RETRY
    client = state.client
    try:
        if client is None:
            client = _connect(workers)
        num_workers = len(client.sync(client.scheduler.ncores, callback_timeout=CONNECT))
    except Exception as error:  # of sockets, of Dask, or of its installation
        _lose(workers, client, _said(error))
    else:
        pause = COUNT
        _found(workers, client, num_workers)
    finally:
        with workers._lock:
            state.is_looking, state.next_look = False, time.monotonic() + pause


def _connect(workers: Workers) -> Any:
    import dask
    from distributed import Client

    # What is to be known of it, our own log says. Both have levels of their own.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    dask.config.set(_SETTINGS)
    address = workers.address
    if address == LOCAL:
        workers._state.local, address = local_workers.start()
    return Client(address, timeout=CONNECT, set_as_default=False, name="cnnviz")


def _found(workers: Workers, client: Any, num_workers: int) -> None:
    state = workers._state
    with workers._lock:
        is_new = num_workers > 0 and (state.client is not client or not state.num_workers)
        state.client, state.num_workers = client, num_workers
    scheduler.resize(workers.queue, max(1, num_workers))
    if is_new:
        state.has_complained = False
        _log.info("Long jobs go to %d workers: %s.", num_workers, workers.address)
    elif not num_workers:
        _complain(workers, "it has no workers")


def _lose(workers: Workers, client: Any, reason: str) -> None:
    state = workers._state
    with workers._lock:
        if state.client is not None and state.client is not client:
            return  # another has taken its place meanwhile
        process, state.local = state.local, None
        state.client, state.num_workers = None, 0
        state.next_look = time.monotonic() + RETRY
    _complain(workers, reason)
    threading.Thread(target=_close, args=(client, process), daemon=True).start()


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def _complain(workers: Workers, reason: str) -> None:
    # Once, however often it is looked for.
    if not workers._state.has_complained:
        workers._state.has_complained = True
        _log.warning("Long jobs are done in this server, not at %s: %s", workers.address, reason)


def _close(client: Any, process: subprocess.Popen[bytes] | None) -> None:
    if client is not None:
        try:
            client.close(timeout=CONNECT)
        except Exception:  # it was lost anyway
            _log.debug("The connection did not end by itself.", exc_info=True)
    if process is not None:
        local_workers.stop(process)
