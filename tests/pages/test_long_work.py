"""The one way in which pages work for long: draw, work one piece, ask again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.runtime import jobs, scheduler
from cnnviz_core.runtime.jobs import Job
from pages.parts import long_work

NUM_STATES = 4


@dataclass
class Clock:
    """The browser's clock: how often it ticks after a run of the page, and what it was set to."""

    num_ticks: int = 0
    intervals: list[float] = field(default_factory=list)
    part: Callable[[], None] | None = None

    def tick(self) -> None:
        part, self.part = self.part, None
        if part is not None:
            for _ in range(self.num_ticks):
                part()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()

    def fragment(part: Callable[[], None], *, run_every: float) -> Callable[[], None]:
        clock.intervals.append(run_every)
        clock.part = part
        return part

    monkeypatch.setattr(long_work.st, "fragment", fragment)
    monkeypatch.setattr(jobs, "PIECE", 0)
    monkeypatch.setattr(jobs, "SCHEDULER", scheduler.Scheduler())
    return clock


def job(count: int = NUM_STATES) -> Job[int]:
    return Job(lambda: iter(range(1, count + 1)))


def script(clock, make, begins_by_itself=False, subject=0, **more):
    import streamlit as st

    from pages.parts import long_work

    made = long_work.keep("test", subject, make, begins_by_itself=begins_by_itself)

    def draw():
        st.text(" ".join(str(one.state) for one in made))
        if not long_work.goes_on("test", made):
            long_work.show_button("test", made, "Begin", help="Begins.")

    long_work.show("test", made, draw, **more)
    clock.tick()


def app(**given: Any) -> AppTest:
    return run(AppTest.from_function(script, kwargs=given))


def run(page: Any) -> AppTest:
    found: AppTest = page.run(timeout=60)
    assert not found.exception
    return found


def texts(page: AppTest) -> list[str]:
    return [str(one.value) for one in page.text]


def test_the_page_draws_and_each_tick_draws_then_works_one_piece(clock: Clock) -> None:
    clock.num_ticks = 3
    page = app(clock=clock, make=lambda: [job()], begins_by_itself=True)
    # Nothing is worked on in the run of the page itself; what a tick has made is drawn by the next.
    assert texts(page) == ["None", "None", "1", "2"]
    assert clock.intervals == [long_work.TICK]


def test_at_the_end_the_page_is_drawn_anew_and_no_clock_ticks(clock: Clock) -> None:
    clock.num_ticks = 20
    page = app(clock=clock, make=lambda: [job()], begins_by_itself=True)
    assert texts(page) == [str(NUM_STATES)]
    assert len(clock.intervals) == 1
    assert not page.button


def test_a_button_begins_stops_and_continues(clock: Clock) -> None:
    clock.num_ticks = 2
    page = app(clock=clock, make=lambda: [job()])
    assert (texts(page), page.button(key="test").label) == (["None"], "Begin")
    run(page.button(key="test").click())
    assert texts(page) == ["None", "None", "1"]
    long_work_of(page).goes_on = False
    run(page)
    assert (texts(page), page.button(key="test").label) == (["2"], "Continue")
    run(page.button(key="test").click())
    assert texts(page) == ["2", "2", "3"]


def long_work_of(page: AppTest) -> Any:
    return page.session_state["long work"]["test"]


def test_another_subject_begins_anew_and_does_not_go_on_unasked(clock: Clock) -> None:
    clock.num_ticks = 1
    page = app(clock=clock, make=lambda: [job()])
    run(page.button(key="test").click())
    kept = long_work_of(page).made
    assert long_work_of(run(page)).made is kept
    other = AppTest.from_function(
        script, kwargs={"clock": clock, "make": lambda: [job()], "subject": 1}
    )
    other.session_state["long work"] = page.session_state["long work"]
    assert texts(run(other)) == ["None"]
    assert long_work_of(other).made is not kept


def test_a_control_that_stops_all_stops_what_a_button_began_and_nothing_else() -> None:
    def stopping() -> None:
        from pages.parts import long_work

        for name in ("one", "two", "third"):
            long_work.keep(name, 0, list, begins_by_itself=name == "third")
        long_work.start("one")
        long_work.start("two")

    page = run(AppTest.from_function(stopping))
    sections = page.session_state["long work"]
    # There is one at a time.
    assert [sections[one].goes_on for one in ("one", "two", "third")] == [False, True, True]

    def stop() -> None:
        from pages.parts import long_work

        long_work.stop_all()

    page = AppTest.from_function(stop)
    page.session_state["long work"] = sections
    run(page)
    assert [sections[one].goes_on for one in ("one", "two", "third")] == [False, False, True]


def test_the_one_that_is_behind_is_worked_on_as_urgently_as_asked(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    urgencies = []
    turn = scheduler.turn
    monkeypatch.setattr(
        scheduler,
        "turn",
        lambda queue, one, urgency, **more: (
            urgencies.append(urgency) or turn(queue, one, urgency, **more)
        ),
    )
    clock.num_ticks = 4
    page = app(
        clock=clock,
        make=lambda: [job(), job()],
        begins_by_itself=True,
        rank=lambda one: one.state or 0,
        urgency="preview",
        tick=0.5,
    )
    assert texts(page)[-1] == "2 1"
    assert set(urgencies) == {"preview"}
    assert clock.intervals == [0.5]


def test_who_has_gone_asks_for_nothing_and_nothing_is_done(clock: Clock) -> None:
    one = job()
    app(clock=clock, make=lambda: [one], begins_by_itself=True)
    assert one.state is None
