"""Long work of the occlusion page: one piece a run of its fragment, until it is done or stopped.

A run first shows what is there and then works, for what it shows last would be lost: whatever has
not left for the browser when the next run begins is thrown away.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from cnnviz_core.runtime.jobs import (
    Job,
    give_up,
    is_finished,
    latest,
    num_others,
    take_ticket,
    work_on,
)
from cnnviz_core.runtime.scheduler import Ticket
from pages.parts.sharing import taking_turns
from pages.parts.texts import _

_RUNNING = "occlusion running"
_TICKET = "occlusion ticket"


def stop() -> None:
    """End what runs; a moved control calls this before anything else."""
    st.session_state.pop(_RUNNING, None)
    ticket: Ticket | None = st.session_state.pop(_TICKET, None)
    if ticket is not None:
        give_up(ticket)


def is_running(name: str, jobs: Sequence[Job[Any]]) -> bool:
    """Whether the work called `name` goes on."""
    if st.session_state.get(_RUNNING) != name:
        return False
    if all(map(is_finished, jobs)):
        stop()
        return False
    return True


def work(jobs: Sequence[Job[Any]]) -> None:
    """Do a piece of work and run this fragment again; the last thing that a fragment does."""
    work_on(jobs, _ticket())
    st.rerun(scope="fragment")


def show_button(name: str, label: str, jobs: Sequence[Job[Any]], runs: bool, help: str) -> None:
    """The button, with key `name`, that starts the work and stops it; nothing once it is done."""
    if all(map(is_finished, jobs)):
        return
    again = _("Continue") if any(latest(job) is not None for job in jobs) else label
    st.button(
        _("Stop") if runs else again,
        key=name,
        icon=":material/stop:" if runs else ":material/play_arrow:",
        on_click=stop if runs else _start,
        args=() if runs else (name,),
        help=_("Keep what there is so far. Any other control stops the work, too.")
        if runs
        else help,
    )
    if runs and (others := num_others(_ticket())):
        st.caption(taking_turns(others))


def _start(name: str) -> None:
    st.session_state[_RUNNING] = name


def _ticket() -> Ticket:
    if _TICKET not in st.session_state:
        st.session_state[_TICKET] = take_ticket()
    ticket: Ticket = st.session_state[_TICKET]
    return ticket
