"""How far an ascent is, and the button that begins, stops or continues it."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from cnnviz_core.views.ascent_jobs import AscentJob, seconds_left
from cnnviz_core.views.ascent_store import AscentHistory
from pages.parts import long_work
from pages.parts.texts import _

Mode = Literal["preview", "previewed", "ascending", "stopped", "finished"]
Ascents = tuple[tuple[AscentJob, AscentHistory], ...]

# Longer than that, minutes are told.
SECONDS_TO_COUNT = 120

_BEGIN = "Full size", ":material/play_arrow:", "Make these pictures at full size, with all steps."
_BUTTONS = {
    "preview": _BEGIN,
    "previewed": _BEGIN,
    "ascending": ("Stop", ":material/stop:", "Keep the pictures as they are now."),
    "stopped": ("Continue", ":material/play_arrow:", "Continue from where it stopped."),
}


def show_progress(
    mode: Mode,
    ascents: Ascents,
    asked: object,
    press: Callable[[Any, Ascents | None], None],
) -> None:
    """Draw a button and a bar. `press` gets `asked`, and the ascents if they are to be stopped."""
    if mode == "finished":
        st.progress(1.0, _progress(mode, ascents))
        return
    button, bar = st.columns([2, 5], gap="medium", vertical_alignment="center")
    name, icon, help_text = _BUTTONS[mode]
    button.button(
        _(name),
        key="ascent button",
        type="secondary" if mode == "ascending" else "primary",
        icon=icon,
        on_click=press,
        args=(asked, ascents if mode == "ascending" else None),
        width="stretch",
        help=_(help_text),
    )
    share = sum(state.progress.share for _ascent, state in ascents) / len(ascents)
    bar.progress(min(share, 1.0), _progress(mode, ascents))


def _progress(mode: Mode, ascents: Ascents) -> str:
    ascent, state = min(ascents[::-1], key=lambda one: one[1].progress.share)
    height, width = ascent.question.size
    texts = {
        "preview": _("A preview of {height} × {width} pixels: step {step} of {steps}"),
        "ascending": _("Step {step} of {steps}, {height} × {width} pixels"),
        "previewed": _("A preview of {height} × {width} pixels after {steps} steps"),
        "stopped": _("Stopped at step {step} of {steps}"),
        "finished": _("All {steps} steps, {height} × {width} pixels"),
    }
    said = texts[mode].format(
        step=state.progress.step, steps=ascent.question.steps, height=height, width=width
    )
    if mode not in ("preview", "ascending"):
        return said
    going = [one for one, _state in ascents]
    left = _left(seconds_left(going))
    return long_work.said_of([one.job for one in going], said, left)


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < SECONDS_TO_COUNT:
        return _("{seconds} s left").format(seconds=max(1, round(seconds)))
    return _("{minutes} min left").format(minutes=round(seconds / 60))
