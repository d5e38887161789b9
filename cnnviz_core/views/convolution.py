"""What the convolution page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing import montage, rendering
from cnnviz_core.drawing.kernels import sheet_scale
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.layers import convolution, formulas, typed_grids, window_sums
from cnnviz_core.layers.kernels import (
    EditedKernel,
    KernelChoice,
    RandomKernels,
    make_kernels,
    num_groups,
)
from cnnviz_core.layers.windows import Padding
from cnnviz_core.views.costs import CostsView, layer_costs
from cnnviz_core.views.maps import (
    ColorRange,
    Display,
    SizeOnScreen,
    draw_maps,
    fit_on_page,
    maps_scale,
)
from cnnviz_core.views.sharing import MAX_ARRAYS, MAX_VIEWS, Picture, shared

KernelRows = tuple[tuple[float, ...], ...]

# More rows of cells to click into would not fit beside a picture.
MAX_EDITED = 7

# Kernels are drawn about as large as a thumb, in rows that fit under a picture.
KERNEL_PIXELS = 60

KERNEL_COLUMNS = 16

# Between two pictures there is room for a grid of so many rows and columns of numbers, or for three
# of so many each; what is larger is drawn.
MAX_NUMBERS = 5
MAX_NUMBERS_EACH = 3
LARGE_KERNEL_PIXELS = 150
KERNEL_GAP = 8


@dataclass(frozen=True, slots=True, eq=False)
class ConvolutionView:
    """What the convolution page shows.

    The maps, the weights (kh, kw, in, out), how many channels each filter reads, the formulas of
    the size, and what the layer costs.
    """

    after: Rendered
    kernels: Rendered
    weights: FloatArray
    weights_scale: Scale
    num_read: int
    height_formula: str
    width_formula: str
    costs: CostsView


@dataclass(frozen=True, slots=True, eq=False)
class ConvolutionPlace:
    """What one filter does at one place of a picture.

    `kernel` (kh, kw, n) are the weights: for random kernels those of the `n` channels, else of one
    color or of the brightness. `source` and `target` are the window in the picture and the value in
    the drawn map, as shares of their sides: left, top, width, height; `target` is None among tiles.
    `formula` ends in the value at `row`, `column` of the result. `picture` shows a kernel that is
    too large for numbers.
    """

    kernel: FloatArray
    scale: Scale
    row: int
    column: int
    source: tuple[float, float, float, float]
    target: tuple[float, float, float, float] | None
    formula: str
    picture: Rendered | None


def num_filters(choice: KernelChoice) -> int:
    """Return how many feature maps the chosen kernels make of a color picture."""
    if isinstance(choice, RandomKernels):
        return choice.num_filters
    return 3 if choice.colors == "each_channel" else 1


def kernel_size(choice: KernelChoice) -> int:
    """Return the rows and columns of the chosen kernels, the larger number if they differ."""
    if isinstance(choice, EditedKernel):
        return max(len(choice.rows), len(choice.rows[0]))
    return choice.size


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
    """Return a picture after a convolution layer, for the convolution page.

    Parameters
    ----------
    display : "composite", "tiles" or "single"
        Three maps as one color picture, all of them side by side, or one.
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
    maps = convolved_maps(picture, choice, stride, padding, dilation)
    scale = maps_scale(maps, display, colors)
    drawn = draw_maps(maps, scale, display, filter_index)
    if display != "tiles":
        drawn = fit_on_page(drawn, picture.pixels, size)
    height, width = picture.pixels.shape[:2]
    layer = stride, padding, dilation
    return ConvolutionView(
        after=rendered(drawn, maps, scale),
        kernels=_rendered_kernels(weights),
        weights=weights,
        weights_scale=rendering.value_scale(weights),
        num_read=weights.shape[2] // num_groups(choice),
        height_formula=formulas.output_size_formula(height, weights.shape[0], *layer),
        width_formula=formulas.output_size_formula(width, weights.shape[1], *layer),
        costs=_costs(maps, weights, num_groups(choice)),
    )


def _costs(maps: FloatArray, weights: FloatArray, groups: int) -> CostsView:
    height, width, num_channels, num_filters = weights.shape
    places = maps.shape[0] * maps.shape[1]
    return layer_costs(places, height, width, num_channels, num_filters, groups)


def convolution_place(
    picture: Picture,
    choice: KernelChoice,
    *,
    stride: int,
    padding: Padding,
    dilation: int,
    down: int,
    across: int,
    display: Display,
    filter_index: int,
    size: SizeOnScreen,
) -> ConvolutionPlace:
    """Write out the sum at one place of what `convolved` shows.

    Parameters
    ----------
    down, across : int
        Where the window is, in percent of the way from top to bottom and from left to right.

    Others are those of `convolved`, and so are the errors.
    """
    weights = make_kernels(choice, picture.pixels.shape[2])
    maps = convolved_maps(picture, choice, stride, padding, dilation)
    sides = maps.shape[:2]
    row, column = down * (sides[0] - 1) // 100, across * (sides[1] - 1) // 100
    values, box = window_sums.window_values(
        picture.pixels,
        (weights.shape[0], weights.shape[1]),
        (row, column),
        stride=stride,
        padding=padding,
        dilation=dilation,
    )
    kernel, window = window_sums.one_filter(choice, weights, values, filter_index)
    target = _value_box((row, column), sides, picture.pixels.shape[:2], size)
    top, left, bottom, right = box
    return ConvolutionPlace(
        kernel=kernel,
        scale=rendering.value_scale(kernel),
        row=row,
        column=column,
        source=_shares((top, left), (bottom - top, right - left), picture.pixels.shape[:2]),
        target=None if display == "tiles" else target,
        formula=window_sums.sum_formula(kernel, window),
        picture=_rendered_kernel(kernel),
    )


def _rendered_kernel(kernel: FloatArray) -> Rendered | None:
    """Return a kernel (kh, kw, n) in colors, if its numbers would not fit between two pictures."""
    height, width, channels = kernel.shape
    if max(height, width) <= (MAX_NUMBERS if channels == 1 else MAX_NUMBERS_EACH):
        return None
    factor = -(-LARGE_KERNEL_PIXELS // width)
    scale = sheet_scale("color" if channels == 3 else "tiles", kernel)
    drawn = draw_maps(kernel, scale, "composite" if channels == 3 else "single")
    return rendered(montage.enlarge(drawn, factor), kernel, scale)


def _value_box(
    place: tuple[int, int], sides: Sequence[int], picture_sides: Sequence[int], size: SizeOnScreen
) -> tuple[float, float, float, float]:
    """Return where one value of a map lies in the map as it is drawn, in shares of its sides."""
    larger = np.maximum(sides, picture_sides).tolist()
    shown = larger if size == "proportional" else list(sides)
    start = [place[axis] + (shown[axis] - sides[axis]) // 2 for axis in (0, 1)]
    return _shares(start, (1, 1), shown)


def _shares(
    start: Sequence[int], size: Sequence[int], sides: Sequence[int]
) -> tuple[float, float, float, float]:
    """Return a box of rows and columns as shares of the width and the height of a picture."""
    (top, left), (height, width) = start, size
    return left / sides[1], top / sides[0], width / sides[1], height / sides[0]


@shared(MAX_ARRAYS)
def convolved_maps(
    picture: Picture, choice: KernelChoice, stride: int, padding: Padding, dilation: int
) -> FloatArray:
    """Return what the chosen kernels make of a picture, float32 (H', W', filters)."""
    return convolution.convolve(
        picture.pixels,
        make_kernels(choice, picture.pixels.shape[2]),
        stride=stride,
        padding=padding,
        dilation=dilation,
    )


def read_kernel(text: str) -> KernelRows:
    """Return the rows of a kernel that a person typed, at most `MAX_EDITED` of as many weights.

    Raises
    ------
    ValueError
        As `typed_grids.parse_grid`.
    """
    grid = typed_grids.parse_grid(text, name="The kernel", limit=MAX_EDITED)
    return tuple(tuple(float(weight) for weight in row) for row in grid)


def write_kernel(weights: npt.ArrayLike) -> str:
    """Return the text that `read_kernel` reads as these weights.

    Raises
    ------
    ValueError
        As `typed_grids.format_grid`.

    Examples
    --------
    >>> write_kernel([[1, 0.5], [0, -1]])
    '1 0.5; 0 -1'
    """
    return typed_grids.format_grid(weights).replace("\n", "; ")


def _rendered_kernels(weights: FloatArray) -> Rendered:
    """Draw every filter as a small color picture; zero is mid-gray, so gaps are nothing."""
    scale = sheet_scale("color", weights)
    factor = -(-KERNEL_PIXELS // weights.shape[0])
    drawn = [rendering.composite(one, scale) for one in np.moveaxis(weights, -1, 0)]
    pictures = [montage.enlarge(montage.opaque(one), factor) for one in drawn]
    columns = min(len(pictures), KERNEL_COLUMNS)
    sheet = montage.montage(pictures, columns, KERNEL_GAP, gap_level=0)
    return rendered(sheet, weights, scale)
