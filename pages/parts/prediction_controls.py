"""How many classes are shown, how sure the network is made to be, and a way to one with classes."""

import streamlit as st

from cnnviz_core.networks import Network
from cnnviz_core.views.networks import available_networks
from cnnviz_core.views.predictions import num_classes
from pages.parts import network_controls
from pages.parts import old_controls as controls
from pages.parts.texts import _

COUNT = "predict_count"
TEMPERATURE = "predict_temperature"
TEMPERATURES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
FEWEST, MOST, DEFAULT_COUNT = 3, 10, 5

PREDICTION_DEFAULTS = {COUNT: DEFAULT_COUNT, TEMPERATURE: 1.0}


def choose_count(network: Network) -> int:
    """Draw the control for the number of classes shown; there is none for three or fewer."""
    most = min(MOST, num_classes(network))
    if most <= FEWEST:
        return most
    if COUNT in st.session_state:
        st.session_state[COUNT] = min(st.session_state[COUNT], most)
    return controls.slider(
        _("Classes"),
        COUNT,
        FEWEST,
        most,
        min(DEFAULT_COUNT, most),
        help=_("How many of the {count} classes are shown, the most probable first.").format(
            count=f"{num_classes(network):,}"
        ),
    )


def choose_temperature() -> float:
    """Draw the control for the temperature of softmax."""
    return controls.snap(
        _("Temperature"),
        TEMPERATURE,
        TEMPERATURES,
        1.0,
        help=_(
            "The number by which the scores are divided before softmax turns them into "
            "probabilities (Hinton et al., 2015). At 1 the network speaks for itself; above 1, "
            "it gets less sure; below 1, it puts more and more on its first guess. Fitted to "
            "pictures of known classes, a temperature makes probabilities match how often a "
            "network is right (Guo et al., 2017)."
        ),
    )


def offer_classifier(network: Network) -> None:
    """Say that a network has no classes, and offer one that has."""
    other = available_networks(needs_classifier=True)[0]
    st.info(
        _(
            "{title} has no classes to choose from: it makes feature maps, and nothing after them "
            "names what they show."
        ).format(title=_(network.title)),
        icon=":material/label_off:",
    )
    st.button(
        _("Ask {title}").format(title=_(other.title)),
        key="predict switch",
        type="primary",
        icon=":material/swap_horiz:",
        on_click=_switch,
        args=(other.key,),
        help=_("Choose a network that was trained to tell a thousand things apart."),
    )


def _switch(key: str) -> None:
    st.session_state[network_controls.KEY] = key
