"""The kernels themselves: as pictures, and with their numbers."""

import streamlit as st

from cnnviz_core.cached import ConvolutionView
from pages.parts import controls
from pages.parts.number_grid import number_grids
from pages.parts.texts import _

# A cell of a kernel for one channel, in the order of a picture's channels.
CHANNELS = ("Red", "Green", "Blue")


def show_kernels(view: ConvolutionView) -> None:
    """A strip with every filter's kernel, and on demand the weights of one."""
    height, width, in_channels, count = view.weights.shape
    st.markdown(_("**Kernels**: {count} × {shape} weights").format(count=count, shape=f"{height} × {width} × {in_channels}"))
    st.image(view.kernels.data, output_format="PNG", alt=_("The kernels as colour pictures"))
    with st.expander(_("The kernels' numbers"), icon=":material/grid_on:"):
        index = _choose_filter(count)
        weights = view.weights[:, :, :, index]
        st.html(
            number_grids(
                {_(name): weights[:, :, channel] for channel, name in enumerate(CHANNELS)},
                view.weights_scale,
            )
        )
        st.markdown(_("Weights and biases of such a layer: ") + f"${view.parameters_formula}$")


def _choose_filter(count: int) -> int:
    if count == 1:
        return 0
    return (
        controls.slider(
            _("Filter"), "kernel_shown", 1, count, 1, help=_("Which filter's weights are shown.")
        )
        - 1
    )
