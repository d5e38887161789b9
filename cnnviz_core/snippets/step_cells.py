"""What the programs of the step-by-step page share: grids and kernels as code, and how they end."""

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.snippets.pictures import show_maps
from cnnviz_core.snippets.program import Cell, Program, check, literal, tolerance

Amounts = tuple[tuple[int, int], tuple[int, int]]


def program(
    title: str, cells: list[Cell], result: FloatArray, picture: Cell | None = None
) -> Program:
    """Return the program whose cells make `result`; it ends in the strongest value.

    `picture` shows it, by default as maps.
    """
    place = tuple(map(int, np.unravel_index(int(np.abs(result).argmax()), result.shape)))
    ends = check("result", result.shape, place, float(result[place]), tolerance(result))
    num_maps = result.shape[2] if result.ndim == 3 else 1
    return Program(
        name="step_by_step",
        title=title,
        imports=("import numpy as np",),
        cells=(*cells, ends),
        picture=show_maps("result", num_maps) if picture is None else picture,
    )


def spans(window: tuple[int, int], stride: int, dilation: int = 1) -> str:
    """Return, as code, the rows and columns under a window that stands at `row` and `column`.

    >>> spans((2, 3), 1)
    'row : row + 2, column : column + 3'
    >>> spans((2, 1), 3, 2)
    '3 * row : 3 * row + 3 : 2, 3 * column : 3 * column + 1 : 2'
    """
    gap = f" : {dilation}" if dilation > 1 else ""
    factor = f"{stride} * " if stride > 1 else ""
    return ", ".join(
        f"{factor}{place} : {factor}{place} + {dilation * (side - 1) + 1}{gap}"
        for place, side in zip(("row", "column"), window, strict=True)
    )


def grid(sentence: str, name: str, values: FloatArray) -> Cell:
    """Return the cell that gives a grid (H, W) its name."""
    return Cell(sentence, f"{name} = np.array(\n    {literal(values, indent=4)}\n)")


def channels(values: FloatArray) -> Cell:
    """Return the cell that gives `grid`, the channels (H, W, C)."""
    if values.shape[2] == 1:
        written = literal(values[..., 0], indent=4)
        return Cell(
            "The input; its channel comes last.",
            f"grid = np.array(\n    {written}\n)[..., np.newaxis]",
        )
    grids = ",\n    ".join(literal(values[..., one], indent=4) for one in range(values.shape[2]))
    return Cell(
        "The input, channel by channel; channels come last.",
        f"grid = np.stack([\n    {grids},\n], axis=-1)",
    )


def kernels(values: FloatArray) -> Cell:
    """Return the cell that gives `kernels`, (kh, kw, channels of a filter, F)."""
    height, width, num_read, num_filters = values.shape
    filters = ",\n    ".join(
        literal(values[..., channel, index], indent=4)
        for index in range(num_filters)
        for channel in range(num_read)
    )
    shape = f"({num_filters}, {num_read}, {height}, {width})"
    return Cell(
        "The kernels: for each filter f one for each channel that it reads; then "
        "kernels[row, column, channel, f].",
        f"kernels = np.array([\n    {filters},\n]).reshape{shape}\n"
        "kernels = kernels.transpose(2, 3, 1, 0)",
    )


def zeros_around(amounts: Amounts, *, has_channels: bool) -> list[Cell]:
    """Return the cell that pads `grid` with zeros; none where there is no padding."""
    if not any(map(any, amounts)):
        return []
    last = ", (0, 0)" if has_channels else ""
    code = f"grid = np.pad(grid, ({amounts[0]}, {amounts[1]}{last}))"
    return [Cell("Padding: zeros around the grid.", code)]


def nothing_around(amounts: Amounts, *, has_channels: bool) -> list[Cell]:
    """Return the cell that pads `grid` with what does not count; none where there is no padding."""
    if not any(map(any, amounts)):
        return []
    last = ", (0, 0)" if has_channels else ""
    around = f"({amounts[0]}, {amounts[1]}{last})"
    return [
        Cell(
            "Windows reach over the edge; what lies there, no numbers, does not count.",
            f"grid = np.pad(grid.astype(float), {around}, constant_values=np.nan)",
        )
    ]


def cut_to(start: tuple[int, int], sides: tuple[int, int], canvas: tuple[int, int]) -> list[Cell]:
    """Return the cell that cuts padding off `result`, which fills a canvas; none if it has none."""
    if canvas == sides:
        return []
    rows, columns = (f"{first}:{first + side}" for first, side in zip(start, sides, strict=True))
    return [Cell("Padding is cut away at each side.", f"result = result[{rows}, {columns}]")]
