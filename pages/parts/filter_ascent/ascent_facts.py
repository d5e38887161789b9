"""What is said of an ascent: names, what to look for, and how to keep it."""

import streamlit as st

from cnnviz_core.networks import Network
from cnnviz_core.references import REFERENCES
from cnnviz_core.views.ascent_store import AscentQuestion
from cnnviz_core.views.filter_ascent import AscentTile
from cnnviz_core.views.sharing import Picture
from pages.parts import network_links
from pages.parts.class_controls import class_name
from pages.parts.texts import _

LOOK_FOR = {
    "filters": (
        "Go from layer to layer: the first respond to colors and edges, the middle ones to "
        "textures and spots, deep ones to eyes, feathers, scales. In the deepest, pictures are "
        "less clear: it is easier to excite a filter with noise than with a shape."
    ),
    "both": (
        "Compare the pictures, not the numbers: Reppel's way measures after the activation "
        "function, ours before it. Pixels that change one by one make fine patterns that no "
        "photograph has, and where a filter is silent, Reppel's picture stays gray."
    ),
    "neuron": (
        "The pattern covers only what the neuron sees of the picture, its receptive field, and "
        "little else changes. Move the neuron: the pattern moves along, for all neurons of a "
        "filter look for the same."
    ),
    "direction": (
        "Compare with the pictures of the filters alone: sometimes they blend into one texture, "
        "sometimes each keeps a place of its own."
    ),
    "layer": (
        "Early layers draw strokes along the edges that they find; deep ones turn spots into eyes "
        "and fur into feathers. The network sees what it has learned, wherever there is a hint "
        "of it."
    ),
    "class": (
        "Look for the parts that the class has in photographs, many times and anywhere. Hardly "
        "anything appears in one piece: what counts for the score is that the parts are there, "
        "not where."
    ),
}

# Of the idea, our way, DeepDream, Adam, the article's way, the article itself, and the patches.
SOURCES = (
    "activation-maximization",
    "feature-visualization",
    "deepdream",
    "adam",
    "book",
    "article",
    "visualizing",
)


def name_tile(
    network: Network, picture: Picture, question: AscentQuestion, tile: AscentTile
) -> str:
    """Return what a picture is called."""
    if question.target == "layer":
        return question.layer
    if tile.channel is None:
        numbers = ", ".join(f"{channel + 1:,}" for channel in question.channels)
        name = _("Filters {numbers}").format(numbers=numbers)
    elif question.target == "class":
        name = class_name(network, picture, tile.channel)
    elif question.place is not None:
        row, column = (one + 1 for one in question.place)
        name = _("Filter {number} at {row}, {column}").format(
            number=f"{tile.channel + 1:,}", row=row, column=column
        )
    else:
        name = _("Filter {number}").format(number=f"{tile.channel + 1:,}")
    if question.copies == 1:
        return name
    return _("{name}, {copy} of {copies}").format(
        name=name, copy=tile.copy + 1, copies=question.copies
    )


def show_facts(
    network: Network, picture: Picture, question: AscentQuestion, *, is_both: bool
) -> None:
    """Say what to look for, what was done to the article's pictures, and where there is more."""
    said = [_(LOOK_FOR["both" if is_both else question.target])]
    if is_both or question.is_articles:
        said.append(
            _(
                "Pictures made as in [Reppel's article]({address}) are barely more than gray; "
                "they are shown with more contrast."
            ).format(address=REFERENCES["article"].address)
        )
    st.caption(" ".join(said))
    _show_elsewhere(network, picture, question)


def _show_elsewhere(network: Network, picture: Picture, asked: AscentQuestion) -> None:
    """Show where the layer, the first of its filters, or the class is shown on other pages."""
    first = asked.channels[0] if asked.channels else None
    if asked.target == "class" and first is not None:
        name = class_name(network, picture, first)
        network_links.show_class(network, first, name, here="filter_ascent")
    else:
        network_links.show_layer(network, asked.layer, first, here="filter_ascent")
