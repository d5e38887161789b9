"""The program that makes what a page shows: to read, to copy, and to take along."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from cnnviz_core.snippets.program import Program
from cnnviz_core.views.files import needs_project, notebook, script
from pages.parts import actions
from pages.parts.refusals import or_reason
from pages.parts.texts import N_, _

DRAWER = actions.Drawer(
    key="code",
    label=N_("Code"),
    icon=":material/code:",
    help=N_("A short program that makes what is shown, with the settings of this moment."),
    title=N_("The code behind it"),
    width="medium",
    position="right",
)


def tell(make: Callable[[], Program]) -> None:
    """Say how the program of what the page shows now is made; that is done once it is asked for."""
    actions.tell(DRAWER.key, make)


def offer() -> None:
    """Draw the button; call it where the page ends."""
    actions.offer(DRAWER, _show)


def offer_part(make: Callable[[], Program], key: str) -> None:
    """Draw a button here, for what a part of the page shows by a program of its own.

    `key` is unique over all pages. What the button opens is made when it is asked for.
    """
    actions.offer_here(replace(DRAWER, key=key), partial(_show_program, make))


def _show() -> None:
    make: Callable[[], Program] | None = actions.told(DRAWER)
    if make:
        _show_program(make)


def _show_program(make: Callable[[], Program]) -> None:
    program = or_reason(make)
    if program is None:
        return
    text = script(program)
    needed = (
        _("Python, with this project installed: `pip install .` in a clone of it.")
        if needs_project(program)
        else _("Python, with public packages alone.")
    )
    st.caption(f"{needed} {_('It ends in a check against this page.')}")
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
