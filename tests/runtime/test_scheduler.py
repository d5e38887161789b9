"""Fair turns, proven with real threads."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import numpy as np
import pytest

from cnnviz_core.runtime.scheduler import (
    PREVIEWS_IN_A_ROW,
    Scheduler,
    Urgency,
    leave,
    num_others,
    resize,
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


def num_asking(scheduler: Scheduler) -> int:
    with scheduler._changed:
        return len(scheduler._state.asking)


def ask(scheduler: Scheduler, job: str) -> bool:
    """Ask once, without waiting."""
    with turn(scheduler, job, wait=0) as granted:
        return granted


@contextmanager
def asking(scheduler: Scheduler, job: str) -> Iterator[list[bool]]:
    """A thread that asks for one turn; what it got is in the list once it ends."""
    got: list[bool] = []

    def wait() -> None:
        with turn(scheduler, job, wait=FOREVER) as granted:
            got.append(granted)

    before = num_asking(scheduler)
    thread = threading.Thread(target=wait)
    thread.start()
    until(lambda: bool(got) or num_asking(scheduler) > before)
    yield got
    thread.join(FOREVER)
    assert not thread.is_alive()


def order_of_turns(urgencies: list[Urgency], num_turns: int) -> list[int]:
    """Let jobs ask again and again, each in a thread, and note who gets each turn.

    A turn ends once all others are asking: so the order is that of the queue, not of the system's
    scheduler.
    """
    scheduler = Scheduler()
    order: list[int] = []

    def work(number: int) -> None:
        while len(order) < num_turns:
            with turn(scheduler, number, urgencies[number], wait=FOREVER) as granted:
                assert granted
                if len(order) == num_turns:
                    return
                until(lambda: num_asking(scheduler) == len(urgencies) - 1)
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
    scheduler = Scheduler(num_workers=num_workers)
    at_work: set[int] = set()
    most = 0

    def work(number: int) -> None:
        nonlocal most
        for _ in range(20):
            with turn(scheduler, number, wait=FOREVER):
                at_work.add(number)
                time.sleep(0.001)
                most = max(most, len(at_work))
                at_work.discard(number)

    with ThreadPoolExecutor(5) as pool:
        for done in [pool.submit(work, number) for number in range(5)]:
            done.result(FOREVER)
    assert most == num_workers


def test_one_job_has_one_place_however_many_ask_for_it_and_is_worked_on_once_at_a_time():
    scheduler = Scheduler(num_workers=2)
    with turn(scheduler, "shared", wait=0) as granted:
        assert granted
        assert ask(scheduler, "another")
        assert not ask(scheduler, "shared")
    assert ask(scheduler, "shared")
    assert list(scheduler._state.queue) == ["another", "shared"]


def test_who_is_away_keeps_the_place_and_holds_nobody_up():
    scheduler = Scheduler()
    with turn(scheduler, "worker", wait=0) as granted:
        assert granted
        assert not ask(scheduler, "away")
    with ExitStack() as at_work:
        # `away` is first in the queue, but shows a picture just now.
        assert at_work.enter_context(turn(scheduler, "present", wait=0))
        with asking(scheduler, "worker") as of_worker, asking(scheduler, "away") as of_away:
            assert list(scheduler._state.queue) == ["away", "worker", "present"]
            at_work.close()
    assert of_worker == of_away == [True]
    assert list(scheduler._state.queue) == ["present", "away", "worker"]


def test_all_who_take_turns_are_counted_whoever_is_at_work():
    scheduler = Scheduler()
    assert num_others(scheduler, ["nobody yet"]) == 0
    for job in ("a", "b", "a"):
        assert ask(scheduler, job)
    assert [num_others(scheduler, [one]) for one in "ab"] == [1, 1]
    assert num_others(scheduler, "ab") == 0
    with turn(scheduler, "a", wait=0):
        for job in "bcb":
            assert not ask(scheduler, job)
        assert [num_others(scheduler, [one]) for one in "ab"] == [2, 2]
    leave(scheduler, "a")
    assert [num_others(scheduler, [one]) for one in "abc"] == [0, 1, 1]


def test_who_can_work_beside_all_others_takes_turns_with_nobody():
    scheduler = Scheduler()
    for job in "abc":
        ask(scheduler, job)
    for num_workers, others in ((1, 2), (2, 2), (3, 0), (1, 2)):
        resize(scheduler, num_workers)
        assert num_others(scheduler, ["a"]) == others


def test_more_workers_let_those_in_who_wait():
    scheduler = Scheduler()
    with turn(scheduler, "worker", wait=0), asking(scheduler, "waiting") as got:
        assert got == []
        resize(scheduler, 2)
        until(lambda: got == [True])
    with pytest.raises(ValueError, match="num_workers must be at least 1"):
        resize(scheduler, 0)


def test_what_somebody_has_turned_away_from_is_not_counted():
    clock = Clock()
    scheduler = Scheduler(clock=clock)
    ask(scheduler, "before")
    clock.now = 0.5
    ask(scheduler, "now")
    assert num_others(scheduler, ["now"]) == 0
    # Somebody else still asks for it.
    ask(scheduler, "before")
    assert num_others(scheduler, ["now"]) == 1


def test_without_waiting_a_turn_comes_only_if_nobody_before_asks():
    scheduler = Scheduler()
    with ExitStack() as at_work:
        assert at_work.enter_context(turn(scheduler, "worker", wait=0))
        with asking(scheduler, "first") as got:
            assert not ask(scheduler, "second")
            assert got == []
            at_work.close()
    assert got == [True]


def test_what_nobody_asks_for_loses_its_place():
    clock = Clock()
    scheduler = Scheduler(patience=10, clock=clock)
    ask(scheduler, "gone")
    ask(scheduler, "here")
    clock.now = 9
    ask(scheduler, "here")
    assert list(scheduler._state.queue) == ["gone", "here"]
    clock.now = 10.5
    assert num_others(scheduler, ["here"]) == 0
    assert list(scheduler._state.queue) == ["here"]
    # Back again, at the end of the queue.
    ask(scheduler, "gone")
    assert list(scheduler._state.queue) == ["here", "gone"]


def test_who_waits_or_works_is_not_dropped_however_long_it_takes():
    clock = Clock()
    scheduler = Scheduler(patience=10, clock=clock)
    with ExitStack() as at_work:
        assert at_work.enter_context(turn(scheduler, "worker", wait=0))
        with asking(scheduler, "waiting") as got:
            clock.now = 1000
            ask(scheduler, "other")
            assert list(scheduler._state.queue) == ["worker", "waiting", "other"]
            assert got == []
            at_work.close()
    assert got == [True]


def test_what_is_done_leaves_and_may_come_back():
    scheduler = Scheduler()
    ask(scheduler, "other")
    with turn(scheduler, "done", wait=0):
        # In the middle of its last piece, too.
        leave(scheduler, "done")
    leave(scheduler, "done")
    assert list(scheduler._state.queue) == ["other"]
    assert ask(scheduler, "done")


def test_an_error_in_a_piece_gives_the_turn_back():
    scheduler = Scheduler()
    with pytest.raises(KeyError), turn(scheduler, "failing", wait=0):
        raise KeyError
    assert ask(scheduler, "other")


def test_people_who_come_and_go_leave_nothing_behind():
    scheduler = Scheduler(num_workers=2, patience=0.05)

    def visit(seed: int) -> int:
        random = np.random.default_rng(seed)
        turns = 0
        for _ in range(6):
            job, urgency = random.integers(12), random.choice(["preview", "finished"])
            for _ in range(random.integers(1, 6)):
                wait = random.choice([0, 0.001, FOREVER])
                with turn(scheduler, job, urgency, wait=wait) as granted:
                    turns += granted
                    time.sleep(0.0005)
                num_others(scheduler, [job])
            if random.random() < 0.7:
                leave(scheduler, job)
        return turns

    with ThreadPoolExecutor(8) as pool:
        turns = [done.result(FOREVER) for done in [pool.submit(visit, n) for n in range(8)]]
    assert min(turns) > 0
    time.sleep(0.1)
    assert ask(scheduler, "last")
    assert list(scheduler._state.queue) == ["last"]
    assert not scheduler._state.asking
    assert not scheduler._state.working


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Scheduler(num_workers=0), "num_workers must be at least 1"),
        (lambda: Scheduler(patience=0), "patience must be above 0 seconds"),
        (
            lambda: turn(Scheduler(), "a", "later", wait=0).__enter__(),  # type: ignore[arg-type]
            "urgency must be one of 'preview', 'finished'",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
