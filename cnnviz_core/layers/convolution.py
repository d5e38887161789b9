"""The convolution layer: small grids of weights, slid over a picture.

What deep learning calls convolution is cross-correlation: the kernel is not flipped.
"""

import cv2
import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import (
    FloatArray,
    as_feature_maps,
    require_real,
    require_whole,
    split_channels,
)
from cnnviz_core.layers.windows import (
    Padding,
    output_size,
    pad_amounts,
    require_padding,
    require_window_fits,
    span,
)
from cnnviz_core.runtime import warm_up

# OpenCV convolves one channel with one kernel at a time; TensorFlow must first wake its threads. So
# OpenCV is faster for a few filters, and as exact: up to four on a color picture if the window
# spans at most 11 cells, and one beyond, where OpenCV changes to Fourier transforms. (Three filters
# on the 320×400 cat, two cores, with pauses as between two moves of a slider: 3×3 1.8 against
# 1.9 ms, 10×10 5.7 against 6.9, 12×12 19 against 10.) While TensorFlow is still being loaded,
# OpenCV does them all.
MAX_OPENCV_PLANES = 12
MAX_OPENCV_SPAN = 11
MAX_OPENCV_WIDE_PLANES = 3

__all__ = ["convolve", "output_size"]


def convolve(
    image: npt.ArrayLike,
    kernels: npt.ArrayLike,
    *,
    stride: int = 1,
    padding: Padding = "valid",
    dilation: int = 1,
) -> FloatArray:
    """Slide kernels over a picture; every position writes one weighted sum for each filter.

    Parameters
    ----------
    image : array_like (H, W, in)
        Any real dtype and range, 0..255 for a picture.
    kernels : array_like (kh, kw, in, out)
        One weight for each cell of the window, input channel and filter.
    stride : int
        Cells from one position to the next, in both directions.
    padding : "valid", "same" or int
        No zeros, as TensorFlow pads for an output of ⌈size / stride⌉, or so many on each side.
    dilation : int
        Cells from one weight to the next; 1 leaves no holes.

    Returns
    -------
    float32 (H', W', out)
        H' = ⌊(H + 2·padding − dilation·(kh − 1) − 1) / stride⌋ + 1, W' likewise.

    Raises
    ------
    ValueError
        If a shape does not fit, a number is out of range, or the window is larger than the picture.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, 2016, equations 9.6 and 9.8.

    Examples
    --------
    >>> rows = np.arange(9.0).reshape(3, 3, 1)
    >>> convolve(rows, np.ones((2, 2, 1, 1)))[:, :, 0]
    array([[ 8., 12.],
           [20., 24.]], dtype=float32)
    """
    image = as_feature_maps(image, "image")
    kernels = _as_kernels(kernels, image.shape[2])
    stride = require_whole(stride, "stride", low=1)
    padding = require_padding(padding)
    dilation = require_whole(dilation, "dilation", low=1)
    height, width = kernels.shape[:2]
    require_window_fits(image.shape[0], image.shape[1], height, width, padding, dilation)
    rows = pad_amounts(image.shape[0], height, stride, padding, dilation)
    columns = pad_amounts(image.shape[1], width, stride, padding, dilation)
    padded = np.pad(image, (rows, columns, (0, 0))) if any((*rows, *columns)) else image
    is_wide = max(span(height, dilation), span(width, dilation)) > MAX_OPENCV_SPAN
    max_planes = MAX_OPENCV_WIDE_PLANES if is_wide else MAX_OPENCV_PLANES
    if np.count_nonzero(kernels.any(axis=(0, 1))) <= max_planes or warm_up.in_progress():
        return _correlate_with_opencv(padded, kernels, stride, dilation)
    return _correlate_with_tensorflow(padded, kernels, stride, dilation)


def _as_kernels(kernels: npt.ArrayLike, in_channels: int) -> FloatArray:
    array = np.asarray(kernels)
    require_real(array, "kernels")
    if array.ndim != 4 or 0 in array.shape:
        raise ValueError(
            "kernels must have the four axes (height, width, in channels, filters), "
            f"but came with the shape {array.shape}. "
            "For one grid, see kernels.on_each_channel and kernels.on_brightness."
        )
    if array.shape[2] != in_channels:
        raise ValueError(
            f"kernels must take the picture's {in_channels} channels on their third axis, "
            f"but came with the shape {array.shape}."
        )
    return array.astype(np.float32, copy=False)


def _correlate_with_tensorflow(
    padded: FloatArray, kernels: FloatArray, stride: int, dilation: int
) -> FloatArray:
    import tensorflow as tf

    maps = tf.nn.conv2d(padded[np.newaxis], kernels, stride, "VALID", dilations=dilation)
    result: FloatArray = maps.numpy()[0]
    return result


def _correlate_with_opencv(
    padded: FloatArray, kernels: FloatArray, stride: int, dilation: int
) -> FloatArray:
    """Return the same sums plane by plane, without TensorFlow."""
    height, width = (span(size, dilation) for size in kernels.shape[:2])
    with_holes = np.zeros((height, width, *kernels.shape[2:]), np.float32)
    with_holes[::dilation, ::dilation] = kernels
    positions = (
        slice(0, padded.shape[0] - height + 1, stride),
        slice(0, padded.shape[1] - width + 1, stride),
    )
    channels = split_channels(padded)
    maps = []
    for weights in np.moveaxis(with_holes, -1, 0):
        total = np.zeros(padded.shape[:2], np.float32)
        for channel, kernel in zip(channels, np.moveaxis(weights, -1, 0), strict=True):
            if kernel.any():
                total += cv2.filter2D(channel, -1, kernel, anchor=(0, 0))
        maps.append(total[positions])
    return np.stack(maps, axis=-1)
