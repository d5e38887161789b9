"""Long work at real workers: nothing is lost with them, and nobody waits for them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import pytest

from cnnviz_core.runtime import jobs, workers
from cnnviz_core.runtime.jobs import BROKEN_OFF, Job
from cnnviz_core.runtime.pieces import OUT_OF_MEMORY
from cnnviz_core.runtime.scheduler import Scheduler
from cnnviz_core.runtime.workers import Workers, workers_of
from tests.browser.chromium import free_port
from tests.runtime import clusters
from tests.runtime.clusters import Made, counting, until, until_there, work_until

# All of this file runs in one process: one cluster is enough for most, and those that stop a
# scheduler have one of their own, one after the other.
PORT, OTHER_PORT = free_port(), free_port()

Processes = dict[int, subprocess.Popen[bytes]]


def told_of(port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """What a server knows of workers that it is told of; in the beginning, nothing."""
    found = Workers(f"tcp://127.0.0.1:{port}")
    monkeypatch.setattr(jobs, "SCHEDULER", Scheduler())
    monkeypatch.setattr(jobs, "WORKERS", found)
    monkeypatch.setattr(workers, "RETRY", 0.2)
    monkeypatch.setattr(workers, "COUNT", 0.2)
    yield found
    clusters.leave(found)


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """Those whose scheduler is not there yet."""
    yield from told_of(OTHER_PORT, monkeypatch)


@pytest.fixture(scope="module")
def stack() -> Iterator[ExitStack]:
    """Ends the processes of a cluster, whoever has started them."""
    with ExitStack() as stack:
        stack.enter_context(clusters.scheduler(PORT))
        yield stack


@pytest.fixture(scope="module")
def started() -> Processes:
    """All workers that this file has started in its cluster, by the numbers of their processes."""
    return {}


@pytest.fixture
def two(
    stack: ExitStack, started: Processes, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Processes]:
    """Two workers that are there; a test before may have killed some."""
    while len(alive := {pid: one for pid, one in started.items() if one.poll() is None}) < 2:
        process = stack.enter_context(clusters.worker(PORT))
        started[process.pid] = process
    for found in told_of(PORT, monkeypatch):
        until_there(found, 2)
        yield alive


def job(stop: int, *, can_resume: bool = True, seconds: float = 0.05) -> Job[Made]:
    begin = partial(counting, stop, seconds)
    return Job(begin, is_portable=True, can_resume=can_resume)


def state_of(one: Job[Made]) -> Made:
    assert one.state is not None
    return one.state


def has_begun(one: Job[Made]) -> bool:
    return one.state is not None


def is_finished(one: Job[Made]) -> bool:
    return one.is_finished


def test_a_worker_does_it_piece_by_piece_and_recomputes_nothing(
    two: Processes,
) -> None:
    kept: list[Made] = []
    one = Job(partial(counting, 15), is_portable=True, keep=kept.append)
    seen = []
    while not one.is_finished:
        jobs.work_on([one])
        seen.append(state_of(one) if one.state else None)
    numbers = [state[0] for state in seen if state]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 2
    (process,) = {state[1] for state in seen if state}
    assert process in two
    assert state_of(one) == (15, process, 15)
    assert kept == [one.state]


def test_one_job_of_two_sessions_is_one_and_two_jobs_go_on_at_once(
    two: Processes,
) -> None:
    one, other, third = (job(1000) for _ in range(3))
    for asked in (one, other):
        work_until(asked, has_begun)
    assert jobs.num_others([one]) == jobs.num_others([other]) == 0
    for asked in (one, other, third, one):
        jobs.work_on([asked])
    assert jobs.num_others([one]) == 2
    assert {state_of(one)[1], state_of(other)[1]} <= two.keys()
    # Whoever asks for it goes on with it.
    assert state_of(one)[0] == state_of(one)[2]


@pytest.mark.parametrize("can_resume", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_killed_worker_costs_a_piece_or_of_what_cannot_be_resumed_all(
    two: Processes, can_resume: bool
) -> None:
    one = job(24, can_resume=can_resume)
    work_until(one, has_begun)
    before, process, _ = state_of(one)
    two[process].kill()
    work_until(one, is_finished)
    number, other, made_there = state_of(one)
    assert number == 24
    assert {other} == two.keys() - {process}
    assert made_there == (24 - before if can_resume else 24)


def test_a_worker_that_is_further_than_what_came_back_is_told_where_to_go_on(
    two: Processes,
) -> None:
    one = job(24)
    work_until(one, has_begun)
    before = state_of(one)[0]
    # As if its last answer had been lost on the way.
    one._progress.errand.num_states -= 1
    work_until(one, is_finished)
    number, process, made_there = state_of(one)
    assert (number, made_there) == (24, 24 - before)
    assert process in two


def test_what_was_under_way_goes_on_over_a_new_connection(two: Processes) -> None:
    found = jobs.WORKERS
    assert found is not None
    one = job(4, seconds=0.8)
    work_until(one, has_begun)
    until(lambda: jobs.work_on([one]) or one._progress.errand.pending is not None)
    workers.lose(found, found._state.client, "the test wants it")
    until_there(found, 2)
    client = found._state.client
    work_until(one, is_finished)
    assert found._state.client is client
    assert (state_of(one)[0], state_of(one)[1] in two) == (4, True)


def test_nothing_runs_on_once_nobody_asks(two: Processes) -> None:
    one = job(1000)
    work_until(one, has_begun)
    until(lambda: one._progress.errand.pending is None or one._progress.errand.pending.done())
    jobs.work_on([one])
    reached = state_of(one)[0]
    time.sleep(1)
    jobs.work_on([one])
    # A second is three pieces.
    assert state_of(one)[0] - reached < 2 * jobs.PIECE / 0.05


def test_a_lost_scheduler_leaves_the_work_to_the_server_until_it_is_back(
    other: Workers, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as impatient:
        impatient.setattr(workers, "CONNECT", 0.3)
        until(lambda: not workers.are_there(other) and other._state.has_complained)
        until(lambda: not other._state.is_looking)
    caplog.clear()
    caplog.set_level("INFO", "cnnviz_core")
    one = job(60)
    with ExitStack() as stack:
        with clusters.scheduler(OTHER_PORT):
            stack.enter_context(clusters.worker(OTHER_PORT))
            until_there(other, 1)
            work_until(one, has_begun)
            assert state_of(one)[1] != os.getpid()
        work_until(one, lambda one: state_of(one)[1] == os.getpid())
        away = state_of(one)
        with clusters.scheduler(OTHER_PORT), clusters.worker(OTHER_PORT):
            until(lambda: workers.are_there(other))
            work_until(one, lambda one: state_of(one)[1] != os.getpid())
            back = state_of(one)
            assert back[0] > away[0] > away[2]
            assert back[2] < back[0]
    work_until(one, is_finished)
    assert state_of(one)[:2] == (60, os.getpid())
    said = [one for one in caplog.messages if "it has no workers" not in one]
    lost = f"Long jobs are done in this server, not at {other.address}: "
    assert [one.startswith(lost) for one in said] == [False, True, False, True, False]
    assert [one.startswith("Long jobs go to ") for one in said[::2]] == [True, True, False]


@pytest.mark.slow
def test_what_cannot_be_resumed_stays_where_it_has_begun(
    other: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = job(30, can_resume=False)
    jobs.work_on([one])
    assert state_of(one)[1] == os.getpid()
    with clusters.scheduler(OTHER_PORT), clusters.worker(OTHER_PORT):
        until_there(other, 1)
        work_until(one, is_finished)
    assert state_of(one) == (30, os.getpid(), 30)


@pytest.mark.slow
def test_a_scheduler_without_workers_and_one_that_hangs_hold_nobody_up(other: Workers) -> None:
    one = job(1000, seconds=0.01)
    with clusters.scheduler(OTHER_PORT) as process:
        until(lambda: workers.are_there(other) or other._state.client is not None)
        jobs.work_on([one])
        assert state_of(one)[1] == os.getpid()
        with clusters.worker(OTHER_PORT):
            until_there(other, 1)
            work_until(one, lambda one: state_of(one)[1] != os.getpid())
            process.send_signal(signal.SIGSTOP)
            began = time.monotonic()
            jobs.work_on([one])
            assert time.monotonic() - began < 2 * (jobs.PIECE + jobs.WAIT)
            work_until(one, lambda one: state_of(one)[1] == os.getpid())
            process.send_signal(signal.SIGCONT)


def test_refusals_and_faults_come_back_as_they_do_at_home(
    two: Processes,
) -> None:
    kept: list[Made] = []
    refused = Job(partial(clusters.refusing, 3), is_portable=True, keep=kept.append)
    work_until(refused, is_finished)
    assert refused.problem == "numbers are not finite"
    assert state_of(refused)[0] == 3
    starved = Job(partial(clusters.starving, 3), is_portable=True, keep=kept.append)
    work_until(starved, is_finished)
    assert starved.problem == OUT_OF_MEMORY
    failed = Job(partial(clusters.failing, 3), is_portable=True, keep=kept.append)
    with pytest.raises(RuntimeError, match="KeyError: 'a fault'"):
        work_until(failed, is_finished)
    assert (failed.is_finished, failed.problem) == (True, BROKEN_OFF)
    assert kept == []


def test_what_cannot_be_sent_or_loaded_is_done_here(
    two: Processes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "cnnviz_core.runtime.jobs")
    closure = Job(lambda: counting(2), is_portable=True)
    work_until(closure, is_finished)
    # A function that the worker's own code does not have.
    monkeypatch.setattr(clusters, "newer", newer, raising=False)
    monkeypatch.setattr(newer, "__module__", clusters.__name__)
    unknown = Job(newer, is_portable=True)
    work_until(unknown, is_finished)
    assert state_of(closure)[:2] == state_of(unknown)[:2] == (2, os.getpid())
    # Why something cannot be sent may name what a visitor has brought along.
    assert [one.split()[2] for one in caplog.messages] == ["made", "stays", "made"]
    assert "lambda" not in caplog.text


def newer() -> Iterator[Made]:
    return counting(2)


@pytest.mark.slow
def test_workers_of_this_machine_come_and_go_with_the_server() -> None:
    program = """
import os, sys
from functools import partial
from cnnviz_core.runtime import jobs
from tests.runtime.clusters import counting, until_there, work_until

if __name__ == "__main__":
    until_there(jobs.WORKERS, 2)
    one = jobs.Job(partial(counting, 9), is_portable=True)
    work_until(one, lambda one: one.is_finished)
    print(one.state[1], jobs.WORKERS._state.local.pid, flush=True)
    os.kill(os.getpid(), 9)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=clusters.ROOT,
        env={**os.environ, workers.VARIABLE: workers.LOCAL},
        capture_output=True,
        text=True,
    )
    processes = [int(one) for one in done.stdout.split()]
    assert len(processes) == 2, done.stderr
    until(lambda: not any(map(is_alive, processes)))


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_without_the_variable_nothing_of_dask_is_imported() -> None:
    program = """
import sys
from cnnviz_core.runtime import jobs
one = jobs.Job(lambda: iter("abc"), is_portable=True)
jobs.look_for_workers()
jobs.work_on([one])
assert one.is_finished and one.state == "c"
assert not {"dask", "distributed", "tornado"} & set(sys.modules)
"""
    environment = {name: one for name, one in os.environ.items() if name != workers.VARIABLE}
    subprocess.run([sys.executable, "-c", program], cwd=clusters.ROOT, env=environment, check=True)


def test_an_address_that_is_none_is_refused() -> None:
    assert workers_of({workers.VARIABLE: " "}) is None
    with pytest.raises(ValueError, match=r"CNNVIZ_SCHEDULER must be the address .*'cellar'"):
        workers_of({workers.VARIABLE: "cellar"})
