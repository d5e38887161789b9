"""Ways from a layer, a channel or a class of a network to the same on other pages.

Network, layer, channel, class and picture go along. The pages' controls are named by their keys, as
links from outside name them: parts of different subjects do not know each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cnnviz_core.networks import Network
from cnnviz_core.views.counterparts import counterpart
from cnnviz_core.views.feature_maps import main_layers, num_tiles
from cnnviz_core.views.filter_ascent import ascent_layers, class_layer
from cnnviz_core.views.heat_jobs import explained_layers
from cnnviz_core.views.kernels import layers_with_kernels
from cnnviz_core.views.networks import available_networks
from cnnviz_core.views.predictions import num_classes
from pages.parts.cross_links import Link, Query, show
from pages.parts.network_controls import OWN
from pages.parts.texts import N_, _


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Subject:
    """What a picture is of: a layer of a network, one of its channels, from 0, or a class."""

    network: Network
    layer: str | None = None
    channel: int | None = None
    target_class: int | None = None


def show_layer(network: Network, layer: str, channel: int | None = None, *, here: str) -> None:
    """Show where a layer, or one of its channels, from 0, is shown beside the page named `here`."""
    name = layer
    if channel is not None:
        name = _("Channel {number} of {layer}").format(number=f"{channel + 1:,}", layer=layer)
    show(name, links_of(Subject(network=network, layer=layer, channel=channel), here))


def show_class(network: Network, target: int, name: str, *, here: str) -> None:
    """Show where a class of this name, translated, is shown beside the page named `here`."""
    show(name, links_of(Subject(network=network, target_class=target), here))


def links_of(subject: Subject, here: str) -> tuple[Link, ...]:
    """Return the ways from a subject to all pages but the one of this name that show it."""
    found = []
    for page, label, ask in WAYS:
        query = ask(subject) if page != here else None
        if query is not None:
            network = _key(subject.network)
            key = "ascent_network" if page == "filter_ascent" else "network"
            found.append(Link(page, label, {key: network, **query}))
    return tuple(found)


def _maps(subject: Subject) -> Query | None:
    if subject.layer is None:
        return None
    query: dict[str, object] = {"maps_layer": subject.layer}
    if subject.layer not in main_layers(subject.network):
        query["maps_steps"] = True
    if subject.channel is not None:
        if subject.channel >= num_tiles(_width(subject)):
            return None
        query |= {"maps_order": "index", "maps_channel": subject.channel + 1}
    return query


def _kernels(subject: Subject) -> Query | None:
    layer = _counterpart(subject, layers_with_kernels(subject.network))
    if layer is None or subject.channel is None:
        return None if layer is None else {"kernels_layer": layer}
    return {
        "kernels_layer": layer,
        "kernels_numbers": True,
        "kernels_filter": subject.channel + 1,
    }


def _likes(subject: Subject) -> Query | None:
    layer = _counterpart(subject, ascent_layers(subject.network))
    if layer is None:
        return None
    query: dict[str, object] = {"ascent_target": "filters", "ascent_layer": layer}
    if subject.channel is not None:
        query |= {
            "ascent_which": "range",
            "ascent_first": subject.channel + 1,
            "ascent_count": 1,
        }
    return query


def _perfect_example(subject: Subject) -> Query | None:
    if subject.target_class is None or class_layer(subject.network) is None:
        return None
    return {"ascent_target": "class", "target_class": subject.target_class}


def _silenced(subject: Subject) -> Query | None:
    layers = explained_layers(subject.network)[-1:]
    if subject.channel is None or _counterpart(subject, layers) is None:
        return None
    return {"votes_silent": subject.channel + 1}


def _place_in_network(subject: Subject) -> Query | None:
    return None if subject.layer is None else {"arch_layer": subject.layer}


def _class(subject: Subject) -> Query | None:
    if subject.target_class is None or not num_classes(subject.network):
        return None
    return {"target_class": subject.target_class}


# In the order in which they stand. What a page is asked for is None if it does not show a subject.
WAYS: tuple[tuple[str, str, Callable[[Subject], Query | None]], ...] = (
    ("feature_maps", N_("Its response to the picture"), _maps),
    ("kernels", N_("Its kernels"), _kernels),
    ("filter_ascent", N_("What it likes"), _likes),
    ("votes", N_("Its vote, silenced"), _silenced),
    ("architecture", N_("Its place in the network"), _place_in_network),
    ("heatmaps", N_("Its heatmap"), _class),
    ("votes", N_("Who votes for it"), _class),
    ("occlusion", N_("Cover what it needs"), _class),
    ("filter_ascent", N_("A perfect example"), _perfect_example),
)


def _counterpart(subject: Subject, offered: Sequence[str]) -> str | None:
    if subject.layer is None:
        return None
    return counterpart(subject.network, subject.layer, offered)


def _width(subject: Subject) -> int:
    return int(subject.network.layer(subject.layer or "").output_shape[-1])


def _key(network: Network) -> str:
    """What an address calls a network: one that a visitor brought has no name of its own there."""
    infos = {info.key for info in available_networks()}
    return network.key if network.key in infos else OWN
