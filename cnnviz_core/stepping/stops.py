"""One stop of an operation on small grids: what is read, what is written, and how it is computed.

Every operation describes its stops by these records, and one drawing shows them all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_whole

Look = Literal[
    "plain", "padding", "window", "window_padding", "current", "kernel", "done", "to_come"
]
# Of `Look`s, as strings.
Looks = npt.NDArray[Any]
Name = (
    Literal["input", "kernel", "filter", "result", "times", "mean", "variance"]
    | Literal["gradient", "kernel_gradient", "input_gradient"]
    | Literal["convolved", "rectified", "pooled"]
    | Literal["convolved_gradient", "rectified_gradient", "pooled_gradient"]
)

# What stands in a cell without a number.
BLANK = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A grid of numbers on screen.

    Attributes
    ----------
    name : Name
        What it is.
    values : float32 (H, W)
        NaN where there is no number to show.
    looks : str (H, W)
        How each cell looks, a `Look`.
    inside : (int, int)
        Rows and columns without padding.
    index : int or None
        Which channel or filter, from 0, where there are several.
    corners : float32 (H, W) or None
        Numbers that stand small in the corners, after `corner_sign`; NaN where none does.
    frame : (int, int, int, int) or None
        Top, left, height and width of what a window spans, with the cells that dilation leaves out.
    among : float32, of any shape
        All numbers that a cell may hold at any stop: they share one size of letters.
    """

    name: Name
    values: FloatArray
    looks: Looks
    inside: tuple[int, int]
    index: int | None = None
    corners: FloatArray | None = None
    corner_sign: Literal["×", "+"] = "×"
    frame: tuple[int, int, int, int] | None = None
    among: FloatArray | None = None

    @property
    def middle(self) -> tuple[float, float] | None:
        """The middle of what a window spans, in cells from the top left corner."""
        if self.frame is None:
            return None
        row, column, height, width = self.frame
        return row + height / 2, column + width / 2


@dataclass(frozen=True, slots=True)
class Term:
    """A number that is added up, and the weight that it is multiplied with; NaN for no number."""

    value: float
    weight: float | None = None
    look: Look = "window"


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """Numbers that become one: a sum, a mean, or the largest; or none, where `value` is None.

    `before`, `between` and `after` stand around the terms; `longest` is the longest of what may
    stand after them. A line has `per_line` terms. `values`, `weights` and `results` are all numbers
    that may stand there at any stop.
    """

    terms: tuple[Term, ...]
    value: float | None
    per_line: int
    values: FloatArray
    results: FloatArray
    weights: FloatArray | None = None
    before: str = ""
    between: str = "+"
    after: str = "="
    longest: str = "="
    look: Look = "current"


@dataclass(frozen=True, slots=True)
class Names:
    """What the grids are called: what is read, what it is multiplied with, what is written."""

    source: Name
    kernel: Name
    result: Name


FORWARDS = Names("input", "kernel", "result")


# A grid, or a sign between two.
Item = Grid | str


@dataclass(frozen=True, slots=True)
class Act:
    """Grids with signs between them, and what is computed from their marked cells."""

    items: tuple[Item, ...]
    sum: Sum | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """What happens at one stop.

    `parts` happen on channels of their own, and `whole` is what they come to. The cell that is
    written lies at `row` and `column`, from 0, of the grid `index`, and becomes `value`.
    """

    parts: tuple[Act, ...]
    whole: Act
    row: int
    column: int
    value: float
    index: int = 0

    @property
    def source(self) -> Grid:
        """The first grid, which is read."""
        return next(item for item in self.acts[0].items if isinstance(item, Grid))

    @property
    def acts(self) -> tuple[Act, ...]:
        """The parts and the whole."""
        return (*self.parts, self.whole)


@dataclass(frozen=True, slots=True)
class Walk:
    """All stops of an operation; `stop` gives one of them, counted from 0."""

    num_stops: int
    stop: Callable[[int], Stop]

    def at(self, position: int) -> Stop:
        """Return a stop; `ValueError` if there is none of this number."""
        return self.stop(require_whole(position, "position", low=0, high=self.num_stops - 1))


def results(walk: Walk) -> FloatArray:
    """Return what all stops of a walk write, one cell each: float32 (H, W, number of grids)."""
    stops = [walk.at(position) for position in range(walk.num_stops)]
    last = stops[-1]
    values = np.array([stop.value for stop in stops], np.float32)
    return values.reshape(last.row + 1, last.column + 1, last.index + 1)


def looks(shape: tuple[int, ...], look: Look) -> Looks:
    """Return cells that all look alike."""
    return np.full(shape, look, dtype="<U14")


def written(
    values: FloatArray,
    name: Name,
    num_done: int,
    current: int | None = None,
    index: int | None = None,
) -> Grid:
    """Return a result (H, W): the first cells, row by row, are done, and perhaps one is current."""
    order = np.arange(values.size).reshape(values.shape)
    shown = looks(values.shape, "to_come")
    shown[order < num_done] = "done"
    shown[order == current] = "current"
    known = np.where(shown == "to_come", np.float32(BLANK), values)
    return Grid(
        name=name, values=known, looks=shown, inside=_sides(values), index=index, among=values
    )


def apart(grids: Sequence[Grid]) -> tuple[Item, ...]:
    """Return grids with room between them."""
    return tuple(item for grid in grids for item in ("", grid))[1:]


def _sides(values: npt.NDArray[Any]) -> tuple[int, int]:
    height, width = values.shape
    return height, width
