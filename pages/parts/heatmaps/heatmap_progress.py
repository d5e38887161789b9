"""Maps that take long: shown as they grow, with a bar and a way to stop."""

import time
from collections.abc import Callable, Sequence

import streamlit as st

from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import give_up, num_others, take_ticket, work_on
from cnnviz_core.runtime.scheduler import Ticket
from cnnviz_core.views.heat_jobs import HeatJob, HeatQuestion, heat_job
from cnnviz_core.views.sharing import Picture
from pages.parts.sharing import taking_turns
from pages.parts.texts import _

# Seconds from one piece of work to the next, if it takes less.
TICK = 0.15
# Seconds for a run's pictures to leave.
REST = 0.05

# What the work of a method is counted in.
UNITS = {
    "score-cam": "{done} of {total} channels",
    "ablation-cam": "{done} of {total} channels",
    "smoothgrad": "{done} of {total} noisy copies",
    "integrated-gradients": "{done} of {total} steps",
    "occlusion": "{done} of {total} patches",
}

_JOBS = "heat jobs"
_STOPPED = "heat stopped"
_TICKET = "heat ticket"
_IS_SHOWN_NOW = "heat is shown now"


def jobs_of(
    network: Network, picture: Picture, questions: Sequence[HeatQuestion]
) -> tuple[HeatJob, ...]:
    """The maps to show; the same ones until another question is asked, and nothing starts anew."""
    key = network.key, picture.key, tuple(questions)
    kept = st.session_state.get(_JOBS)
    if kept is None or kept[0] != key:
        kept = key, tuple(heat_job(network, picture, one) for one in questions)
        st.session_state[_JOBS] = kept
        st.session_state[_STOPPED] = False
    jobs: tuple[HeatJob, ...] = kept[1]
    return jobs


def show_growing(jobs: Sequence[HeatJob], draw: Callable[[], None]) -> None:
    """Draw what is there, and go on by itself until all is done or stopped.

    What is short is done first, and so is a moment of the rest if there is nothing to show yet.
    """
    is_begun = any(one.state is not None for one in jobs)
    has_short = any(not one.job.is_long and not one.is_finished for one in jobs)
    if not st.session_state[_STOPPED] and (has_short or not is_begun):
        _work(jobs)
    if st.session_state[_STOPPED] or all(one.is_finished for one in jobs):
        _leave_the_line()
        with st.container():
            draw()
            _show_end(jobs)
            for problem in dict.fromkeys(one.problem for one in jobs if one.problem):
                st.error(problem, icon=":material/error:")
    else:
        st.session_state[_IS_SHOWN_NOW] = True
        _growing(jobs, draw)


@st.fragment(run_every=TICK)
def _growing(jobs: Sequence[HeatJob], draw: Callable[[], None]) -> None:
    """One piece of work a run; the browser asks for the next. At the end the page is drawn anew."""
    if not st.session_state.pop(_IS_SHOWN_NOW, False) and not st.session_state[_STOPPED]:
        _work(jobs)
    if st.session_state[_STOPPED] or all(one.is_finished for one in jobs):
        st.rerun()
    draw()
    _show_progress(jobs)
    # The browser's next request may be here already. A run that begins throws away what has not
    # been sent of the one before: leave it the time.
    time.sleep(REST)


def _work(jobs: Sequence[HeatJob]) -> None:
    work_on([one.job for one in jobs], _ticket())


def _ticket() -> Ticket:
    if _TICKET not in st.session_state:
        st.session_state[_TICKET] = take_ticket()
    ticket: Ticket = st.session_state[_TICKET]
    return ticket


def _leave_the_line() -> None:
    ticket = st.session_state.pop(_TICKET, None)
    if ticket is not None:
        give_up(ticket)


def _show_progress(jobs: Sequence[HeatJob]) -> None:
    text = _said(jobs)
    if others := num_others(_ticket()):
        text = f"{text} · {taking_turns(others)}"
    with st.container(key="heat-progress"):
        bar, button = st.columns([5, 1], vertical_alignment="center")
    bar.progress(sum(map(_share, jobs)) / len(jobs), text)
    button.button(
        _("Stop"),
        key="heat stop",
        icon=":material/stop:",
        on_click=_set_stopped,
        args=(True,),
        width="stretch",
        help=_("Keep what there is so far. Any other control stops the work, too."),
    )


def _show_end(jobs: Sequence[HeatJob]) -> None:
    if st.session_state[_STOPPED] and not all(one.is_finished for one in jobs):
        with st.container(key="heat-progress"):
            text, button = st.columns([5, 1], vertical_alignment="center")
        text.caption(_("Stopped: {progress}").format(progress=_said(jobs)))
        button.button(
            _("Continue"),
            key="heat go on",
            icon=":material/play_arrow:",
            on_click=_set_stopped,
            args=(False,),
            width="stretch",
            help=_("Continue from where it stopped."),
        )


def _said(jobs: Sequence[HeatJob]) -> str:
    """How far the work is: how many maps are there, and how much of the one that grows."""
    unfinished = [one for one in jobs if not one.is_finished]
    # What is short comes first.
    now = min(unfinished or jobs, key=lambda one: one.job.is_long)
    maps = _("{done} of {total} maps").format(done=len(jobs) - len(unfinished), total=len(jobs))
    part = _("{method}: {progress}").format(
        method=_(METHODS[now.question.method].title), progress=_said_of(now)
    )
    return part if len(jobs) == 1 else f"{maps} · {part}"


def _said_of(one: HeatJob) -> str:
    state = one.state
    if state is None and one.question.random_from is not None:
        return _("drawing random weights")
    if state is None:
        return _("about to begin")
    unit = UNITS.get(one.question.method, "{done} of {total}")
    return _(unit).format(done=state.done, total=state.total)


def _share(one: HeatJob) -> float:
    if one.is_finished:
        return 1.0
    state = one.state
    return state.done / max(state.total, 1) if state else 0.0


def _set_stopped(is_stopped: bool) -> None:
    st.session_state[_STOPPED] = is_stopped
