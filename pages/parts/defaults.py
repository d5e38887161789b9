"""The way back to what a page shows at first, whatever the pages before have left behind."""

import streamlit as st

from pages.parts import actions, address, layer_controls
from pages.parts.texts import _


def offer() -> None:
    """Draw the button."""
    actions.put(_button)


def _button() -> None:
    st.button(
        _("Defaults"),
        key="defaults",
        icon=":material/restart_alt:",
        on_click=_forget,
        help=_("Every control as it is at first, the picture, network, layer and class included."),
    )


def _forget() -> None:
    address.forget()
    layer_controls.forget()
