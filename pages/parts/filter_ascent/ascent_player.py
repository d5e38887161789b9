"""The ascent on the page: begun by a button, growing as one looks, stopped by another button.

A moved control asks for something else: of the new settings a preview grows by itself, as large as
a thumb, and the button makes it in full size.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views.ascent_jobs import AscentJob, ascent_job, is_answered
from cnnviz_core.views.ascent_store import AscentQuestion
from cnnviz_core.views.filter_ascent import AscentView, ascent_view, preview_question
from cnnviz_core.views.sharing import Picture
from pages.parts import layout, long_work
from pages.parts.filter_ascent.ascent_formulas import formulas_of
from pages.parts.filter_ascent.ascent_pictures import Label, grid, show_grids
from pages.parts.filter_ascent.ascent_progress import Ascents, Mode, show_progress
from pages.parts.filter_ascent.ascent_steps import choose_frames, say_frames, show_frames
from pages.parts.texts import _, literal

# Whether an ascent at full size is to begin at once: presets set it.
START = "ascent_start"

# Pictures beside each other, in one grid and in each of two.
ALONE, BESIDE = 6, 2

_NAME = "ascent"
_STARTED = "ascent started"
_STOPPED = "ascent stopped"
_LEFT = "ascent left"
_SHOWN = "ascent shown"


def show_ascents(
    network: Network, picture: Picture, questions: tuple[AscentQuestion, ...], label: Label
) -> Ascents:
    """Draw the player, and return the ascents that have come to rest; none as long as they go on.

    `picture` is the one that a question names, if it names any.
    """
    asked = network.key, questions
    if st.session_state.pop(START, _STARTED not in st.session_state):
        _start(asked)
    try:
        mode, ascents = _ascents(network, picture, questions)
    except ValueError as problem:
        st.error(literal(str(problem)), icon=":material/error:")
        _show_last(is_stale=True)
        return ()
    jobs = [ascent.job for ascent, _state in ascents]

    def draw() -> None:
        now = tuple((ascent, ascent.state) for ascent, _state in ascents)
        _draw(mode, ascents if mode == "stopped" else now, asked, label)

    urgency: Any = "preview" if mode == "preview" else "finished"
    long_work.show(_NAME, jobs, draw, urgency=urgency, rank=_share)
    return () if long_work.goes_on(_NAME, jobs) else ascents


def _start(asked: object) -> None:
    st.session_state[_STARTED] = asked
    _stopped, ascents = st.session_state.pop(_STOPPED, (None, ()))
    # To go on with, however many others have begun meanwhile.
    st.session_state[_LEFT] = tuple(ascent for ascent, _state in ascents)


def _ascents(
    network: Network, picture: Picture, questions: tuple[AscentQuestion, ...]
) -> tuple[Mode, Ascents]:
    """Return what is to be shown, and have it go on if it is not at rest."""
    asked = network.key, questions
    stopped, ascents = st.session_state.get(_STOPPED, (None, ()))
    if stopped == asked:
        long_work.keep(_NAME, (asked, "stopped"), tuple)
        return "stopped", ascents
    is_full = st.session_state.get(_STARTED) == asked or all(
        is_answered(network, one) for one in questions
    )
    if not is_full:
        questions = tuple(preview_question(network, one, picture) for one in questions)

    def make() -> tuple[AscentJob, ...]:
        left = {_key(one): one for one in st.session_state.get(_LEFT, ())}
        return tuple(
            left.get((network.key, one)) or ascent_job(network, one, picture) for one in questions
        )

    made = long_work.keep(_NAME, (asked, is_full), make, begins_by_itself=True)
    modes: tuple[Mode, Mode] = ("ascending", "finished") if is_full else ("preview", "previewed")
    mode = modes[all(one.job.is_finished for one in made)]
    return mode, tuple((one, one.state) for one in made)


def _key(ascent: AscentJob) -> tuple[str, AscentQuestion]:
    """Return what is the same for two ascents to the same pictures."""
    return ascent.network.key, ascent.question


def _share(job: Job[Any]) -> float:
    """Return how much of an ascent is done: of two, the one that is behind is worked on."""
    return job.state.progress.share if job.state else 0.0


def _draw(mode: Mode, ascents: Ascents, asked: object, label: Label) -> None:
    views = [ascent_view(*ascent) for ascent in ascents]
    with layout.in_view():
        show_progress(mode, ascents, asked, _press)
        is_one = mode == "finished" and len(ascents) == 1
        # Room of its own, so that what stands below keeps its place when it comes and goes.
        with st.container():
            frames = choose_frames(*ascents[0]) if is_one else None
        _keep_shown(mode, ascents, views, label)
        if frames is None:
            keys = [_key(ascent) for ascent, _state in ascents]
            _show_last(is_stale=st.session_state[_SHOWN][0] != keys)
        else:
            show_frames(frames)
    if frames is not None:
        say_frames(frames)
    st.markdown(formulas_of(views[-1], label(views[-1].question, views[-1].tiles[0])))


def _keep_shown(mode: Mode, ascents: Ascents, views: Sequence[AscentView], label: Label) -> None:
    """Keep the pictures as they stand; the last ones as long as these have not begun."""
    keys = [_key(ascent) for ascent, _state in ascents]
    have_begun = all(len(state.progress.activations) for _ascent, state in ascents)
    if have_begun or mode == "stopped" or _SHOWN not in st.session_state:
        most = ALONE if len(views) == 1 else BESIDE
        st.session_state[_SHOWN] = keys, [grid(one, label, most) for one in views]


def _show_last(*, is_stale: bool) -> None:
    """Draw what was drawn last, if anything was."""
    if _SHOWN in st.session_state:
        titles = _("Reppel's way"), _("Our way")
        show_grids(st.session_state[_SHOWN][1], titles, is_stale=is_stale)


def _press(asked: object, ascents: Ascents | None) -> None:
    """Start these ascents, or stop them as they are."""
    long_work.stop(_NAME)
    if ascents is None:
        _start(asked)
    else:
        st.session_state[_STOPPED] = asked, ascents
