"""Formulas with this moment's numbers, and what they are about."""

import streamlit as st

from pages.parts.texts import _


def output_size(height_formula: str, width_formula: str) -> str:
    """Return how height and width of the result come about, as HTML."""
    sides = (_("Height"), height_formula), (_("Width"), width_formula)
    return (
        f'<p class="cnnviz-sizes cnnviz-output-size">{"".join(_side(*side) for side in sides)}</p>'
    )


def show_output_size(height_formula: str, width_formula: str) -> None:
    """Show how height and width of the result come about."""
    st.html(output_size(height_formula, width_formula))


def _side(name: str, formula: str) -> str:
    left, result = formula.rsplit(" = ", 1)
    return f"<span>{name}: {left} = <b>{result}</b></span>"
