"""Causal convolutions over a row of numbers, stacked with growing gaps, stop by stop."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.typed_grids import as_grid
from cnnviz_core.stepping.stops import BLANK, Act, Grid, Item, Stop, Sum, Term, Walk, looks


def stack_causal(
    row: npt.ArrayLike, kernel: npt.ArrayLike, dilations: Sequence[int] = (1, 2, 4)
) -> Walk:
    """Walk layer by layer over a row of numbers: each result sees the present and the past alone.

    Zeros stand before the first number, none behind the last: a layer is as long as what it reads.

    Parameters
    ----------
    row : array_like (1, W)
    kernel : array_like (1, k)
        That of all layers.
    dilations : sequence of int
        From one weight to the next, for each layer.

    Returns
    -------
    Walk
        W stops for each layer; the cell that is written lies in the result `index`.

    Raises
    ------
    ValueError
        If there is more than one row.

    References
    ----------
    A. van den Oord et al., "WaveNet: A generative model for raw audio", 2016.

    Examples
    --------
    >>> walk = stack_causal([[1, 2, 3]], [[1, 10]], dilations=(1,))
    >>> [walk.at(position).value for position in range(3)]
    [10.0, 21.0, 32.0]
    """
    cells, weights = as_grid(row, "row"), as_grid(kernel, "kernel")
    for name, grid in (("The row", cells), ("The kernel", weights)):
        if len(grid) > 1:
            raise ValueError(f"{name} must be a single row of numbers, but has {len(grid)} rows.")
    before = (weights.size - 1) * max(dilations)
    # float64, so that the sums of what people type stay exact. All rows begin with as many zeros.
    layers = [np.concatenate([np.zeros(before), cells[0]])]
    for dilation in dilations:
        reach = _window(before + np.arange(cells.size)[:, np.newaxis], weights.size, dilation)
        values = layers[-1][reach] @ weights[0].astype(np.float64)
        layers.append(np.concatenate([np.zeros(before), values]))
    rows = np.stack(layers).astype(np.float32)
    return Walk(
        cells.size * len(dilations), partial(_slid, rows, weights, tuple(dilations), before)
    )


def _window(column: npt.NDArray[np.intp], size: int, dilation: int) -> npt.NDArray[np.intp]:
    """Return the columns that a kernel reads for the result in a column; it ends there."""
    return column - dilation * np.arange(size)[::-1]


def _slid(
    rows: FloatArray,
    weights: FloatArray,
    dilations: tuple[int, ...],
    before: int,
    position: int,
) -> Stop:
    length = rows.shape[1] - before
    layer, column = divmod(position, length)
    under = _window(np.array(before + column), weights.size, dilations[layer])
    items: list[Item] = []
    for index, row in enumerate(rows):
        known = length if index <= layer else column + 1 if index == layer + 1 else 0
        shown = looks((1, row.size), "to_come")
        shown[0, :before] = "padding"
        shown[0, before : before + known] = "done" if index else "plain"
        corners = np.full((1, row.size), BLANK, np.float32)
        frame = None
        if index == layer:
            shown[0, under] = np.where(under < before, "window_padding", "window")
            corners[0, under] = weights[0]
            frame = 0, int(under[0]), 1, int(under[-1] - under[0] + 1)
        if index == layer + 1:
            shown[0, before + column] = "current"
        items.append(
            Grid(
                name="result" if index else "input",
                values=np.where(shown == "to_come", np.float32(BLANK), row),
                looks=shown,
                inside=(1, length),
                index=index - 1 if index else None,
                corners=corners,
                frame=frame,
                among=rows,
            )
        )
    value = float(rows[layer + 1, before + column])
    terms = tuple(
        Term(float(one), float(weight))
        for one, weight in zip(rows[layer, under], weights[0], strict=True)
    )
    added = Sum(
        terms=terms,
        value=value,
        per_line=weights.size,
        values=rows,
        results=rows,
        weights=weights,
    )
    return Stop(
        parts=(), whole=Act(tuple(items), added), row=0, column=column, value=value, index=layer
    )
