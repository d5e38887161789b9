"""Batch normalization of a small batch, stop by stop: mean, variance, then scale and shift."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from cnnviz_core.layers.typed_grids import as_grid
from cnnviz_core.stepping.stops import (
    BLANK,
    Act,
    Grid,
    Item,
    Look,
    Name,
    Stop,
    Sum,
    Term,
    Walk,
    looks,
)

# What keeps a variance of zero from being divided by, as in Keras.
EPSILON = 1e-3


def normalize(batch: npt.ArrayLike, scale: float = 1.0, shift: float = 0.0) -> Walk:
    """Walk over the channels of a batch: mean, variance, and each number normalized.

    Parameters
    ----------
    batch : array_like (N, C)
        A row for each sample, a column for each channel.
    scale, shift : float
        What is learned: γ and β of all channels.

    Returns
    -------
    Walk
        (N + 2)·C stops, channel by channel. The `index` of a stop is 0 for a mean, 1 for a variance
        and 2 for a result.

    Raises
    ------
    ValueError
        If the batch is no grid of finite numbers.

    References
    ----------
    S. Ioffe and C. Szegedy, "Batch normalization: Accelerating deep network training by reducing
    internal covariate shift", 2015, algorithm 1.

    Examples
    --------
    >>> walk = normalize([[1], [3]])
    >>> [round(walk.at(position).value, 3) for position in range(4)]
    [2.0, 1.0, -1.0, 1.0]
    """
    cells = as_grid(batch, "batch").astype(np.float64)
    mean, variance = cells.mean(axis=0), cells.var(axis=0)
    factors = scale / np.sqrt(variance + EPSILON)
    results = (cells - mean) * factors + shift
    computed = _Computed(
        cells=cells, mean=mean, variance=variance, factors=factors, results=results, shift=shift
    )
    return Walk((len(cells) + 2) * cells.shape[1], partial(_normalized, computed))


@dataclass(frozen=True, slots=True, eq=False)
class _Computed:
    """Float64: the batch (N, C) and its results, mean, variance and factor of each channel."""

    cells: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    variance: npt.NDArray[np.float64]
    factors: npt.NDArray[np.float64]
    results: npt.NDArray[np.float64]
    shift: float


def _normalized(computed: _Computed, position: int) -> Stop:
    cells, results = computed.cells, computed.results
    count = len(cells)
    channel, moment = divmod(position, count + 2)
    sample = moment - 2
    source = _grid("input", cells, np.ones(cells.shape, bool))
    source.looks[:] = "plain"
    source.looks[slice(None) if sample < 0 else sample, channel] = "window"
    ahead = np.arange(cells.shape[1]) < channel
    mean = _grid("mean", computed.mean[np.newaxis], ahead[np.newaxis])
    variance = _grid("variance", computed.variance[np.newaxis], ahead[np.newaxis])
    is_done = np.broadcast_to(ahead, cells.shape).copy()
    is_done[: max(sample, 0), channel] = True
    result = _grid("result", results, is_done)
    deviations = cells[:, channel] - computed.mean[channel]
    if moment == 0:
        value, target, row = computed.mean[channel], mean, 0
        terms = [Term(float(one)) for one in cells[:, channel]]
    elif moment == 1:
        value, target, row = computed.variance[channel], variance, 0
        terms = [Term(float(one), float(one)) for one in deviations]
    else:
        value, target, row = results[sample, channel], result, sample
        terms = [
            Term(float(deviations[sample]), float(computed.factors[channel])),
            Term(computed.shift, look="kernel"),
        ]
    for one, from_moment in ((mean, 1), (variance, 2)):
        if moment >= from_moment:
            _write(one, 0, channel, computed, "done")
    _write(target, row, channel, computed, "current")
    items: tuple[Item, ...] = (source, "", mean, "", variance, "→", result)
    blanks = [Term(BLANK, look="to_come")] * (max(count, 2) - len(terms))
    everything = np.concatenate([cells.ravel(), (cells - computed.mean).ravel()])
    added = Sum(
        terms=(*terms, *blanks),
        value=float(value),
        per_line=max(count, 2),
        values=np.append(everything, computed.shift).astype(np.float32),
        weights=np.append(everything, computed.factors).astype(np.float32),
        results=np.concatenate([results.ravel(), computed.mean, computed.variance]).astype(
            np.float32
        ),
        before="(",
        after=f") / {count} =" if sample < 0 else ") =",
        longest=f") / {count} =",
    )
    return Stop(
        parts=(),
        whole=Act(items, added),
        row=row,
        column=channel,
        value=float(value),
        index=min(moment, 2),
    )


def _grid(name: Name, values: npt.NDArray[np.float64], is_done: npt.NDArray[np.bool_]) -> Grid:
    """Return a grid of which some cells are done, and all others to come."""
    shown = looks(values.shape, "to_come")
    shown[is_done] = "done"
    known = np.where(is_done, values, BLANK).astype(np.float32)
    return Grid(
        name=name,
        values=known,
        looks=shown,
        inside=(values.shape[0], values.shape[1]),
        among=values.astype(np.float32),
    )


def _write(grid: Grid, row: int, column: int, computed: _Computed, look: Look) -> None:
    """Write a cell of a grid that has just been made."""
    values = {
        "mean": computed.mean[np.newaxis],
        "variance": computed.variance[np.newaxis],
        "result": computed.results,
    }[grid.name]
    grid.values[row, column] = values[row, column]
    grid.looks[row, column] = look
