"""How much a layer has to learn and to compute, in a sentence."""

import streamlit as st

from cnnviz_core.views.costs import CostsView
from pages.parts.texts import _


def show_costs(costs: CostsView) -> None:
    """Say how many numbers the filters have, and how many products they add up."""
    said = [_cost(_("Weights and biases: {parameters}, products added up: {products}"), costs)]
    if costs.dense is not None:
        said.append(_cost(_("in one group: {parameters} and {products}"), costs.dense))
    st.markdown("; ".join(said))


def _cost(text: str, costs: CostsView) -> str:
    return text.format(
        parameters=f"${costs.parameters_formula}$", products=f"${costs.products_formula}$"
    )
