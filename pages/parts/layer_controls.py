"""Which layer a page looks into: the one that the page before looked into, as long as it can."""

from collections.abc import Sequence

import streamlit as st

from cnnviz_core.networks import Network
from cnnviz_core.views.counterparts import counterpart
from pages.parts import controls
from pages.parts.declarations import Choice

_IN_VIEW = "layer in view"


def choose_layer(
    control: Choice[str], network: Network, offered: Sequence[str], *, first: str | None = None
) -> str:
    """Draw a slider along the depth of a network, and give the layer.

    A page that says nothing else begins with the layer that was chosen on the page before, or with
    that of the same channels; if there is none, with `first`, the first on offer by default.
    """
    if len(offered) == 1:
        return offered[0]
    first = offered[0] if first is None else first
    in_view = _in_view(network, offered)
    is_new = control.key not in st.session_state and control.key not in st.query_params
    if is_new and in_view is not None:
        controls.say(control, in_view)
    layer = controls.snap(control, options=offered, otherwise=first)
    if layer != first or in_view is not None:
        st.session_state[_IN_VIEW] = (network.key, layer) if layer != first else None
    return layer


def _in_view(network: Network, offered: Sequence[str]) -> str | None:
    """Return what is on offer of the layer that was chosen last, if it is one of this network."""
    key, layer = st.session_state.get(_IN_VIEW) or (None, None)
    return counterpart(network, layer, offered) if key == network.key and layer else None
