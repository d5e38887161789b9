"""Slow and obvious versions of the core's arithmetic, in float64 and plain loops."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def count_stops(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """Walk a window along an axis and count where it lies wholly inside the padded cells."""
    stops = 0
    start = -padding
    while start + (kernel - 1) * dilation < size + padding:
        stops += 1
        start += stride
    return stops


def same_padding(size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """Add cells, at the end first and then in turn, until ⌈size / stride⌉ windows fit."""
    before = after = 0
    while count_stops(size + before + after, kernel, stride, 0, dilation) < math.ceil(
        size / stride
    ):
        if after > before:
            before += 1
        else:
            after += 1
    return before, after


def border(
    size: int, kernel: int, stride: int, padding: str | int, dilation: int
) -> tuple[int, int]:
    """Cells to add before and after an axis."""
    if padding == "same":
        return same_padding(size, kernel, stride, dilation)
    return (0, 0) if padding == "valid" else (int(padding), int(padding))


def convolve(
    image: npt.ArrayLike, kernels: npt.ArrayLike, stride: int, padding: str | int, dilation: int
) -> Array:
    """Multiply and add, cell by cell; what lies outside the picture counts as zero."""
    picture, weights = np.asarray(image, np.float64), np.asarray(kernels, np.float64)
    (height, width, channels), (rows, columns, _, filters) = picture.shape, weights.shape
    top, bottom = border(height, rows, stride, padding, dilation)
    left, right = border(width, columns, stride, padding, dilation)
    num_down = count_stops(top + height + bottom, rows, stride, 0, dilation)
    num_across = count_stops(left + width + right, columns, stride, 0, dilation)
    result = np.zeros((num_down, num_across, filters))
    for down in range(num_down):
        for across in range(num_across):
            for row in range(rows):
                for column in range(columns):
                    y = down * stride + row * dilation - top
                    x = across * stride + column * dilation - left
                    if 0 <= y < height and 0 <= x < width:
                        for channel in range(channels):
                            for one in range(filters):
                                result[down, across, one] += (
                                    picture[y, x, channel] * weights[row, column, channel, one]
                                )
    return result


def pool(values: npt.ArrayLike, size: int, stride: int, mode: str, padding: str) -> Array:
    """Pool window by window and cell by cell, leaving out cells outside the picture."""
    maps = np.asarray(values, dtype=np.float64)
    height, width, channels = maps.shape
    top = left = 0
    if padding == "same":
        top, _ = same_padding(height, size, stride, 1)
        left, _ = same_padding(width, size, stride, 1)
        rows, columns = math.ceil(height / stride), math.ceil(width / stride)
    else:
        rows = count_stops(height, size, stride, 0, 1)
        columns = count_stops(width, size, stride, 0, 1)
    result = np.empty((rows, columns, channels))
    for row in range(rows):
        for column in range(columns):
            for channel in range(channels):
                seen = [
                    maps[y, x, channel]
                    for y in range(row * stride - top, row * stride - top + size)
                    for x in range(column * stride - left, column * stride - left + size)
                    if 0 <= y < height and 0 <= x < width
                ]
                result[row, column, channel] = (
                    max(seen) if mode == "max" else math.fsum(seen) / len(seen)
                )
    return result


SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717

ACTIVATIONS: dict[str, Callable[[float], float]] = {
    "identity": lambda x: x,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": lambda x: (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x)),
    "relu": lambda x: x if x > 0 else 0.0,
    "relu6": lambda x: 0.0 if x < 0 else 6.0 if x > 6 else x,
    "leaky_relu": lambda x: x if x > 0 else 0.3 * x,
    "elu": lambda x: x if x > 0 else math.expm1(x),
    "selu": lambda x: SELU_SCALE * (x if x > 0 else SELU_ALPHA * math.expm1(x)),
    "gelu": lambda x: x * math.erfc(-x / math.sqrt(2)) / 2,
    "softplus": lambda x: math.log1p(math.exp(x)),
    "swish": lambda x: x / (1 + math.exp(-x)),
    "hard_sigmoid": lambda x: 0.0 if x < -3 else 1.0 if x > 3 else x / 6 + 0.5,
}


def activate(values: npt.ArrayLike, name: str) -> Array:
    """Apply an element-wise activation function, value by value."""
    array = np.asarray(values, dtype=np.float64)
    return np.array([ACTIVATIONS[name](float(x)) for x in array.flat]).reshape(array.shape)


def softmax(values: npt.ArrayLike) -> Array:
    """Turn the last axis into shares of its exponentials, vector by vector."""
    array = np.asarray(values, dtype=np.float64)
    result = np.empty_like(array)
    for index in np.ndindex(array.shape[:-1]):
        powers = [math.exp(x - max(array[index])) for x in array[index]]
        result[index] = [power / math.fsum(powers) for power in powers]
    return result
