"""Formulas with this moment's numbers, and what they are about."""

import streamlit as st

from pages.parts.texts import _


def show_output_size(height_formula: str, width_formula: str) -> None:
    """How height and width of the result come about."""
    height, width = st.columns(2)
    for column, title, formula in (
        (height, _("Height"), height_formula),
        (width, _("Width"), width_formula),
    ):
        column.markdown(f"{title}: ${formula}$")
