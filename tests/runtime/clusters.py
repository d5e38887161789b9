"""Real schedulers and workers of Dask, each a process on this machine; and work for them."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cnnviz_core.runtime import jobs, workers
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.runtime.workers import Workers

ROOT = Path(__file__).parents[2]

# Far longer than anything here takes.
FOREVER = 120.0

# The number of a state, where it was made, and how many have been made there since it began.
Made = tuple[int, int, int]


def counting(stop: int, seconds: float = 0.05, resume: Made | None = None) -> Iterator[Made]:
    """Numbers from 1 to `stop`, or on from those of a state, each of which takes some seconds."""
    first = 1 if resume is None else resume[0] + 1
    return _counting(first, stop, seconds)


def _counting(first: int, stop: int, seconds: float) -> Iterator[Made]:
    for number in range(first, stop + 1):
        time.sleep(seconds)
        yield number, os.getpid(), number - first + 1


def refusing(stop: int) -> Iterator[Made]:
    """Count, and then refuse to go on."""
    yield from counting(stop, 0.0)
    raise ValueError("numbers are not finite")


def failing(stop: int) -> Iterator[Made]:
    """Count, and then meet a fault of our own."""
    yield from counting(stop, 0.0)
    raise KeyError("a fault")


def starving(stop: int) -> Iterator[Made]:
    """Count, and then find no memory."""
    yield from counting(stop, 0.0)
    raise MemoryError


@contextlib.contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask's command line, as README.md starts it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def scheduler(port: int) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    """A scheduler on a port of this machine."""
    return running(
        "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard",
        "--dashboard-address", "127.0.0.1:0",
    )  # fmt: skip


def worker(port: int, *more: str) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    """A worker of that scheduler, one process; it looks for the scheduler as long as it must."""
    return running(
        "worker", f"tcp://127.0.0.1:{port}", "--host", "127.0.0.1", "--nthreads", "1",
        "--memory-limit", "0", "--no-dashboard", "--no-nanny", "--death-timeout", "240",
        *more,
    )  # fmt: skip


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that comes about by itself."""
    deadline = time.monotonic() + FOREVER
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.01)


def until_there(found: Workers, num_workers: int) -> None:
    """Wait for so many workers."""
    until(lambda: workers.are_there(found) and found._state.num_workers == num_workers)


def leave(found: Workers) -> None:
    """End the connection with workers, if there is one."""
    until(lambda: not found._state.is_looking)
    client = found._state.client
    if client is not None:
        workers.lose(found, client, "the test is over")
        until(lambda: client.status == "closed")


def work_until(job: Job[Made], condition: Callable[[Job[Made]], bool]) -> None:
    """Ask for piece after piece, as a page does."""

    def is_met() -> bool:
        jobs.work_on([job])
        return condition(job)

    until(is_met)
