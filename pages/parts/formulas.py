"""Formulas with this moment's numbers, and what they are about."""

import streamlit as st

from pages.parts.texts import _

EM_SPACE = "\u2003"


def show_output_size(height_formula: str, width_formula: str) -> None:
    """How height and width of the result come about."""
    st.markdown(
        _("Height: {height}").format(height=f"${height_formula}$")
        + EM_SPACE
        + _("Width: {width}").format(width=f"${width_formula}$")
    )
