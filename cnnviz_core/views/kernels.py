"""What the kernels page shows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing import histograms
from cnnviz_core.drawing import kernels as kernel_sheets
from cnnviz_core.drawing.kernels import SheetKind
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.inspection import architecture
from cnnviz_core.layers import formulas
from cnnviz_core.networks import Network
from cnnviz_core.theme import Theme
from cnnviz_core.views.maps import ScaleSharing
from cnnviz_core.views.sharing import MAX_ARRAYS, MAX_VIEWS, shared

# Which weights of a layer are shown: of three input channels as colors, of one of them, the mean
# over all; those of kernels that see one channel alone; those of kernels of one pixel.
KernelDisplay = Literal["color", "channel", "mean", "alone", "matrix"]
_SHEETS: dict[KernelDisplay, SheetKind] = {
    "color": "color",
    "channel": "tiles",
    "mean": "tiles",
    "alone": "tiles",
    "matrix": "matrix",
}

# Of a sheet that has the page for itself, and of two beside each other.
ASPECT_ALONE = 1.8
ASPECT_BESIDE = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class KernelsView:
    """What the kernels page shows of a layer.

    `sheets` are the network's kernels and, where asked for, those of an untrained layer. `shown`
    are the weights in the first: (kh, kw, 3, out) in colors, (1, 1, in, out) as a matrix, else
    (kh, kw, 1, out).
    """

    sheets: tuple[Rendered, ...]
    shown: FloatArray
    scale: Scale
    weights_formula: str
    num_parameters: int


def layers_with_kernels(network: Network) -> tuple[str, ...]:
    """Return the layers whose kernels can be shown, from the input to the output."""
    return architecture.layers_with_kernels(network)


@shared(MAX_ARRAYS)
def layer_kernels(network: Network, layer: str) -> FloatArray:
    """Return the kernels of a layer, (kh, kw, in, out)."""
    weights = architecture.layer_kernels(network, layer)
    weights.flags.writeable = False
    return weights


def kernel_displays(network: Network, layer: str) -> tuple[KernelDisplay, ...]:
    """Return in which ways the kernels of a layer can be shown, the most telling one first."""
    height, width, in_channels, _ = layer_kernels(network, layer).shape
    if in_channels == 1:
        return ("alone",)
    if height == width == 1:
        return ("matrix",)
    return ("color", "channel", "mean") if in_channels == 3 else ("mean", "channel")


@shared(MAX_VIEWS)
def kernels_of(
    network: Network,
    layer: str,
    display: KernelDisplay,
    *,
    channel: int = 0,
    seed: int | None = None,
    sharing: ScaleSharing = "shared",
) -> KernelsView:
    """Return what the kernels page shows of a layer.

    Parameters
    ----------
    layer : str
        One of `layers_with_kernels`.
    display : str
        One of `kernel_displays`.
    channel : int
        Which input channel, for "channel".
    seed : int, optional
        Show random weights beside the trained ones, drawn with this seed.
    sharing : "shared" or "own"
        One color scale for both, or one for each.
    """
    weights, kind = layer_kernels(network, layer), _SHEETS[display]
    compared = (
        [weights]
        if seed is None
        else [weights, architecture.untrained_kernels(weights.shape, seed)]
    )
    aspect = ASPECT_ALONE if seed is None else ASPECT_BESIDE
    shown = [_selected(one, display, channel) for one in compared]
    sheets: list[Rendered] = []
    for one in shown:
        scale = kernel_sheets.sheet_scale(kind, *(shown if sharing == "shared" else [one]))
        drawn, grid = kernel_sheets.draw_sheet(one, scale, kind, aspect)
        sheets.append(rendered(drawn, one, scale, grid))
    return KernelsView(
        tuple(sheets),
        shown[0],
        kernel_sheets.sheet_scale("tiles", shown[0]),
        formulas.num_weights_formula(*weights.shape),
        network.layer(layer).num_parameters,
    )


@shared(MAX_VIEWS)
def weights_histogram(
    network: Network,
    layer: str,
    seed: int,
    *,
    theme: Theme,
    labels: tuple[str, str],
    zero_label: str,
) -> str:
    """Draw where all weights of a layer fall, and those of an untrained one, as SVG.

    `labels` and `zero_label` are those of `histograms.histogram`.
    """
    weights = layer_kernels(network, layer)
    return histograms.histogram(
        weights,
        architecture.untrained_kernels(weights.shape, seed),
        theme=theme,
        labels=labels,
        zero_label=zero_label,
    )


def _selected(weights: FloatArray, display: KernelDisplay, channel: int) -> FloatArray:
    if display == "channel":
        return weights[:, :, channel : channel + 1]
    if display == "mean":
        return np.asarray(weights.mean(2, keepdims=True), np.float32)
    return weights
