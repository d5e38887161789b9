"""Kernels named after what they do to a picture: blurs, edges, stripes."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_choice

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

Grid = npt.NDArray[np.float64]


def kernel_names() -> tuple[KernelName, ...]:
    """Return the names that `named_kernel` knows."""
    return get_args(KernelName)


def kernel_sizes(name: KernelName) -> tuple[int, ...]:
    """Return the sizes in which the kernel `name` exists: all, or those that have a center.

    >>> kernel_sizes("sobel_x")
    (3, 5, 7, 9, 11, 13, 15)
    """
    require_choice(name, "name", kernel_names())
    return ANY_SIZE if name in ("identity", "box_blur", "gaussian_blur") else ODD_SIZES


def named_kernel(name: KernelName, size: int = 3, *, angle: float = 0.0) -> FloatArray:
    """Return the kernel that does to a picture what its name says.

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
    """Return four neighbors minus the center; in larger sizes the Laplacian of a Gaussian."""
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
    """Return a Gabor filter. Daugman, *Uncertainty relation for resolution in space…*, 1985."""
    row, column = _coordinates(size)
    across = row * math.cos(angle) + column * math.sin(angle)
    wavelength = size / 2
    envelope = np.exp(-(row**2 + column**2) / (2 * (size / 5) ** 2))
    wave = envelope * np.cos(2 * math.pi * across / wavelength)
    grid: Grid = wave - envelope * (wave.sum() / envelope.sum())
    return grid / float(np.abs(grid).sum())


def _coordinates(size: int) -> tuple[Grid, Grid]:
    """Return rows and columns counted from the center, each (size, size)."""
    row, column = np.indices((size, size)) - (size - 1) / 2
    return row, column


def _sigma(size: int) -> float:
    """Return the width that OpenCV's `getGaussianKernel` gives a kernel of this size."""
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
