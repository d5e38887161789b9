"""The picture of one stop, with a slider through all of them and a button that plays them."""

import time

import streamlit as st

from cnnviz_core.layers.step_setups import StepSetup
from cnnviz_core.number_format import short_number
from cnnviz_core.views.stepping import (
    MAX_ANIMATED_POSITIONS,
    PositionPicture,
    animated_positions,
)
from pages.parts import controls
from pages.parts.declarations import Choice
from pages.parts.layout import page_theme
from pages.parts.step_position import draw_position, labels
from pages.parts.texts import N_, _

POSITION: Choice[int] = Choice(
    key="step_stop",
    label=N_("Stop"),
    options={},
    default=1,
    help=N_("Where the window is, row by row. The arrow keys move it too."),
)
SECONDS_PER_POSITION = 0.8
# As large as fits beside the controls, and no larger than a hand on the back row's screen.
LARGEST_ENLARGEMENT = 1.4

_PRESSED = "step play pressed"
_SINCE = "step shown since"


def show_positions(setup: StepSetup, num_positions: int) -> None:
    """Draw the player.

    Only the play button leads to a run of the whole page that has a clock; any other run of the
    whole page, that is any other control or reaching the last stop, stops it. The slider and the
    clock itself run the player alone.
    """
    playing = st.session_state.pop(_PRESSED, False)
    if playing and controls.value(POSITION) >= num_positions:
        controls.say(POSITION, 1)
    _stay()
    st.fragment(_player, run_every=SECONDS_PER_POSITION if playing else None)(
        setup, num_positions, playing
    )


def save_animation(setup: StepSetup, num_positions: int) -> None:
    """Draw the button that makes the animation once it is clicked, and saves it."""
    too_many = num_positions > MAX_ANIMATED_POSITIONS
    theme, names = page_theme(), labels()
    st.download_button(
        _("Save as animated GIF"),
        lambda: animated_positions(setup, theme, names),
        file_name="step-by-step.gif",
        mime="image/gif",
        icon=":material/gif_box:",
        on_click="ignore",
        disabled=too_many,
        help=_("Every stop in turn, in a loop. More than a few dozen stops take a few seconds."),
    )
    if too_many:
        st.caption(
            _(
                "An animation can have at most {most} stops, and this one would have {count}. "
                "Choose a smaller grid or a larger stride."
            ).format(most=MAX_ANIMATED_POSITIONS, count=num_positions)
        )


def _player(setup: StepSetup, num_positions: int, playing: bool) -> None:
    if _PRESSED in st.session_state:
        st.rerun()
    controls.at_most(POSITION, num_positions)
    if playing and time.monotonic() - st.session_state[_SINCE] > SECONDS_PER_POSITION / 2:
        controls.say(POSITION, min(controls.value(POSITION) + 1, num_positions))
        _stay()
        if controls.value(POSITION) == num_positions:
            st.rerun()
    position = _choose_position(num_positions, playing)
    picture = draw_position(setup, position)
    with st.container(width=round(LARGEST_ENLARGEMENT * picture.width)):
        st.image(
            picture.data,
            width="stretch",
            output_format="PNG",
            alt=_description(picture, position, num_positions),
        )


def _choose_position(num_positions: int, playing: bool) -> int:
    if num_positions == 1:
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
        return controls.snap(POSITION, options=range(1, num_positions + 1), on_change=_stay)


def _press(play: bool) -> None:
    st.session_state[_PRESSED] = play


def _stay() -> None:
    """Note when a stop came on screen: it stays there, even if the clock ticks a moment later."""
    st.session_state[_SINCE] = time.monotonic()


def _description(picture: PositionPicture, position: int, num_positions: int) -> str:
    return _(
        "Stop {stop} of {count}: row {row}, column {column} of the result becomes {value}."
    ).format(
        stop=position,
        count=num_positions,
        row=picture.row + 1,
        column=picture.col + 1,
        value=short_number(picture.value),
    )
