"""Where things stand: controls a third, pictures two thirds; on a phone, pictures on top."""

from html import escape
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from cnnviz_core.theme import Theme
from pages.parts import actions, contents, glossary, share
from pages.parts.texts import _

STYLE = Path(__file__).with_name("style.css")

# In a frame of another page, there is the view alone.
_FRAMED = """
<style>
  [data-testid="stSidebar"], [data-testid="stExpandSidebarButton"] { display: none; }
  [data-testid="stMain"] [data-testid="stMainBlockContainer"] { padding-top: 1rem; }
</style>
"""


def apply_style() -> None:
    """Apply the style sheet to the page; call it once a run, before anything is drawn."""
    st.html(STYLE)
    if st.context.is_embedded:
        st.html(_FRAMED)


def controls_and_pictures() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return two containers side by side: for the controls, and for the pictures that they change.

    A fragment gets them as arguments, so that the browser need not lay them out at every step of a
    slider. One with fragments inside calls this itself: Streamlit 1.67 does not always clear what
    an inner fragment wrote into the containers of its page.
    """
    with st.container(key="controls-and-pictures"):
        left, right = st.columns([3, 8], gap="medium")
    return left.container(key="controls"), right.container(key="pictures")


def page_theme() -> Theme:
    """Return whether the visitor's page is light or dark."""
    return "dark" if st.context.theme.type == "dark" else "light"


def in_view() -> DeltaGenerator:
    """Return where the pictures go that must stay in view while a control is moved on a phone."""
    return st.container(key="in-view")


def more(label: str, *, key: str, icon: str) -> ExpanderContainer:
    """Return a box that opens; its `open` says whether it is, which the address bar keeps.

    What is slow starts only then: a closed box shows nothing, but its code runs.
    """
    return st.expander(label, icon=icon, key=key, bind="query-params")


def look_for(text: str) -> None:
    """Say what to look for in the pictures; `text` comes translated, with its numbers in it."""
    st.markdown(f"**{_('What to look for.')}** {text}")


def heading(name: str) -> None:
    """Show the page's title, what it promises, and its words; the first thing that a page calls."""
    contents.require_navigation()
    entry = contents.entry(name)
    title(_(entry.title), _(entry.promise))
    glossary.show_words(name)


def title(text: str, promise: str = "") -> None:
    """Show the page's title, and the sentence below it, both translated; beside it, what to do.

    Not `st.title`: the browser fetches what draws `st.html`, and with it the style sheet, later
    than that, and a title that stands would move once the style sheet is there.
    """
    below = f'<p class="cnnviz-promise">{escape(promise)}</p>' if promise else ""
    with actions.beside():
        st.html(f"<h1>{escape(text)}</h1>{below}")
    share.offer()


def show_next(page: st.Page) -> None:
    """Show a link to the page after this one, and what that one promises; below everything else."""
    entry = contents.following(page)
    if entry is None:
        return
    with st.container(key="next", border=True):
        label = _("Next: {title}").format(title=_(entry.title))
        st.page_link(entry.path, label=f"**{label}**", icon=":material/arrow_forward:")
        st.caption(_(entry.promise))
