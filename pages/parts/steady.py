"""Controls keep what a preset has set, while a fragment runs by a clock.

A browser that asks for a fragment's next run sends along what its controls say. If a preset has
just set them, and the page has not arrived yet, that is what they said before: Streamlit takes it
for a change, and the next run of the whole page would fall back. But whoever moves a control has
the whole page run; so what changes without that is old.
"""

from collections.abc import Iterable

import streamlit as st

_VALUES = "steady values"


def remember(keys: Iterable[str]) -> None:
    """Note what the controls say, in a run of the whole page, once all of them are drawn."""
    state = st.session_state
    state[_VALUES] = {key: state[key] for key in keys if key in state}


def restore() -> None:
    """Set them to that again; the first thing that a fragment with a clock does."""
    for key, value in st.session_state.get(_VALUES, {}).items():
        if key in st.session_state and st.session_state[key] != value:
            st.session_state[key] = value
