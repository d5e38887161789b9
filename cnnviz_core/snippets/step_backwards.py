"""The programs of the step-by-step page, backwards: how a layer hands a gradient back."""

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.windows import Padding, pad_amounts, span
from cnnviz_core.snippets import step_cells as cells
from cnnviz_core.snippets.program import Cell, Program
from cnnviz_core.stepping.chain import POOL_SIZE

UPSTREAM = "By how much the loss grows with each cell of the layer's result: ∂L/∂y."


def kernel_gradient(
    grid: FloatArray,
    gradient: FloatArray,
    result: FloatArray,
    *,
    stride: int,
    padding: Padding,
) -> Program:
    """Write the program of what a convolution hands back to its kernel.

    Parameters
    ----------
    grid : float32 (H, W)
    gradient : float32 (H', W')
        That of the layer's result.
    result : float32 (kh, kw)
    stride, padding
        As in `stepping.backwards.kernel_gradient`.
    """
    around = _amounts(grid, _sides(result), stride, padding)
    reach = [span(size, stride) for size in gradient.shape]
    step = f" : {stride}" if stride > 1 else ""
    rows, columns = (
        f"{place} : {place} + {end}{step}" for place, end in zip("ij", reach, strict=True)
    )
    summed = Cell(
        "Each weight w[i, j] met the cells of the input that lie i and j from the places of the "
        "window: these times their gradients, added up (Goodfellow, Bengio and Courville, 2016, "
        "section 9.5).",
        f"result = np.zeros({result.shape})\n"
        "for i, j in np.ndindex(result.shape):\n"
        f"    met = grid[{rows}, {columns}]\n"
        "    result[i, j] = (met * gradient).sum()",
    )
    return cells.program(
        "Backwards: from a convolution to its kernel.",
        [
            cells.grid("The input.", "grid", grid),
            cells.grid(UPSTREAM, "gradient", gradient),
            *cells.zeros_around(around, has_channels=False),
            summed,
        ],
        result,
    )


def input_gradient(
    kernel: FloatArray,
    gradient: FloatArray,
    result: FloatArray,
    *,
    stride: int,
    padding: Padding,
) -> Program:
    """Write the program of what a convolution hands back to its input.

    Parameters
    ----------
    kernel : float32 (kh, kw)
    gradient : float32 (H', W')
        That of the layer's result.
    result : float32 (H, W)
    stride, padding
        As in `stepping.backwards.input_gradient`.
    """
    around = _amounts(result, _sides(kernel), stride, padding)
    canvas = _canvas(result, around)
    painted = Cell(
        "Each cell of the result paints the kernel back on what it came from, as strong as its "
        "gradient is; what overlaps adds up (Goodfellow, Bengio and Courville, 2016, section "
        "9.5).",
        f"result = np.zeros({canvas})\n"
        "for row, column in np.ndindex(gradient.shape):\n"
        f"    place = np.s_[{cells.spans(_sides(kernel), stride)}]\n"
        "    result[place] += gradient[row, column] * kernel",
    )
    return cells.program(
        "Backwards: from a convolution to its input.",
        [
            cells.grid("The kernel.", "kernel", kernel),
            cells.grid(UPSTREAM, "gradient", gradient),
            painted,
            *cells.cut_to((around[0][0], around[1][0]), _sides(result), canvas),
        ],
        result,
    )


def pooling_gradient(
    grid: FloatArray,
    gradient: FloatArray,
    result: FloatArray,
    *,
    size: int,
    stride: int,
    mode: PoolMode,
    padding: PoolPadding,
) -> Program:
    """Write the program of what pooling hands back to its input.

    Parameters
    ----------
    grid, result : float32 (H, W)
    gradient : float32 (H', W')
        That of the layer's result.
    size, stride, mode, padding
        As in `stepping.backwards.pooling_gradient`.
    """
    around = _amounts(grid, (size, size), stride, padding)
    canvas = _canvas(grid, around)
    is_padded = any(map(any, around))
    if mode == "max":
        sentence = "Of each window, the largest cell takes all; of equals, the first."
        argmax = "np.nanargmax(window)" if is_padded else "window.argmax()"
        taken = f"    taken = np.arange(window.size).reshape(window.shape) == {argmax}\n"
    else:
        sentence = "All cells of a window that counted take the same share."
        taken = "    taken = np.isfinite(window)\n"
    handed = Cell(
        f"{sentence} What windows share adds up.",
        f"result = np.zeros({canvas})\n"
        "for row, column in np.ndindex(gradient.shape):\n"
        f"    place = np.s_[{cells.spans((size, size), stride)}]\n"
        "    window = grid[place]\n"
        f"{taken}"
        "    result[place] += taken * gradient[row, column] / taken.sum()",
    )
    return cells.program(
        "Backwards: from pooling to its input.",
        [
            cells.grid("The input.", "grid", grid),
            cells.grid(UPSTREAM, "gradient", gradient),
            *cells.nothing_around(around, has_channels=False),
            handed,
            *cells.cut_to((around[0][0], around[1][0]), _sides(grid), canvas),
        ],
        result,
    )


def chain(grid: FloatArray, kernel: FloatArray, pooled: FloatArray, result: FloatArray) -> Program:
    """Write the program of `stepping.chain.chain`, there and back.

    Parameters
    ----------
    grid : float32 (H, W)
    kernel, result : float32 (kh, kw)
        The kernel, and its gradient.
    pooled : float32 (H', W')
    """
    there = Cell(
        "There: the convolution, then ReLU.",
        "slide = np.lib.stride_tricks.sliding_window_view\n"
        "windows = slide(grid, kernel.shape)\n"
        "convolved = (windows * kernel).sum(axis=(2, 3))\n"
        "rectified = np.maximum(convolved, 0)",
    )
    turn = Cell(
        f"Maximum pooling by windows of {POOL_SIZE} × {POOL_SIZE}. The loss is the sum of what it "
        "keeps, so each largest cell has a gradient of 1, and all others of 0.",
        f"pooled = np.zeros({pooled.shape})\n"
        "of_rectified = np.zeros(rectified.shape)\n"
        "for row, column in np.ndindex(pooled.shape):\n"
        f"    place = np.s_[{cells.spans((POOL_SIZE, POOL_SIZE), POOL_SIZE)}]\n"
        "    window = rectified[place]\n"
        "    pooled[row, column] = window.max()\n"
        "    of_rectified[place].flat[window.argmax()] = 1\n"
        "loss = pooled.sum()",
    )
    back = Cell(
        "Back: ReLU lets the gradient pass where its input was above zero; each weight adds up "
        "what it met, times the gradients there (the chain rule; Goodfellow, Bengio and "
        "Courville, 2016, section 6.5).",
        "of_convolved = np.where(convolved > 0, of_rectified, 0)\n"
        'result = np.einsum("rcij,rc->ij", windows, of_convolved)',
    )
    return cells.program(
        "There and back: a small network, and the gradient of its kernel.",
        [
            cells.grid("The input.", "grid", grid),
            cells.grid("The kernel.", "kernel", kernel),
            *(there, turn, back),
        ],
        result,
    )


def _amounts(
    grid: FloatArray, window: tuple[int, int], stride: int, padding: Padding
) -> cells.Amounts:
    rows, columns = (
        pad_amounts(size, side, stride, padding)
        for size, side in zip(grid.shape, window, strict=True)
    )
    return rows, columns


def _canvas(grid: FloatArray, around: cells.Amounts) -> tuple[int, int]:
    """Return the sides of a grid with its padding."""
    rows, columns = (size + sum(amount) for size, amount in zip(grid.shape, around, strict=True))
    return rows, columns


def _sides(values: FloatArray) -> tuple[int, int]:
    return values.shape[0], values.shape[1]
