"""How far an ascent is, and the button that begins, stops or continues it."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import streamlit as st

from cnnviz_core.views.ascent_jobs import AscentJob
from cnnviz_core.views.ascent_questions import AscentState
from cnnviz_core.views.ascent_watches import AscentStanding
from pages.parts.sharing import taking_turns
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
    standings: Sequence[AscentStanding],
    keys: object,
    press: Callable[[Any, Climbs | None], None],
) -> None:
    """A button and a bar. `press` gets `keys`, and the climbs if they are to be stopped."""
    if mode == "finished":
        st.progress(1.0, _progress(mode, climbs, standings))
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
    bar.progress(min(share, 1.0), _progress(mode, climbs, standings))


def _progress(mode: Mode, climbs: Climbs, standings: Sequence[AscentStanding]) -> str:
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
    return " · ".join([said, *_left(standings), *_shared(standings)])


def _left(standings: Sequence[AscentStanding]) -> list[str]:
    seconds = [one.seconds for one in standings if one.seconds is not None]
    if not standings or len(seconds) < len(standings):
        return []
    longest = max(seconds)
    if longest < SECONDS_TO_COUNT:
        return [_("{seconds} s left").format(seconds=max(1, round(longest)))]
    return [_("{minutes} min left").format(minutes=round(longest / 60))]


def _shared(standings: Sequence[AscentStanding]) -> list[str]:
    others = max((one.num_jobs for one in standings), default=0) - len(standings)
    if others < 1:
        return []
    return [taking_turns(others)]
