"""What the convolution page shows."""

from dataclasses import dataclass

import cv2
import numpy as np

from cnnviz_core import convolution, formulas, rendering, sheets
from cnnviz_core.arrays import FloatArray
from cnnviz_core.cached._maps import (
    ColorRange,
    Display,
    SizeOnScreen,
    draw_maps,
    fit_on_page,
    maps_scale,
)
from cnnviz_core.cached._pictures import MAX_ARRAYS, MAX_VIEWS, Picture, rendered, shared
from cnnviz_core.kernels import KernelChoice, RandomKernels, make_kernels
from cnnviz_core.rendering import Rendered, Scale
from cnnviz_core.windows import Padding

# Kernels are drawn about as large as a thumb, in rows that fit under a picture.
KERNEL_PIXELS = 60


KERNEL_COLUMNS = 16
KERNEL_GAP = 8


@dataclass(frozen=True, slots=True, eq=False)
class ConvolutionView:
    """What the convolution page shows: the maps, the weights (kh, kw, in, out), the formulas."""

    after: Rendered
    kernels: Rendered
    weights: FloatArray
    weights_scale: Scale
    height_formula: str
    width_formula: str
    parameters_formula: str


def num_filters(choice: KernelChoice) -> int:
    """How many feature maps the chosen kernels make of a colour picture."""
    if isinstance(choice, RandomKernels):
        return choice.num_filters
    return 3 if choice.colors == "each_channel" else 1


@shared(MAX_VIEWS)
def convolved(
    picture: Picture,
    choice: KernelChoice,
    *,
    stride: int,
    padding: Padding,
    dilation: int,
    display: Display,
    filter_index: int = 0,
    colors: ColorRange = "fitted",
    size: SizeOnScreen = "proportional",
) -> ConvolutionView:
    """A picture after a convolution layer, for the convolution page.

    Parameters
    ----------
    display : "composite", "tiles" or "single"
        Three maps as one colour picture, all of them side by side, or one.
    filter_index : int
        Which map, for "single".
    colors : "fitted" or "picture"
        For "composite": spread over the values that there are, or 0..255 as in the picture.
    size : "proportional" or "enlarged"
        As large as it is beside the picture, or as wide as the picture.

    Raises
    ------
    ValueError
        As `convolution.convolve` and `rendering.composite`.
    """
    weights = make_kernels(choice, picture.pixels.shape[2])
    maps = _convolved_maps(picture, choice, stride, padding, dilation)
    scale = maps_scale(maps, display, colors)
    drawn = draw_maps(maps, scale, display, filter_index)
    if display != "tiles":
        drawn = fit_on_page(drawn, picture.pixels, size)
    layer = (stride, 0 if padding == "valid" else padding, dilation)
    return ConvolutionView(
        rendered(drawn, maps, scale),
        _rendered_kernels(weights),
        weights,
        rendering.value_scale(weights),
        formulas.output_size_formula(picture.pixels.shape[0], weights.shape[0], *layer),
        formulas.output_size_formula(picture.pixels.shape[1], weights.shape[1], *layer),
        formulas.num_parameters_formula(*weights.shape),
    )


@shared(MAX_ARRAYS)
def _convolved_maps(
    picture: Picture, choice: KernelChoice, stride: int, padding: Padding, dilation: int
) -> FloatArray:
    return convolution.convolve(
        picture.pixels,
        make_kernels(choice, picture.pixels.shape[2]),
        stride=stride,
        padding=padding,
        dilation=dilation,
    )


def _rendered_kernels(weights: FloatArray) -> Rendered:
    """Every filter as a small colour picture; mid-grey is a weight of zero, so gaps are nothing."""
    low, high = rendering.value_range(weights)
    reach = max(-low, high) or 1.0
    scale = Scale(-reach, reach, "channels")
    factor = -(-KERNEL_PIXELS // weights.shape[0])
    opaque = [
        np.asarray(cv2.cvtColor(rendering.composite(one, scale), cv2.COLOR_RGB2RGBA), np.uint8)
        for one in np.moveaxis(weights, -1, 0)
    ]
    pictures = [sheets.enlarge(one, factor) for one in opaque]
    columns = min(len(pictures), KERNEL_COLUMNS)
    sheet = sheets.montage(pictures, columns, KERNEL_GAP, gap_level=0)
    return rendered(sheet, weights, scale)
