"""The program of the convolution page: kernels, and how they slide over the picture."""

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.kernels import KernelChoice, NamedKernel, RandomKernels, make_kernels
from cnnviz_core.layers.windows import Padding
from cnnviz_core.snippets import named_kernels, pictures
from cnnviz_core.snippets.program import Cell, Program, check, literal, tolerance
from cnnviz_core.snippets.sliding import RANDOM, random_kernels, slide_cells


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
        make_kernels(choice).shape[:2],
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
    drawn = Cell(
        RANDOM, random_kernels(choice.size, choice.num_filters, num_read, str(choice.seed))
    )
    if choice.groups == 1:
        return (drawn,)
    of_each = choice.num_filters // choice.groups
    return drawn, Cell(
        "Depthwise: each filter reads one color alone; for the other two its weights are zero.",
        f"kernels = kernels * np.kron(np.eye({choice.groups}), np.ones((1, {of_each})))",
    )
