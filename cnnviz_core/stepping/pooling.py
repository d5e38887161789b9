"""A window of cells is read, and the largest or the mean is written: pooling, stop by stop."""

from functools import partial

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.pooling import PoolMode, PoolPadding, pool
from cnnviz_core.stepping.gathering import (
    Indices,
    as_channels,
    pad,
    places,
    source_grid,
    under_window,
)
from cnnviz_core.stepping.stops import BLANK, Act, Grid, Look, Stop, Sum, Term, Walk, written


def pool_windows(
    channels: npt.ArrayLike,
    size: int,
    *,
    stride: int | None = None,
    mode: PoolMode = "max",
    padding: PoolPadding = "valid",
) -> Walk:
    """Walk a pooling window over grids, over all channels at once.

    Parameters
    ----------
    channels : array_like (H, W, C)
    size : int
        Rows and columns of the window.
    stride : int, optional
        Cells from one place to the next, by default `size`.
    mode : "max" or "average"
    padding : "valid" or "same"
        With "same" the window also stops where it covers the grid only in part. What it covers
        beyond the grid counts neither for the maximum nor for the average.

    Returns
    -------
    Walk
        H'·W' stops, row by row.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the window does not fit.

    Examples
    --------
    >>> grid = np.reshape([1, 3, 2, 0, 5, 4, 1, 1], (2, 4, 1))
    >>> pool_windows(grid, 2, mode="average").at(0).value
    3.25
    """
    grids = as_channels(channels, "channels")
    results = pool(grids, size, stride=stride, mode=mode, padding=padding)
    stride = size if stride is None else stride
    window = size, size
    padded, is_padding = pad(grids, window, stride, padding, 1)
    slide = partial(_pooled, padded, is_padding, results, window=window, stride=stride, mode=mode)
    return Walk(results.shape[0] * results.shape[1], slide)


def pool_whole(channels: npt.ArrayLike, mode: PoolMode = "average") -> Walk:
    """Pool each whole grid to one number: global pooling, a single stop.

    Parameters
    ----------
    channels : array_like (H, W, C)
    mode : "max" or "average"

    Raises
    ------
    ValueError
        If the channels are no grids of finite numbers.

    Examples
    --------
    >>> pool_whole(np.reshape([1, 3, 2, 0], (2, 2, 1))).at(0).value
    1.5
    """
    grids = as_channels(channels, "channels")
    whole = grids.mean(axis=(0, 1)) if mode == "average" else grids.max(axis=(0, 1))
    results = whole[np.newaxis, np.newaxis].astype(np.float32)
    nowhere = np.zeros(grids.shape[:2], dtype=bool)
    window = grids.shape[0], grids.shape[1]
    return Walk(1, partial(_pooled, grids, nowhere, results, window=window, stride=1, mode=mode))


def _pooled(
    padded: FloatArray,
    is_padding: npt.NDArray[np.bool_],
    results: FloatArray,
    position: int,
    *,
    window: tuple[int, int],
    stride: int,
    mode: PoolMode,
) -> Stop:
    row, column = divmod(position, results.shape[1])
    rows = row * stride + np.arange(window[0])
    columns = column * stride + np.arange(window[1])
    num_channels = padded.shape[2]
    acts = []
    for channel in range(num_channels):
        number = channel if num_channels > 1 else None
        # Padding is left out, so there is no number to show.
        values = np.where(is_padding, np.float32(BLANK), padded[..., channel])
        source = under_window(source_grid(values, is_padding, number), rows, columns)
        if mode == "max":
            # The first of equals.
            winner = np.unravel_index(
                np.nanargmax(np.where(_mask(source, rows, columns), values, np.nan)), values.shape
            )
            source.looks[winner] = "current"
        terms = tuple(
            Term(float(values[at]), look=_look(source, at)) for at in places(rows, columns)
        )
        counted = sum(not is_padding[at] for at in places(rows, columns))
        is_mean = mode == "average"
        result = written(results[..., channel], "result", position, position, number)
        written_sum = Sum(
            terms=terms,
            value=float(results[row, column, channel]),
            per_line=window[1],
            values=padded,
            results=results,
            before="(" if is_mean else "max(",
            between="+" if is_mean else ",",
            after=f") / {counted} =" if is_mean else ") =",
            longest=f") / {window[0] * window[1]} =" if is_mean else ") =",
        )
        acts.append(Act((source, "→", result), written_sum))
    value = float(results[row, column, 0])
    return Stop(parts=tuple(acts[:-1]), whole=acts[-1], row=row, column=column, value=value)


def _mask(grid: Grid, rows: Indices, columns: Indices) -> npt.NDArray[np.bool_]:
    """Return which cells of a grid are under the window and no padding."""
    under = np.zeros(grid.values.shape, bool)
    under[np.ix_(rows, columns)] = True
    counts: npt.NDArray[np.bool_] = under & (grid.looks != "window_padding")
    return counts


def _look(grid: Grid, at: tuple[int, int]) -> Look:
    """Return how a covered cell looks among the terms."""
    if grid.looks[at] == "window_padding":
        return "padding"
    return "current" if grid.looks[at] == "current" else "window"
