"""Few at a time, in their order; who takes long holds nobody up."""

import threading
import time
from collections.abc import Callable

import pytest

from cnnviz_core.runtime.admission import Admission, admitted, step_aside


def begin(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def asks(door: Admission) -> threading.Event:
    """Have somebody ask to be let in; the event tells that they were."""
    came = threading.Event()

    def work() -> None:
        with admitted(door):
            came.set()

    begin(work)
    return came


def until_waiting(door: Admission, count: int) -> None:
    deadline = time.monotonic() + 20
    while len(door._changed._waiters) < count:  # type: ignore[attr-defined]
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.parametrize("most", [1, 2, 5])
def test_never_more_than_some_are_inside_and_all_get_in(most: int) -> None:
    door = Admission(most, patience=60)
    lock, inside, highest, done = threading.Lock(), [], [], []

    def work() -> None:
        with admitted(door):
            with lock:
                inside.append(threading.get_ident())
                highest.append(len(inside))
            time.sleep(0.01)
            with lock:
                inside.remove(threading.get_ident())
                done.append(threading.get_ident())

    for thread in [begin(work) for _ in range(20)]:
        thread.join(20)
    assert len(done) == 20
    assert max(highest) == most


def test_they_come_in_in_their_order() -> None:
    door = Admission(1, patience=60)
    order: list[int] = []

    def work(number: int) -> None:
        with admitted(door):
            order.append(number)

    with admitted(door):
        threads = []
        for number in range(8):
            threads.append(begin(lambda number=number: work(number)))  # type: ignore[misc]
            until_waiting(door, number + 1)
    for thread in threads:
        thread.join(20)
    assert order == list(range(8))


def test_whoever_is_inside_need_not_wait_again() -> None:
    door = Admission(1, patience=60)
    with admitted(door), admitted(door):
        pass
    assert asks(door).wait(20)


@pytest.mark.parametrize("patience", [0.05, 60])
def test_who_takes_long_or_steps_aside_holds_nobody_up(patience: float) -> None:
    door = Admission(1, patience)
    with admitted(door):
        came = asks(door)
        if patience == 60:
            assert not came.wait(0.2)
            step_aside(door)
        assert came.wait(20)


def test_a_failure_inside_leaves_the_door_open() -> None:
    door = Admission(1, patience=60)
    with pytest.raises(KeyError), admitted(door):
        raise KeyError
    assert asks(door).wait(20)
