"""A program in a few cells, each one thought, as a script and as a notebook."""

import math
import textwrap
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# What a line of the drawer holds, so that it is read without scrolling sideways.
WIDTH = 80


@dataclass(frozen=True, slots=True)
class Cell:
    """One thought: a sentence, and the lines that do what it says."""

    sentence: str
    code: str


@dataclass(frozen=True, slots=True)
class Program:
    """A program that computes what a page shows.

    Attributes
    ----------
    name : str
        Of its file, without an ending.
    title : str
        What it does, in a line.
    imports : tuple of str
        Lines, sorted when they are written.
    cells : tuple of Cell
        The last one asserts the result's shape and one of its values.
    picture : Cell
        Shows the result by matplotlib, as `plt`; a notebook ends with it.
    """

    name: str
    title: str
    imports: tuple[str, ...]
    cells: tuple[Cell, ...]
    picture: Cell


def as_script(program: Program) -> str:
    r"""Return a program as a Python file, its sentences as comments.

    Examples
    --------
    >>> cell = Cell("Half of them.", "half = math.pi / 2")
    >>> print(as_script(Program("pi", "Half of π.", ("import math",), (cell,), cell)))
    # Half of π.
    import math
    <BLANKLINE>
    # Half of them.
    half = math.pi / 2
    <BLANKLINE>
    """
    parts = [_commented(program.title) + "\n" + _imports(program.imports)]
    parts += [f"{_commented(cell.sentence)}\n{cell.code}" for cell in program.cells]
    return "\n\n".join(parts) + "\n"


def as_notebook(program: Program) -> str:
    """Return a program as a Jupyter notebook in format 4.5, which ends with the picture.

    Raises
    ------
    nbformat.ValidationError
        Never for a program of ours: notebooks are validated before they leave.
    """
    import nbformat  # takes longer to import than a page to draw

    first = _imports((*program.imports, "import matplotlib.pyplot as plt"))
    cells = [nbformat.v4.new_markdown_cell(f"# {program.title}"), nbformat.v4.new_code_cell(first)]
    for cell in (*program.cells, program.picture):
        cells.append(nbformat.v4.new_markdown_cell(cell.sentence))
        cells.append(nbformat.v4.new_code_cell(cell.code))
    for number, one in enumerate(cells):
        # The same program is the same file.
        one["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return text


def literal(values: npt.ArrayLike, indent: int = 0) -> str:
    """Return an array as code, a row a line; numbers as short as they can be and still the same.

    Parameters
    ----------
    values : array_like of one or two axes
    indent : int
        Of all lines but the first.

    Examples
    --------
    >>> print(literal([[1, 0.5], [-2, 0]], indent=4))
    [[1, 0.5],
         [-2, 0]]
    """
    array = np.asarray(values, np.float32)
    if array.ndim == 1:
        return f"[{', '.join(map(number, array))}]"
    rows = [literal(row) for row in array]
    return "[" + (",\n" + " " * (indent + 1)).join(rows) + "]"


def number(value: float) -> str:
    """Return a float32 as the shortest code that gives it.

    >>> number(np.float32(0.1)), number(3.0), number(-0.0)
    ('0.1', '3', '0')
    """
    if float(value).is_integer() and abs(value) < 1e7:
        return str(int(value))
    return str(np.float32(value))


def tolerance(values: npt.ArrayLike) -> str:
    """Return, as code, how far a value may be off that was summed up in another order.

    A millionth of the largest of those it stands among, rounded up to a power of ten.

    >>> tolerance([0.2, -300]), tolerance([0])
    ('1e-03', '1e-06')
    """
    reach = float(np.abs(values).max()) or 1.0
    return f"1e{math.ceil(math.log10(1e-6 * reach) - 1e-9):03d}"


def check(
    name: str, shape: tuple[int, ...], index: tuple[int, ...], value: float, within: str
) -> Cell:
    """Return the cell that a program ends in: its result's shape, and one value of the page.

    >>> print(check("maps", (3, 4), (0, 1), 0.5, "1e-06").code)
    assert maps.shape == (3, 4)
    assert np.isclose(maps[0, 1], 0.5, atol=1e-06)
    """
    place = ", ".join(map(str, index))
    return Cell(
        "The shape, and one value, as the page shows them.",
        f"assert {name}.shape == {shape}\n"
        f"assert np.isclose({name}[{place}], {number(value)}, atol={within})",
    )


def _imports(lines: tuple[str, ...]) -> str:
    """Sort imports as is usual: the standard library first, then the others."""
    standard = sorted({one for one in lines if one.split()[1].split(".")[0] in _STANDARD})
    others = sorted(set(lines) - set(standard), key=lambda one: (one.startswith("from"), one))
    return "\n\n".join("\n".join(part) for part in (standard, others) if part)


_STANDARD = {"importlib", "math"}


def _commented(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="# ", subsequent_indent="# ")
