"""What convolution and pooling compute, cell by cell: one position of the window at a time."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.layers.pooling import PoolMode, PoolPadding, pool
from cnnviz_core.layers.typed_grids import as_grid
from cnnviz_core.layers.windows import (
    Padding,
    pad_amounts,
    require_padding,
    require_window_fits,
    span,
)

Operation = Literal["convolution", "max", "average"]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One position of the window.

    Attributes
    ----------
    operation : "convolution", "max" or "average"
    position : int
        Which position this is, from 0, row by row.
    grid : float32 (H, W)
        The input with its padding, which holds zeros.
    is_padding : bool (H, W)
        Which cells of `grid` are padding. Pooling leaves them out.
    rows, cols : tuple of int
        Where the window's kh rows and kw columns lie in `grid`.
    weights : float32 (kh, kw) or None
        The kernel; pooling has none.
    output : float32 (H', W')
        The whole result, with the cells to come.
    """

    operation: Operation
    position: int
    grid: FloatArray
    is_padding: npt.NDArray[np.bool_]
    rows: tuple[int, ...]
    cols: tuple[int, ...]
    weights: FloatArray | None
    output: FloatArray

    @property
    def row(self) -> int:
        """Row of the result's cell that is being written."""
        return int(self.position // self.output.shape[1])

    @property
    def col(self) -> int:
        """Column of the result's cell that is being written."""
        return int(self.position % self.output.shape[1])

    @property
    def value(self) -> float:
        """What is written."""
        return float(self.output[self.row, self.col])

    @property
    def covered(self) -> FloatArray:
        """The cells under the window, float32 (kh, kw)."""
        return self.grid[np.ix_(self.rows, self.cols)]

    @property
    def counts(self) -> npt.NDArray[np.bool_]:
        """Which covered cells take part, bool (kh, kw): all in a convolution."""
        if self.operation == "convolution":
            return np.ones((len(self.rows), len(self.cols)), dtype=bool)
        return ~self.is_padding[np.ix_(self.rows, self.cols)]

    @property
    def products(self) -> FloatArray:
        """The covered cells times their weights, float32 (kh, kw); pooling has weights of 1."""
        return self.covered if self.weights is None else self.covered * self.weights


def convolution_step(
    grid: npt.ArrayLike,
    kernel: npt.ArrayLike,
    position: int,
    *,
    stride: int = 1,
    padding: Padding = 0,
    dilation: int = 1,
) -> Step:
    """Show one position of a kernel over a grid.

    Like the layers of a network it computes cross-correlation: the kernel is not flipped.

    Parameters
    ----------
    grid : array_like, (H, W)
    kernel : array_like, (kh, kw)
    position : int
        Which position, from 0, row by row.
    stride : int
        Cells from one position to the next.
    padding : int, "valid" or "same"
        Zeros on each side.
    dilation : int
        Cells of the grid from one weight to the next.

    Returns
    -------
    Step

    Raises
    ------
    ValueError
        If an argument is out of its range, or the window does not fit.

    Examples
    --------
    >>> step = convolution_step([[1, 1, 0], [0, 1, 1]], [[1, 2]], 2)
    >>> step.row, step.col, step.value
    (1, 0, 2.0)
    >>> step.output
    array([[3., 1.],
           [2., 3.]], dtype=float32)
    """
    cells, weights = as_grid(grid, "grid"), as_grid(kernel, "kernel")
    stride = require_whole(stride, "stride", low=1)
    dilation = require_whole(dilation, "dilation", low=1)
    padding = require_padding(padding)
    require_window_fits(*_sides(cells), *_sides(weights), padding, dilation)
    padded, is_padding = _pad(cells, _sides(weights), stride, padding, dilation)
    spans = tuple(span(kernel_size, dilation) for kernel_size in weights.shape)
    # float64, so that the sums of what people type stay exact.
    windows = sliding_window_view(padded.astype(np.float64), spans)
    covered = windows[::stride, ::stride, ::dilation, ::dilation]
    output = (covered * weights).sum(axis=(2, 3)).astype(np.float32)
    row, col = divmod(_as_position(position, output.size), output.shape[1])
    return Step(
        operation="convolution",
        position=int(position),
        grid=padded,
        is_padding=is_padding,
        rows=tuple(row * stride + dilation * i for i in range(weights.shape[0])),
        cols=tuple(col * stride + dilation * j for j in range(weights.shape[1])),
        weights=weights,
        output=output,
    )


def pooling_step(
    grid: npt.ArrayLike,
    size: int,
    position: int,
    *,
    stride: int | None = None,
    mode: PoolMode = "max",
    padding: PoolPadding = "valid",
) -> Step:
    """Show one position of a pooling window over a grid.

    Parameters
    ----------
    grid : array_like, (H, W)
    size : int
        Rows and columns of the window.
    position : int
        Which position, from 0, row by row.
    stride : int, optional
        Cells from one position to the next, by default `size`.
    mode : "max" or "average"
    padding : "valid" or "same"
        With "same" the window also stops where it covers the grid only in part. What it covers
        beyond the grid counts neither for the maximum nor for the average.

    Returns
    -------
    Step

    Raises
    ------
    ValueError
        If an argument is out of its range, or the window does not fit.

    Examples
    --------
    >>> pooling_step([[1, 3, 2, 0], [5, 4, 1, 1]], 2, 1, mode="average").output
    array([[3.25, 1.  ]], dtype=float32)
    """
    cells = as_grid(grid, "grid")
    output = pool(cells[..., np.newaxis], size, stride=stride, mode=mode, padding=padding)[..., 0]
    stride = size if stride is None else stride
    padded, is_padding = _pad(cells, (size, size), stride, padding, 1)
    row, col = divmod(_as_position(position, output.size), output.shape[1])
    return Step(
        operation=mode,
        position=int(position),
        grid=padded,
        is_padding=is_padding,
        rows=tuple(range(row * stride, row * stride + size)),
        cols=tuple(range(col * stride, col * stride + size)),
        weights=None,
        output=output,
    )


def _pad(
    cells: FloatArray, window: tuple[int, int], stride: int, padding: Padding, dilation: int
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Add the zeros of the padding, and tell which cells they are."""
    amounts = [
        pad_amounts(size, kernel_size, stride, padding, dilation)
        for size, kernel_size in zip(cells.shape, window, strict=True)
    ]
    outside = np.zeros(cells.shape, dtype=bool)
    return np.pad(cells, amounts), np.pad(outside, amounts, constant_values=True)


def _sides(cells: FloatArray) -> tuple[int, int]:
    height, width = cells.shape
    return height, width


def _as_position(position: int, num_positions: int) -> int:
    return require_whole(position, "position", low=0, high=num_positions - 1)
