"""What a picture is asked to excite: a channel, a neuron, a direction, a whole layer, or a sum.

Every objective is about one layer. A class is a channel of the layer that classifies: measured
before the softmax, its value is the class's logit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_whole

# Row or column of a term that is about all places alike.
EVERYWHERE = -1


@dataclass(frozen=True, slots=True)
class Term:
    """`weight` times one channel's value: at one place, or the mean over all of them."""

    channel: int
    row: int = EVERYWHERE
    column: int = EVERYWHERE
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Objective:
    """A weighted sum of channels, and of the layer's energy; can be added and subtracted.

    Attributes
    ----------
    terms : tuple of Term
    energy : float
        Weight of the mean square of all the layer's values.

    Examples
    --------
    >>> (channel(3) - 0.5 * channel(7)).terms[1]
    Term(channel=7, row=-1, column=-1, weight=-0.5)
    """

    terms: tuple[Term, ...] = ()
    energy: float = 0.0

    def __add__(self, other: "Objective") -> "Objective":
        """Ask for both."""
        return Objective((*self.terms, *other.terms), self.energy + other.energy)

    def __sub__(self, other: "Objective") -> "Objective":
        """Ask for this one, and against the other."""
        return self + -1.0 * other

    def __rmul__(self, factor: float) -> "Objective":
        """Ask `factor` times as much."""
        terms = (
            Term(term.channel, term.row, term.column, factor * term.weight) for term in self.terms
        )
        return Objective(tuple(terms), factor * self.energy)

    def __neg__(self) -> "Objective":
        """Ask against it."""
        return -1.0 * self


def channel(index: int) -> Objective:
    """Ask for a channel's mean over all places."""
    return Objective((Term(index),))


def neuron(index: int, row: int, column: int) -> Objective:
    """Ask for a channel's value at one place of the layer's map."""
    return Objective((Term(index, row, column),))


def direction(channels: Sequence[int]) -> Objective:
    """Ask for several channels together: their means, in equal parts of a direction of length 1.

    Raises
    ------
    ValueError
        If there are no channels.

    Examples
    --------
    >>> [round(term.weight, 3) for term in direction((4, 9)).terms]
    [0.707, 0.707]
    """
    if not channels:
        raise ValueError("channels must name one channel or more, but is empty.")
    weight = 1 / sqrt(len(channels))
    return Objective(tuple(Term(index, weight=weight) for index in channels))


def whole_layer() -> Objective:
    """Ask for the mean square of all the layer's values: whatever it sees, more of it.

    Mordvintsev, Olah and Tyka, *Inceptionism: Going Deeper into Neural Networks* (2015): DeepDream.
    """
    return Objective(energy=1.0)


@dataclass(frozen=True, slots=True, eq=False)
class ObjectiveArrays:
    """Objectives of N pictures, of at most K terms each, as numbers for the traced step.

    Attributes
    ----------
    channels : float32 (N, K, C)
        The weight at the term's channel, 0 at all others.
    rows, columns : int32 (N, K)
        Where; `EVERYWHERE` for the mean.
    energy : float32 (N,)
    alike : float32 (N, N)
        Of two different pictures, 1 where they have the same objective, divided by their number:
        the pairs that diversity drives apart.
    """

    channels: FloatArray
    rows: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    energy: FloatArray
    alike: FloatArray


def as_objectives(filters: Sequence[int | Objective]) -> tuple[Objective, ...]:
    """Return objectives as they are, and the channel's for every whole number.

    Raises
    ------
    ValueError
        If there are none, or one is neither.
    """
    found = tuple(
        item if isinstance(item, Objective) else channel(require_whole(item, "filters", low=0))
        for item in filters
    )
    if not found:
        raise ValueError("filters must name one filter or more, but is empty.")
    return found


def objective_arrays(
    objectives: Sequence[Objective], map_shape: tuple[int, int, int]
) -> ObjectiveArrays:
    """Write objectives down as arrays.

    Parameters
    ----------
    objectives : sequence of Objective
        N of them.
    map_shape : (int, int, int)
        Height, width and channels of the layer's map for the pictures' size.

    Raises
    ------
    ValueError
        If an objective asks for nothing, or for a channel or place that the layer does not have.
    """
    height, width, num_channels = map_shape
    num_terms = max(1, *(len(objective.terms) for objective in objectives))
    shape = (len(objectives), num_terms)
    channels = np.zeros((*shape, num_channels), np.float32)
    rows = np.full(shape, EVERYWHERE, np.int32)
    columns = np.full(shape, EVERYWHERE, np.int32)
    for picture, objective in enumerate(objectives):
        _require_something(objective)
        for index, term in enumerate(objective.terms):
            require_whole(term.channel, "filters", low=0, high=num_channels - 1)
            require_whole(term.row, "row", low=EVERYWHERE, high=height - 1)
            require_whole(term.column, "column", low=EVERYWHERE, high=width - 1)
            channels[picture, index, term.channel] = term.weight
            rows[picture, index], columns[picture, index] = term.row, term.column
    energy = np.array([objective.energy for objective in objectives], np.float32)
    return ObjectiveArrays(channels, rows, columns, energy, _alike(objectives))


def _require_something(objective: Objective) -> None:
    weights = [*(term.weight for term in objective.terms), objective.energy]
    if not any(weights) or not np.isfinite(weights).all():
        raise ValueError(
            "filters must ask for something with finite weights, "
            f"but one came as {objective!r}. Give it a term whose weight is not zero."
        )


def _alike(objectives: Sequence[Objective]) -> FloatArray:
    pairs = [[float(first == second) for second in objectives] for first in objectives]
    others = np.array(pairs, np.float32) - np.eye(len(objectives), dtype=np.float32)
    return np.asarray(others / np.maximum(others.sum(1, keepdims=True), 1), np.float32)
