"""Fair turns, proven with real threads."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest

from cnnviz_core.runtime.scheduler import (
    PREVIEWS_IN_A_ROW,
    Line,
    Ticket,
    Urgency,
    join,
    leave,
    num_jobs,
    turn,
)

# Far longer than anything here takes: who waits so long has been forgotten.
FOREVER = 30.0


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + FOREVER
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.0005)


def num_asking(line: Line) -> int:
    with line._changed:
        return len(line._state.asking)


@contextmanager
def asking(line: Line, ticket: Ticket) -> Iterator[list[bool]]:
    """A thread that asks for one turn; what it got is in the list once it ends."""
    got: list[bool] = []

    def ask() -> None:
        with turn(line, ticket, wait=FOREVER) as granted:
            got.append(granted)

    before = num_asking(line)
    thread = threading.Thread(target=ask)
    thread.start()
    until(lambda: bool(got) or num_asking(line) > before)
    yield got
    thread.join(FOREVER)
    assert not thread.is_alive()


def order_of_turns(urgencies: list[Urgency], num_turns: int) -> list[int]:
    """Let jobs ask again and again, each in a thread, and note who gets each turn.

    A turn ends once all others are asking: so the order is that of the line, not of the system's
    scheduler.
    """
    line = Line()
    tickets = [join(line, urgency) for urgency in urgencies]
    order: list[int] = []

    def work(number: int) -> None:
        while len(order) < num_turns:
            with turn(line, tickets[number], wait=FOREVER) as granted:
                assert granted
                if len(order) == num_turns:
                    return
                until(lambda: num_asking(line) == len(urgencies) - 1)
                order.append(number)
                if len(order) == num_turns:
                    # The others are still asking, and then find that it is over.
                    return

    with ThreadPoolExecutor(len(urgencies)) as pool:
        for done in [pool.submit(work, number) for number in range(len(urgencies))]:
            done.result(FOREVER)
    return order


@pytest.mark.parametrize("num_jobs", [2, 3, 7])
def test_all_get_as_many_turns_one_after_the_other(num_jobs):
    order = order_of_turns(["finished"] * num_jobs, 10 * num_jobs + 1)
    counts = Counter(order)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert order == (order[:num_jobs] * 11)[: len(order)]
    assert len(set(order[:num_jobs])) == num_jobs


def test_previews_come_first_and_keep_nobody_waiting_for_ever():
    order = order_of_turns(["preview", "finished", "preview", "finished"], 1 + 40)
    # Whose thread begins first gets the first turn, before the others are there.
    is_preview = [number in (0, 2) for number in order[1:]]
    runs = "".join("p" if one else "f" for one in is_preview).strip("p").split("f")
    assert {len(run) for run in runs[1:-1]} == {PREVIEWS_IN_A_ROW}
    counts = Counter(order[1:])
    assert abs(counts[0] - counts[2]) <= 1
    assert abs(counts[1] - counts[3]) <= 1
    assert counts[1] >= 3


@pytest.mark.parametrize("num_workers", [1, 2])
def test_no_more_pieces_run_at_once_than_may(num_workers):
    line = Line(num_workers=num_workers)
    at_work: set[int] = set()
    most = 0

    def work(number: int) -> None:
        nonlocal most
        ticket = join(line, "finished")
        for _ in range(20):
            with turn(line, ticket, wait=FOREVER):
                at_work.add(number)
                time.sleep(0.001)
                most = max(most, len(at_work))
                at_work.discard(number)

    with ThreadPoolExecutor(5) as pool:
        for done in [pool.submit(work, number) for number in range(5)]:
            done.result(FOREVER)
    assert most == num_workers


def test_who_is_away_keeps_the_place_and_holds_nobody_up():
    line = Line()
    worker, away, present = (join(line, "finished") for _ in range(3))
    with turn(line, worker, wait=0) as granted:
        assert granted
        with turn(line, away, wait=0.01) as granted:
            assert not granted
    # `away` is first in the line, but shows a picture just now.
    with turn(line, present, wait=0) as granted:
        assert granted
        with asking(line, worker) as of_worker, asking(line, away) as of_away:
            assert [one for one in line._state.seen if one is not present] == [away, worker]
            leave(line, worker)
            leave(line, away)
    assert of_worker == of_away == [False]


def test_all_who_take_turns_are_counted_whoever_is_at_work():
    line = Line()
    tickets = [join(line, "finished"), join(line, "finished")]
    assert [num_jobs(line, one) for one in tickets] == [2, 2]
    tickets.append(join(line, "preview"))
    with turn(line, tickets[0], wait=0) as granted:
        assert granted
        assert [num_jobs(line, one) for one in tickets] == [3, 3, 3]
    leave(line, tickets[0])
    assert [num_jobs(line, one) for one in tickets] == [0, 2, 2]


def test_without_waiting_a_turn_comes_only_if_nobody_before_asks():
    line = Line()
    worker, first, second = (join(line, "finished") for _ in range(3))
    with turn(line, worker, wait=0), asking(line, first) as got:
        with turn(line, second, wait=0) as granted:
            assert not granted
        assert got == []
        leave(line, first)


def test_a_closed_tab_is_dropped():
    clock = Clock()
    line = Line(patience=10, clock=clock)
    gone, here = join(line, "finished"), join(line, "finished")
    clock.now = 9
    assert num_jobs(line, here) == 2
    clock.now = 10.5
    assert num_jobs(line, here) == 1
    # Back again, at the end of the line.
    assert num_jobs(line, gone) == 2


def test_who_waits_or_works_is_not_dropped_however_long_it_takes():
    clock = Clock()
    line = Line(patience=10, clock=clock)
    worker, waiting = join(line, "finished"), join(line, "finished")
    with turn(line, worker, wait=0), asking(line, waiting) as got:
        clock.now = 1000
        other = join(line, "finished")
        assert num_jobs(line, other) == 3
        assert got == []
        leave(line, waiting)
    assert num_jobs(line, worker) == 2


def test_who_gives_up_is_let_go_within_half_a_second_and_gets_no_more_turns():
    line = Line()
    worker, waiting = join(line, "finished"), join(line, "finished")
    with turn(line, worker, wait=0):
        with asking(line, waiting) as got:
            start = time.monotonic()
            leave(line, waiting)
            until(lambda: got == [False])
            assert time.monotonic() - start < 0.5
        # A piece that is being worked on may be given up as well.
        leave(line, worker)
        assert num_jobs(line, worker) == 0
    for ticket in (worker, waiting):
        leave(line, ticket)
        with turn(line, ticket, wait=FOREVER) as granted:
            assert not granted
    assert num_jobs(line, join(line, "preview")) == 1


def test_a_climb_that_is_given_up_computes_nothing_more():
    line = Line()
    ticket = join(line, "finished")
    pieces = 0

    def climb() -> None:
        nonlocal pieces
        while True:
            with turn(line, ticket, wait=FOREVER) as granted:
                if not granted:
                    return
                time.sleep(0.001)
                pieces += 1

    thread = threading.Thread(target=climb)
    thread.start()
    until(lambda: pieces > 3)
    leave(line, ticket)
    thread.join(0.5)
    assert not thread.is_alive()
    done = pieces
    time.sleep(0.05)
    assert pieces == done


def test_an_error_in_a_piece_gives_the_turn_back():
    line = Line()
    ticket, other = join(line, "finished"), join(line, "finished")
    with pytest.raises(KeyError), turn(line, ticket, wait=0):
        raise KeyError
    with turn(line, other, wait=0) as granted:
        assert granted


def test_people_who_come_and_go_leave_nothing_behind():
    line = Line(num_workers=2, patience=0.05)

    def visit(seed: int) -> int:
        random = np.random.default_rng(seed)
        turns = 0
        for _ in range(6):
            ticket = join(line, "preview" if random.random() < 0.5 else "finished")
            for _ in range(random.integers(1, 6)):
                with turn(line, ticket, wait=random.choice([0, 0.001, FOREVER])) as granted:
                    turns += granted
                    time.sleep(0.0005)
                num_jobs(line, ticket)
            if random.random() < 0.7:
                leave(line, ticket)
        return turns

    with ThreadPoolExecutor(8) as pool:
        turns = [done.result(FOREVER) for done in [pool.submit(visit, n) for n in range(8)]]
    assert min(turns) > 0
    time.sleep(0.1)
    assert num_jobs(line, join(line, "preview")) == 1
    assert not line._state.asking
    assert not line._state.working


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Line(num_workers=0), "num_workers must be at least 1"),
        (lambda: Line(patience=0), "patience must be above 0 seconds"),
        (lambda: join(Line(), "later"), "urgency must be one of 'preview', 'finished'"),  # type: ignore[arg-type]
    ],
)
def test_what_makes_no_sense_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
