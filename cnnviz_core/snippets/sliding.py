"""Code for kernels that slide over a picture or over maps."""

import math

from cnnviz_core.layers.windows import Padding, pad_amounts
from cnnviz_core.snippets.program import Cell


def random_kernels(size: int, num_filters: int, num_read: int, seed: str) -> str:
    """Return the code that draws `kernels` as `layers.kernels.random_kernels` does.

    `seed` is code, too: a number, or a name.
    """
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
    maps: str = "maps",
) -> tuple[Cell, ...]:
    """Return the cells that make `maps` of `image`, whose `sides` are rows and columns.

    `product` is what a weight at `i`, `j` does to `seen`, the pixels that it meets, as code;
    `result` are rows and columns of the result; `image` and `maps` are names.
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
            f"{maps} = 0\n"
            f"for i, j in np.ndindex({window[0]}, {window[1]}):\n"
            f"    seen = {image}[{rows}, {columns}]\n"
            f"    {maps} = {maps} + {product}",
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
