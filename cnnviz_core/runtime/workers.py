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
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnviz_core.runtime import local_workers, scheduler
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
        lose(workers, client, "the connection was lost")
        return False
    return client is not None and state.num_workers > 0


def lose(workers: Workers, client: Any, reason: str) -> None:
    """Do without a connection that fails, and say so in the log; look for another one later."""
    state = workers._state
    with workers._lock:
        if state.client is not None and state.client is not client:
            return  # another has taken its place meanwhile
        process, state.local = state.local, None
        state.client, state.num_workers = None, 0
        state.next_look = time.monotonic() + RETRY
    _complain(workers, reason)
    threading.Thread(target=_close, args=(client, process), daemon=True).start()


def said(error: Exception) -> str:
    """Return what the log says of an error, in one line."""
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def _look(workers: Workers) -> None:
    state = workers._state
    pause = RETRY
    client = state.client
    try:
        if client is None:
            client = _connect(workers)
        num_workers = len(client.sync(client.scheduler.ncores, callback_timeout=CONNECT))
    except Exception as error:  # of sockets, of Dask, or of its installation
        lose(workers, client, said(error))
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
