"""The controls of the architecture page: a layer along the depth, and a place in its maps."""

import streamlit as st

from cnnviz_core.networks import Network
from cnnviz_core.views.architecture import ArchitectureView, place_over
from pages.parts import controls, layer_controls
from pages.parts.declarations import Choice, Number
from pages.parts.live.live_pictures import Chosen
from pages.parts.texts import N_, _

# A network without a layer of this name starts at its middle.
LAYER: Choice[str] = Choice(
    key="arch_layer",
    label=N_("Layer"),
    options={},
    default="block3a_depthwise",
    help=N_(
        "From the first layer, next to the picture, to the last. "
        "You can also click a row of the table below."
    ),
)
# The cat's left eye.
DOWN = Number(
    key="arch_down",
    label=N_("Down"),
    low=0,
    high=100,
    default=34,
    help=N_(
        "A layer responds at many places. Choose one: how far down its map, in percent. You can "
        "also click a point of the picture: the unit that looks there is chosen."
    ),
)
ACROSS = Number(
    key="arch_across",
    label=N_("Across"),
    low=0,
    high=100,
    default=38,
    help=N_("And how far from its left edge, in percent."),
)


def choose_layer(network: Network, view: ArchitectureView) -> str:
    """Choose the layer to look at: by the slider, or by a click into the table."""
    names = [layer.name for layer in view.layers]
    return layer_controls.choose_layer(LAYER, network, names, first=names[len(names) // 2])


def choose_place(shape: tuple[int, ...]) -> dict[str, int]:
    """Choose which of the layer's units to follow, in percent of its map's height and width."""
    if not _has_places(shape):
        st.caption(_("This layer has no places left to choose from: its output is one list."))
        return {"down": 0, "across": 0}
    return {"down": controls.slider(DOWN), "across": controls.slider(ACROSS)}


def move_place(network: Network, layer: str, chosen: Chosen) -> None:
    """Follow the unit that looks at the point of the picture that was clicked on."""
    if not _has_places(network.layer(layer).output_shape):
        return
    down, across = place_over(network, layer, chosen.down, chosen.across)
    controls.say(DOWN, down)
    controls.say(ACROSS, across)


def _has_places(shape: tuple[int, ...]) -> bool:
    return len(shape) == 3 and shape[:2] != (1, 1)
