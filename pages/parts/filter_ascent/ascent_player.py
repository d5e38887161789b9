"""The ascent on the page: begun by a button, growing as one looks, stopped by another button.

A moved control asks for something else: of the new settings a preview grows by itself, as large as
a thumb, and the button makes it in full size.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views.ascent import AscentView, ascent_view, preview_question
from cnnviz_core.views.ascent_jobs import AscentJob, ascent_job, is_answered
from pages.parts import layout, long_work
from pages.parts.filter_ascent.ascent_controls import Ask
from pages.parts.filter_ascent.ascent_formulas import formulas_of
from pages.parts.filter_ascent.ascent_pictures import Label, grid, show_grids
from pages.parts.filter_ascent.ascent_progress import Climbs, Mode, show_progress
from pages.parts.texts import _

# Whether a climb at full size is to begin at once: presets set it.
START = "ascent_start"

# Pictures beside each other, in one grid and in each of two.
ALONE, BESIDE = 6, 2

_NAME = "ascent"
_STARTED = "ascent started"
_STOPPED = "ascent stopped"
_LEFT = "ascent left"
_SHOWN = "ascent shown"


def show_climbs(asks: tuple[Ask, ...], label: Label) -> Climbs:
    """Draw the player, and give the climbs that have come to rest; none as long as they go on."""
    keys = tuple(one.key for one in asks)
    if st.session_state.pop(START, _STARTED not in st.session_state):
        _start(keys)
    try:
        mode, climbs = _climbs(asks, keys)
    except ValueError as problem:
        st.error(str(problem), icon=":material/error:")
        _show_last(is_stale=True)
        return ()
    ascents = [ascent for ascent, _state in climbs]
    jobs = [one.job for one in ascents]

    def draw() -> None:
        now = tuple((one, one.state) for one in ascents)
        _draw(mode, climbs if mode == "stopped" else now, keys, label)

    urgency: Any = "preview" if mode == "preview" else "finished"
    long_work.show(_NAME, jobs, draw, urgency=urgency, rank=_share)
    return () if long_work.goes_on(_NAME, jobs) else climbs


def _start(keys: object) -> None:
    st.session_state[_STARTED] = keys
    _stopped_keys, climbs = st.session_state.pop(_STOPPED, (None, ()))
    # To go on with, however many others have climbed meanwhile.
    st.session_state[_LEFT] = tuple(ascent for ascent, _state in climbs)


def _climbs(asks: tuple[Ask, ...], keys: object) -> tuple[Mode, Climbs]:
    """Return what is to be shown, and have it go on if it is not at rest."""
    stopped_keys, climbs = st.session_state.get(_STOPPED, (None, ()))
    if stopped_keys == keys:
        long_work.keep(_NAME, (keys, "stopped"), tuple)
        return "stopped", climbs
    is_full = st.session_state.get(_STARTED) == keys or all(
        is_answered(one.network, one.picture, one.question) for one in asks
    )
    asks = asks if is_full else tuple(map(_preview, asks))
    ascents = long_work.keep(_NAME, (keys, is_full), lambda: _made(asks), begins_by_itself=True)
    modes: tuple[Mode, Mode] = ("climbing", "finished") if is_full else ("preview", "previewed")
    mode = modes[all(one.job.is_finished for one in ascents)]
    return mode, tuple((one, one.state) for one in ascents)


def _preview(ask: Ask) -> Ask:
    question = preview_question(ask.network, ask.picture, ask.question)
    return Ask(ask.network, ask.picture, question)


def _made(asks: tuple[Ask, ...]) -> tuple[AscentJob, ...]:
    left = {_key(one): one for one in st.session_state.get(_LEFT, ())}
    return tuple(
        left.get(one.key) or ascent_job(one.network, one.picture, one.question) for one in asks
    )


def _key(ascent: AscentJob) -> object:
    return Ask(ascent.network, ascent.picture, ascent.question).key


def _share(job: Job[Any]) -> float:
    """Return how much of an ascent is done: of two, the one that is behind is worked on."""
    return job.state.climbed.share if job.state else 0.0


def _draw(mode: Mode, climbs: Climbs, keys: object, label: Label) -> None:
    views = [ascent_view(*climb) for climb in climbs]
    with layout.in_view():
        show_progress(mode, climbs, keys, _press)
        _show(mode, climbs, views, label)
    st.markdown(formulas_of(views[-1], label(views[-1].question, views[-1].tiles[0])))


def _show(mode: Mode, climbs: Climbs, views: Sequence[AscentView], label: Label) -> None:
    """Draw the pictures as they stand; the last ones, gray, as long as these have not begun."""
    have_begun = all(len(state.climbed.activations) for _ascent, state in climbs)
    if have_begun or mode == "stopped" or _SHOWN not in st.session_state:
        most = ALONE if len(views) == 1 else BESIDE
        st.session_state[_SHOWN] = _keys(climbs), [grid(one, label, most) for one in views]
    _show_last(is_stale=st.session_state[_SHOWN][0] != _keys(climbs))


def _keys(climbs: Climbs) -> tuple[object, ...]:
    return tuple(_key(ascent) for ascent, _state in climbs)


def _show_last(*, is_stale: bool) -> None:
    """Draw what was drawn last, if anything was."""
    if _SHOWN in st.session_state:
        titles = _("Reppel's way"), _("Our way")
        show_grids(st.session_state[_SHOWN][1], titles, is_stale=is_stale)


def _press(keys: object, climbs: Climbs | None) -> None:
    """Start these climbs, or stop them as they are."""
    long_work.stop(_NAME)
    if climbs is None:
        _start(keys)
    else:
        st.session_state[_STOPPED] = keys, climbs
