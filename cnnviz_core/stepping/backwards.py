"""How a layer hands a gradient back, stop by stop: to its kernel, and to its input.

The gradient of the loss L with respect to the layer's result, ∂L/∂y, says how much the loss grows
where a cell of the result grows by one.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.typed_grids import as_grid
from cnnviz_core.layers.windows import Padding, output_size, pad_amounts, span
from cnnviz_core.stepping.gathering import Sliding, pad, slide
from cnnviz_core.stepping.pooling import pool_windows
from cnnviz_core.stepping.scattering import canvas, paint_kernels
from cnnviz_core.stepping.stops import BLANK, Act, Grid, Item, Names, Stop, Walk, looks


def kernel_gradient(
    grid: npt.ArrayLike,
    kernel: npt.ArrayLike,
    gradient: npt.ArrayLike,
    *,
    stride: int = 1,
    padding: Padding = 0,
) -> Walk:
    """Walk over the weights of a kernel: each sums the cells that it met, times their gradients.

    ∂L/∂w[m, n] = Σ ∂L/∂y[i, j] · x[i·stride + m, j·stride + n]: the gradient slides over the padded
    input as a kernel does, its cells as far apart as the stride is.

    Parameters
    ----------
    grid : array_like (H, W)
        The layer's input x.
    kernel : array_like (kh, kw)
    gradient : array_like (H', W')
        ∂L/∂y, as large as the layer's result.
    stride, padding
        As in `gathering.convolve`.

    Returns
    -------
    Walk
        kh·kw stops, row by row.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the gradient is not as large as the result.

    Examples
    --------
    >>> walk = kernel_gradient([[1, 2, 4]], [[0, 0]], [[1, -1]])
    >>> [walk.at(position).value for position in range(2)]
    [-1.0, -2.0]
    """
    cells, weights, upstream = _checked(grid, kernel, gradient, stride, padding)
    sides = weights.shape[0], weights.shape[1]
    padded, is_padding = pad(cells[..., np.newaxis], sides, stride, padding, 1)
    # What is left over at the end, no weight ever met.
    met = [
        span(size, stride) + side - 1
        for size, side in zip(upstream.shape, weights.shape, strict=True)
    ]
    return slide(
        Sliding(
            padded=padded[: met[0], : met[1]],
            is_padding=is_padding[: met[0], : met[1]],
            weights=upstream[..., np.newaxis, np.newaxis],
            dilation=stride,
            names=Names("input", "gradient", "kernel_gradient"),
        )
    )


def input_gradient(
    grid: npt.ArrayLike,
    kernel: npt.ArrayLike,
    gradient: npt.ArrayLike,
    *,
    stride: int = 1,
    padding: Padding = 0,
) -> Walk:
    """Walk over the cells of a result: each paints the kernel back, as strong as its gradient is.

    ∂L/∂x is what a transposed convolution makes of ∂L/∂y. Read at one cell of the input, it is a
    sum over the kernel turned by half a turn: here alone, a kernel is flipped.

    Parameters
    ----------
    grid, kernel, gradient, stride, padding
        As in `kernel_gradient`; of the grid, its size alone counts.

    Returns
    -------
    Walk
        H'·W' stops, row by row.

    Raises
    ------
    ValueError
        As `kernel_gradient`.

    Examples
    --------
    >>> walk = input_gradient([[0, 0, 0]], [[1, 10]], [[1, 2]])
    >>> walk.at(1).whole.items[4].values
    array([[ 1., 12., 20.]], dtype=float32)
    """
    cells, weights, upstream = _checked(grid, kernel, gradient, stride, padding)
    top, left = (
        pad_amounts(size, side, stride, padding)[0]
        for size, side in zip(cells.shape, weights.shape, strict=True)
    )
    sides = cells.shape[0], cells.shape[1]
    names = Names("gradient", "kernel", "input_gradient")
    return paint_kernels(upstream, weights, stride, (top, left), sides, names)


def pooling_gradient(
    grid: npt.ArrayLike,
    size: int,
    gradient: npt.ArrayLike,
    *,
    stride: int | None = None,
    mode: PoolMode = "max",
    padding: PoolPadding = "valid",
) -> Walk:
    """Walk over the cells of a pooled result: each hands its gradient back to what it came from.

    Of maximum pooling, the largest cell of the window takes all, of equals the first; of average
    pooling, each cell that counted gets the same share.

    Parameters
    ----------
    grid, size, stride, mode, padding
        As in `gathering.pool_windows`, but for a grid (H, W).
    gradient : array_like (H', W')
        ∂L/∂y, as large as the result.

    Returns
    -------
    Walk
        H'·W' stops, row by row.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the gradient is not as large as the result.

    Examples
    --------
    >>> pooling_gradient([[1, 3], [5, 4]], 2, [[7]]).at(0).whole.items[4].values
    array([[0., 0.],
           [7., 0.]], dtype=float32)
    """
    cells, upstream = as_grid(grid, "grid"), as_grid(gradient, "gradient")
    forwards = pool_windows(cells[..., np.newaxis], size, stride=stride, mode=mode, padding=padding)
    stride = size if stride is None else stride
    sides = [output_size(side, size, stride, padding) for side in cells.shape]
    _require_as_large(upstream, sides)
    stages = [np.zeros(forwards.at(0).source.values.shape)]
    shares = []
    for position in range(forwards.num_stops):
        taken = _taken(forwards.at(position).source, mode)
        share = np.full(taken.shape, BLANK, np.float32)
        share[taken] = upstream.flat[position] / taken.sum()
        shares.append(share)
        stages.append(stages[-1] + np.nan_to_num(share))
    return Walk(
        forwards.num_stops,
        partial(_handed_back, forwards, upstream, np.stack(stages).astype(np.float32), shares),
    )


def _handed_back(
    forwards: Walk,
    upstream: FloatArray,
    stages: FloatArray,
    shares: list[FloatArray],
    position: int,
) -> Stop:
    before = forwards.at(position)
    row, column = before.row, before.column
    shown = looks(upstream.shape, "plain")
    shown[row, column] = "current"
    source = before.source
    gradient = Grid(
        name="gradient",
        values=upstream,
        looks=shown,
        inside=(upstream.shape[0], upstream.shape[1]),
    )
    is_cut = np.isin(source.looks, ("padding", "window_padding"))
    result = canvas("input_gradient", stages, position, is_cut, shares[position], source.frame)
    items: tuple[Item, ...] = (source, "", gradient, "→", result)
    value = float(upstream[row, column])
    return Stop(parts=(), whole=Act(items), row=row, column=column, value=value)


def _taken(source: Grid, mode: PoolMode) -> npt.NDArray[np.bool_]:
    """Return which cells of a window the pooled value came from."""
    taken: npt.NDArray[np.bool_] = source.looks == ("current" if mode == "max" else "window")
    return taken


def _checked(
    grid: npt.ArrayLike,
    kernel: npt.ArrayLike,
    gradient: npt.ArrayLike,
    stride: int,
    padding: Padding,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    cells, weights = as_grid(grid, "grid"), as_grid(kernel, "kernel")
    upstream = as_grid(gradient, "gradient")
    sides = [
        output_size(size, side, stride, padding)
        for size, side in zip(cells.shape, weights.shape, strict=True)
    ]
    _require_as_large(upstream, sides)
    return cells, weights, upstream


def _require_as_large(upstream: FloatArray, sides: Sequence[int]) -> None:
    if upstream.shape != tuple(sides):
        raise ValueError(
            f"The gradient must have a cell for each of the {sides[0]}×{sides[1]} of the result, "
            f"but came with {upstream.shape[0]}×{upstream.shape[1]}."
        )
