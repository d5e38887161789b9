"""The row of what can be done with a page's view as a whole, beside its title.

Pages need not know of it: whatever has a button there, draws it into `row()` in the same run.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts import share

_ROW = "row of actions"


@contextmanager
def beside() -> Iterator[None]:
    """Draw the row beside what is drawn within, which is a page's title."""
    with st.container(key="heading", horizontal=True, gap="small", vertical_alignment="top"):
        with st.container(key="title"):
            yield
        drawn = st.container(key="actions", horizontal=True, gap="xsmall", width="content")
    st.session_state[_ROW] = drawn
    with drawn:
        share.offer()


def row() -> DeltaGenerator:
    """Return the row of the page that runs, below whose title it was drawn."""
    drawn: DeltaGenerator = st.session_state[_ROW]
    return drawn
