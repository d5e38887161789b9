"""The programs of the step-by-step page, forwards: loops over the places of a window."""

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.windows import Padding, pad_amounts
from cnnviz_core.snippets import step_cells as cells
from cnnviz_core.snippets.program import Cell, Program, literal


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
    around = _amounts(channels, kernels.shape[:2], stride, padding, dilation)
    added = "" if biases is None else " + biases[f]"
    first = "" if biases is None else f"biases = {literal(biases)}\n"
    loop = Cell(
        "At each place and for each filter: window times kernel, added up. The kernel is not "
        "flipped (Dumoulin and Visin, 2016, chapter 2).",
        first + _loop("result", result.shape, kernels, stride, dilation, groups, added),
    )
    return cells.program(
        "Convolution, stop by stop.",
        [
            cells.channels(channels),
            cells.kernels(kernels),
            *cells.zeros_around(around, has_channels=True),
            loop,
        ],
        result,
    )


def separable(
    channels: FloatArray,
    kernels: FloatArray,
    mixing: FloatArray,
    result: FloatArray,
    *,
    stride: int,
    padding: Padding,
) -> Program:
    """Write the program of a depthwise convolution and a pointwise one after it.

    Parameters
    ----------
    channels : float32 (H, W, C)
    kernels : float32 (kh, kw, 1, C)
    mixing : float32 (F, C)
    result : float32 (H', W', F)
    stride, padding
        Of the depthwise convolution, as in `stepping.gathering.convolve`.
    """
    around = _amounts(channels, kernels.shape[:2], stride, padding, 1)
    num_channels = channels.shape[2]
    shape = (*result.shape[:2], num_channels)
    loop = Cell(
        "First act, depthwise: each channel is convolved alone, by the kernel of its own.",
        _loop("depthwise", shape, kernels, stride, 1, num_channels, ""),
    )
    mixed = Cell(
        "Second act, pointwise: at each place every filter, a row of weights, mixes the channels "
        "(Chollet, “Xception”, 2017).",
        f"mixing = np.array(\n    {literal(mixing, indent=4)}\n)\nresult = depthwise @ mixing.T",
    )
    return cells.program(
        "Depthwise, then pointwise convolution.",
        [
            cells.channels(channels),
            cells.kernels(kernels),
            *cells.zeros_around(around, has_channels=True),
            loop,
            mixed,
        ],
        result,
    )


def pooling(
    channels: FloatArray,
    result: FloatArray,
    *,
    size: int,
    stride: int,
    mode: PoolMode,
    padding: PoolPadding,
) -> Program:
    """Write the program of pooling, stop by stop.

    Parameters
    ----------
    channels : float32 (H, W, C)
    result : float32 (H', W', C)
    size, stride, mode, padding
        As in `layers.pooling.pool`.
    """
    around = _amounts(channels, (size, size), stride, padding, 1)
    keep = {"max": "max", "average": "mean"}[mode]
    kept = f"window.{keep}(axis=(0, 1))"
    if any(map(any, around)):
        kept = f"np.nan{keep}(window, axis=(0, 1))"
    loop = Cell(
        f"At each place {_kept(mode)} of the window is kept, channel by channel.",
        f"result = np.zeros({result.shape})\n"
        "for row, column in np.ndindex(result.shape[:2]):\n"
        f"    window = grid[{cells.spans((size, size), stride)}]\n"
        f"    result[row, column] = {kept}",
    )
    return cells.program(
        "Pooling, stop by stop.",
        [cells.channels(channels), *cells.nothing_around(around, has_channels=True), loop],
        result,
    )


def global_pooling(channels: FloatArray, result: FloatArray, *, mode: PoolMode) -> Program:
    """Write the program of pooling a whole grid; `channels` (H, W, C), `result` (1, 1, C)."""
    keep = {"max": "max", "average": "mean"}[mode]
    loop = Cell(
        f"Of each channel {_kept(mode)} is kept.",
        f"result = grid.{keep}(axis=(0, 1), keepdims=True)",
    )
    return cells.program("Global pooling.", [cells.channels(channels), loop], result)


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
    height, width = (
        max(stride * (size - 1) + side, padding + end)
        for size, side, end in zip(grid.shape, kernel.shape, result.shape, strict=True)
    )
    rows, columns = result.shape
    painted = Cell(
        "Each cell paints the kernel, as strong as it is; what overlaps adds up (Dumoulin and "
        "Visin, 2016, chapter 4).",
        f"result = np.zeros({(height, width)})\n"
        "for row, column in np.ndindex(grid.shape):\n"
        f"    place = np.s_[{cells.spans(_sides(kernel), stride)}]\n"
        "    result[place] += grid[row, column] * kernel",
    )
    return cells.program(
        "Transposed convolution, stop by stop.",
        [
            cells.grid("The input.", "grid", grid),
            cells.grid("The kernel.", "kernel", kernel),
            painted,
            *cells.cut_to((padding, padding), (rows, columns), (height, width)),
        ],
        result,
    )


def _loop(
    name: str,
    shape: tuple[int, ...],
    kernels: FloatArray,
    stride: int,
    dilation: int,
    groups: int,
    added: str,
) -> str:
    """Return the code that slides `kernels` over `grid`; `added` comes to each sum."""
    num_read, num_filters = kernels.shape[2:]
    read = ":" if groups == 1 else f"f // {num_filters // groups} * {num_read} :"
    limit = "" if groups == 1 else f"[..., :{num_read}]"
    spans = cells.spans(_sides(kernels), stride, dilation)
    return (
        f"{name} = np.zeros({shape})\n"
        f"for row, column, f in np.ndindex({name}.shape):\n"
        f"    window = grid[{spans}, {read}]{limit}\n"
        f"    {name}[row, column, f] = (window * kernels[..., f]).sum(){added}"
    )


def _amounts(
    channels: FloatArray, window: tuple[int, ...], stride: int, padding: Padding, dilation: int
) -> cells.Amounts:
    rows, columns = (
        pad_amounts(size, side, stride, padding, dilation)
        for size, side in zip(channels.shape[:2], window, strict=True)
    )
    return rows, columns


def _kept(mode: PoolMode) -> str:
    return "the largest number" if mode == "max" else "the mean"


def _sides(values: FloatArray) -> tuple[int, int]:
    return values.shape[0], values.shape[1]
