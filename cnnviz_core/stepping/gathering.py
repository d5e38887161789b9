"""A window of cells is read, and one is written: convolution, stop by stop."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.layers.typed_grids import as_grid
from cnnviz_core.layers.windows import (
    Padding,
    pad_amounts,
    require_padding,
    require_window_fits,
    span,
)
from cnnviz_core.stepping.stops import (
    BLANK,
    FORWARDS,
    Act,
    Grid,
    Look,
    Name,
    Names,
    Stop,
    Sum,
    Term,
    Walk,
    apart,
    looks,
    written,
)

Indices = npt.NDArray[np.intp]


def convolve(
    channels: npt.ArrayLike,
    kernels: npt.ArrayLike,
    bias: npt.ArrayLike | None = None,
    *,
    stride: int = 1,
    padding: Padding = 0,
    dilation: int = 1,
    groups: int = 1,
) -> Walk:
    """Walk kernels over grids; at each place the filters write their cells in turn.

    Like the layers of a network it computes cross-correlation: the kernels are not flipped.

    Parameters
    ----------
    channels : array_like (H, W, C)
    kernels : array_like (kh, kw, C / groups, F)
    bias : array_like (F,), optional
        What each filter adds, by default nothing.
    stride : int
        Cells from one place to the next.
    padding : int, "valid" or "same"
        Zeros on each side.
    dilation : int
        Cells of the grid from one weight to the next.
    groups : int
        Into how many parts channels and filters are split; each filter reads the channels of its
        part alone. With as many as there are channels, this is a depthwise convolution.

    Returns
    -------
    Walk
        H'·W'·F stops, place by place, row by row, filter after filter.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the window does not fit.

    Examples
    --------
    >>> walk = convolve(np.reshape([1, 1, 0, 0, 1, 1], (2, 3, 1)), np.reshape([1, 2], (1, 2, 1, 1)))
    >>> walk.num_stops, walk.at(2).row, walk.at(2).column, walk.at(2).value
    (4, 1, 0, 2.0)
    """
    grids = as_channels(channels, "channels")
    weights = as_kernels(kernels)
    stride = require_whole(stride, "stride", low=1)
    dilation = require_whole(dilation, "dilation", low=1)
    padding = require_padding(padding)
    kernel_height, kernel_width, num_read, num_filters = weights.shape
    num_channels = grids.shape[2]
    if num_read * groups != num_channels or num_filters % groups:
        raise ValueError(
            f"groups must split {num_channels} channels and {num_filters} filters evenly, each "
            f"filter with a kernel for every channel that it reads, but {groups} groups came with "
            f"kernels for {num_read}."
        )
    biases = np.zeros(num_filters, np.float32) if bias is None else np.asarray(bias, np.float32)
    if biases.shape != (num_filters,):
        raise ValueError(f"bias must have {num_filters} numbers, but came with {biases.size}.")
    height, width = grids.shape[:2]
    require_window_fits(height, width, kernel_height, kernel_width, padding, dilation)
    padded, is_padding = pad(grids, (kernel_height, kernel_width), stride, padding, dilation)
    return slide(
        Sliding(
            padded=padded,
            is_padding=is_padding,
            weights=weights,
            biases=None if bias is None else biases,
            stride=stride,
            dilation=dilation,
            groups=groups,
        )
    )


@dataclass(frozen=True, slots=True, eq=False)
class Sliding:
    """Kernels over grids that have their padding, all checked.

    `padded` is float32 (H, W, C), `is_padding` bool (H, W), `weights` float32 (kh, kw, C / groups,
    F), and `biases` float32 (F,) if there are any.
    """

    padded: FloatArray
    is_padding: npt.NDArray[np.bool_]
    weights: FloatArray
    biases: FloatArray | None = None
    stride: int = 1
    dilation: int = 1
    groups: int = 1
    names: Names = FORWARDS


def slide(sliding: Sliding) -> Walk:
    """Walk over all places where the window fits."""
    weights, groups, dilation = sliding.weights, sliding.groups, sliding.dilation
    kernel_height, kernel_width, num_read, num_filters = weights.shape
    spans = span(kernel_height, dilation), span(kernel_width, dilation)
    # float64, so that the sums of what people type stay exact.
    windows = sliding_window_view(sliding.padded.astype(np.float64), spans, axis=(0, 1))
    stride = sliding.stride
    windows = windows[::stride, ::stride, :, ::dilation, ::dilation]
    # For each place, filter and channel that it reads: the sum of the products.
    height, width = windows.shape[:2]
    by_group = windows.reshape(height, width, groups, num_read, kernel_height, kernel_width)
    of_group = weights.reshape(kernel_height, kernel_width, num_read, groups, -1)
    sums = np.einsum("hwgcij,ijcgf->hwgfc", by_group, of_group.astype(np.float64))
    sums = sums.reshape(height, width, num_filters, num_read)
    biases = np.float32(0) if sliding.biases is None else sliding.biases
    results = (sums.sum(axis=-1) + biases).astype(np.float32)
    return Walk(results.size, partial(_slid, sliding, sums.astype(np.float32), results))


def _slid(sliding: Sliding, sums: FloatArray, results: FloatArray, position: int) -> Stop:
    biases = sliding.biases
    _, width, num_filters = results.shape
    place, index = divmod(position, num_filters)
    row, column = divmod(place, width)
    acts = _channel_acts(sliding, sums[row, column, index], (row, column, index), sums)
    is_alone = len(acts) == num_filters == 1 and biases is None
    done = [
        written(
            results[..., one],
            sliding.names.result,
            place + (one < index),
            place if one == index else None,
            None if num_filters == 1 else one,
        )
        for one in range(num_filters)
    ]
    value = float(results[row, column, index])
    if is_alone:
        (act,) = acts
        added = act.sum and replace(act.sum, results=results, look="current")
        whole = Act((*act.items, "=", *done), added)
        return Stop(parts=(), whole=whole, row=row, column=column, value=value)
    terms = [Term(float(one), look="done") for one in sums[row, column, index]]
    if biases is not None:
        terms.append(Term(float(biases[index]), look="kernel"))
    total = Sum(
        terms=tuple(terms),
        value=value,
        per_line=len(terms),
        values=sums if biases is None else np.append(sums, biases),
        results=results,
    )
    return Stop(
        parts=tuple(acts),
        whole=Act(apart(done), total),
        row=row,
        column=column,
        value=value,
        index=index,
    )


def _channel_acts(
    sliding: Sliding, added: FloatArray, place: tuple[int, int, int], sums: FloatArray
) -> list[Act]:
    """Return for each channel its window, the filter's kernel for it, and what that adds up to.

    `added` are the sums of the channels that the filter reads at this place: a row, a column, and
    the filter's number. Kernels of other channels are blank.
    """
    padded, weights, names = sliding.padded, sliding.weights, sliding.names
    row, column, index = place
    height, width, num_read, num_filters = weights.shape
    num_channels = padded.shape[2]
    rows = row * sliding.stride + sliding.dilation * np.arange(height)
    columns = column * sliding.stride + sliding.dilation * np.arange(width)
    first = index // (num_filters * num_read // num_channels) * num_read
    acts = []
    for channel in range(num_channels):
        number = None if num_channels == 1 else channel
        source = source_grid(padded[..., channel], sliding.is_padding, number, names.source)
        kernel = None
        if first <= channel < first + num_read:
            kernel = weights[:, :, channel - first, index]
            source = under_window(source, rows, columns, kernel)
        look: Look = "to_come" if kernel is None else "kernel"
        kernel_grid = Grid(
            name=names.kernel if num_filters == 1 else "filter",
            values=np.full((height, width), BLANK, np.float32) if kernel is None else kernel,
            looks=looks((height, width), look),
            inside=(height, width),
            index=None if num_filters == 1 else index,
            among=weights,
        )
        written_sum = Sum(
            terms=_products(source, rows, columns, kernel, (height, width)),
            value=BLANK if kernel is None else float(added[channel - first]),
            per_line=width,
            values=padded,
            results=sums,
            weights=weights,
            look="to_come" if kernel is None else "done",
        )
        acts.append(Act((source, "×", kernel_grid), written_sum))
    return acts


def source_grid(
    values: FloatArray,
    is_padding: npt.NDArray[np.bool_],
    index: int | None,
    name: Name = "input",
) -> Grid:
    """Return what is read (H, W), no window over it yet."""
    shown = looks(values.shape, "plain")
    shown[is_padding] = "padding"
    inside = ~is_padding
    sides = int(inside.any(axis=1).sum()), int(inside.any(axis=0).sum())
    return Grid(name=name, values=values, looks=shown, inside=sides, index=index, among=values)


def under_window(
    grid: Grid, rows: Indices, columns: Indices, kernel: FloatArray | None = None
) -> Grid:
    """Lay a window over a grid, and the kernel's weights into the corners of its cells."""
    under = np.ix_(rows, columns)
    shown = grid.looks.copy()
    shown[under] = np.where(shown[under] == "padding", "window_padding", "window")
    corners = None
    if kernel is not None:
        corners = np.full(grid.values.shape, BLANK, np.float32)
        corners[under] = kernel
    height, width = int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)
    frame = int(rows[0]), int(columns[0]), height, width
    return replace(grid, looks=shown, corners=corners, frame=frame)


def _products(
    grid: Grid,
    rows: Indices,
    columns: Indices,
    kernel: FloatArray | None,
    shape: tuple[int, ...],
) -> tuple[Term, ...]:
    """Return the covered cells with their weights; blanks where the channel is not read."""
    if kernel is None:
        return (Term(BLANK, BLANK, "to_come"),) * int(np.prod(shape))
    return tuple(
        Term(float(grid.values[at]), float(weight))
        for at, weight in zip(places(rows, columns), kernel.flat, strict=True)
    )


def places(rows: Indices, columns: Indices) -> list[tuple[int, int]]:
    """Return the cells of these rows and columns, row by row."""
    return [(row, column) for row in rows.tolist() for column in columns.tolist()]


def as_channels(values: npt.ArrayLike, name: str) -> FloatArray:
    """Check grids (H, W, C) of finite numbers."""
    array = np.asarray(values)
    if array.ndim != 3 or not array.shape[2]:
        raise ValueError(
            f"{name} must have rows, columns and channels, but came with the shape {array.shape}."
        )
    return np.stack([as_grid(array[..., one], name) for one in range(array.shape[2])], axis=-1)


def as_kernels(values: npt.ArrayLike) -> FloatArray:
    """Check kernels (kh, kw, C, F) of finite numbers, and return a copy of their own."""
    array = np.asarray(values)
    if array.ndim != 4 or not array.size or array.dtype.kind not in "bifu":
        raise ValueError(
            "kernels must be numbers in rows and columns, for channels and filters, but came with "
            f"the shape {array.shape} and the type {array.dtype}."
        )
    if not np.isfinite(array).all():
        raise ValueError("kernels must hold finite numbers, but have NaN or infinity in them.")
    return array.astype(np.float32)


def pad(
    grids: FloatArray, window: tuple[int, int], stride: int, padding: Padding, dilation: int
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Add the zeros of the padding, and tell which cells (H, W) they are."""
    amounts = [
        pad_amounts(size, kernel_size, stride, padding, dilation)
        for size, kernel_size in zip(grids.shape[:2], window, strict=True)
    ]
    outside = np.zeros(grids.shape[:2], dtype=bool)
    padded = np.pad(grids, [*amounts, (0, 0)])
    return padded, np.pad(outside, amounts, constant_values=True)
