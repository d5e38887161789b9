"""The array types of the core, and the checks that its public functions share."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
ByteArray = npt.NDArray[np.uint8]


def as_feature_maps(values: npt.ArrayLike, name: str = "values") -> FloatArray:
    """Check that `values` are feature maps, and return them as float32.

    Parameters
    ----------
    values : array_like, (H, W, C)
        Any real dtype; a picture (uint8, 0..255) keeps its range.
    name : str
        The caller's argument, for the message.

    Returns
    -------
    float32 (H, W, C)
        `values` itself if it already is float32, a converted copy otherwise.

    Raises
    ------
    ValueError
        If there are not three axes, one of them is empty, or the values are not real numbers.

    Examples
    --------
    >>> as_feature_maps([[[1], [2]]]).shape
    (1, 2, 1)
    """
    array = np.asarray(values)
    require_real(array, name)
    if array.ndim != 3:
        remedy = f" Add the channel axis: {name}[..., np.newaxis]." if array.ndim == 2 else ""
        raise ValueError(
            f"{name} must have the three axes (height, width, channels), "
            f"but came with the shape {array.shape}.{remedy}"
        )
    if 0 in array.shape:
        raise ValueError(f"{name} must not be empty, but came with the shape {array.shape}.")
    return array.astype(np.float32, copy=False)


def split_channels(values: FloatArray) -> FloatArray:
    """Lay feature maps (H, W, C) out one after the other: (C, H, W), each in one piece.

    OpenCV's own `split` does not take more than 128 channels, and transposing is faster.

    Examples
    --------
    >>> split_channels(np.float32([[[1, 5], [2, 6]], [[3, 7], [4, 8]]]))[1]
    array([[5., 6.],
           [7., 8.]], dtype=float32)
    """
    height, width, channels = values.shape
    flat = cv2.transpose(values.reshape(height * width, channels))
    return np.asarray(flat, np.float32).reshape(channels, height, width)


def require_real(array: npt.NDArray[Any], name: str) -> None:
    """Raise `ValueError` unless `array` holds booleans, integers or floating-point numbers."""
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must hold real numbers, but came with the dtype {array.dtype}.")


def require_whole(value: object, name: str, *, low: int, high: int | None = None) -> int:
    """Check that `value` is a whole number from `low` to `high`, and return it as an int.

    Raises
    ------
    ValueError
        If it is not.

    Examples
    --------
    >>> require_whole(np.int64(3), "stride", low=1)
    3
    """
    bounds = f"at least {low}" if high is None else f"from {low} to {high}"
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ValueError(f"{name} must be a whole number {bounds}, but came as {value!r}.")
    if value < low or (high is not None and value > high):
        raise ValueError(f"{name} must be {bounds}, but came as {value}.")
    return int(value)


def require_choice(value: object, name: str, choices: Sequence[str]) -> None:
    """Raise `ValueError` unless `value` is one of `choices`, naming them all."""
    if value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} must be one of {listed}, but came as {value!r}.")
