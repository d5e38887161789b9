"""Long work in pieces: shared, in turns, and never two at once at the same."""

import threading
from collections.abc import Iterator

import pytest

from cnnviz_core.runtime import jobs as _jobs
from cnnviz_core.runtime import scheduler
from cnnviz_core.runtime.jobs import (
    Job,
    give_up,
    is_finished,
    latest,
    num_others,
    problem_of,
    take_ticket,
    work_on,
)
from cnnviz_core.runtime.scheduler import Line, Ticket


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
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    line = Line()
    monkeypatch.setattr(_jobs, "LINE", line)
    monkeypatch.setattr(_jobs, "WAIT", 0.01)
    return line


@pytest.fixture
def ticket(line: Line) -> Ticket:
    return take_ticket()


def counting(clock: Clock, count: int, seconds: float) -> Iterator[int]:
    """Numbers from 1 to `count`, each of which takes so many seconds."""
    for number in range(1, count + 1):
        clock.now += seconds
        yield number


def job(clock: Clock, count: int, seconds: float, *, is_long: bool = True) -> Job[int]:
    return Job(lambda: counting(clock, count, seconds), is_long)


def test_a_piece_takes_about_as_long_as_it_may(clock: Clock, ticket: Ticket) -> None:
    one = job(clock, 10, 0.1)
    assert latest(one) is None
    work_on([one], ticket)
    assert latest(one) == 3
    assert not is_finished(one)
    for _ in range(3):
        work_on([one], ticket)
    assert (latest(one), is_finished(one)) == (10, True)
    work_on([one], ticket)
    assert clock.now == pytest.approx(1.0)


def test_what_is_short_comes_first_and_is_shown_before_what_is_long(
    clock: Clock, ticket: Ticket
) -> None:
    long, short = job(clock, 5, 0.1), job(clock, 1, 0.01, is_long=False)
    work_on([long, short], ticket)
    assert (latest(long), latest(short)) == (None, 1)
    work_on([long, short], ticket)
    assert latest(long) == 3


def test_several_fit_into_one_piece(clock: Clock, ticket: Ticket) -> None:
    jobs = [job(clock, 1, 0.02, is_long=False) for _ in range(20)]
    work_on(jobs, ticket)
    assert 14 <= sum(map(is_finished, jobs)) <= 16


def test_long_work_waits_for_its_turn_and_short_work_does_not(
    clock: Clock, line: Line, ticket: Ticket
) -> None:
    other = scheduler.join(line, "finished")
    long, short = job(clock, 5, 0.1), job(clock, 1, 0.1, is_long=False)
    with scheduler.turn(line, other, wait=0) as is_theirs:
        assert is_theirs
        work_on([long], ticket)
        assert latest(long) is None
        assert num_others(ticket) == 1
        work_on([long, short], ticket)
        assert is_finished(short)
    work_on([long], ticket)
    assert latest(long) == 3


def test_who_comes_second_goes_on_where_the_first_one_was(clock: Clock, line: Line) -> None:
    one, first, second = job(clock, 6, 0.1), take_ticket(), take_ticket()
    work_on([one], first)
    give_up(first)
    work_on([one], second)
    work_on([one], second)
    assert (latest(one), is_finished(one)) == (6, True)
    assert clock.now == pytest.approx(0.6)


def test_what_somebody_works_on_is_let_alone(clock: Clock, ticket: Ticket) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[str]:
        begun.set()
        assert go_on.wait(10)
        yield "done"

    one: Job[str] = Job(slow, is_long=False)
    thread = threading.Thread(target=work_on, args=([one], ticket))
    thread.start()
    assert begun.wait(10)
    work_on([one], ticket)
    assert not is_finished(one)
    go_on.set()
    thread.join()
    assert (latest(one), is_finished(one)) == ("done", True)


def test_a_refusal_ends_the_work_and_keeps_what_was_there(clock: Clock, ticket: Ticket) -> None:
    def refusing() -> Iterator[int]:
        yield 1
        raise ValueError("numbers are not finite")

    one = Job(refusing, is_long=True)
    work_on([one], ticket)
    assert (latest(one), is_finished(one)) == (1, True)
    assert problem_of(one) == "numbers are not finite"


def test_work_that_cannot_begin_says_why(clock: Clock, ticket: Ticket) -> None:
    def refuse() -> Iterator[int]:
        raise ValueError("no such layer")

    one = Job(refuse, is_long=False)
    work_on([one], ticket)
    assert (latest(one), is_finished(one), problem_of(one)) == (None, True, "no such layer")


def test_finished_work_holds_on_to_nothing(clock: Clock, ticket: Ticket) -> None:
    closed = []

    def holding() -> Iterator[int]:
        try:
            yield 1
        finally:
            closed.append(True)

    one = Job(holding, is_long=False)
    work_on([one], ticket)
    assert closed == [True]
