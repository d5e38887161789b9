"""The kernels of a network's layer: as sheets, one with its numbers, and where all weights fall."""

import streamlit as st

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing.rendered import Rendered
from cnnviz_core.networks import Network
from cnnviz_core.theme import Theme
from cnnviz_core.views.kernels import KernelDisplay, KernelsView, weights_histogram
from cnnviz_core.views.predictions import is_untrained
from pages.parts import layout, pictures
from pages.parts.inspection.layer_kernel_controls import choose_filter
from pages.parts.number_grid import number_grids
from pages.parts.texts import N_, _

# A kernel of one pixel has a weight a channel; they are written in rows of at most so many.
MOST_COLUMNS = 12

# The box with the numbers of one kernel, in the address and in the session.
NUMBERS = "kernels_numbers"

EXPLANATIONS: dict[KernelDisplay, str] = {
    "color": (
        "Each small square is one filter, in the colors that it looks for. Mid-gray is a weight "
        "of zero. A light side and a dark side make an edge detector, a single color makes a color "
        "detector."
    ),
    "mean": (
        "Each tile is one filter, averaged over all channels that it reads. White is zero. The "
        "deeper the layer, the less a single weight tells: what counts is how channels are "
        "combined."
    ),
    "channel": (
        "Each tile shows the weights of one filter for this one channel. White is zero. The filter "
        "adds up what it finds in all channels."
    ),
    "alone": (
        "Each tile is one filter, which reads a single channel. White is zero. Look for blobs, "
        "which blur; for edges, with a red side and a blue side; and for filters that do almost "
        "nothing."
    ),
    "matrix": (
        "These kernels cover one pixel: they only mix channels. Each dot is one weight, from an "
        "input channel to an output channel. White is zero."
    ),
}


def show_sheets(view: KernelsView, display: KernelDisplay, network: Network) -> None:
    """Show all kernels as one picture, beside it those of an untrained layer where asked for."""
    own = _("Weights of this network") if is_untrained(network) else _("Trained weights")
    titles = (own, _("Random weights"))
    columns = st.columns(len(view.sheets))
    for column, sheet, title in zip(columns, view.sheets, titles, strict=False):
        with column:
            pictures.show(sheet, title, place=_(_place(display, sheet)))


def _place(display: KernelDisplay, sheet: Rendered) -> str:
    """Return what the place of a weight is called; in a matrix, the longer side lies across."""
    if display != "matrix":
        return N_("Filter {number}: row {row}, column {column}")
    num_channels, num_filters = sheet.shape[2:]
    if num_filters >= num_channels:
        return N_("Filter {column}: input channel {row}")
    return N_("Filter {row}: input channel {column}")


def show_numbers(view: KernelsView, display: KernelDisplay) -> None:
    """Show one kernel with its weights."""
    box = layout.more(_("One kernel with its numbers"), key=NUMBERS, icon=":material/grid_on:")
    if not box.open:
        return
    with box:
        index = choose_filter(view.shown.shape[3])
        st.html(number_grids(_grids(view.shown[..., index], display, index), view.scale))


def _grids(kernel: FloatArray, display: KernelDisplay, index: int) -> dict[str, FloatArray]:
    if display == "color":
        return {_(name): kernel[:, :, channel] for channel, name in enumerate(pictures.CHANNELS)}
    if display == "matrix":
        title = _("Filter {index}: one weight per channel").format(index=index + 1)
        return {title: kernel.reshape(-1, _row_length(kernel.size))}
    return {_("Filter {index}").format(index=index + 1): kernel[:, :, 0]}


def _row_length(count: int) -> int:
    """Return the largest number up to `MOST_COLUMNS` that divides `count`."""
    return max(columns for columns in range(1, MOST_COLUMNS + 1) if count % columns == 0)


def show_histogram(network: Network, layer: str, seed: int, theme: Theme) -> None:
    """Show where all weights of the layer fall, and where random ones do."""
    box = layout.more(
        _("All weights of this layer, and random ones"),
        key="kernels_histogram",
        icon=":material/bar_chart:",
    )
    if not box.open:
        return
    box.image(
        weights_histogram(
            network,
            layer,
            seed,
            theme=theme,
            labels=(_("network") if is_untrained(network) else _("trained"), _("random")),
            zero_label=_("{share} exactly 0"),
        ),
        width="stretch",
        alt=_("How many weights there are of each size, trained and random"),
    )
    box.caption(
        _(
            "Random weights are drawn uniformly from a small range (Glorot and Bengio, 2010). "
            "Training moves a few of them far out and leaves most of them close to zero."
        )
    )
