"""Operations on grids, as a person types them and an address holds them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.typed_grids import parse_grid
from cnnviz_core.layers.windows import Padding
from cnnviz_core.stepping.gathering import convolve, pool_windows
from cnnviz_core.stepping.stops import Walk


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


StepSetup = ConvolutionSetup | PoolingSetup


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
    channels = read_channels(setup.grids)
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


def read_channels(grids: Sequence[str]) -> FloatArray:
    """Return float32 (H, W, C)."""
    names = ["The grid"] if len(grids) == 1 else [f"Channel {i + 1}" for i in range(len(grids))]
    return np.stack(_alike(grids, names), axis=-1)


def read_kernels(kernels: Sequence[Sequence[str]]) -> FloatArray:
    """Return float32 (kh, kw, C, F)."""
    texts = [text for slices in kernels for text in slices]
    names = [
        f"The kernel of filter {filter_index + 1} for channel {channel + 1}"
        for filter_index, slices in enumerate(kernels)
        for channel in range(len(slices))
    ]
    read = _alike(texts, ["The kernel"] if len(texts) == 1 else names)
    rows, columns = read[0].shape
    return np.stack(read, axis=-1).reshape(rows, columns, len(kernels), -1).swapaxes(2, 3)


def read_biases(text: str, num_filters: int) -> FloatArray | None:
    """Return float32 (F,); nothing where nothing is written."""
    if not text.strip():
        return None
    row = parse_grid(text, name="The biases")
    if row.size != num_filters:
        raise ValueError(
            f"There must be a bias for each of the {num_filters} filters, but {row.size} came. "
            "Part them with spaces."
        )
    return row.ravel()


def _alike(texts: Sequence[str], names: Sequence[str]) -> list[FloatArray]:
    """Read grids that must have one size."""
    grids = [parse_grid(text, name=name) for text, name in zip(texts, names, strict=True)]
    for grid, name in zip(grids, names, strict=True):
        if grid.shape != grids[0].shape:
            raise ValueError(
                f"{name} has {grid.shape[0]}×{grid.shape[1]} cells, but the first has "
                f"{grids[0].shape[0]}×{grids[0].shape[1]}. Give all of them the same size."
            )
    return grids
