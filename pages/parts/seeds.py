"""The number that decides which random weights are drawn, and a button for another one."""

import streamlit as st

from pages.parts import controls
from pages.parts.declarations import Number
from pages.parts.texts import N_, _

# One of the seeds whose three filters tell the cat's features apart, with and without ReLU.
PLEASING_SEED = 265


def seed(key: str, default: int = PLEASING_SEED) -> Number:
    """Declare a seed."""
    return Number(
        key=key,
        label=N_("Seed"),
        low=0,
        high=9999,
        default=default,
        help=N_("The same seed draws the same random weights, for everyone."),
    )


def choose_seed(control: Number) -> int:
    """Draw a seed's field and its button, and give the number."""
    field, button = st.columns([5, 4], gap="small", vertical_alignment="bottom")
    with field:
        chosen = controls.field(control)
    button.button(
        _("Roll again"),
        key=f"roll {control.key}",
        on_click=_roll,
        args=(control,),
        width="stretch",
        help=_("Draw new random weights."),
    )
    return chosen


def _roll(control: Number) -> None:
    controls.say(control, (controls.value(control) + 1) % (control.high + 1))
