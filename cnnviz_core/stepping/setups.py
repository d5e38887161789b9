"""Operations on grids, as a person types them and an address holds them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.typed_grids import parse_grid
from cnnviz_core.layers.windows import Padding
from cnnviz_core.stepping.backwards import input_gradient, kernel_gradient, pooling_gradient
from cnnviz_core.stepping.causal import stack_causal
from cnnviz_core.stepping.chain import chain
from cnnviz_core.stepping.gathering import convolve
from cnnviz_core.stepping.normalizing import normalize
from cnnviz_core.stepping.pooling import pool_whole, pool_windows
from cnnviz_core.stepping.reading import read_biases, read_channels, read_kernels, read_mixing
from cnnviz_core.stepping.scattering import transpose
from cnnviz_core.stepping.stops import Walk, results

Towards = Literal["kernel", "input"]
Act = Literal["depthwise", "pointwise"]

# More columns of a painted result could not be read beside its input and its kernel.
MOST_PAINTED = 20
# Samples, and channels, of a batch whose sums fit on a line.
MOST_SAMPLES = 6


@dataclass(frozen=True, slots=True)
class ConvolutionSetup:
    """Kernels over grids, all as text that `typed_grids.parse_grid` reads.

    There is a grid for each channel; of each filter there is a kernel for each channel that it
    reads. `biases` are a row of numbers, one for each filter, or nothing.
    """

    grids: tuple[str, ...]
    kernels: tuple[tuple[str, ...], ...]
    biases: str = ""
    stride: int = 1
    padding: Padding = "valid"
    dilation: int = 1
    groups: int = 1


@dataclass(frozen=True, slots=True)
class PoolingSetup:
    """A square window over grids, one for each channel, as text that `parse_grid` reads.

    Without a `stride` the window moves as far as it is wide.
    """

    grids: tuple[str, ...]
    size: int
    mode: PoolMode
    stride: int | None = None
    padding: PoolPadding = "valid"


@dataclass(frozen=True, slots=True)
class GlobalPoolingSetup:
    """Whole grids, one for each channel, that become one number each."""

    grids: tuple[str, ...]
    mode: PoolMode


@dataclass(frozen=True, slots=True)
class SeparableSetup:
    """A depthwise convolution and a pointwise one after it, of which one act is shown.

    There are a grid and a kernel for each channel; `mixing` has a row for each filter, and in it a
    weight for each channel.
    """

    grids: tuple[str, ...]
    kernels: tuple[str, ...]
    mixing: str
    act: Act
    stride: int = 1
    padding: Padding = "valid"


@dataclass(frozen=True, slots=True)
class TransposedSetup:
    """A grid whose cells paint a kernel, both as text that `parse_grid` reads."""

    grid: str
    kernel: str
    stride: int = 1
    padding: int = 0
    output_padding: int = 0


@dataclass(frozen=True, slots=True)
class GradientSetup:
    """What a layer with one channel and one filter hands back, to its kernel or to its input.

    `gradient` is that of the loss with respect to the result: text that `parse_grid` reads, or
    which cell alone, from 0, row by row, makes the loss grow by one for each one that it grows.
    """

    forwards: ConvolutionSetup | PoolingSetup
    towards: Towards
    gradient: str | int


@dataclass(frozen=True, slots=True)
class CausalSetup:
    """A row of numbers under causal convolutions, both as text that `parse_grid` reads.

    The first of the `num_layers` has no gaps, and each further one has twice the dilation.
    """

    row: str
    kernel: str
    num_layers: int = 1


@dataclass(frozen=True, slots=True)
class BatchSetup:
    """A batch that is normalized: text that `parse_grid` reads, a row for each sample."""

    batch: str
    scale: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True, slots=True)
class ChainSetup:
    """A grid and a kernel for `chain.chain`, both as text that `parse_grid` reads."""

    grid: str
    kernel: str


StepSetup = (
    ConvolutionSetup
    | SeparableSetup
    | PoolingSetup
    | GlobalPoolingSetup
    | TransposedSetup
    | GradientSetup
    | CausalSetup
    | BatchSetup
    | ChainSetup
)


def walk(setup: StepSetup) -> Walk:
    """Return all stops.

    Raises
    ------
    ValueError
        As `typed_grids.parse_grid`, `gathering.convolve` and `gathering.pool_windows`, or if grids
        that belong together differ in size.

    Examples
    --------
    >>> walk(PoolingSetup(("1 3; 5 4",), 2, "max")).at(0).value
    5.0
    """
    if isinstance(setup, TransposedSetup):
        return _transpose(setup)
    if isinstance(setup, GradientSetup):
        return _hand_back(setup)
    if isinstance(setup, CausalSetup):
        return _stack(setup)
    if isinstance(setup, ChainSetup):
        return chain(parse_grid(setup.grid), parse_grid(setup.kernel, name="The kernel"))
    if isinstance(setup, BatchSetup):
        batch = parse_grid(setup.batch, name="The batch", limit=MOST_SAMPLES)
        return normalize(batch, setup.scale, setup.shift)
    if isinstance(setup, SeparableSetup):
        return _separate(setup)
    channels = read_channels(setup.grids)
    if isinstance(setup, GlobalPoolingSetup):
        return pool_whole(channels, setup.mode)
    if isinstance(setup, PoolingSetup):
        return pool_windows(
            channels, setup.size, stride=setup.stride, mode=setup.mode, padding=setup.padding
        )
    return convolve(
        channels,
        read_kernels(setup.kernels),
        read_biases(setup.biases, len(setup.kernels)),
        stride=setup.stride,
        padding=setup.padding,
        dilation=setup.dilation,
        groups=setup.groups,
    )


def result_sides(setup: ConvolutionSetup | PoolingSetup) -> tuple[int, int]:
    """Return rows and columns of the result; `ValueError` as `walk`."""
    last = walk(setup)
    stop = last.at(last.num_stops - 1)
    return stop.row + 1, stop.column + 1


def read_gradient(setup: GradientSetup) -> FloatArray:
    """Return ∂L/∂y, float32 (H', W')."""
    if isinstance(setup.gradient, str):
        return parse_grid(setup.gradient, name="The gradient")
    upstream = np.zeros(result_sides(setup.forwards), np.float32)
    upstream.flat[min(setup.gradient, upstream.size - 1)] = 1
    return upstream


def _separate(setup: SeparableSetup) -> Walk:
    mixing = read_mixing(setup.mixing, len(setup.grids))
    depthwise = convolve(
        read_channels(setup.grids),
        read_kernels([(one,) for one in setup.kernels]),
        stride=setup.stride,
        padding=setup.padding,
        groups=len(setup.grids),
    )
    if setup.act == "depthwise":
        return depthwise
    return convolve(results(depthwise), mixing)


def _transpose(setup: TransposedSetup) -> Walk:
    grid, kernel = parse_grid(setup.grid), parse_grid(setup.kernel, name="The kernel")
    for size, side in zip(grid.shape, kernel.shape, strict=True):
        painted = setup.stride * (size - 1) + side
        if painted > MOST_PAINTED:
            raise ValueError(
                f"{painted} cells in a row would be painted, and {MOST_PAINTED} fit on the screen. "
                "Choose a smaller grid, kernel or stride."
            )
    return transpose(
        grid,
        kernel,
        stride=setup.stride,
        padding=setup.padding,
        output_padding=setup.output_padding,
    )


def _stack(setup: CausalSetup) -> Walk:
    row = parse_grid(setup.row, name="The row", limit=MOST_PAINTED)
    kernel = parse_grid(setup.kernel, name="The kernel")
    dilations = [2**layer for layer in range(setup.num_layers)]
    shown = row.shape[1] + (kernel.shape[1] - 1) * dilations[-1]
    if shown > MOST_PAINTED:
        raise ValueError(
            f"With the zeros before it, the row would have {shown} cells, and {MOST_PAINTED} fit "
            "on the screen. Choose a shorter row or kernel, or fewer layers."
        )
    return stack_causal(row, kernel, dilations)


def _hand_back(setup: GradientSetup) -> Walk:
    forwards, upstream = setup.forwards, read_gradient(setup)
    grid = parse_grid(forwards.grids[0])
    if isinstance(forwards, PoolingSetup):
        return pooling_gradient(
            grid,
            forwards.size,
            upstream,
            stride=forwards.stride,
            mode=forwards.mode,
            padding=forwards.padding,
        )
    kernel = parse_grid(forwards.kernels[0][0], name="The kernel")
    back = kernel_gradient if setup.towards == "kernel" else input_gradient
    return back(grid, kernel, upstream, stride=forwards.stride, padding=forwards.padding)
