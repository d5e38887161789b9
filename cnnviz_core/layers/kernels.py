"""Where kernels come from: drawn at random, or named after what they do to a picture."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_choice, require_real, require_whole
from cnnviz_core.layers.named_kernels import KernelName, kernel_names, kernel_sizes, named_kernel

__all__ = [
    "ColorTreatment",
    "EditedKernel",
    "KernelChoice",
    "NamedKernel",
    "RandomKernels",
    "in_groups",
    "kernel_names",
    "kernel_sizes",
    "make_kernels",
    "named_kernel",
    "num_groups",
    "on_brightness",
    "on_each_channel",
    "random_kernels",
]

ColorTreatment = Literal["each_channel", "brightness"]


@dataclass(frozen=True, slots=True)
class RandomKernels:
    """`num_filters` kernels as `random_kernels` draws them, split into groups as by `in_groups`."""

    size: int
    num_filters: int
    seed: int
    groups: int = 1


@dataclass(frozen=True, slots=True)
class NamedKernel:
    """One kernel of `named_kernel`, laid over each channel or over the brightness."""

    name: KernelName
    size: int
    angle: float
    colors: ColorTreatment


@dataclass(frozen=True, slots=True)
class EditedKernel:
    """One kernel written by hand, row by row, laid over each channel or over the brightness."""

    rows: tuple[tuple[float, ...], ...]
    colors: ColorTreatment


KernelChoice = RandomKernels | NamedKernel | EditedKernel


def random_kernels(size: int, num_filters: int, in_channels: int = 3, seed: int = 0) -> FloatArray:
    """Draw kernels as an untrained Keras convolution layer has them.

    Parameters
    ----------
    size : int
        Height and width, at least 1.
    num_filters, in_channels : int
        How many feature maps come out, and how many channels go in; at least 1.
    seed : int
        The same seed draws the same kernels. More filters only add: the earlier ones keep their
        pattern, while all weights shrink as the layer grows.

    Returns
    -------
    float32 (size, size, in_channels, num_filters)
        Uniform in ±√(6 / (fan_in + fan_out)), where a fan is size² times the channels.

    Raises
    ------
    ValueError
        If a number is not whole or too small.

    Notes
    -----
    "Glorot uniform", equation 16 of Glorot and Bengio, *Understanding the difficulty of training
    deep feedforward neural networks*, 2010.
    """
    size = require_whole(size, "size", low=1)
    num_filters = require_whole(num_filters, "num_filters", low=1)
    in_channels = require_whole(in_channels, "in_channels", low=1)
    seed = require_whole(seed, "seed", low=0)
    limit = math.sqrt(6 / (size * size * (in_channels + num_filters)))
    patterns = np.random.default_rng(seed).random(
        (num_filters, size, size, in_channels), dtype=np.float32
    )
    return np.ascontiguousarray(np.moveaxis((2 * patterns - 1) * np.float32(limit), 0, -1))


def make_kernels(choice: KernelChoice, in_channels: int = 3) -> FloatArray:
    """Return the kernels that a choice stands for.

    Returns
    -------
    float32 (kh, kw, in_channels, out)
        As many filters as chosen; for one kernel, `in_channels` with "each_channel", else 1.

    Raises
    ------
    ValueError
        If the choice is not possible; the message says why.
    """
    match choice:
        case RandomKernels(size, num_filters, seed, groups):
            _require_groups(groups, in_channels, num_filters)
            kernels = random_kernels(size, num_filters, in_channels // groups, seed)
            return in_groups(kernels, groups)
        case NamedKernel(name, size, angle, colors):
            return _lay_over(named_kernel(name, size, angle=angle), colors, in_channels)
        case EditedKernel(rows, colors):
            return _lay_over(_grid_of(rows), colors, in_channels)


def num_groups(choice: KernelChoice, in_channels: int = 3) -> int:
    """Return how many groups the channels are split into, each with filters of its own."""
    if isinstance(choice, RandomKernels):
        return choice.groups
    return in_channels if choice.colors == "each_channel" else 1


def in_groups(kernels: npt.ArrayLike, groups: int) -> FloatArray:
    """Lay kernels that read one group of the channels each over all channels.

    The first filters read the first channels, and so on, as in Keras' `Conv2D(groups=)`; with as
    many groups as channels the layer is depthwise.

    Parameters
    ----------
    kernels : array_like (kh, kw, channels / groups, filters)
    groups : int

    Returns
    -------
    float32 (kh, kw, channels, filters)
        Zero where a filter does not read a channel.

    Raises
    ------
    ValueError
        If there is no such number of groups.

    Examples
    --------
    >>> in_groups(np.reshape([1, 2, 3, 4], (1, 1, 1, 4)), 2)[0, 0]
    array([[1., 2., 0., 0.],
           [0., 0., 3., 4.]], dtype=float32)
    """
    read = np.asarray(kernels, np.float32)
    num_read, num_filters = read.shape[2:]
    _require_groups(groups, num_read * groups, num_filters)
    reads = np.kron(np.eye(groups, dtype=np.float32), np.ones((num_read, num_filters // groups)))
    return (np.tile(read, (1, 1, groups, 1)) * reads).astype(np.float32)


def on_each_channel(kernel: npt.ArrayLike, channels: int = 3) -> FloatArray:
    """Lay one kernel over every channel on its own, so that a color picture stays one.

    Parameters
    ----------
    kernel : array_like (kh, kw)
    channels : int

    Returns
    -------
    float32 (kh, kw, channels, channels)
        Output channel c sees input channel c alone.
    """
    grid = _as_grid(kernel)
    return grid[:, :, np.newaxis, np.newaxis] * np.eye(channels, dtype=np.float32)


def on_brightness(kernel: npt.ArrayLike, channels: int = 3) -> FloatArray:
    """Lay one kernel over the mean of all channels, so that one feature map comes out.

    Parameters
    ----------
    kernel : array_like (kh, kw)
    channels : int

    Returns
    -------
    float32 (kh, kw, channels, 1)
    """
    grid = _as_grid(kernel)
    return np.repeat(grid[:, :, np.newaxis, np.newaxis], channels, axis=2) / np.float32(channels)


def _require_groups(groups: int, in_channels: int, num_filters: int) -> None:
    require_whole(groups, "groups", low=1)
    if in_channels % groups or num_filters % groups:
        raise ValueError(
            f"groups must split {in_channels} channels and {num_filters} filters evenly, but came "
            f"as {groups}. Choose a divisor of both."
        )


def _lay_over(kernel: FloatArray, colors: ColorTreatment, in_channels: int) -> FloatArray:
    require_choice(colors, "colors", get_args(ColorTreatment))
    lay = on_each_channel if colors == "each_channel" else on_brightness
    return lay(kernel, in_channels)


def _grid_of(rows: tuple[tuple[float, ...], ...]) -> FloatArray:
    lengths = {len(row) for row in rows}
    if len(lengths) != 1:
        listed = ", ".join(map(str, sorted(lengths))) or "none"
        raise ValueError(f"rows must all have one length, but came with the lengths {listed}.")
    return np.array(rows, np.float32)


def _as_grid(kernel: npt.ArrayLike) -> FloatArray:
    grid = np.asarray(kernel)
    require_real(grid, "kernel")
    if grid.ndim != 2 or grid.size == 0:
        raise ValueError(
            f"kernel must be one grid (height, width), but came with the shape {grid.shape}."
        )
    if not np.isfinite(grid).all():
        raise ValueError("kernel must hold finite numbers: replace what is missing, perhaps by 0.")
    return grid.astype(np.float32)
