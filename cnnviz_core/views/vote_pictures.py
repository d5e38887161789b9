"""The pictures of the votes page: maps over the picture, and kernels."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import kernels as kernel_sheets
from cnnviz_core.drawing import maps as map_drawing
from cnnviz_core.drawing import montage
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.heatmaps.class_scores import at_picture_size
from cnnviz_core.heatmaps.votes import Votes
from cnnviz_core.inspection.layer_roles import convolution_of
from cnnviz_core.networks import Network
from cnnviz_core.views import overlays
from cnnviz_core.views.kernels import layer_kernels
from cnnviz_core.views.sharing import Picture

# How the map of a channel is shown: over the picture, or its values alone.
ChannelDisplay = Literal["overlay", "values"]

# Twice as wide as the picture of a channel on the page, for high-density screens.
CHANNEL_PIXELS = 320

KERNEL_PIXELS = 320

# The share of the colors where a map lies over the picture.
HEAT_ALPHA = 0.55

# Of a kernel that reads so many channels or fewer, each is shown; of others, their mean.
MOST_TILES = 16


def draw_heat(found: Votes, picture: Picture, ablated: tuple[int, ...]) -> Rendered:
    """Draw the weighted sum of the maps, in colors that do not depend on what is ablated."""
    values = heat_without(found, ablated)
    reach = float(np.abs(found.activations @ found.weights).max()) or 1.0
    scale = Scale(-reach, reach, "diverging")
    return rendered(_over(picture.pixels, values, scale), values[..., np.newaxis], scale)


def heat_without(found: Votes, ablated: Sequence[int]) -> FloatArray:
    """Return the votes at their places, float32 (h, w), without those of the ablated channels."""
    weights = found.weights.copy()
    weights[list(ablated)] = 0
    return found.activations @ weights


def draw_channel(
    values: FloatArray, scale: Scale, picture: Picture, display: ChannelDisplay
) -> Rendered:
    """Draw the map (h, w) of one channel, over the picture or alone."""
    small = montage.fit_width(picture.pixels, CHANNEL_PIXELS)
    if display == "overlay":
        return rendered(_over(small, values, scale), values, scale)
    return rendered(map_drawing.draw_map(values, scale, *small.shape[:2]), values, scale)


def _over(pixels: ByteArray, values: FloatArray, scale: Scale) -> ByteArray:
    """Lay a map (h, w) over a picture, stretched to it."""
    large = at_picture_size(values, pixels)
    return overlays.draw_overlay(pixels, large, scale, alpha=HEAT_ALPHA)


def spatial_kernels(network: Network, layer: str) -> FloatArray | None:
    """Return the kernels (kh, kw, in, out) of a layer; None where they have one pixel only."""
    convolution = convolution_of(network, layer)
    kernels = None if convolution is None else layer_kernels(network, convolution)
    return None if kernels is None or kernels.shape[:2] == (1, 1) else kernels


def draw_kernel(weights: FloatArray) -> Rendered:
    """Draw one kernel (kh, kw, in): in colors, each channel that it reads, or the mean of many."""
    count = weights.shape[2]
    kind: kernel_sheets.SheetKind = "color" if count == 3 else "tiles"
    if kind == "color":
        shown = weights[..., np.newaxis]
    elif count <= MOST_TILES:
        shown = weights[:, :, np.newaxis]
    else:
        shown = weights.mean(2, keepdims=True)[..., np.newaxis]
    scale = kernel_sheets.sheet_scale(kind, shown)
    drawn, _ = kernel_sheets.draw_sheet(np.ascontiguousarray(shown), scale, kind)
    return rendered(montage.fit_width(drawn, KERNEL_PIXELS), shown, scale)
