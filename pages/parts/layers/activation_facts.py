"""An activation function: its curve, and what is to be said of it here and in general."""

from collections.abc import Callable

import streamlit as st

from cnnviz_core.layers.activation_facts import ACTIVATIONS, ActivationName
from cnnviz_core.layers.specs import Activation
from cnnviz_core.number_format import percent, short_number
from cnnviz_core.theme import Theme
from cnnviz_core.views.activation import ActivationView, activation_curves
from cnnviz_core.views.maps import Brightest
from pages.parts import layout
from pages.parts.layers.activation_names import ACTIVATION_TITLES
from pages.parts.texts import _


def show_facts(name: ActivationName, view: ActivationView) -> None:
    """Show formula, purpose, range, share of zeros and source."""
    info = ACTIVATIONS[name]
    st.markdown(f"**{_(ACTIVATION_TITLES[name])}**")
    st.markdown(rf"$f(x) = \displaystyle {info.formula}$")
    st.markdown(_(info.purpose))
    st.markdown(
        _(
            "- Set to zero here: **{share}** of all values\n"
            "- Can give values from **{low}** to **{high}**; here from {seen_low} to {seen_high}"
        ).format(
            share=percent(view.share_zeroed),
            low=short_number(info.low),
            high=short_number(info.high),
            seen_low=short_number(view.after.low),
            seen_high=short_number(view.after.high),
        )
    )
    st.caption(_("Source: {source}").format(source=info.source))


def show_curves(
    layer: Activation,
    labels: tuple[tuple[ActivationName, str], ...],
    brightest: Brightest,
    num_channels: int,
    theme: Theme,
) -> None:
    """Show the curves of the functions that `labels` names, and their derivatives."""
    st.image(
        activation_curves(
            layer, labels, brightest=brightest, num_channels=num_channels, theme=theme
        ),
        width="stretch",
        alt=_("The curve of the function, and its derivative as a dashed line"),
    )


def offer_histogram(draw: Callable[[], str]) -> None:
    """Show a closed box; opened, it holds the histogram, which is drawn only then."""
    histogram = layout.more(
        _("How the values are distributed, before and after"),
        key="act_histogram",
        icon=":material/bar_chart:",
    )
    if histogram.open:
        histogram.image(
            draw(), width="stretch", alt=_("How often each value occurs, before and after")
        )
