"""The program that makes what a page shows: to read, to copy, and to take along."""

from collections.abc import Callable

import streamlit as st

from cnnviz_core.snippets.program import Program
from cnnviz_core.views.programs import notebook, script
from pages.parts import actions
from pages.parts.refusals import fragment, or_reason
from pages.parts.texts import _

_MAKER = "maker of the program"


def tell(make: Callable[[], Program]) -> None:
    """Say how the program of what the page shows now is made; that is done once it is asked for."""
    st.session_state[_MAKER] = make


def forget() -> None:
    """Say that what the page shows now has no program, unless `tell` is called after."""
    st.session_state[_MAKER] = None


def offer() -> None:
    """Draw the button into the page's row of actions; call it where the page ends."""
    with actions.row():
        _offer()


@fragment
def _offer() -> None:
    if st.button(
        _("Code"),
        key="code",
        icon=":material/code:",
        help=_("A short program that makes what is shown, with the settings of this moment."),
    ):
        st.dialog(
            _("The code behind it"), width="medium", position="right", icon=":material/code:"
        )(_show)()


def _show() -> None:
    make: Callable[[], Program] | None = st.session_state[_MAKER]
    if make is None:
        st.info(_("Nothing is computed here now. Choose a network that this page can show."))
        return
    program = or_reason(make)
    if program is None:
        return
    text = script(program)
    st.caption(_("Python, with public packages alone. It ends in a check against this page."))
    st.code(text, language="python", line_numbers=True)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            _("Save as a script"),
            text,
            file_name=f"{program.name}.py",
            mime="text/x-python",
            key="code script",
            icon=":material/description:",
            on_click="ignore",
            help=_("What stands above, as a file that Python runs."),
        )
        st.download_button(
            _("Save as a notebook"),
            lambda: notebook(program),
            file_name=f"{program.name}.ipynb",
            mime="application/x-ipynb+json",
            key="code notebook",
            icon=":material/menu_book:",
            on_click="ignore",
            help=_("The same for Jupyter, a thought a cell; it ends with the picture."),
        )
