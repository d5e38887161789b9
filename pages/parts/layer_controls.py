"""Which layer a page looks into: the one that the page before looked into, as long as it can."""

from collections.abc import Sequence

import streamlit as st

from cnnviz_core.networks import Network
from cnnviz_core.views.counterparts import counterpart
from pages.parts import controls
from pages.parts.declarations import Choice

_IN_VIEW = "layer in view"
_DRAWN = "layer control drawn last"


def choose_layer(
    control: Choice[str], network: Network, offered: Sequence[str], *, first: str | None = None
) -> str:
    """Draw a slider along the depth of a network, and give the layer.

    Who comes from another page, by an address that says nothing else, finds the layer that was
    chosen there, or that of the same channels; if none was, `first`, the first on offer by default.
    """
    if len(offered) == 1:
        return offered[0]
    first = offered[0] if first is None else first
    first = control.default if control.default in offered else first
    in_view = _in_view(network, offered)
    has_come = st.session_state.get(_DRAWN) != control.key
    st.session_state[_DRAWN] = control.key
    if has_come and control.key not in st.query_params:
        if in_view is not None:
            controls.say(control, in_view)
        elif st.session_state.get(_IN_VIEW) is None and control.key in st.session_state:
            controls.say(control, first)
    layer = controls.snap(control, options=offered, otherwise=first)
    if layer != first and layer != in_view:
        st.session_state[_IN_VIEW] = network.key, layer
    elif layer != in_view and in_view is not None:
        forget()
    return layer


def forget() -> None:
    """Have pages begin with the layers that they begin with."""
    st.session_state[_IN_VIEW] = None


def _in_view(network: Network, offered: Sequence[str]) -> str | None:
    """Return what is on offer of the layer that was chosen last, if it is one of this network."""
    key, layer = st.session_state.get(_IN_VIEW) or (None, None)
    return counterpart(network, layer, offered) if key == network.key and layer else None
