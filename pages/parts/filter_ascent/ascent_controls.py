"""What is to be excited: filters of a layer, alone or together, the whole layer, or a class."""

from dataclasses import replace

import streamlit as st

from cnnviz_core.filter_ascent.formulas import AscentTarget
from cnnviz_core.networks import Network
from cnnviz_core.views.ascent_patches import excited_channels
from cnnviz_core.views.ascent_store import AscentQuestion, article_question
from cnnviz_core.views.filter_ascent import (
    ascent_layers,
    class_layer,
    neuron_place,
    random_channels,
)
from cnnviz_core.views.sharing import Picture
from pages.parts import controls
from pages.parts.class_controls import CLASS, choose_class
from pages.parts.declarations import Choice, Number, plain
from pages.parts.filter_ascent.ascent_settings import SETTING_CONTROLS, choose_question
from pages.parts.network_controls import network_control
from pages.parts.texts import N_, _

COUNTS = (1, 2, 3, 4, 6, 8, 12)
# Side by side, more would be too small.
COUNTS_OF_TWO = COUNTS[:4]

# This page's own, which begins with the article's.
NETWORK = network_control("ascent_network", "vgg16-edges")
TARGET: Choice[AscentTarget] = Choice(
    key="ascent_target",
    label=N_("What to excite"),
    options={
        "filters": N_("Filters"),
        "neuron": N_("Neurons"),
        "direction": N_("A direction"),
        "layer": N_("Whole layer"),
        "class": N_("A class"),
    },
    default="filters",
    help=N_(
        "Filters: a picture for each. Neurons: the same, but each filter is asked at one place of "
        "its feature map alone. A direction: one picture that excites all chosen filters together. "
        "Whole layer: more of whatever the layer sees in a picture. A class: what the network "
        "takes "
        "for a perfect example of it."
    ),
)
# A network without a layer of this name starts a little before its middle.
LAYER: Choice[str] = Choice(
    key="ascent_layer",
    label=N_("Layer, from first to last"),
    options={},
    default="block3_conv1",
    help=N_(
        "How deep in the network. Early layers respond to colors and edges, deep ones to shapes."
    ),
)
WHICH = Choice(
    key="ascent_which",
    label=N_("Which filters"),
    options={"range": N_("In order"), "random": N_("Random"), "picture": N_("By picture")},
    default="range",
    help=N_(
        "In order: as the network numbers them. Random: a random selection. By picture: those that "
        "the chosen picture excites more than the other samples do."
    ),
)
FIRST: Choice[int] = Choice(
    key="ascent_first",
    label=N_("First filter"),
    options={},
    default=1,
    help=N_("The order means nothing: filters next to each other need not be alike."),
)
SEED = Number(
    key="ascent_handful",
    label=N_("Which selection"),
    low=1,
    high=999,
    default=1,
    help=N_("Each number selects different filters, the same ones for everyone."),
)
COUNT = Choice(
    key="ascent_count",
    label=N_("How many filters"),
    options=plain(COUNTS),
    default=8,
    help=N_("One picture for each; a direction is one picture of all. More take longer."),
)
DOWN = Number(
    key="ascent_down",
    label=N_("Neuron down"),
    low=0,
    high=100,
    default=50,
    help=N_("Which row of the feature map, in percent: 0 is the top, 100 the bottom."),
)
ACROSS = Number(
    key="ascent_across",
    label=N_("Neuron across"),
    low=0,
    high=100,
    default=50,
    help=N_("Which column of the feature map, in percent: 0 is the left edge, 100 the right edge."),
)
WAY = Choice(
    key="ascent_way",
    label=N_("Method"),
    options={"ours": N_("Our way"), "article": N_("Article's"), "both": N_("Both")},
    default="ours",
    help=N_(
        "Article's: as in Reppel's article (2017), plain pixels, the plain gradient, 40 steps. Our "
        "way: waves instead of pixels, small random shifts, and the filter's values before its "
        "activation function."
    ),
)
ASCENT_CONTROLS = (
    NETWORK,
    TARGET,
    LAYER,
    WHICH,
    FIRST,
    SEED,
    COUNT,
    DOWN,
    ACROSS,
    WAY,
    CLASS,
    *SETTING_CONTROLS,
)


def choose_ascents(network: Network, picture: Picture) -> tuple[AscentQuestion, ...]:
    """Draw all controls, and return what they ask for: one ascent, or two side by side."""
    target = _choose_target(network)
    # Where some controls come and go, all that follows keeps its place: a control whose place and
    # value change at once may keep its old value in the browser.
    depth, filters, switch = st.container(), st.container(), st.container()
    with depth:
        layer = class_layer(network) if target == "class" else None
        layer = layer or _choose_layer(network)
    with switch:
        way = "ours" if target == "layer" else controls.choice(WAY)
    with filters:
        channels = _choose_channels(network, layer, target, picture, way)
        place = _choose_place(network, layer) if target == "neuron" else None
    question = choose_question(
        network, picture, layer, target, channels, is_articles=way == "article"
    )
    if place is not None:
        place = neuron_place(network, layer, question.size, *place)
        question = replace(question, place=place)
    articles = article_question(question)
    return {"ours": (question,), "article": (articles,), "both": (articles, question)}[way]


def _choose_target(network: Network) -> AscentTarget:
    offered = [one for one in TARGET.options if one != "class" or class_layer(network)]
    return controls.choice(TARGET, options=offered)


def _choose_layer(network: Network) -> str:
    offered = ascent_layers(network)
    if len(offered) == 1:
        return offered[0]
    return controls.snap(LAYER, options=offered, otherwise=offered[2 * len(offered) // 5])


def _choose_channels(
    network: Network, layer: str, target: AscentTarget, picture: Picture, way: str
) -> tuple[int, ...]:
    if target == "layer":
        return ()
    if target == "class":
        return (choose_class(network, picture),)
    counts = COUNTS_OF_TWO if way == "both" else COUNTS
    total = network.layer(layer).output_shape[-1]
    which = controls.choice(WHICH)
    count = _choose_count([one for one in counts if one <= total])
    if which == "random":
        return random_channels(count, total, controls.slider(SEED))
    if which == "picture":
        with st.spinner(_("Showing the pictures to all filters")):
            return excited_channels(network, layer, picture, count)
    first = _choose_first(total - count + 1)
    return tuple(range(first - 1, first - 1 + count))


def _choose_place(network: Network, layer: str) -> tuple[int, int]:
    """Draw where on the feature map the neurons are, in percent down and across."""
    if len(network.layer(layer).output_shape) == 1:
        return 0, 0
    return controls.slider(DOWN), controls.slider(ACROSS)


def _choose_count(counts: list[int]) -> int:
    if len(counts) == 1:
        return counts[0]
    controls.fall_back(COUNT, counts, counts[-1])
    return controls.snap(COUNT, options=counts, otherwise=counts[-1])


def _choose_first(last: int) -> int:
    if last == 1:
        return 1
    controls.at_most(FIRST, last)
    return controls.snap(FIRST, options=range(1, last + 1))
