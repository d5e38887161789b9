"""The program of the convolution page: kernels, and how they slide over the picture."""

import math

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.kernels import EditedKernel, KernelChoice, NamedKernel, RandomKernels
from cnnviz_core.layers.windows import Padding, pad_amounts
from cnnviz_core.snippets import named_kernels, pictures
from cnnviz_core.snippets.program import Cell, Program, check, literal, tolerance


def program(
    source: pictures.Source,
    choice: KernelChoice,
    maps: FloatArray,
    place: tuple[int, int, int],
    *,
    stride: int,
    padding: Padding,
    dilation: int,
) -> Program:
    """Write the program of a convolution.

    Parameters
    ----------
    source : pictures.Source
    choice : KernelChoice
    maps : float32 (H', W', filters)
        What the page shows.
    place : (int, int, int)
        The row, column and filter whose value the program asserts.
    stride, padding, dilation
        As in `layers.convolution.convolve`.
    """
    imports, load = pictures.load(source)
    kernel = _kernel_cells(choice)
    slide = slide_cells(
        (source.height, source.width),
        kernel_sides(choice),
        _product(choice),
        maps.shape[:2],
        stride=stride,
        padding=padding,
        dilation=dilation,
        image="gray" if _is_gray(choice) else "image",
    )
    shape, index = (maps.shape[:2], place[:2]) if _is_gray(choice) else (maps.shape, place)
    ends = check("maps", shape, index, float(maps[place]), tolerance(maps))
    return Program(
        name="convolution",
        title="A convolution: a small grid of weights slides over a picture.",
        imports=("import numpy as np", *imports, *kernel[0]),
        cells=(load, *kernel[1], *slide, ends),
        picture=pictures.show_maps("maps", maps.shape[2]),
    )


def kernel_sides(choice: KernelChoice) -> tuple[int, int]:
    """Return the rows and columns of the chosen kernels."""
    if isinstance(choice, EditedKernel):
        return len(choice.rows), len(choice.rows[0])
    return choice.size, choice.size


def random_kernels(size: int, num_filters: int, num_read: int, seed: int) -> str:
    """Return the code that draws `kernels` as `layers.kernels.random_kernels` does."""
    shape = f"({num_filters}, {size}, {size}, {num_read})"
    return (
        f"limit = np.sqrt(6 / ({size} * {size} * ({num_read} + {num_filters})))\n"
        f"numbers = np.random.default_rng({seed}).random({shape}, dtype=np.float32)\n"
        "kernels = np.moveaxis((2 * numbers - 1) * limit, 0, -1)"
    )


RANDOM = (
    "Random weights, as a layer has them before training: uniform in ±√(6 / (fan in + fan out)) "
    "(Glorot and Bengio, 2010, equation 16). Filters come last: kernels[row, column, channel, "
    "filter]."
)


def slide_cells(
    sides: tuple[int, int],
    window: tuple[int, int],
    product: str,
    result: tuple[int, ...],
    *,
    stride: int,
    padding: Padding,
    dilation: int,
    image: str = "image",
) -> tuple[Cell, ...]:
    """Return the cells that make `maps` of `image`, whose `sides` are rows and columns.

    `product` is what a weight at `i`, `j` does to `seen`, the pixels that it meets, as code;
    `result` are rows and columns of the result.
    """
    cells = []
    amounts = [
        pad_amounts(size, side, stride, padding, dilation)
        for size, side in zip(sides, window, strict=True)
    ]
    if any(map(any, amounts)):
        axes = "" if image == "gray" else ", (0, 0)"
        code = f"{image} = np.pad({image}, ({amounts[0]}, {amounts[1]}{axes}))"
        cells.append(Cell(_padded(padding, sides, stride), code))
    height, width = result
    ends = [stride * (count - 1) + 1 for count in (height, width)]
    step = f" : {stride}" if stride > 1 else ""
    starts = ["i", "j"] if dilation == 1 else [f"{dilation} * i", f"{dilation} * j"]
    rows, columns = (
        f"{start} : {start} + {end}{step}" for start, end in zip(starts, ends, strict=True)
    )
    cells.append(
        Cell(
            _slid(stride, dilation),
            "maps = 0\n"
            f"for i, j in np.ndindex({window[0]}, {window[1]}):\n"
            f"    seen = {image}[{rows}, {columns}]\n"
            f"    maps = maps + {product}",
        )
    )
    return tuple(cells)


def _padded(padding: Padding, sides: tuple[int, int], stride: int) -> str:
    if padding == "same":
        rows, columns = (math.ceil(size / stride) for size in sides)
        return (
            f"Padding “same”: as many zeros around the picture as make the result {rows} × "
            f"{columns}, the picture's size divided by the stride."
        )
    return (
        f"Padding: a ring of {padding} zeros around the picture."
        if padding != 1
        else ("Padding: a ring of zeros around the picture.")
    )


def _slid(stride: int, dilation: int) -> str:
    text = (
        "The weight in row i and column j meets the picture moved by i and j: "
        "y[r,c] = Σ w[i,j]·x[{row},{column}] (Goodfellow, Bengio and Courville, 2016, "
        "equation 9.6)."
    )
    factor = f"{stride}·" if stride > 1 else ""
    gap = f"{dilation}·" if dilation > 1 else ""
    said = text.format(row=f"{factor}r+{gap}i", column=f"{factor}c+{gap}j")
    if stride > 1:
        said += f" The stride: only every {_ordinal(stride)} row and column of the result is kept."
    if dilation > 1:
        said += f" The dilation: neighboring weights lie {dilation} pixels apart."
    return said


def _ordinal(count: int) -> str:
    return {2: "second", 3: "third"}.get(count, f"{count}th")


def _is_gray(choice: KernelChoice) -> bool:
    return not isinstance(choice, RandomKernels) and choice.colors == "brightness"


def _product(choice: KernelChoice) -> str:
    return "seen @ kernels[i, j]" if isinstance(choice, RandomKernels) else "kernel[i, j] * seen"


def _kernel_cells(choice: KernelChoice) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
    """Return imports and cells that give the weights, and the picture as they see it."""
    if isinstance(choice, RandomKernels):
        return (), _random_cells(choice)
    gray = Cell(
        "The kernel works on the brightness: the mean of the colors.", "gray = image.mean(axis=2)"
    )
    after = (gray,) if choice.colors == "brightness" else ()
    if isinstance(choice, NamedKernel):
        cell, imports = named_kernels.kernel_cell(choice)
        return imports, (cell, *after)
    rows = np.asarray(choice.rows, np.float32)
    code = f"kernel = np.array(\n    {literal(rows, indent=4)}\n)"
    return (), (Cell("The weights, written by hand.", code), *after)


def _random_cells(choice: RandomKernels) -> tuple[Cell, ...]:
    num_read = 3 // choice.groups
    drawn = Cell(RANDOM, random_kernels(choice.size, choice.num_filters, num_read, choice.seed))
    if choice.groups == 1:
        return (drawn,)
    of_each = choice.num_filters // choice.groups
    return drawn, Cell(
        "Depthwise: each filter reads one color alone; for the other two its weights are zero.",
        f"kernels = kernels * np.kron(np.eye({choice.groups}), np.ones((1, {of_each})))",
    )
