"""Max and average pooling: one number for every window of a feature map."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, as_feature_maps, require_choice, require_whole
from cnnviz_core.layers.windows import output_size, pad_amounts, require_window_fits

PoolMode = Literal["max", "average"]
PoolPadding = Literal["valid", "same"]


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """What one output cell saw: `values` is the input's `[top:bottom, left:right]`."""

    top: int
    left: int
    bottom: int
    right: int
    values: FloatArray


def pool(
    values: npt.ArrayLike,
    size: int,
    *,
    stride: int | None = None,
    mode: PoolMode = "max",
    padding: PoolPadding = "valid",
) -> FloatArray:
    """Slide a square window over each channel and keep its largest value, or its average.

    Parameters
    ----------
    values : array_like, (H, W, C)
        Feature maps or a picture, any real dtype.
    size : int
        Rows and columns of the window, at least 1.
    stride : int, optional
        Cells from one window to the next, at least 1; `size` if not given, so that windows touch.
    mode : "max" or "average"
        What becomes of a window.
    padding : "valid" or "same"
        "valid" keeps the windows that lie wholly inside; "same" lets windows reach over the edge,
        as TensorFlow does, where the cells outside never win and do not count.

    Returns
    -------
    float32 (H', W', C)
        H' and W' follow `windows.output_size`.

    Raises
    ------
    ValueError
        If an argument is out of its range, or with "valid" the window is larger than the picture.

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998 (average);
    K. Yamaguchi et al., "A neural network for speaker-independent isolated word recognition",
    1990 (max).

    Examples
    --------
    >>> grid = np.arange(16.0).reshape(4, 4, 1)
    >>> pool(grid, 2)[..., 0]
    array([[ 5.,  7.],
           [13., 15.]], dtype=float32)
    >>> pool(grid, 2, mode="average")[..., 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]], dtype=float32)
    """
    maps = as_feature_maps(values)
    require_choice(mode, "mode", get_args(PoolMode))
    stride = _checked_stride(maps, size, stride, padding)
    # A square window is separable: all rows first, then the columns of what is left.
    if mode == "max":
        tallest = _slide(maps, 0, size, stride, padding, np.maximum, -np.inf)
        return _slide(tallest, 1, size, stride, padding, np.maximum, -np.inf)
    sums = _slide(maps, 0, size, stride, padding, np.add, 0.0)
    sums = _slide(sums, 1, size, stride, padding, np.add, 0.0)
    sums /= _cells_inside(maps, size, stride, padding)
    return sums


def window(
    values: npt.ArrayLike,
    row: int,
    column: int,
    size: int,
    *,
    stride: int | None = None,
    padding: PoolPadding = "valid",
) -> Window:
    """Cut out what the output cell (`row`, `column`) of `pool` sees.

    Parameters
    ----------
    values : array_like, (H, W, C)
        What was pooled.
    row, column : int
        The output cell, counted from 0.
    size, stride, padding
        As in `pool`.

    Returns
    -------
    Window
        The edges, clipped to the picture (`bottom` and `right` are one past the last cell),
        and a copy of the values between them, float32 (bottom − top, right − left, C).

    Raises
    ------
    ValueError
        As `pool`, and if there is no such output cell.

    Examples
    --------
    >>> window(np.arange(16.0).reshape(4, 4, 1), 0, 1, 2).values[..., 0]
    array([[2., 3.],
           [6., 7.]], dtype=float32)
    """
    maps = as_feature_maps(values)
    stride = _checked_stride(maps, size, stride, padding)
    edges = []
    for name, index, length in (("row", row, maps.shape[0]), ("column", column, maps.shape[1])):
        last = output_size(length, size, stride, padding) - 1
        before, _ = pad_amounts(length, size, stride, padding)
        start = require_whole(index, name, low=0, high=last) * stride - before
        edges.append((max(start, 0), min(start + size, length)))
    (top, bottom), (left, right) = edges
    return Window(top, left, bottom, right, maps[top:bottom, left:right].copy())


def _checked_stride(maps: FloatArray, size: int, stride: int | None, padding: PoolPadding) -> int:
    """Check how the window moves over `maps`, and return its stride."""
    require_whole(size, "size", low=1)
    require_choice(padding, "padding", get_args(PoolPadding))
    height, width, _ = maps.shape
    require_window_fits(height, width, size, size, padding)
    return size if stride is None else require_whole(stride, "stride", low=1)


def _slide(
    values: FloatArray,
    axis: int,
    size: int,
    stride: int,
    padding: PoolPadding,
    combine: np.ufunc,
    start: float,
) -> FloatArray:
    """Combine the cells of each window along one axis, beginning with `start`.

    Goes through the `size` places in the window, not through the windows: the cells which all
    windows have in one place are a strided slice. Cells outside the picture are left out.
    """
    length = values.shape[axis]
    count = output_size(length, size, stride, padding)
    before, _ = pad_amounts(length, size, stride, padding)
    along = np.moveaxis(values, axis, 0)
    result = np.full(
        (*values.shape[:axis], count, *values.shape[axis + 1 :]), start, dtype=np.float32
    )
    target = np.moveaxis(result, axis, 0)
    for offset in range(-before, size - before):
        first = max(-(offset // stride), 0)  # the first window whose cell lies in the picture
        seen = target[first:]
        cells = along[first * stride + offset :: stride][: len(seen)]
        seen = seen[: len(cells)]
        combine(seen, cells, out=seen)
    return result


def _cells_inside(maps: FloatArray, size: int, stride: int, padding: PoolPadding) -> FloatArray:
    """Count the cells of each window that lie in the picture: float32 (H', W', 1)."""
    rows = np.ones((maps.shape[0], 1, 1), np.float32)
    columns = np.ones((1, maps.shape[1], 1), np.float32)
    return _slide(rows, 0, size, stride, padding, np.add, 0.0) * _slide(
        columns, 1, size, stride, padding, np.add, 0.0
    )
