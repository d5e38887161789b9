"""The programs of the step-by-step page about rows: causal layers, and a batch normalized."""

from cnnviz_core.arrays import FloatArray
from cnnviz_core.snippets import step_cells as cells
from cnnviz_core.snippets.program import Cell, Program, literal, number
from cnnviz_core.stepping.normalizing import EPSILON


def causal(row: FloatArray, kernel: FloatArray, result: FloatArray) -> Program:
    """Write the program of causal convolutions, each of twice the dilation of the one before.

    Parameters
    ----------
    row : float32 (W,)
    kernel : float32 (k,)
    result : float32 (W, layers)
    """
    before = len(kernel) - 1
    dilations = [2**layer for layer in range(result.shape[1])]
    layers = Cell(
        "Layer after layer, its gaps twice as wide: zeros before the first number, none behind the "
        "last, so that each result sees the present and the past alone (van den Oord et al., "
        "“WaveNet”, 2016).",
        "layers = []\n"
        f"for dilation in {dilations}:\n"
        f"    padded = np.pad(row, ({before} * dilation, 0))\n"
        "    seen = [padded[i * dilation :][: len(row)] for i in range(len(kernel))]\n"
        "    row = kernel @ seen\n"
        "    layers.append(row)\n"
        "result = np.stack(layers, axis=1)",
    )
    return cells.program(
        "Causal convolutions over a row of numbers.",
        [
            Cell("The row.", f"row = np.array({literal(row)})"),
            Cell("The kernel of all layers.", f"kernel = np.array({literal(kernel)})"),
            layers,
        ],
        result,
        Cell("A line for each layer.", "plt.plot(result)"),
    )


def normalized(batch: FloatArray, result: FloatArray, *, scale: float, shift: float) -> Program:
    """Write the program of batch normalization.

    Parameters
    ----------
    batch, result : float32 (N, C)
        A row for each sample, a column for each channel.
    scale, shift : float
        γ and β of all channels.
    """
    moments = Cell(
        "Over the samples: a mean and a variance for each channel.",
        "mean = batch.mean(axis=0)\nvariance = ((batch - mean) ** 2).mean(axis=0)",
    )
    brought = Cell(
        f"To a mean of 0 and a variance of 1, then times γ = {number(scale)}, plus "
        f"β = {number(shift)} (Ioffe and Szegedy, 2015, algorithm 1). {EPSILON:g} keeps a variance "
        "of zero from being divided by.",
        f"result = {number(scale)} * (batch - mean) / np.sqrt(variance + {EPSILON:g}) "
        f"+ {number(shift)}",
    )
    return cells.program(
        "Batch normalization.",
        [
            cells.grid("A row for each sample, a column for each channel.", "batch", batch),
            *(moments, brought),
        ],
        result,
    )
