"""Long work in pieces: shared, in turns, and never two at once at the same."""

import threading
from collections.abc import Iterator

import pytest

from cnnviz_core.runtime import jobs as _jobs
from cnnviz_core.runtime import scheduler as _scheduler
from cnnviz_core.runtime.jobs import Job, num_others, slowdown, work_on
from cnnviz_core.runtime.scheduler import Scheduler
from cnnviz_core.runtime.workers import Workers


class Clock:
    """Seconds that pass only while work is done."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(_jobs, "time", clock)
    return clock


@pytest.fixture(autouse=True)
def scheduler(monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    scheduler = Scheduler()
    monkeypatch.setattr(_jobs, "SCHEDULER", scheduler)
    monkeypatch.setattr(_jobs, "WAIT", 0.01)
    return scheduler


def counting(clock: Clock, count: int, seconds: float) -> Iterator[int]:
    """Numbers from 1 to `count`, each of which takes so many seconds."""
    for number in range(1, count + 1):
        clock.now += seconds
        yield number


def job(clock: Clock, count: int, seconds: float, *, is_long: bool = True) -> Job[int]:
    return Job(lambda: counting(clock, count, seconds), is_long)


def test_a_piece_takes_about_as_long_as_it_may(clock: Clock) -> None:
    one = job(clock, 10, 0.1)
    assert one.state is None
    work_on([one])
    assert one.state == 3
    assert not one.is_finished
    for _ in range(3):
        work_on([one])
    assert (one.state, one.is_finished) == (10, True)
    work_on([one])
    assert clock.now == pytest.approx(1.0)


def test_what_is_short_comes_first_and_is_shown_before_what_is_long(clock: Clock) -> None:
    long, short = job(clock, 5, 0.1), job(clock, 1, 0.01, is_long=False)
    work_on([long, short])
    assert (long.state, short.state) == (None, 1)
    work_on([long, short])
    assert long.state == 3


def test_short_work_is_done_to_its_end_however_slow_the_machine_is(clock: Clock) -> None:
    short = job(clock, 3, 1.0, is_long=False)
    work_on([short])
    assert (short.state, short.is_finished) == (3, True)


def test_several_fit_into_one_piece(clock: Clock) -> None:
    jobs = [job(clock, 1, 0.02, is_long=False) for _ in range(20)]
    work_on(jobs)
    assert 14 <= sum(one.is_finished for one in jobs) <= 16


def test_long_work_waits_for_its_turn_and_short_work_does_not(
    clock: Clock, scheduler: Scheduler
) -> None:
    long, short = job(clock, 5, 0.1), job(clock, 1, 0.1, is_long=False)
    with _scheduler.turn(scheduler, "another", wait=0) as is_theirs:
        assert is_theirs
        work_on([long])
        assert long.state is None
        work_on([long, short])
        assert short.is_finished
        work_on([long])
    work_on([long])
    assert long.state == 3


def test_jobs_of_others_are_counted_and_ones_own_are_not(clock: Clock) -> None:
    one, two, other = (job(clock, 20, 0.1) for _ in range(3))
    for asked in (one, two, other, one):
        work_on([asked])
    assert num_others([one, two]) == 1
    assert num_others([other]) == 1  # `two` was not asked for since


def test_who_takes_turns_takes_longer_unless_there_are_workers_for_all(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, other = (job(clock, 20, 0.1) for _ in range(3))
    for asked in (one, two, other, one):
        work_on([asked])
    assert (slowdown([one]), slowdown([one, two])) == (3, 3)
    workers = Workers("tcp://cellar:8786", queue=Scheduler(num_workers=2))
    monkeypatch.setattr(_jobs, "WORKERS", workers)
    for asked in (one, two, other):
        _scheduler.leave(_jobs.SCHEDULER, asked)
        with _scheduler.turn(workers.queue, asked, wait=0):
            pass
    assert num_others([one]) == 2
    assert (slowdown([one]), slowdown([one, two])) == (1.5, 2)


def test_what_is_done_takes_no_turns_any_more(clock: Clock, scheduler: Scheduler) -> None:
    one, other = job(clock, 6, 0.1), job(clock, 20, 0.1)
    for asked in (one, other, one, one):
        work_on([asked])
    assert one.is_finished
    assert num_others([other]) == 0
    assert list(scheduler._state.queue) == [other]


def test_who_comes_second_goes_on_where_the_first_one_was(clock: Clock) -> None:
    one = job(clock, 6, 0.1)
    # The first visitor closes the tab.
    work_on([one])
    work_on([one])
    work_on([one])
    assert (one.state, one.is_finished) == (6, True)
    assert clock.now == pytest.approx(0.6)


def test_two_who_ask_for_the_same_have_one_place_and_do_it_once(
    clock: Clock, scheduler: Scheduler
) -> None:
    one, other = job(clock, 20, 0.1), job(clock, 20, 0.1)
    for asked in (one, one, other, one):
        work_on([asked])
    assert num_others([other]) == 1
    assert list(scheduler._state.queue) == [other, one]
    assert one.state is not None
    assert other.state is not None
    assert clock.now == pytest.approx(0.1 * (one.state + other.state))


def test_what_was_finished_before_is_never_begun() -> None:
    one = _jobs.finished("there", "ascent")
    work_on([one])
    assert (one.state, one.is_finished, one.problem) == ("there", True, None)


def test_what_somebody_works_on_is_let_alone(clock: Clock) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[str]:
        begun.set()
        assert go_on.wait(10)
        yield "done"

    one: Job[str] = Job(slow, is_long=False)
    thread = threading.Thread(target=work_on, args=([one],))
    thread.start()
    assert begun.wait(10)
    work_on([one])
    assert not one.is_finished
    go_on.set()
    thread.join()
    assert (one.state, one.is_finished) == ("done", True)


def test_a_refusal_ends_the_work_and_keeps_what_was_there(clock: Clock) -> None:
    def refusing() -> Iterator[int]:
        yield 1
        raise ValueError("numbers are not finite")

    one = Job(refusing, is_long=True)
    work_on([one])
    assert (one.state, one.is_finished) == (1, True)
    assert one.problem == "numbers are not finite"


def test_work_that_cannot_begin_says_why(clock: Clock) -> None:
    def refuse() -> Iterator[int]:
        raise ValueError("no such layer")

    one = Job(refuse, is_long=False)
    work_on([one])
    assert (one.state, one.is_finished, one.problem) == (None, True, "no such layer")


def test_finished_work_holds_on_to_nothing(clock: Clock) -> None:
    closed = []

    def holding() -> Iterator[int]:
        try:
            yield 1
        finally:
            closed.append(True)

    one = Job(holding, is_long=False)
    work_on([one])
    assert closed == [True]


def test_each_long_job_has_one_line_in_the_log(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "cnnviz_core")

    def refuse() -> Iterator[int]:
        yield from counting(clock, 1, 0.1)
        raise ValueError("Too small.")

    other = Job(lambda: counting(clock, 9, 0.25), name="ascent")
    refused = Job(refuse, name="map")
    _jobs.finished(1, "kept ascent")
    work_on([job(clock, 3, 0.1, is_long=False)])
    work_on([other])
    clock.now += 10
    while not other.is_finished:
        work_on([refused])
        work_on([other])
    assert caplog.messages == [
        "kept ascent: there already",
        "map: made in 0.1 s of work and 0.1 s of time, at last beside 0 others; Too small.",
        "ascent: made in 2.2 s of work and 12.3 s of time, at last beside 0 others",
    ]


def test_a_want_of_memory_ends_the_work_with_a_sentence(clock: Clock) -> None:
    def greedy() -> Iterator[int]:
        yield 1
        raise MemoryError

    one = Job(greedy, is_long=True)
    work_on([one])
    assert (one.state, one.is_finished, one.problem) == (1, True, _jobs.OUT_OF_MEMORY)


@pytest.mark.parametrize("is_long", [True, False])
def test_what_wanted_memory_is_begun_again_by_who_asks_later(clock: Clock, is_long: bool) -> None:
    is_scarce = [True]

    def greedy() -> Iterator[int]:
        yield 1
        if is_scarce[0]:
            raise MemoryError
        yield 2

    one = Job(greedy, is_long=is_long)
    work_on([one])
    is_scarce[0] = False
    clock.now += _jobs.SECONDS_TO_WANT - 1
    work_on([one])
    assert (one.state, one.is_finished, one.problem) == (1, True, _jobs.OUT_OF_MEMORY)
    clock.now += 1
    assert (one.is_finished, one.problem) == (False, None)
    work_on([one])
    assert (one.state, one.is_finished, one.problem) == (2, True, None)


def test_work_that_breaks_off_is_not_taken_for_finished(clock: Clock) -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    one = Job(broken, is_long=True)
    with pytest.raises(ZeroDivisionError):
        work_on([one])
    work_on([one])
    assert (one.state, one.is_finished, one.problem) == (1, True, _jobs.BROKEN_OFF)
