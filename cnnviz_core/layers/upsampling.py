"""Two ways to a larger picture: a transposed convolution, and resizing before a convolution."""

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, as_feature_maps, require_whole
from cnnviz_core.layers.convolution import convolve
from cnnviz_core.layers.kernels import on_each_channel
from cnnviz_core.layers.typed_grids import as_grid


def transposed_size(
    size: int, kernel: int, stride: int = 1, padding: int = 0, output_padding: int = 0
) -> int:
    """Count the cells of a transposed convolution's result along one axis.

    stride·(size − 1) + kernel − 2·padding + output padding.

    Raises
    ------
    ValueError
        If nothing would be left, or the output padding is not less than the stride.

    References
    ----------
    V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", 2016,
    relationship 14.

    Examples
    --------
    >>> transposed_size(3, 3, 2), transposed_size(3, 3, 2, padding=1, output_padding=1)
    (7, 6)
    """
    size = require_whole(size, "size", low=1)
    kernel = require_whole(kernel, "kernel", low=1)
    stride = require_whole(stride, "stride", low=1)
    padding = require_whole(padding, "padding", low=0)
    output_padding = require_whole(output_padding, "output_padding", low=0, high=stride - 1)
    result = stride * (size - 1) + kernel - 2 * padding + output_padding
    if result < 1:
        raise ValueError(
            f"padding must leave something of the result, but {2 * padding} of its "
            f"{result + 2 * padding} cells would be cut away. Choose less padding."
        )
    return result


def transposed_convolution(
    image: npt.ArrayLike,
    kernel: npt.ArrayLike,
    *,
    stride: int = 2,
    padding: int = 0,
    output_padding: int = 0,
) -> FloatArray:
    """Paint a kernel for each pixel, as strong as it is, `stride` pixels from one to the next.

    Where paintings overlap, they add up. Each channel is painted on its own.

    Parameters
    ----------
    image : array_like (H, W, C)
    kernel : array_like (kh, kw)
    stride : int
        Pixels of the result from one painting to the next.
    padding : int
        Pixels that are cut away at each side of the result.
    output_padding : int
        Rows and columns that are added at the result's end, less than the stride.

    Returns
    -------
    float32 (H', W', C)
        H' and W' are those of `transposed_size`.

    Raises
    ------
    ValueError
        If an argument is out of its range, or nothing would be left.

    References
    ----------
    V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", 2016,
    chapter 4.

    Examples
    --------
    >>> transposed_convolution(np.reshape([1, 2], (1, 2, 1)), [[1, 1, 1]])[0, :, 0]
    array([1., 1., 3., 2., 2.], dtype=float32)
    """
    pixels, weights = as_feature_maps(image, "image"), as_grid(kernel, "kernel")
    layer = stride, padding, output_padding
    height, width = (
        transposed_size(size, side, *layer)
        for size, side in zip(pixels.shape[:2], weights.shape, strict=True)
    )
    ends = padding + height, padding + width
    room = [
        max(stride * (size - 1) + side, end)
        for size, side, end in zip(pixels.shape[:2], weights.shape, ends, strict=True)
    ]
    painted = np.zeros((*room, pixels.shape[2]), np.float32)
    for (row, column), weight in np.ndenumerate(weights):
        bottom, right = (
            start + stride * (size - 1) + 1
            for start, size in zip((row, column), pixels.shape[:2], strict=True)
        )
        painted[row:bottom:stride, column:right:stride] += weight * pixels
    return painted[padding : ends[0], padding : ends[1]]


def resize_convolve(image: npt.ArrayLike, kernel: npt.ArrayLike, factor: int = 2) -> FloatArray:
    """Repeat every pixel `factor` times in both directions, and slide a kernel over the result.

    Each channel on its own. Around the edge, the nearest pixels are repeated.

    Parameters
    ----------
    image : array_like (H, W, C)
    kernel : array_like (kh, kw)
    factor : int

    Returns
    -------
    float32 (factor·H, factor·W, C)

    Raises
    ------
    ValueError
        If an argument is out of its range.

    References
    ----------
    A. Odena, V. Dumoulin and C. Olah, "Deconvolution and Checkerboard Artifacts", 2016.

    Examples
    --------
    >>> resize_convolve(np.reshape([1, 2], (1, 2, 1)), [[1, 1, 1]])[0, :, 0]
    array([3., 4., 5., 6.], dtype=float32)
    """
    pixels, weights = as_feature_maps(image, "image"), as_grid(kernel, "kernel")
    factor = require_whole(factor, "factor", low=1)
    larger = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    around = [((side - 1) // 2, side // 2) for side in weights.shape]
    padded = np.pad(larger, (*around, (0, 0)), mode="edge")
    return convolve(padded, on_each_channel(weights, pixels.shape[2]))
