"""Where kernels come from: drawn at random, or named after what they do to a picture."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_choice, require_real, require_whole

KernelName = Literal[
    "identity",
    "box_blur",
    "gaussian_blur",
    "motion_blur",
    "sharpen",
    "sobel_x",
    "sobel_y",
    "laplacian",
    "emboss",
    "gabor",
]

MAX_SIZE = 15
ODD_SIZES = tuple(range(3, MAX_SIZE + 1, 2))
ANY_SIZE = tuple(range(1, MAX_SIZE + 1))

# Those that look along a direction, and so take an angle.
DIRECTIONAL: tuple[KernelName, ...] = ("motion_blur", "gabor")

ColorTreatment = Literal["each_channel", "brightness"]


@dataclass(frozen=True, slots=True)
class RandomKernels:
    """`num_filters` kernels as `random_kernels` draws them."""

    size: int
    num_filters: int
    seed: int


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


def kernel_names() -> tuple[KernelName, ...]:
    """The names that `named_kernel` knows."""
    return get_args(KernelName)


def kernel_sizes(name: KernelName) -> tuple[int, ...]:
    """The sizes in which the kernel `name` exists: all, or those that have a centre.

    >>> kernel_sizes("sobel_x")
    (3, 5, 7, 9, 11, 13, 15)
    """
    require_choice(name, "name", kernel_names())
    return ANY_SIZE if name in ("identity", "box_blur", "gaussian_blur") else ODD_SIZES


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


def named_kernel(name: KernelName, size: int = 3, *, angle: float = 0.0) -> FloatArray:
    """The kernel that does to a picture what its name says.

    Parameters
    ----------
    name : str
        One of `kernel_names()`. Blurs sum to 1, derivatives to 0, sharpening and embossing to 1.
    size : int
        Height and width, one of `kernel_sizes(name)`.
    angle : float
        For the kernels in `DIRECTIONAL`: degrees, from the horizontal, counter-clockwise on the
        screen. A Gabor kernel answers to stripes that run along it.

    Returns
    -------
    float32 (size, size)

    Raises
    ------
    ValueError
        If the name is unknown, the kernel does not exist in that size, or an angle is given to
        a kernel without direction.

    Examples
    --------
    >>> named_kernel("sobel_x")
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]], dtype=float32)
    """
    sizes = kernel_sizes(name)
    if size not in sizes:
        listed = ", ".join(map(str, sizes))
        raise ValueError(f"size must be one of {listed} for {name!r}, but came as {size!r}.")
    if name in DIRECTIONAL:
        return _DIRECTIONAL_MAKERS[name](size, math.radians(angle)).astype(np.float32)
    if angle != 0:
        listed = ", ".join(map(repr, DIRECTIONAL))
        raise ValueError(f"angle goes with {listed} only, but came as {angle} for {name!r}.")
    return _MAKERS[name](size).astype(np.float32)


def make_kernels(choice: KernelChoice, in_channels: int = 3) -> FloatArray:
    """The kernels that a choice stands for.

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
        case RandomKernels(size, num_filters, seed):
            return random_kernels(size, num_filters, in_channels, seed)
        case NamedKernel(name, size, angle, colors):
            return _lay_over(named_kernel(name, size, angle=angle), colors, in_channels)
        case EditedKernel(rows, colors):
            return _lay_over(_grid_of(rows), colors, in_channels)


def on_each_channel(kernel: npt.ArrayLike, channels: int = 3) -> FloatArray:
    """Lay one kernel over every channel on its own, so that a colour picture stays one.

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


Grid = npt.NDArray[np.float64]


def _identity(size: int) -> Grid:
    grid = np.zeros((size, size))
    grid[(size - 1) // 2, (size - 1) // 2] = 1
    return grid


def _box_blur(size: int) -> Grid:
    return np.full((size, size), 1 / size**2)


def _gaussian_blur(size: int) -> Grid:
    row, column = _coordinates(size)
    grid = np.exp(-(row**2 + column**2) / (2 * _sigma(size) ** 2))
    return grid / float(grid.sum())


def _sharpen(size: int) -> Grid:
    return _identity(size) - _laplacian(size)


def _sobel_x(size: int) -> Grid:
    smooth = _binomial(size)
    slope = np.convolve(_binomial(size - 2), [-1, 0, 1])
    grid = np.outer(smooth, slope)
    # Every size answers a step in brightness as strongly as the classic 3×3.
    return 4 * grid / float(grid[grid > 0].sum())


def _sobel_y(size: int) -> Grid:
    return _sobel_x(size).T


def _laplacian(size: int) -> Grid:
    """Four neighbours minus the centre; in larger sizes the Laplacian of a Gaussian."""
    if size == 3:
        return np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])
    row, column = _coordinates(size)
    distance = (row**2 + column**2) / (2 * _sigma(size) ** 2)
    grid = (distance - 1) * np.exp(-distance)
    grid -= grid.mean()
    return grid * (-4 / float(grid[size // 2, size // 2]))


def _emboss(size: int) -> Grid:
    row, column = _coordinates(size)
    return (row + column) * 2 / (size - 1) + _identity(size)


def _motion_blur(size: int, angle: float) -> Grid:
    row, column = _coordinates(size)
    across = row * math.cos(angle) + column * math.sin(angle)
    along = column * math.cos(angle) - row * math.sin(angle)
    # Soft on all sides: a hard end would bend short lines towards the nearest cells.
    inside = np.clip((size + 1) / 2 - np.abs(along), 0, 1)
    grid: Grid = np.clip(1 - np.abs(across), 0, None) * inside
    return grid / float(grid.sum())


def _gabor(size: int, angle: float) -> Grid:
    """Daugman, *Uncertainty relation for resolution in space…*, 1985, its real part."""
    row, column = _coordinates(size)
    across = row * math.cos(angle) + column * math.sin(angle)
    wavelength = size / 2
    envelope = np.exp(-(row**2 + column**2) / (2 * (size / 5) ** 2))
    wave = envelope * np.cos(2 * math.pi * across / wavelength)
    grid: Grid = wave - envelope * (wave.sum() / envelope.sum())
    return grid / float(np.abs(grid).sum())


def _coordinates(size: int) -> tuple[Grid, Grid]:
    """Rows and columns counted from the centre, each (size, size)."""
    row, column = np.indices((size, size)) - (size - 1) / 2
    return row, column


def _sigma(size: int) -> float:
    """The width that OpenCV's `getGaussianKernel` gives a kernel of this size."""
    return 0.3 * ((size - 1) * 0.5 - 1) + 0.8


def _binomial(size: int) -> Grid:
    return np.array([math.comb(size - 1, k) for k in range(size)], dtype=np.float64)


_MAKERS: Mapping[KernelName, Callable[[int], Grid]] = MappingProxyType(
    {
        "identity": _identity,
        "box_blur": _box_blur,
        "gaussian_blur": _gaussian_blur,
        "sharpen": _sharpen,
        "sobel_x": _sobel_x,
        "sobel_y": _sobel_y,
        "laplacian": _laplacian,
        "emboss": _emboss,
    }
)
_DIRECTIONAL_MAKERS: Mapping[KernelName, Callable[[int, float], Grid]] = MappingProxyType(
    {"motion_blur": _motion_blur, "gabor": _gabor}
)
