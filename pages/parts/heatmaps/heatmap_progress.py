"""Maps that take long: shown as they grow, with a bar and a way to stop."""

from collections.abc import Callable, Sequence

import streamlit as st

from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.networks import Network
from cnnviz_core.views.heat_jobs import HeatJob, HeatQuestion, heat_job
from cnnviz_core.views.long_work import work_on
from cnnviz_core.views.sharing import Picture
from pages.parts import long_work
from pages.parts.texts import _, literal

# What the work of a method is counted in.
UNITS = {
    "score-cam": "{done} of {total} channels",
    "ablation-cam": "{done} of {total} channels",
    "smoothgrad": "{done} of {total} noisy copies",
    "integrated-gradients": "{done} of {total} steps",
    "occlusion": "{done} of {total} patches",
}

_NAME = "heat"


def jobs_of(
    network: Network, picture: Picture, questions: Sequence[HeatQuestion]
) -> tuple[HeatJob, ...]:
    """Return the maps to show; the same ones until another question is asked."""
    return long_work.keep(
        _NAME,
        (network.key, picture.key, tuple(questions)),
        lambda: tuple(heat_job(network, picture, one) for one in questions),
        begins_by_itself=True,
    )


def show_growing(maps: Sequence[HeatJob], draw: Callable[[], None]) -> None:
    """Draw what is there, and go on by itself until all is done or stopped.

    What is short is done first, and so is a moment of the rest if there is nothing to show yet.
    """
    jobs = [one.job for one in maps]
    is_begun = any(one.state is not None for one in jobs)
    has_short = any(not one.is_long and not one.is_finished for one in jobs)
    if long_work.goes_on(_NAME, jobs) and (has_short or not is_begun):
        work_on(jobs)

    def draw_all() -> None:
        draw()
        if long_work.goes_on(_NAME, jobs):
            _show_progress(maps)
        elif not all(one.is_finished for one in jobs):
            _show_stopped(maps)
        for problem in dict.fromkeys(one.problem for one in jobs if one.problem):
            st.error(literal(problem), icon=":material/error:")

    long_work.show(_NAME, jobs, draw_all)


def _show_progress(maps: Sequence[HeatJob]) -> None:
    text = long_work.said_of([one.job for one in maps], _said(maps))
    with st.container(key="heat-progress"):
        bar, button = st.columns([5, 1], vertical_alignment="center")
    bar.progress(sum(map(_share, maps)) / len(maps), text)
    button.button(
        _("Stop"),
        key="heat stop",
        icon=":material/stop:",
        on_click=long_work.stop,
        args=(_NAME,),
        width="stretch",
        help=_("Keep what there is so far. Any other control stops the work, too."),
    )


def _show_stopped(maps: Sequence[HeatJob]) -> None:
    with st.container(key="heat-progress"):
        text, button = st.columns([5, 1], vertical_alignment="center")
    text.caption(_("Stopped: {progress}").format(progress=_said(maps)))
    button.button(
        _("Continue"),
        key="heat go on",
        icon=":material/play_arrow:",
        on_click=long_work.start,
        args=(_NAME,),
        width="stretch",
        help=_("Continue from where it stopped."),
    )


def _said(jobs: Sequence[HeatJob]) -> str:
    """Say how far the work is: how many maps are there, and how much of the one that grows."""
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
