"""What is to be said of an activation function, in general and on this picture."""

import math

import streamlit as st

from cnnviz_core.cached import ACTIVATIONS, ActivationName, ActivationView
from pages.parts.activation_names import ACTIVATION_TITLES
from pages.parts.pictures import short_number
from pages.parts.texts import _


def show_facts(name: ActivationName, view: ActivationView) -> None:
    """Formula, purpose, range, share of zeros and source."""
    info = ACTIVATIONS[name]
    st.markdown(f"**{_(ACTIVATION_TITLES[name])}**")
    st.markdown(rf"$f(x) = \displaystyle {info.formula}$")
    st.markdown(_(info.purpose))
    st.markdown(
        _(
            "- Set to zero here: **{share}** of all values\n"
            "- Can give values from **{low}** to **{high}**; here from {seen_low} to {seen_high}"
        ).format(
            share=f"{view.share_zeroed:.1%}",
            low=_bound(info.low),
            high=_bound(info.high),
            seen_low=short_number(view.after.low),
            seen_high=short_number(view.after.high),
        )
    )
    st.caption(_("Source: {source}").format(source=info.source))


def _bound(value: float) -> str:
    return short_number(value) if math.isfinite(value) else "−∞" if value < 0 else "∞"
