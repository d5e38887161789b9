"""The drawing of a network, in which a click on a box chooses its layer."""

from typing import Any

import streamlit as st

from cnnviz_core.networks import Network
from cnnviz_core.views import architecture
from cnnviz_core.views.architecture import ArchitectureView
from pages.parts import controls
from pages.parts.inspection.architecture_controls import LAYER
from pages.parts.texts import _

KINDS = {
    "convolution": "convolution",
    "depthwise": "depthwise convolution",
    "pooling": "pooling",
    "dense": "dense",
    "joining": "joins paths",
    "other": "other",
}
KEY = "arch_drawing"

# `st.html` lets no SVG through. What comes as `data` is our own drawing, with its names escaped.
# On narrow screens it is scrolled so that the chosen layer is in sight.
_mount: Any = st.components.v2.component(
    "cnnviz_network_drawing",
    html='<div class="cnnviz-scrolled"></div>',
    js="""
export default function ({ data, parentElement, setTriggerValue }) {
  const holder = parentElement.querySelector(".cnnviz-scrolled");
  if (holder.drawn !== data) {
    holder.drawn = data;
    holder.innerHTML = data;
    const box = holder.querySelector("[data-chosen]").getBoundingClientRect();
    const place = box.x + box.width / 2 - holder.getBoundingClientRect().x;
    holder.scrollLeft += place - holder.clientWidth / 2;
  }
  holder.onclick = (event) => {
    const box = event.target.closest("[data-layer]");
    if (box) setTriggerValue("layer", box.dataset.layer);
  };
}
""",
    isolate_styles=False,
)


def show_drawing(network: Network, layer: str) -> None:
    """Show the layers as boxes."""
    label = _("The layers of {title} from left to right").format(title=network.title)
    _mount(data=architecture.drawn_network(network, layer, label), key=KEY, on_layer_change=_follow)


def show_legend(view: ArchitectureView) -> None:
    """Show what the boxes' colors mean."""
    swatches = "".join(
        f'<span><i style="background:{color}"></i>{_(KINDS[kind])}</span>'
        for kind, color in view.kinds
    )
    st.html(f'<div class="cnnviz-legend">{swatches}</div>')


def _follow() -> None:
    chosen = st.session_state[KEY].layer
    # What comes from a browser may be anything. A name that no layer has becomes the first one's.
    if isinstance(chosen, str):
        controls.say(LAYER, chosen)
