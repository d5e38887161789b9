"""Grids of numbers as people type them: read, checked, and written again."""

import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_real

# More cells than this on a side could not be read from the back row of a classroom.
GRID_LIMIT = 12
# Four digits are what a drawn cell has room for.
LARGEST_VALUE = 9999

# So many characters have room for the largest grid of the longest fractions. The time that parting
# values takes grows with the square of a blank's length.
MAX_LENGTH = 6_000
# Of a value that is no number, a message repeats so many characters.
_LONGEST_QUOTE = 40

# A comma or a tab may have spaces around it; two of them in a row leave a blank between.
_SEPARATOR = re.compile(r"\s*,\s*| *\t *| +")


def parse_grid(text: str, *, name: str = "The grid", limit: int = GRID_LIMIT) -> FloatArray:
    """Read a grid that a person typed.

    Parameters
    ----------
    text : str
        A row on each line, or rows parted by semicolons; values parted by spaces, commas or tabs.
        Fractions such as 1/9 are welcome. Empty lines are skipped.
    name : str
        What the grid is called at the start of a message.
    limit : int
        The largest number of rows, and of columns.

    Returns
    -------
    float32 (H, W)
        Finite, from −9999 to 9999.

    Raises
    ------
    ValueError
        If there is no value, a value is blank, not a number or too large, or the rows are too many,
        too long or of different lengths, or the text is longer than `MAX_LENGTH`. The message names
        the row and the column, from 1.

    Examples
    --------
    >>> parse_grid("1 0 -1; 1/2, 0, -1/2")
    array([[ 1. ,  0. , -1. ],
           [ 0.5,  0. , -0.5]], dtype=float32)
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"{name} has {len(text):,} characters. Use at most {MAX_LENGTH:,}.")
    lines = [line.strip(" ") for line in re.split(r"[\n\r;]", text.replace("\u00a0", " "))]
    rows = [_SEPARATOR.split(line) for line in lines if line.strip()]
    if not rows:
        raise ValueError(f"{name} is empty. Type a row of numbers, for example 1 0 1.")
    if len(rows) > limit:
        raise ValueError(f"{name} has {len(rows)} rows. Use at most {limit}.")
    return np.array(
        [_parse_row(row, f"{name}, row {i}", len(rows[0]), limit) for i, row in enumerate(rows, 1)],
        dtype=np.float32,
    )


def format_grid(grid: npt.ArrayLike) -> str:
    r"""Write a grid as text that `parse_grid` reads back to the very same values.

    Raises
    ------
    ValueError
        If `grid` is not a grid of finite numbers.

    Examples
    --------
    >>> format_grid([[1, 0.5], [-2, 0]])
    '1 0.5\n-2 0'
    """
    return "\n".join(
        " ".join(str(value).removesuffix(".0") for value in row) for row in as_grid(grid, "grid")
    )


def as_grid(values: npt.ArrayLike, name: str) -> FloatArray:
    """Check that `values` are finite numbers in rows and columns, and return float32 (H, W)."""
    array: npt.NDArray[Any] = np.asarray(values)
    require_real(array, name)
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(
            f"{name} must have rows and columns, but came with the shape {array.shape}."
        )
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must hold finite numbers, but has NaN or infinity in it.")
    return array.astype(np.float32)


def _parse_row(row: list[str], where: str, expected: int, limit: int) -> list[float]:
    if len(row) > limit:
        raise ValueError(f"{where} has {len(row)} columns. Use at most {limit}.")
    values = [_parse_value(cell, f"{where}, column {j}") for j, cell in enumerate(row, 1)]
    if len(values) != expected:
        raise ValueError(
            f"{where} has length {len(values)}, but row 1 has length {expected}. "
            "Give every row the same number of values."
        )
    return values


def _parse_value(text: str, where: str) -> float:
    if not text:
        raise ValueError(f"{where} is blank. Type a number, for example 0.")
    quote = text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
    numerator, slash, denominator = text.replace("\N{MINUS SIGN}", "-").partition("/")
    try:
        value = float(numerator) / (float(denominator) if slash else 1.0)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{where}: “{quote}” is not a number.") from None
    if not math.isfinite(value):
        raise ValueError(f"{where}: “{quote}” is not a finite number.")
    if abs(value) > LARGEST_VALUE:
        raise ValueError(f"{where}: {quote} is too large. Use −{LARGEST_VALUE} to {LARGEST_VALUE}.")
    return value
