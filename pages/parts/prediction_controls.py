"""How many classes are shown, how sure the network is made to be, and a way to one with classes."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.networks import Network
from cnnviz_core.views.networks import available_networks
from cnnviz_core.views.predictions import num_classes
from pages.parts import controls
from pages.parts.declarations import Choice, Number, plain
from pages.parts.network_controls import NETWORK, choose_network
from pages.parts.texts import N_, _

COUNT = Number(
    key="predict_count",
    label=N_("Classes"),
    low=3,
    high=10,
    default=5,
    help=N_("How many of the {count} classes are shown, the most probable first."),
)
TEMPERATURE = Choice(
    key="predict_temperature",
    label=N_("Temperature"),
    options=plain((0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)),
    default=1.0,
    help=N_(
        "The number by which the scores are divided before softmax turns them into probabilities "
        "(Hinton et al., 2015). At 1 the network speaks for itself; above 1, it gets less sure; "
        "below 1, it puts more and more on its first guess. Fitted to pictures of known classes, a "
        "temperature makes probabilities match how often a network is right (Guo et al., 2017)."
    ),
)


def choose_count(network: Network) -> int:
    """Draw the control for the number of classes shown; there is none for three or fewer."""
    count = num_classes(network)
    most = min(COUNT.high, count)
    if most <= COUNT.low:
        return most
    return controls.slider(COUNT, high=most, facts={"count": f"{count:,}"})


def choose_classifier(left: DeltaGenerator, right: DeltaGenerator, awaiting: str) -> Network | None:
    """Draw the control for the network on the left, and give the network.

    None if there is none yet, and the text is shown on the right; or if it has no classes, and one
    that has is offered there.
    """
    with left:
        network = choose_network()
    if network is None:
        right.info(awaiting)
    elif not num_classes(network):
        with right:
            offer_classifier(network)
        return None
    return network


def offer_classifier(network: Network) -> None:
    """Say that a network has no classes, and offer one that has."""
    other = next(info for info in available_networks() if info.has_classifier)
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
        on_click=controls.say,
        args=(NETWORK, other.key),
        help=_("Choose a network that was trained to tell a thousand things apart."),
    )
