"""A small network of one channel, forwards and backwards: the numbers stay in their cells."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.typed_grids import as_grid
from cnnviz_core.stepping.backwards import kernel_gradient, pooling_gradient
from cnnviz_core.stepping.gathering import convolve
from cnnviz_core.stepping.pooling import pool_windows
from cnnviz_core.stepping.stops import BLANK, Act, Grid, Item, Name, Stop, Sum, Term, Walk, looks

# What the stops write, in this order: the layers; between them, the loss; the gradients.
LAYERS: tuple[Name, ...] = ("convolved", "rectified", "pooled")
GRADIENTS: tuple[Name, ...] = (
    "pooled_gradient",
    "rectified_gradient",
    "convolved_gradient",
    "kernel_gradient",
)
POOL_SIZE = 2


def chain(grid: npt.ArrayLike, kernel: npt.ArrayLike) -> Walk:
    """Walk through convolution, ReLU, maximum pooling and a sum, and back to the kernel.

    The loss is the sum of the pooled cells, so each of them has a gradient of 1. Pooling hands it
    to the largest cell of each window, ReLU lets it pass where its input was above zero, and the
    convolution adds up what each weight met.

    Parameters
    ----------
    grid : array_like (H, W)
    kernel : array_like (kh, kw)

    Returns
    -------
    Walk
        Eight stops: three layers, the loss, four gradients. The `index` of a stop is its number,
        and its value the sum of what it writes.

    Raises
    ------
    ValueError
        If the kernel does not fit, or a pooling window of 2×2 into what it makes.

    Examples
    --------
    >>> walk = chain([[1, 2, 0], [0, 1, 3], [2, 0, 1]], [[1, 0], [0, 1]])
    >>> [walk.at(position).value for position in (0, 3)]
    [9.0, 5.0]
    """
    cells, weights = as_grid(grid, "grid"), as_grid(kernel, "kernel")
    convolved = _result(convolve(cells[..., np.newaxis], weights[..., np.newaxis, np.newaxis]))
    rectified = np.maximum(convolved, 0)
    pooled = _result(pool_windows(rectified[..., np.newaxis], POOL_SIZE))
    of_pooled = np.ones_like(pooled)
    of_rectified = _result(pooling_gradient(rectified, POOL_SIZE, of_pooled))
    of_convolved = np.where(convolved > 0, of_rectified, np.float32(0))
    of_kernel = _result(kernel_gradient(cells, weights, of_convolved))
    layers = zip(LAYERS, (convolved, rectified, pooled), strict=True)
    gradients = (of_pooled, of_rectified, of_convolved, of_kernel)
    grids: dict[Name, FloatArray] = {
        "input": cells,
        "kernel": weights,
        **dict(layers),
        **dict(zip(GRADIENTS, gradients, strict=True)),
    }
    return Walk(len(LAYERS) + 1 + len(GRADIENTS), partial(_linked, grids))


def _result(walk: Walk) -> FloatArray:
    """Return what a walk has written in the end."""
    (last,) = [one for one in walk.at(walk.num_stops - 1).whole.items[-1:] if isinstance(one, Grid)]
    return last.values


def _linked(grids: Mapping[Name, FloatArray], position: int) -> Stop:
    num_layers = len(LAYERS)
    known: tuple[Name, ...] = (
        *("input", "kernel"),
        *LAYERS[: position + 1],
        *GRADIENTS[: max(position - num_layers, 0)],
    )
    now = None if position == num_layers else known[-1]
    # Where ReLU's gate is closed, nothing passes, neither forwards nor backwards.
    closed = grids["convolved"] <= 0
    gated = ("rectified", "convolved_gradient")
    shown = {
        name: _grid(name, values, now, name in known, closed if name in gated else None)
        for name, values in grids.items()
    }
    has_loss = position >= num_layers
    pooled = grids["pooled"]
    loss = float(pooled.sum())
    added = Sum(
        terms=tuple(
            Term(float(one)) if has_loss else Term(BLANK, look="to_come") for one in pooled.flat
        ),
        value=loss if has_loss else BLANK,
        per_line=pooled.shape[1],
        values=pooled,
        results=np.full((1, 1), loss, np.float32),
        look="to_come" if not has_loss else "done" if now else "current",
    )
    items = (
        *_linked_by("→", [shown[name] for name in ("input", "kernel", *LAYERS)]),
        *_linked_by("←", [shown[name] for name in reversed(GRADIENTS)]),
    )
    value = float(grids[now].sum()) if now else loss
    return Stop(parts=(), whole=Act(items, added), row=0, column=0, value=value, index=position)


def _grid(
    name: Name,
    values: FloatArray,
    now: Name | None,
    is_known: bool,
    closed: npt.NDArray[np.bool_] | None,
) -> Grid:
    shown = looks(values.shape, "to_come")
    if is_known:
        usual = {"input": "plain", "kernel": "kernel"}.get(name, "done")
        shown[:] = "current" if name == now else usual
        if closed is not None:
            shown[closed] = "padding"
    return Grid(
        name=name,
        values=values if is_known else np.full_like(values, BLANK),
        looks=shown,
        inside=(values.shape[0], values.shape[1]),
        among=values,
    )


def _linked_by(sign: str, grids: Sequence[Grid]) -> tuple[Item, ...]:
    return tuple(item for grid in grids for item in (sign, grid))[1:]
