"""What is to be excited: filters of a layer, alone or together, the whole layer, or a class."""

from dataclasses import dataclass

import streamlit as st

from cnnviz_core.filter_ascent.formulas import AscentTarget
from cnnviz_core.networks import Network
from cnnviz_core.views.ascent import (
    ascent_layers,
    ascent_size,
    class_layer,
    neuron_place,
    random_channels,
)
from cnnviz_core.views.ascent_patches import excited_channels
from cnnviz_core.views.ascent_store import AscentQuestion, article_question
from cnnviz_core.views.sharing import Picture
from pages.parts import network_controls
from pages.parts import old_controls as controls
from pages.parts.class_controls import CLASS_DEFAULTS, choose_class
from pages.parts.controls import Number, slider
from pages.parts.filter_ascent.ascent_settings import SETTING_DEFAULTS, Climbing, choose_climbing
from pages.parts.texts import _

NETWORK = "ascent_network"
TARGET = "ascent_target"
LAYER = "ascent_layer"
WHICH = "ascent_which"
FIRST = "ascent_first"
SEED = "ascent_handful"
COUNT = "ascent_count"
WAY = "ascent_way"

COUNTS = (1, 2, 3, 4, 6, 8, 12)
# Side by side, more would be too small.
COUNTS_OF_TWO = COUNTS[:4]
MAX_SEED = 999

DOWN = Number(
    key="ascent_down",
    label="Neuron down",
    low=0,
    high=100,
    default=50,
    help="Which row of the feature map, in percent: 0 is the top, 100 the bottom.",
)
ACROSS = Number(
    key="ascent_across",
    label="Neuron across",
    low=0,
    high=100,
    default=50,
    help="Which column of the feature map, in percent: 0 is the left edge, 100 the right edge.",
)

ASCENT_DEFAULTS = {
    NETWORK: "vgg16-edges",
    TARGET: "filters",
    LAYER: "block3_conv1",
    WHICH: "range",
    FIRST: 1,
    SEED: 1,
    COUNT: 8,
    DOWN.key: DOWN.default,
    ACROSS.key: ACROSS.default,
    WAY: "ours",
    **CLASS_DEFAULTS,
    **SETTING_DEFAULTS,
}
TARGETS: dict[AscentTarget, str] = {
    "filters": "Filters",
    "neuron": "Neurons",
    "direction": "A direction",
    "layer": "Whole layer",
    "class": "A class",
}
WHICH_FILTERS = {"range": "In order", "random": "Random", "picture": "By picture"}
WAYS = {"ours": "Our way", "article": "Article's", "both": "Both"}


@dataclass(frozen=True, slots=True)
class Ask:
    """One ascent to show, with the picture that it begins with, if any."""

    network: Network
    picture: Picture | None
    question: AscentQuestion

    @property
    def key(self) -> tuple[str, str | None, AscentQuestion]:
        """Two that are equal have the same answer."""
        return self.network.key, None if self.picture is None else self.picture.key, self.question


def choose_network() -> Network | None:
    """Draw the control and give the network: this page's own, which begins with the article's."""
    return network_controls.choose_network(key=NETWORK, default=str(ASCENT_DEFAULTS[NETWORK]))


def choose_climbs(network: Network, picture: Picture) -> tuple[Ask, ...]:
    """Draw all controls, and give what they ask for: one climb, or two side by side."""
    target = _choose_target(network)
    # Where some controls come and go, all that follows keeps its place: a control whose place and
    # value change at once may keep its old value in the browser.
    depth, filters, switch = st.container(), st.container(), st.container()
    with depth:
        layer = class_layer(network) if target == "class" else None
        layer = layer or _choose_layer(network)
    with switch:
        way = _choose_way(target)
    with filters:
        channels = _choose_channels(network, layer, target, picture, way)
        place = _choose_place(network, layer) if target == "neuron" else None
    climbing = choose_climbing(network, layer, target, is_articles=way == "article")
    ask = _ask(network, layer, target, channels, place, climbing, picture)
    articles = Ask(network, None, article_question(ask.question))
    return {"ours": (ask,), "article": (articles,), "both": (articles, ask)}[way]


def _ask(
    network: Network,
    layer: str,
    target: AscentTarget,
    channels: tuple[int, ...],
    place: tuple[int, int] | None,
    climbing: Climbing,
    picture: Picture,
) -> Ask:
    start = picture if climbing.begins_with_picture else None
    size = ascent_size(network, layer, climbing.side, start)
    question = AscentQuestion(
        layer=layer,
        target=target,
        channels=channels,
        size=size,
        steps=climbing.steps,
        copies=climbing.copies,
        seed=climbing.seed,
        settings=climbing.settings,
        place=None if place is None else neuron_place(network, layer, size, *place),
    )
    return Ask(network, start, question)


def _choose_target(network: Network) -> AscentTarget:
    offered = [one for one in TARGETS if one != "class" or class_layer(network)]
    controls.fall_back(TARGET, offered, offered[0])
    return controls.choice(
        _("What to excite"),
        TARGET,
        offered,
        show=lambda one: _(TARGETS[one]),
        help=_(
            "Filters: a picture for each. Neurons: the same, but each filter is asked at one place "
            "of its feature map alone. A direction: one picture that excites all chosen filters "
            "together. Whole layer: more of whatever the layer sees in a "
            "picture. A class: what the network takes for a perfect example of it."
        ),
    )


def _choose_layer(network: Network) -> str:
    offered = ascent_layers(network)
    if len(offered) == 1:
        return offered[0]
    usual = str(ASCENT_DEFAULTS[LAYER])
    first = usual if usual in offered else offered[2 * len(offered) // 5]
    if st.session_state.get(LAYER, first) not in offered:
        st.session_state[LAYER] = first
    return controls.snap(
        _("Layer, from first to last"),
        LAYER,
        offered,
        first,
        help=_(
            "How deep in the network. Early layers respond to colors and edges, "
            "deep ones to shapes."
        ),
    )


def _choose_way(target: AscentTarget) -> str:
    if target == "layer":
        return "ours"
    return controls.choice(
        _("Method"),
        WAY,
        list(WAYS),
        show=lambda one: _(WAYS[one]),
        help=_(
            "Article's: as in Reppel's article (2017), plain pixels, the plain gradient, 40 "
            "steps. Our way: waves instead of pixels, small random shifts, and the filter's "
            "values before its activation function."
        ),
    )


def _choose_channels(
    network: Network, layer: str, target: AscentTarget, picture: Picture, way: str
) -> tuple[int, ...]:
    if target == "layer":
        return ()
    if target == "class":
        return (choose_class(network, picture),)
    counts = COUNTS_OF_TWO if way == "both" else COUNTS
    total = network.layer(layer).output_shape[-1]
    which = controls.choice(
        _("Which filters"),
        WHICH,
        list(WHICH_FILTERS),
        show=lambda one: _(WHICH_FILTERS[one]),
        help=_(
            "In order: as the network numbers them. Random: a random selection. By picture: those "
            "that the chosen picture excites more than the other samples do."
        ),
    )
    count = _choose_count([one for one in counts if one <= total], target)
    if which == "random":
        return random_channels(count, total, _choose_seed())
    if which == "picture":
        with st.spinner(_("Showing the pictures to all filters")):
            return excited_channels(network, layer, picture, count)
    first = _choose_first(total - count + 1)
    return tuple(range(first - 1, first - 1 + count))


def _choose_place(network: Network, layer: str) -> tuple[int, int]:
    """Draw where on the feature map the neurons are, in percent down and across."""
    if len(network.layer(layer).output_shape) == 1:
        return 0, 0
    return slider(DOWN), slider(ACROSS)


def _choose_count(counts: list[int], target: AscentTarget) -> int:
    if len(counts) == 1:
        return counts[0]
    if st.session_state.get(COUNT, counts[-1]) not in counts:
        st.session_state[COUNT] = counts[-1]
    return controls.snap(
        _("How many filters"),
        COUNT,
        counts,
        8 if 8 in counts else counts[-1],
        help=_("All of them are excited together, in one picture.")
        if target == "direction"
        else _("One picture for each. Twice as many take twice as long."),
    )


def _choose_first(last: int) -> int:
    if last == 1:
        return 1
    if FIRST in st.session_state:
        st.session_state[FIRST] = min(st.session_state[FIRST], last)
    return controls.snap(
        _("First filter"),
        FIRST,
        range(1, last + 1),
        1,
        help=_("The order means nothing: filters next to each other need not be alike."),
    )


def _choose_seed() -> int:
    return controls.slider(
        _("Which selection"),
        SEED,
        1,
        MAX_SEED,
        1,
        help=_("Each number selects different filters, the same ones for everyone."),
    )
