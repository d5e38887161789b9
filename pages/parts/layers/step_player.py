"""The picture of one stop, with a slider through all of them and a button that plays them."""

import time

import streamlit as st

from cnnviz_core.layers.stepping import StepSetup
from cnnviz_core.views.stepping import MAX_ANIMATED_STOPS, StopPicture, animated_stops, stop_picture
from pages.parts import controls
from pages.parts.controls import Choice
from pages.parts.layout import page_theme
from pages.parts.texts import N_, _

STOP: Choice[int] = Choice(
    key="step_stop",
    label=N_("Stop"),
    options={},
    default=1,
    help=N_("Where the window is, row by row. The arrow keys move it too."),
)
SECONDS_PER_STOP = 0.8
# As large as fits beside the controls, and no larger than a hand on the back row's screen.
LARGEST_ENLARGEMENT = 1.4

_PRESSED = "step play pressed"
_SINCE = "step shown since"


def show_stops(setup: StepSetup, num_stops: int) -> None:
    """Draw the player.

    Only the play button leads to a run of the whole page that has a clock; any other run of the
    whole page, that is any other control or reaching the last stop, stops it. The slider and the
    clock itself run the player alone.
    """
    playing = st.session_state.pop(_PRESSED, False)
    if playing and controls.value(STOP) >= num_stops:
        controls.say(STOP, 1)
    _stay()
    st.fragment(_player, run_every=SECONDS_PER_STOP if playing else None)(setup, num_stops, playing)


def one_stop(setup: StepSetup, stop: int) -> bytes:
    """The picture of one stop, counted from 1, as PNG."""
    return stop_picture(setup, stop - 1, page_theme(), _labels()).data


def save_animation(setup: StepSetup, num_stops: int) -> None:
    """Draw the button that makes the animation once it is clicked, and saves it."""
    too_many = num_stops > MAX_ANIMATED_STOPS
    theme, labels = page_theme(), _labels()
    st.download_button(
        _("Save as animated GIF"),
        lambda: animated_stops(setup, theme, labels),
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
            ).format(most=MAX_ANIMATED_STOPS, count=num_stops)
        )


def _player(setup: StepSetup, num_stops: int, playing: bool) -> None:
    if _PRESSED in st.session_state:
        st.rerun()
    _keep_in_range(num_stops)
    if playing and time.monotonic() - st.session_state[_SINCE] > SECONDS_PER_STOP / 2:
        controls.say(STOP, min(controls.value(STOP) + 1, num_stops))
        _stay()
        if controls.value(STOP) == num_stops:
            st.rerun()
    stop = _choose_stop(num_stops, playing)
    picture = stop_picture(setup, stop - 1, page_theme(), _labels())
    with st.container(width=round(LARGEST_ENLARGEMENT * picture.width)):
        st.image(
            picture.data,
            width="stretch",
            output_format="PNG",
            alt=_description(picture, stop, num_stops),
        )


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
        return controls.snap(STOP, options=range(1, num_stops + 1), on_change=_stay)


def _keep_in_range(num_stops: int) -> None:
    """Go to the last stop there is if the chosen one has gone."""
    if STOP.key in st.session_state:
        controls.say(STOP, min(controls.value(STOP), num_stops))


def _press(play: bool) -> None:
    st.session_state[_PRESSED] = play


def _stay() -> None:
    """Note when a stop came on screen: it stays there, even if the clock ticks a moment later."""
    st.session_state[_SINCE] = time.monotonic()


def _labels() -> tuple[str, str, str]:
    return _("input"), _("kernel"), _("result")


def _description(picture: StopPicture, stop: int, num_stops: int) -> str:
    return _(
        "Stop {stop} of {count}: row {row}, column {column} of the result becomes {value}."
    ).format(
        stop=stop,
        count=num_stops,
        row=picture.row + 1,
        column=picture.col + 1,
        value=f"{picture.value:g}",
    )
