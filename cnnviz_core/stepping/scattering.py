"""Operations that read one cell and paint many: transposed convolution, stop by stop."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.typed_grids import as_grid
from cnnviz_core.layers.upsampling import transposed_size
from cnnviz_core.stepping.stops import (
    BLANK,
    FORWARDS,
    Act,
    Grid,
    Item,
    Name,
    Names,
    Stop,
    Sum,
    Term,
    Walk,
    looks,
)


def transpose(
    grid: npt.ArrayLike,
    kernel: npt.ArrayLike,
    *,
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
) -> Walk:
    """Walk over a grid, each of whose cells paints the kernel, as strong as it is, on the result.

    This is a transposed convolution.

    Parameters
    ----------
    grid : array_like (H, W)
    kernel : array_like (kh, kw)
    stride : int
        Cells of the result from one painting to the next.
    padding : int
        Cells that are cut away at each side of the result.
    output_padding : int
        Rows and columns that are added at the result's end, less than the stride.

    Returns
    -------
    Walk
        H·W stops, row by row.

    Raises
    ------
    ValueError
        If an argument is out of its range, or nothing would be left of the result.

    Examples
    --------
    >>> transpose([[1, 2]], [[1, 10]]).at(1).whole.items[4].values
    array([[ 1., 12., 20.]], dtype=float32)
    """
    cells, weights = as_grid(grid, "grid"), as_grid(kernel, "kernel")
    rows, columns = (
        transposed_size(size, side, stride, padding, output_padding)
        for size, side in zip(cells.shape, weights.shape, strict=True)
    )
    return paint_kernels(cells, weights, stride, (padding, padding), (rows, columns), FORWARDS)


def paint_kernels(
    cells: FloatArray,
    weights: FloatArray,
    stride: int,
    start: tuple[int, int],
    sides: tuple[int, int],
    names: Names,
) -> Walk:
    """Paint a kernel from each cell; what begins at `start` and has `sides` is kept."""
    painted = [
        stride * (size - 1) + side for size, side in zip(cells.shape, weights.shape, strict=True)
    ]
    is_cut = cut(painted, start, sides)
    # float64, so that the sums of what people type stay exact.
    after = np.zeros((cells.size + 1, *is_cut.shape))
    counts = np.zeros((cells.size + 1, *is_cut.shape), np.float32)
    for position, (row, column) in enumerate(np.ndindex(*cells.shape)):
        under = _under(row, column, stride, weights.shape)
        after[position + 1] = after[position]
        after[position + 1][under] += cells[row, column] * weights.astype(np.float64)
        counts[position + 1] = counts[position]
        counts[position + 1][under] += 1
    paint = partial(
        _painted, cells, weights, after.astype(np.float32), counts, is_cut, stride, names
    )
    return Walk(cells.size, paint)


def cut(
    painted: Sequence[int], start: tuple[int, int], sides: tuple[int, int]
) -> npt.NDArray[np.bool_]:
    """Return which cells are cut away of a canvas that has room for all, bool (H, W)."""
    ends = [first + side for first, side in zip(start, sides, strict=True)]
    is_cut = np.ones([max(one, end) for one, end in zip(painted, ends, strict=True)], dtype=bool)
    is_cut[start[0] : ends[0], start[1] : ends[1]] = False
    return is_cut


def _painted(
    cells: FloatArray,
    weights: FloatArray,
    after: FloatArray,
    counts: FloatArray,
    is_cut: npt.NDArray[np.bool_],
    stride: int,
    names: Names,
    position: int,
) -> Stop:
    row, column = divmod(position, cells.shape[1])
    value = float(cells[row, column])
    shown = looks(cells.shape, "plain")
    shown[row, column] = "current"
    source = Grid(
        name=names.source,
        values=cells,
        looks=shown,
        inside=(cells.shape[0], cells.shape[1]),
        frame=(row, column, 1, 1),
    )
    kernel = Grid(
        name=names.kernel,
        values=weights,
        looks=looks(weights.shape, "kernel"),
        inside=(weights.shape[0], weights.shape[1]),
    )
    under = _under(row, column, stride, weights.shape)
    corners = np.full(is_cut.shape, BLANK, np.float32)
    corners[under] = value * weights
    frame = under[0].start, under[1].start, weights.shape[0], weights.shape[1]
    result = canvas(names.result, after, position, is_cut, corners, frame)
    often = replace(
        canvas("times", counts, position, is_cut, corners, frame),
        corners=None,
        inside=result.inside,
    )
    added = Sum(
        terms=tuple(Term(value, float(weight)) for weight in weights.flat),
        value=None,
        per_line=weights.shape[1],
        values=cells,
        results=after,
        weights=weights,
        between=",",
    )
    items: tuple[Item, ...] = (source, "×", kernel, "→", result, "", often)
    return Stop(parts=(), whole=Act(items, added), row=row, column=column, value=value)


def canvas(
    name: Name,
    stages: FloatArray,
    position: int,
    is_cut: npt.NDArray[np.bool_],
    corners: FloatArray,
    frame: tuple[int, int, int, int] | None,
) -> Grid:
    """Return what is painted so far; what has just been added stands in the corners."""
    shown = looks(is_cut.shape, "done")
    shown[is_cut] = "padding"
    is_painted = np.isfinite(corners)
    shown[is_painted] = np.where(is_cut[is_painted], "window_padding", "window")
    inside = ~is_cut
    return Grid(
        name=name,
        values=stages[position + 1],
        looks=shown,
        inside=(int(inside.any(axis=1).sum()), int(inside.any(axis=0).sum())),
        corners=corners,
        corner_sign="+",
        frame=frame,
        among=stages,
    )


def _under(row: int, column: int, stride: int, kernel: tuple[int, ...]) -> tuple[slice, slice]:
    top, left = row * stride, column * stride
    return slice(top, top + kernel[0]), slice(left, left + kernel[1])
