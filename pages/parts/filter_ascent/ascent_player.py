"""The ascent on the page: begun by a button, growing as one looks, stopped by another button.

A moved control asks for something else. What ascended before is let go of at once; of the new
settings a preview grows by itself, as large as a thumb, and the button makes it in full size.
"""

import time
from collections.abc import Sequence

import streamlit as st

from cnnviz_core.runtime.scheduler import Urgency
from cnnviz_core.views.ascent import AscentView, ascent_view, preview_question
from cnnviz_core.views.ascent_jobs import AscentJob, ascent_job, is_answered
from cnnviz_core.views.ascent_watches import (
    AscentStanding,
    AscentWatch,
    ascent_standing,
    climb_on,
    look_away,
    watch_ascent,
)
from pages.parts import layout, steady
from pages.parts.filter_ascent.ascent_controls import Ask
from pages.parts.filter_ascent.ascent_formulas import formulas_of
from pages.parts.filter_ascent.ascent_pictures import Label, grid, show_grids
from pages.parts.filter_ascent.ascent_progress import Climbs, Mode, show_progress
from pages.parts.texts import _

# Whether a climb at full size is to begin at once: presets set it.
START = "ascent_start"

# Seconds between two pieces of work, if they take less: a piece is asked for by the browser, so
# that a closed tab asks for no more.
TICK = 0.1

# No longer, even where others compute, too.
SECONDS_OF_A_PIECE = 1.0

# Pictures beside each other, in one grid and in each of two.
ALONE, BESIDE = 6, 2

_STARTED = "ascent started"
_FROZEN = "ascent frozen"
_LEFT = "ascent left"
_WATCHES = "ascent watches"
_SINCE = "ascent watches since"
_SHOWN = "ascent shown"
_PRESSED = "ascent pressed"
_IS_WHOLE_PAGE = "ascent whole page"


def show_climbs(asks: tuple[Ask, ...], label: Label) -> Climbs:
    """Draw the player, and give the climbs that have come to rest; none as long as they go on."""
    st.session_state.pop(_PRESSED, None)
    keys = tuple(one.key for one in asks)
    if st.session_state.pop(START, _STARTED not in st.session_state):
        _start(keys)
    try:
        mode, climbs = _climbs(asks, keys)
    except ValueError as problem:
        _watch_no_more()
        st.error(str(problem), icon=":material/error:")
        _show_last(is_stale=True)
        return ()
    is_running = _WATCHES in st.session_state
    st.session_state[_IS_WHOLE_PAGE] = True
    player = st.fragment(_player, run_every=TICK if is_running else None)
    player(mode, keys, climbs, label)
    return () if is_running else climbs


def _start(keys: object) -> None:
    st.session_state[_STARTED] = keys
    _frozen_keys, frozen = st.session_state.pop(_FROZEN, (None, ()))
    # To go on with, however many others have climbed meanwhile.
    st.session_state[_LEFT] = tuple(job for job, _state in frozen)


def _climbs(asks: tuple[Ask, ...], keys: object) -> tuple[Mode, Climbs]:
    """What is to be shown, and watch it if it is not at rest."""
    frozen_keys, frozen = st.session_state.get(_FROZEN, (None, ()))
    if frozen_keys == keys:
        _watch_no_more()
        return "stopped", frozen
    is_started = st.session_state.get(_STARTED) == keys
    if not is_started and not all(
        is_answered(one.network, one.picture, one.question) for one in asks
    ):
        asks = tuple(map(_preview, asks))
        jobs = _watch(asks, is_preview=True)
        modes: tuple[Mode, Mode] = "preview", "previewed"
    else:
        jobs = _watch(asks, is_preview=False)
        modes = "climbing", "finished"
    mode = modes[all(one.is_finished for one in jobs)]
    return mode, tuple((one, one.state) for one in jobs)


def _preview(ask: Ask) -> Ask:
    question = preview_question(ask.network, ask.picture, ask.question)
    return Ask(ask.network, ask.picture, question)


def _watch(asks: tuple[Ask, ...], *, is_preview: bool) -> tuple[AscentJob, ...]:
    """Look at these climbs and no others, unless they are finished."""
    kept: tuple[AscentWatch, ...] = st.session_state.get(_WATCHES, ())
    left: tuple[AscentJob, ...] = st.session_state.get(_LEFT, ())
    known = {_key(one): one for one in (*left, *(watch.ascent for watch in kept))}
    jobs = tuple(
        known.get(one.key) or ascent_job(one.network, one.picture, one.question) for one in asks
    )
    if tuple(one.ascent for one in kept) != jobs:
        urgency: Urgency = "preview" if is_preview else "finished"
        _watch_no_more()
        st.session_state[_WATCHES] = tuple(watch_ascent(one, urgency) for one in jobs)
        st.session_state[_SINCE] = time.monotonic()
    if all(one.is_finished for one in jobs):
        _watch_no_more()
    return jobs


def _watch_no_more() -> None:
    # Streamlit keeps the old value of a key until the run ends, so dropping it is not enough.
    for one in st.session_state.pop(_WATCHES, ()):
        look_away(one)


def _key(job: AscentJob) -> object:
    return Ask(job.network, job.picture, job.question).key


def _player(mode: Mode, keys: object, climbs: Climbs, label: Label) -> None:
    """Draw what is there, then work a moment; the browser asks for the next run.

    In this order, so that a piece of work delays no picture.
    """
    is_whole_page = st.session_state.pop(_IS_WHOLE_PAGE, False)
    if not is_whole_page:
        steady.restore()
    if _PRESSED in st.session_state:
        st.rerun()
    watches: tuple[AscentWatch, ...] = st.session_state.get(_WATCHES, ())
    if watches:
        climbs = tuple((one.ascent, one.ascent.state) for one in watches)
    views = [ascent_view(*climb) for climb in climbs]
    with layout.in_view():
        show_progress(mode, climbs, _standings(watches), keys, _press)
        _show(mode, climbs, views, label)
    st.markdown(formulas_of(views[-1], label(views[-1].question, views[-1].tiles[0])))
    if not is_whole_page:
        _work(watches)


def _standings(watches: Sequence[AscentWatch]) -> list[AscentStanding]:
    # When a control was moved, what ascended before may be in the middle of its last piece.
    if not watches or time.monotonic() - st.session_state[_SINCE] < SECONDS_OF_A_PIECE:
        return []
    return [ascent_standing(one) for one in watches]


def _work(watches: Sequence[AscentWatch]) -> None:
    if not watches:
        return
    unfinished = [one for one in watches if not one.ascent.is_finished]
    if unfinished:
        climb_on(min(unfinished, key=lambda one: one.ascent.state.climbed.share))
    if all(one.ascent.is_finished for one in watches):
        st.rerun()


def _show(mode: Mode, climbs: Climbs, views: Sequence[AscentView], label: Label) -> None:
    """Draw the pictures as they stand; the last ones, gray, as long as these have not begun."""
    have_begun = all(len(state.climbed.activations) for _job, state in climbs)
    if have_begun or mode == "stopped" or _SHOWN not in st.session_state:
        most = ALONE if len(views) == 1 else BESIDE
        st.session_state[_SHOWN] = _keys(climbs), [grid(one, label, most) for one in views]
    _show_last(is_stale=st.session_state[_SHOWN][0] != _keys(climbs))


def _keys(climbs: Climbs) -> tuple[object, ...]:
    return tuple(_key(job) for job, _state in climbs)


def _show_last(*, is_stale: bool) -> None:
    """Draw what was drawn last, if anything was."""
    if _SHOWN in st.session_state:
        titles = _("Reppel's way"), _("Our way")
        show_grids(st.session_state[_SHOWN][1], titles, is_stale=is_stale)


def _press(keys: object, climbs: Climbs | None) -> None:
    """Start these climbs, or stop them as they are."""
    st.session_state[_PRESSED] = True
    if climbs is None:
        _start(keys)
    else:
        st.session_state[_FROZEN] = keys, climbs
