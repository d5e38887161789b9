"""How far an ascent is, and the button that begins, stops or continues it."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from cnnviz_core.views.ascent_jobs import AscentJob, seconds_left
from cnnviz_core.views.ascent_store import AscentState
from pages.parts import long_work
from pages.parts.texts import _

Mode = Literal["preview", "previewed", "climbing", "stopped", "finished"]
Climbs = tuple[tuple[AscentJob, AscentState], ...]

# Longer than that, minutes are told.
SECONDS_TO_COUNT = 120

_CLIMB = "Full size", ":material/play_arrow:", "Make these pictures at full size, with all steps."
_BUTTONS = {
    "preview": _CLIMB,
    "previewed": _CLIMB,
    "climbing": ("Stop", ":material/stop:", "Keep the pictures as they are now."),
    "stopped": ("Continue", ":material/play_arrow:", "Continue from where it stopped."),
}


def show_progress(
    mode: Mode,
    climbs: Climbs,
    keys: object,
    press: Callable[[Any, Climbs | None], None],
) -> None:
    """A button and a bar. `press` gets `keys`, and the climbs if they are to be stopped."""
    if mode == "finished":
        st.progress(1.0, _progress(mode, climbs))
        return
    button, bar = st.columns([2, 5], gap="medium", vertical_alignment="center")
    name, icon, help_text = _BUTTONS[mode]
    button.button(
        _(name),
        key="ascent button",
        type="secondary" if mode == "climbing" else "primary",
        icon=icon,
        on_click=press,
        args=(keys, climbs if mode == "climbing" else None),
        width="stretch",
        help=_(help_text),
    )
    share = sum(state.climbed.share for _job, state in climbs) / len(climbs)
    bar.progress(min(share, 1.0), _progress(mode, climbs))


def _progress(mode: Mode, climbs: Climbs) -> str:
    job, state = min(climbs[::-1], key=lambda climb: climb[1].climbed.share)
    height, width = job.question.size
    texts = {
        "preview": _("A preview of {height} × {width} pixels: step {step} of {steps}"),
        "climbing": _("Step {step} of {steps}, {height} × {width} pixels"),
        "previewed": _("A preview of {height} × {width} pixels after {steps} steps"),
        "stopped": _("Stopped at step {step} of {steps}"),
        "finished": _("All {steps} steps, {height} × {width} pixels"),
    }
    said = texts[mode].format(
        step=state.climbed.step, steps=job.question.steps, height=height, width=width
    )
    if mode not in ("preview", "climbing"):
        return said
    ascents = [ascent for ascent, _state in climbs]
    jobs = [one.job for one in ascents]
    return long_work.said_of(jobs, said, _left(seconds_left(ascents)))


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < SECONDS_TO_COUNT:
        return _("{seconds} s left").format(seconds=max(1, round(seconds)))
    return _("{minutes} min left").format(minutes=round(seconds / 60))
