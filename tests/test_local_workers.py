"""A real server with workers of its own: they work, it waits, and they end with it."""

import contextlib
import time
from urllib.parse import urlencode

import psutil
import pytest

from benchmarks.visitors import open_page, run, until_said, visitor
from cnnviz_core.runtime.workers import LOCAL, VARIABLE
from tests.browser.chromium import START, serve_process
from tests.runtime.clusters import FOREVER, until

pytestmark = pytest.mark.slow

ASCENT = {"ascent_layer": "block3_conv1", "ascent_size": 128, "ascent_steps": 8, "ascent_count": 3}
FINISHED = "All 8 steps, 128 × 128 pixels"


def seconds_of(processes: list[psutil.Process]) -> float:
    """What processes have used of the processors so far; those that have ended, nothing."""
    total = 0.0
    for one in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system
    return total


def is_idle(processes: list[psutil.Process]) -> bool:
    """Whether processes do next to nothing but tell each other that they are there."""
    before = seconds_of(processes)
    time.sleep(2)
    return seconds_of(processes) - before < 0.6


async def climb(address: str, seed: int) -> None:
    """Watch an ascent that nobody else asks for, to its end."""
    async with visitor(address) as one:
        await open_page(one, "filter_ascent", urlencode({**ASCENT, "ascent_seed": seed}))
        await until_said(one, FINISHED)
        assert one.errors == []


def test_workers_do_the_ascents_of_a_server_and_end_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, LOCAL)
    with serve_process(START) as (address, process):
        server = psutil.Process(process)
        # The server loads TensorFlow as the first page is asked for, then starts the workers: one
        # process that runs them, and two of their own.
        run(climb(address, 11))
        until(lambda: len(server.children(recursive=True)) >= 3)
        until(lambda: is_idle([server, *server.children(recursive=True)]))
        processes = server.children(recursive=True)
        own, theirs = seconds_of([server]), seconds_of(processes)
        run(climb(address, 12))
        own, theirs = seconds_of([server]) - own, seconds_of(processes) - theirs
        assert theirs > 3 * own, f"server {own:.1f} s, workers {theirs:.1f} s of processor time"
    _, alive = psutil.wait_procs(processes, timeout=FOREVER)
    assert alive == []
