"""The row of what can be done with a page's view as a whole, beside its title.

Each is a drawer: a button, and what opens when it is clicked. What a page tells a drawer is made
into something to see once it is opened.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from pages.parts.refusals import fragment
from pages.parts.texts import _

_ROW = "row of actions"
_TOLD = "told to drawers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """A button in the row and the title of what it opens; texts are English, marked by `N_`."""

    key: str
    label: str
    icon: str
    help: str
    title: str
    width: Literal["small", "medium"] = "small"
    position: Literal["center", "right"] = "center"


@contextmanager
def beside() -> Iterator[None]:
    """Draw the row, still empty, beside what is drawn within, which is a page's title."""
    forget()
    with st.container(key="heading", horizontal=True, gap="small", vertical_alignment="top"):
        with st.container(key="title"):
            yield
        drawn = st.container(key="actions", horizontal=True, gap="xsmall", width="content")
    st.session_state[_ROW] = drawn


def offer(drawer: Drawer, show: Callable[[], None]) -> None:
    """Draw the button of a drawer into the row; `show` draws what it opens."""
    with st.session_state[_ROW]:
        _button(drawer, show)


def offer_here(drawer: Drawer, show: Callable[[], None]) -> None:
    """Draw the button of a drawer beside the part of the page that it is about."""
    _button(drawer, show)


def put(draw: Callable[[], None]) -> None:
    """Draw something else into the row."""
    with st.session_state[_ROW]:
        draw()


def tell(key: str, what: object) -> None:
    """Tell a drawer, or who else has this key, of what the page shows now."""
    st.session_state.setdefault(_TOLD, {})[key] = what


def known(key: str) -> Any | None:
    """Return what the page has told; None if that is nothing."""
    return st.session_state[_TOLD].get(key)


def told(drawer: Drawer) -> Any | None:
    """Return what the page has told a drawer; where there is nothing, say so."""
    what = known(drawer.key)
    if what is None:
        st.info(_("Nothing is computed here now. Choose a network that this page can show."))
    return what


def forget() -> None:
    """Forget what drawers were told: something else is about to be shown."""
    st.session_state[_TOLD] = {}


@fragment
def _button(drawer: Drawer, show: Callable[[], None]) -> None:
    if st.button(_(drawer.label), key=drawer.key, icon=drawer.icon, help=_(drawer.help)):
        opened = st.dialog(
            _(drawer.title), width=drawer.width, position=drawer.position, icon=drawer.icon
        )
        opened(show)()
