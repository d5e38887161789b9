"""Long work on a page: draw what is there, work one piece, ask again.

As long as work goes on, what it makes is drawn in a fragment that the browser asks for by a clock.
Each run draws first and works then: what has not left for the browser when the next run begins is
thrown away. Whoever moves a control is answered after the piece; a closed tab asks for nothing any
more. At the end, and when another control has stopped the work, the whole page is drawn anew.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import streamlit as st

from cnnviz_core.runtime.jobs import Job
from cnnviz_core.runtime.scheduler import Urgency
from cnnviz_core.views.long_work import num_others, work_on
from pages.parts.refusals import page_lives_on
from pages.parts.texts import _

Made = TypeVar("Made")

# Seconds between two pieces of work, if they take less.
TICK = 0.1

_SECTIONS = "long work"
_runs = count()


@dataclass(slots=True, eq=False)
class _Section:
    subject: Hashable
    made: Any
    begins_by_itself: bool
    goes_on: bool


def keep(
    name: str, subject: Hashable, make: Callable[[], Made], *, begins_by_itself: bool = False
) -> Made:
    """Return what a section of a page works on: made once, until its subject is another.

    So nothing is begun twice, though the server may have forgotten it meanwhile.

    Parameters
    ----------
    name : str
        Of the section; unique over all pages.
    begins_by_itself : bool
        Whether the work goes on from the start, or only once `start` is called.
    """
    sections = _sections()
    if name not in sections or sections[name].subject != subject:
        sections[name] = _Section(subject, make(), begins_by_itself, begins_by_itself)
    made: Made = sections[name].made
    return made


def start(name: str) -> None:
    """Begin a section's work, or go on with it; of work begun by a button, it is the only one."""
    stop_all()
    _sections()[name].goes_on = True


def stop(name: str) -> None:
    """End a section's work, but keep what is there."""
    _sections()[name].goes_on = False


def stop_all() -> None:
    """End all work that was begun by a button: a control was moved that it does not depend on."""
    for section in _sections().values():
        section.goes_on &= section.begins_by_itself


def goes_on(name: str, jobs: Sequence[Job[Any]]) -> bool:
    """Return whether there is something left to do, and nobody has stopped it."""
    return _sections()[name].goes_on and not all(one.is_finished for one in jobs)


def show(
    name: str,
    jobs: Sequence[Job[Any]],
    draw: Callable[[], None],
    *,
    urgency: Urgency = "finished",
    rank: Callable[[Job[Any]], float] = lambda job: 0.0,
    tick: float = TICK,
    is_ready: Callable[[], bool] = lambda: True,
) -> None:
    """Draw what is there; as long as the work of a section goes on, again and again.

    Parameters
    ----------
    name : str
        From `keep`.
    jobs : sequence of Job
        Their states are what `draw` draws.
    draw : callable
        Draws what there is now. Its only controls may be buttons: whatever else is moved within
        does not reach the rest of the page.
    rank : callable
        The unfinished job with the lowest rank is worked on; of several, the first.
    tick : float
        Seconds between two pieces, if they take less.
    is_ready : callable
        Whether the work may begin; asked before each piece.
    """
    if not goes_on(name, jobs):
        with st.container():
            draw()
        return
    is_drawn = False

    def part() -> None:
        if is_drawn and not goes_on(name, jobs):
            st.rerun()
        draw()
        if is_drawn and is_ready():
            work_on(sorted(jobs, key=rank), urgency)
            if not goes_on(name, jobs):
                st.rerun()

    # A fragment of its own in each run of the page. What a browser asks of an earlier one says what
    # controls said before a preset set them; Streamlit drops it, as that fragment is gone.
    part.__qualname__ = f"{part.__qualname__} {next(_runs)}"
    st.fragment(page_lives_on()(part), run_every=tick)()
    is_drawn = True


def show_button(name: str, jobs: Sequence[Job[Any]], label: str, help: str) -> None:
    """Draw the button that starts, stops or continues the work; nothing once that is done.

    Its key is the section's name. Below it stands with how many others the work takes turns.
    """
    if all(one.is_finished for one in jobs):
        return
    is_on = goes_on(name, jobs)
    is_begun = any(one.state is not None for one in jobs)
    st.button(
        _("Stop") if is_on else _("Continue") if is_begun else label,
        key=name,
        icon=":material/stop:" if is_on else ":material/play_arrow:",
        on_click=stop if is_on else start,
        args=(name,),
        help=_("Keep what there is so far. Any other control stops the work, too.")
        if is_on
        else help,
    )
    if is_on and (turns := said_of(jobs)):
        st.caption(turns)


def said_of(jobs: Sequence[Job[Any]], *texts: str) -> str:
    """Return what is said of some work, and at last with how many others it takes turns, if any."""
    others = num_others(jobs)
    turns = (
        _("taking turns with 1 other")
        if others == 1
        else _("taking turns with {count} others").format(count=others)
    )
    return " · ".join(filter(None, [*texts, turns if others else ""]))


def _sections() -> dict[str, _Section]:
    sections: dict[str, _Section] = st.session_state.setdefault(_SECTIONS, {})
    return sections
