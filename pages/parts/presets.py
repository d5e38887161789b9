"""One click to a known setting: a row of buttons that set a page's controls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts import picker
from pages.parts.texts import _

_ASKED = "preset asked for"


@dataclass(frozen=True, slots=True)
class Preset:
    """A named setting: the controls that differ from the page's defaults.

    `label` and `help` are English; they are translated where they are shown.
    """

    label: str
    help: str
    values: Mapping[str, object]


def row(presets: Sequence[Preset], defaults: Mapping[str, object]) -> None:
    """Draw the buttons; a click sets every control in `defaults`, first to its default."""
    asked = st.session_state.pop(_ASKED, None)
    with st.container(horizontal=True, gap="small", key="presets"):
        for preset in presets:
            values = {**defaults, **preset.values}
            if preset.label == asked:
                # Who comes from another page keeps the picture, which this run has chosen already.
                _apply({key: values[key] for key in values.keys() - {picker.KEY}})
            st.button(
                _(preset.label),
                key=f"preset {preset.label}",
                help=_(preset.help),
                on_click=_apply,
                args=(values,),
            )


def ask_for(label: str) -> None:
    """Have the next page that is opened begin with its preset of this label."""
    st.session_state[_ASKED] = label


def _apply(values: Mapping[str, object]) -> None:
    for key, value in values.items():
        st.session_state[key] = value
