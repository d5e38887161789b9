"""A real server with workers of its own: they work, it waits, and they end with it."""

import contextlib
import subprocess
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from benchmarks.visitors import open_page, run, until_said, visitor
from cnnviz_core.runtime.workers import LOCAL, VARIABLE
from tests.browser.chromium import START, processor_seconds, serve_process
from tests.runtime.clusters import until

pytestmark = pytest.mark.slow

ASCENT = {"ascent_layer": "block3_conv1", "ascent_size": 128, "ascent_steps": 16, "ascent_count": 3}
FINISHED = "All 16 steps, 128 × 128 pixels"


def descendants(process: int) -> set[int]:
    """The processes that a process has started, and those that they have."""
    done = subprocess.run(
        ["pgrep", "--parent", str(process)], capture_output=True, text=True, check=False
    )
    children = {int(one) for one in done.stdout.split()}
    return children.union(*map(descendants, children))


def seconds_of(processes: set[int]) -> float:
    """What processes have used of the processors so far; those that have ended, nothing."""
    total = 0.0
    for one in processes:
        with contextlib.suppress(FileNotFoundError):
            total += processor_seconds(one)
    return total


async def climb(address: str, seed: int) -> None:
    """Watch an ascent that nobody else asks for, to its end."""
    async with visitor(address) as one:
        await open_page(one, "filter_ascent", urlencode({**ASCENT, "ascent_seed": seed}))
        await until_said(one, FINISHED)
        assert one.errors == []


def is_idle(processes: set[int]) -> bool:
    before = seconds_of(processes)
    time.sleep(1)
    return seconds_of(processes) - before < 0.2


def test_workers_do_the_ascents_of_a_server_and_end_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, LOCAL)
    with serve_process(START) as (address, server):
        # The server loads TensorFlow as the first page is asked for, then starts the workers.
        run(climb(address, 11))
        until(lambda: len(descendants(server)) >= 3)
        until(lambda: is_idle({server, *descendants(server)}))
        processes = descendants(server)
        own, theirs = seconds_of({server}), seconds_of(processes)
        run(climb(address, 12))
        own, theirs = seconds_of({server}) - own, seconds_of(processes) - theirs
        assert theirs > 3 * own, f"server {own:.1f} s, workers {theirs:.1f} s of processor time"
    until(lambda: not any(Path(f"/proc/{one}").exists() for one in processes))
