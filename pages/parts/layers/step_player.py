"""The picture of one stop, with a slider through all of them and a button that plays them."""

import json
import time
from dataclasses import asdict
from typing import Any
from xml.sax.saxutils import quoteattr

import streamlit as st

from cnnviz_core.number_format import short_number, short_tex
from cnnviz_core.stepping.setups import StepSetup
from cnnviz_core.views.stepping import (
    HATCHING,
    MAX_ANIMATED_STOPS,
    STYLE,
    StopView,
    changes,
    stop_view,
)
from pages.parts import controls
from pages.parts.declarations import Choice
from pages.parts.modules import joined
from pages.parts.step_position import words
from pages.parts.texts import N_, _

POSITION: Choice[int] = Choice(
    key="step_stop",
    label=N_("Stop"),
    options={},
    default=1,
    help=N_("Where the window is, row by row. The arrow keys move it too."),
)
SECONDS_PER_STOP = 0.8

STOPS = "step stops"
_PRESSED = "step play pressed"
_SINCE = "step shown since"

_mount: Any = st.components.v2.component(
    "cnnviz_stops",
    html=f'{HATCHING}<div class="cnnviz-step" role="img"></div>',
    css=STYLE,
    js=joined("stops"),
    isolate_styles=False,
)


def show_stops(setup: StepSetup, num_stops: int, said: str) -> None:
    """Draw the player; `said` is how a stop is told to those who cannot see it.

    Only the play button leads to a run of the whole page that has a clock; any other run of the
    whole page, that is any other control or reaching the last stop, stops it. The slider and the
    clock itself run the player alone.
    """
    playing = st.session_state.pop(_PRESSED, False)
    if playing and controls.value(POSITION) >= num_stops:
        controls.say(POSITION, 1)
    known = changes(setup, words())
    # Beside the player, which goes from stop to stop without it.
    st.html(f"<i data-step-changes={quoteattr(json.dumps(known and asdict(known)))}></i>")
    _stay()
    st.fragment(_player, run_every=SECONDS_PER_STOP if playing else None)(
        setup, num_stops, said, playing
    )


def show_bias_gradient(total: float) -> None:
    """Say what is handed back to a bias."""
    st.markdown(
        _("To the bias goes the plain sum of all gradients: {formula}").format(
            formula=rf"$\partial L / \partial b = {short_tex(total)}$"
        )
    )


def say_too_many_stops(num_stops: int) -> None:
    """Say why there is no animation to save, if there is none."""
    if num_stops > MAX_ANIMATED_STOPS:
        st.caption(
            _(
                "An animation can have at most {most} stops, and this one would have {count}. "
                "Choose a smaller grid or a larger stride."
            ).format(most=MAX_ANIMATED_STOPS, count=num_stops)
        )


def _player(setup: StepSetup, num_stops: int, said: str, playing: bool) -> None:
    if _PRESSED in st.session_state:
        st.rerun()
    controls.at_most(POSITION, num_stops)
    if playing and time.monotonic() - st.session_state[_SINCE] > SECONDS_PER_STOP / 2:
        controls.say(POSITION, min(controls.value(POSITION) + 1, num_stops))
        _stay()
        if controls.value(POSITION) == num_stops:
            st.rerun()
    position = _choose_stop(num_stops, playing)
    shown = stop_view(setup, position - 1, words())
    _mount(
        key=STOPS,
        data={
            "html": shown.html,
            "label": _description(said, shown, position, num_stops),
            "stop": position - 1,
            "cells": shown.cells,
        },
        on_stop_change=_take,
    )


def _take() -> None:
    """Go to the stop that a hand has moved the window to."""
    stop = st.session_state[STOPS].stop
    # What comes from a browser may be anything.
    if type(stop) is int and stop >= 0:
        controls.say(POSITION, stop + 1)
        _stay()


def _choose_stop(num_stops: int, playing: bool) -> int:
    if num_stops == 1:
        st.markdown(_("The window fits in only one place: a single stop."))
        return 1
    button, slider = st.columns([2, 5], gap="medium", vertical_alignment="bottom")
    button.button(
        _("Pause") if playing else _("Play"),
        key="step play",
        icon=":material/pause:" if playing else ":material/play_arrow:",
        on_click=_press,
        args=(not playing,),
        width="stretch",
        help=_("Move the window from stop to stop, to the last one. Any other control pauses it."),
    )
    with slider:
        return controls.snap(POSITION, options=range(1, num_stops + 1), on_change=_stay)


def _press(play: bool) -> None:
    st.session_state[_PRESSED] = play


def _stay() -> None:
    """Note when a stop came on screen: it stays there, even if the clock ticks a moment later."""
    st.session_state[_SINCE] = time.monotonic()


def _description(said: str, shown: StopView, position: int, num_stops: int) -> str:
    return said.format(
        stop=position,
        count=num_stops,
        row=shown.row + 1,
        column=shown.column + 1,
        index=shown.index + 1,
        value=short_number(shown.value),
    )
