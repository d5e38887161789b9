"""The formula of a heatmap's method, what its letters stand for, and where it leaves its paper."""

from collections.abc import Mapping

import streamlit as st

from cnnviz_core.heatmaps.maps import Evidence
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.networks import Network
from cnnviz_core.number_format import short_number
from cnnviz_core.views.heat_jobs import HeatJob
from cnnviz_core.views.heatmaps import HeatFacts, gray_input, shown_formula, zero_color
from pages.parts.texts import _

_LAYER = (
    "$A^k_{ij}$ is the value of channel $k$ at position $ij$ of the layer; $y$ is the score that "
    "is explained."
)
_SLOPE = "$g^k_{ij}$ says how fast $y$ rises with that value."
_POSITIONS = "$Z$ is the number of positions."
_INPUT = (
    "$x_{ijc}$ is what the network takes in: channel $c$ of pixel $ij$ after preprocessing; $y$ is "
    "the score that is explained."
)

# What each letter of an equation stands for.
LETTERS: Mapping[str, tuple[str, ...]] = {
    "grad-cam": (_LAYER, _SLOPE, _POSITIONS),
    "grad-cam++": (_LAYER, _SLOPE, "$ab$ runs over all positions."),
    "xgrad-cam": (_LAYER, _SLOPE, "$ab$ runs over all positions."),
    "layer-cam": (_LAYER, _SLOPE),
    "hires-cam": (_LAYER, _SLOPE),
    "eigen-cam": (
        "$A^k_{ij}$ is the value of channel $k$ at position $ij$ of the layer.",
        "$v$ is the first right singular vector of $A$, written as a matrix of positions by "
        "channels.",
    ),
    "cam": (
        _LAYER,
        "$w_k$ and $b$ are the weights and the bias that the classifier has learned.",
        _POSITIONS,
    ),
    "score-cam": (
        _LAYER,
        "$s$ enlarges a channel to the size of the network's input $x$ and scales it to 0…1; "
        "$x \\circ s(A^k)$ is the picture seen through that mask, and $y_k$ its score.",
    ),
    "ablation-cam": (
        _LAYER,
        "$y_k$ is the score with channel $k$ set to zero; $K$ holds the channels that are not zero "
        "already.",
    ),
    "saliency": (_INPUT,),
    "gradient-times-input": (_INPUT,),
    "smoothgrad": (
        _INPUT,
        "$\\varepsilon_s$ is Gaussian noise; its standard deviation is 15% of the range of $x$.",
    ),
    "integrated-gradients": (_INPUT,),
    "occlusion": (
        "$x$ is covered with a gray square at $n$ places, one after the other; $y_p$ is the score "
        "with the square at place $p$; $c^p_{ij}$ is 1 where it covers pixel $ij$, otherwise 0.",
    ),
}

# Where what is computed is not what the paper says, or not all of it.
DEPARTURES: Mapping[str, str] = {
    "grad-cam++": (
        "The paper takes the derivatives of $e^y$ instead of $y$. This gives the $\\alpha$ above, "
        "and multiplies every weight by the same positive $e^y$. That factor is left out: it can "
        "be too large to compute, and would change the numbers of the color bar, but no color."
    ),
    "xgrad-cam": "A channel that sums to 0 gets the weight 0.",
    "eigen-cam": (
        "The sign of $v$ is arbitrary; here it makes the map's sum positive. This method asks for "
        "no class: its map is the same for every one."
    ),
    "ablation-cam": (
        "The paper also divides each weight by $y$. That is left out: it would only rescale the "
        "map where $y$ is positive, but flip its signs where $y$ is negative."
    ),
    "smoothgrad": (
        "The signed derivatives are averaged first; the map shows the size of the average."
    ),
    "integrated-gradients": (
        "The sum stands for the paper's integral over $t$ from 0 to 1: each $t_s$ is the middle of "
        "one of $n$ equal steps."
    ),
}


def show_formula(network: Network, one: HeatJob, facts: HeatFacts | None, shown: Evidence) -> None:
    """Show what a map is, down to its numbers; `shown` is what the picture shows of it."""
    name = one.question.method
    method = METHODS[name]
    equations = ",\u2003".join(f"${one}$" for one in method.definitions)
    st.markdown(
        _("**{method}** ({paper}):").format(method=_(method.title), paper=_(method.paper))
        + f" {equations}"
    )
    if facts is not None:
        size = f",\u2003${facts.size}$" if facts.size else ""
        st.markdown(f"${facts.score}${size}")
    sentences = [_(text) for text in LETTERS[name]]
    if facts is not None and name == "score-cam":
        sentences.append(_said_of_channels(facts))
    sentences += _said_of_nothing(name, network)
    if name in DEPARTURES:
        sentences.append(_(DEPARTURES[name]))
    sentences.append(_said_of_the_picture(shown, method.kind == "class activation"))
    st.markdown(" ".join(sentences))


def _said_of_the_picture(shown: Evidence, is_of_a_layer: bool) -> str:
    text = (
        _("Over the picture you see {formula}, enlarged to its size.")
        if is_of_a_layer
        else _("Over the picture you see {formula}, with $M$ resized to fit it.")
    )
    return text.format(formula=f"${shown_formula(shown)}$")


def _said_of_channels(facts: HeatFacts) -> str:
    """Say which channels Score-CAM has scored."""
    if facts.num_parts == facts.num_channels:
        return _("$K$ holds all {total} channels.").format(total=f"{facts.num_channels:,}")
    return _(
        "This is Faster Score-CAM (tabayashi0117, 2020): $K$ holds {count} of {total} channels, "
        "those of the highest variance."
    ).format(count=f"{facts.num_parts:,}", total=f"{facts.num_channels:,}")


def _said_of_nothing(method: str, network: Network) -> list[str]:
    """Say what counts as an empty picture, where a method needs one."""
    match method:
        case "integrated-gradients":
            numbers = ", ".join(dict.fromkeys(map(short_number, gray_input(network))))
            text = _(
                "The baseline $x'$ is a gray picture (127.5 of 255 everywhere), which this "
                "network's preprocessing turns into {numbers}."
            )
            return [text.format(numbers=numbers)]
        case "gradient-times-input":
            color = zero_color(network)
            if color is None:
                return []
            text = _(
                "What counts as nothing is $x = 0$: for this network, the color {color} (red, "
                "green, blue, out of 255)."
            )
            return [text.format(color=", ".join(map(str, color)))]
        case _:
            return []
