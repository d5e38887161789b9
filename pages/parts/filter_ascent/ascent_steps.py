"""The way of a finished ascent: a slider through its steps, and the pictures as they were then."""

import streamlit as st

from cnnviz_core.views.ascent_frames import AscentFrames, ascent_frames
from cnnviz_core.views.ascent_jobs import AscentJob
from cnnviz_core.views.ascent_store import AscentHistory
from pages.parts import controls
from pages.parts.declarations import Choice, Switch
from pages.parts.live import live_pictures
from pages.parts.texts import N_, _

# Of the film's pictures, which are small; where there is less room, as large as fits.
ENLARGEMENT = 2

FILM = Switch(
    key="ascent_film",
    label=N_("Go through the steps"),
    help=N_("Show the pictures as they were after each of a few steps."),
)
# The last one, whichever that is, as long as nobody has chosen another.
FILM_STEP: Choice[int] = Choice(
    key="ascent_film_step",
    label=N_("Step"),
    options={},
    default=-1,
    help=N_("After how many steps: 0 is the start. Drag, and the pictures grow."),
)


def choose_frames(ascent: AscentJob, state: AscentHistory) -> AscentFrames | None:
    """Draw the switch, and return what is to be gone through; None if that is not wanted."""
    frames = ascent_frames(ascent.question, state) if controls.switch(FILM) else None
    return frames if frames and len(frames.steps) > 1 else None


def show_frames(frames: AscentFrames) -> None:
    """Draw the slider, and the pictures after the chosen step."""
    step = controls.snap(FILM_STEP, options=frames.steps, otherwise=frames.steps[-1])
    frame = frames.frames[frames.steps.index(step)]
    text = _("The pictures after {step} of {steps} steps")
    st.image(
        frame,
        width=ENLARGEMENT * frames.width,
        alt=text.format(step=f"{step:,}", steps=f"{frames.steps[-1]:,}"),
    )


def say_frames(frames: AscentFrames) -> None:
    """Give the browser the pictures of all steps, small; not where those are that people see."""
    live_pictures.hide([frames.strip])
    drawn = controls.value(FILM_STEP)
    live_pictures.say("ascent", (FILM_STEP,), steps=frames.steps, drawn=drawn)
