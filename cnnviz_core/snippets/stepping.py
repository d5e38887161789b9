"""The programs of the step-by-step page: loops over the places of a window, as one reads them."""

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.pooling import PoolMode
from cnnviz_core.layers.windows import Padding, pad_amounts
from cnnviz_core.snippets.pictures import show_maps
from cnnviz_core.snippets.program import Cell, Program, check, literal, tolerance


def convolution(
    channels: FloatArray,
    kernels: FloatArray,
    biases: FloatArray | None,
    result: FloatArray,
    *,
    stride: int,
    padding: Padding,
    dilation: int,
    groups: int,
) -> Program:
    """Write the program of a convolution, stop by stop.

    Parameters
    ----------
    channels : float32 (H, W, C)
    kernels : float32 (kh, kw, C / groups, F)
    biases : float32 (F,) or None
    result : float32 (H', W', F)
    stride, padding, dilation, groups
        As in `stepping.gathering.convolve`.
    """
    amounts = [
        pad_amounts(size, side, stride, padding, dilation)
        for size, side in zip(channels.shape[:2], kernels.shape[:2], strict=True)
    ]
    cells = [_channels(channels), _kernels(kernels)]
    if any(map(any, amounts)):
        cells.append(
            Cell(
                "Padding: zeros around the grid.",
                f"grid = np.pad(grid, ({amounts[0]}, {amounts[1]}, (0, 0)))",
            )
        )
    added = "" if biases is None else " + biases[f]"
    first = "" if biases is None else f"biases = {literal(biases)}\n"
    num_read, num_filters = kernels.shape[2:]
    read = ":" if groups == 1 else f"f // {num_filters // groups} * {num_read} :"
    limit = "" if groups == 1 else f"[..., :{num_read}]"
    spans = [dilation * (side - 1) + 1 for side in kernels.shape[:2]]
    gap = f" : {dilation}" if dilation > 1 else ""
    rows, columns = (
        f"{step} : {step} + {reach}{gap}" for step, reach in zip(_steps(stride), spans, strict=True)
    )
    cells.append(
        Cell(
            "At each place and for each filter: window times kernel, added up. The kernel is not "
            "flipped (Dumoulin and Visin, 2016, chapter 2).",
            f"{first}result = np.zeros({result.shape})\n"
            "for row, column, f in np.ndindex(result.shape):\n"
            f"    window = grid[{rows}, {columns}, {read}]{limit}\n"
            f"    result[row, column, f] = (window * kernels[..., f]).sum(){added}",
        )
    )
    return _program("Convolution, stop by stop.", cells, result)


def pooling(
    channels: FloatArray, result: FloatArray, *, size: int, stride: int, mode: PoolMode
) -> Program:
    """Write the program of pooling without padding, stop by stop; both float32 (H, W, C)."""
    rows, columns = (f"{step} : {step} + {size}" for step in _steps(stride))
    keep = "max" if mode == "max" else "mean"
    what = "the largest number" if mode == "max" else "the mean"
    loop = Cell(
        f"At each place {what} of the window is kept, channel by channel.",
        f"result = np.zeros({result.shape})\n"
        "for row, column in np.ndindex(result.shape[:2]):\n"
        f"    window = grid[{rows}, {columns}]\n"
        f"    result[row, column] = window.{keep}(axis=(0, 1))",
    )
    return _program("Pooling, stop by stop.", [_channels(channels), loop], result)


def transposed(
    grid: FloatArray, kernel: FloatArray, result: FloatArray, *, stride: int, padding: int
) -> Program:
    """Write the program of a transposed convolution: each cell paints the kernel.

    Parameters
    ----------
    grid : float32 (H, W)
    kernel : float32 (kh, kw)
    result : float32 (H', W')
    stride, padding
        As in `stepping.scattering.transpose`.
    """
    rows, columns = (
        f"{step} : {step} + {side}" for step, side in zip(_steps(stride), kernel.shape, strict=True)
    )
    height, width = (
        max(stride * (size - 1) + side, padding + end)
        for size, side, end in zip(grid.shape, kernel.shape, result.shape, strict=True)
    )
    cells = [
        Cell("The input.", f"grid = np.array(\n    {literal(grid, indent=4)}\n)"),
        Cell("The kernel.", f"kernel = np.array(\n    {literal(kernel, indent=4)}\n)"),
        Cell(
            "Each cell paints the kernel, as strong as it is; what overlaps adds up (Dumoulin and "
            "Visin, 2016, chapter 4).",
            f"result = np.zeros({(height, width)})\n"
            "for row, column in np.ndindex(grid.shape):\n"
            f"    result[{rows}, {columns}] += grid[row, column] * kernel",
        ),
    ]
    if (height, width) != result.shape:
        bottom, right = (padding + side for side in result.shape)
        cells.append(
            Cell(
                "Padding is cut away at each side.",
                f"result = result[{padding}:{bottom}, {padding}:{right}]",
            )
        )
    return _program("Transposed convolution, stop by stop.", cells, result)


def _program(title: str, cells: list[Cell], result: FloatArray) -> Program:
    place = tuple(map(int, np.unravel_index(int(np.abs(result).argmax()), result.shape)))
    ends = check("result", result.shape, place, float(result[place]), tolerance(result))
    num_maps = result.shape[2] if result.ndim == 3 else 1
    return Program(
        name="step_by_step",
        title=title,
        imports=("import numpy as np",),
        cells=(*cells, ends),
        picture=show_maps("result", num_maps),
    )


def _steps(stride: int) -> tuple[str, str]:
    return ("row", "column") if stride == 1 else (f"{stride} * row", f"{stride} * column")


def _channels(channels: FloatArray) -> Cell:
    if channels.shape[2] == 1:
        written = literal(channels[..., 0], indent=4)
        return Cell(
            "The input; its channel comes last.",
            f"grid = np.array(\n    {written}\n)[..., np.newaxis]",
        )
    grids = ",\n    ".join(
        literal(channels[..., one], indent=4) for one in range(channels.shape[2])
    )
    return Cell(
        "The input, channel by channel; channels come last.",
        f"grid = np.stack([\n    {grids},\n], axis=-1)",
    )


def _kernels(kernels: FloatArray) -> Cell:
    height, width, num_read, num_filters = kernels.shape
    filters = ",\n    ".join(
        literal(kernels[..., channel, index], indent=4)
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
