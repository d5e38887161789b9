"""The kernels themselves: as pictures, and with their numbers."""

import streamlit as st

from cnnviz_core.views.convolution import ConvolutionView
from pages.parts import controls, layout
from pages.parts.declarations import Number
from pages.parts.layers.kernel_controls import FILTERS
from pages.parts.layers.layer_costs import show_costs
from pages.parts.number_grid import number_grids
from pages.parts.pictures import CHANNELS, inline
from pages.parts.texts import N_, _

FILTER = Number(
    key="kernel_shown",
    label=N_("Filter"),
    low=1,
    high=FILTERS.high,
    default=1,
    help=N_("Which filter's weights are shown."),
)


def kernel_strip(view: ConvolutionView) -> str:
    """Return every filter's kernel as a small picture, as HTML."""
    (height, width), count = view.weights.shape[:2], view.weights.shape[3]
    title = _("{count} of {height} × {width} × {channels} weights").format(
        count=count, height=height, width=width, channels=view.num_read
    )
    strip = inline(view.kernels, _("The kernels as color pictures"))
    return f"<p><b>{_('Kernels')}</b>: {title}</p>{strip}"


def show_kernel_numbers(view: ConvolutionView) -> None:
    """Show on demand the weights of one filter."""
    numbers = layout.more(_("The kernels' numbers"), key="numbers", icon=":material/grid_on:")
    if numbers.open:
        with numbers:
            _show_numbers(view)


def _show_numbers(view: ConvolutionView) -> None:
    count = view.weights.shape[3]
    index = controls.slider(FILTER, high=count) - 1 if count > 1 else 0
    grids = {_(name): view.weights[:, :, channel, index] for channel, name in enumerate(CHANNELS)}
    st.html(number_grids(grids, view.weights_scale))
    show_costs(view.costs)
