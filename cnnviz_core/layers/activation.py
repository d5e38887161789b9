"""Activation functions and their derivatives, on arrays of any shape."""

from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_choice, require_real, require_whole
from cnnviz_core.layers.activation_facts import ActivationName
from cnnviz_core.layers.activation_functions import DERIVATIVES, FUNCTIONS

DEFAULT_SLOPE = 0.3  # of keras.layers.LeakyReLU


def activation_names() -> tuple[ActivationName, ...]:
    """List the names that `activate` and `derivative` know."""
    return get_args(ActivationName)


def activate(
    values: npt.ArrayLike, name: ActivationName, *, slope: float = DEFAULT_SLOPE
) -> FloatArray:
    """Apply an activation function to every value.

    Parameters
    ----------
    values : array_like, any shape
        Any real dtype; computed in float32.
    name : str
        One of `activation_names()`. `ACTIVATIONS[name]` has its formula, range and source.
        Softmax runs over the last axis, the channels; every other function is element-wise.
    slope : float
        What "leaky_relu" multiplies negative values with, from 0 to 1.

    Returns
    -------
    float32, the shape of `values`
        A new array, finite and without a warning for values up to ±1e38.

    Raises
    ------
    ValueError
        If the name is unknown, the slope is out of its range, or `values` is empty or not real.

    Examples
    --------
    >>> activate([-2.0, 0.0, 3.0], "relu")
    array([0., 0., 3.], dtype=float32)
    >>> activate([-2.0, 0.0, 3.0], "leaky_relu", slope=0.25)
    array([-0.5,  0. ,  3. ], dtype=float32)
    """
    x = _checked(values, name, slope)
    return FUNCTIONS[name](x, float(slope)).reshape(np.shape(values))


def derivative(
    values: npt.ArrayLike, name: ActivationName, *, slope: float = DEFAULT_SLOPE
) -> FloatArray:
    """Compute the slope of an activation function at every value.

    Parameters
    ----------
    values, name, slope
        As in `activate`.

    Returns
    -------
    float32, the shape of `values`
        At a corner, the slope of the less steep side. A softmax channel depends on all channels;
        this is its derivative by its own value, s·(1 − s), the diagonal of the Jacobian.

    Raises
    ------
    ValueError
        As `activate`.

    Examples
    --------
    >>> derivative([-2.0, 0.0, 3.0], "relu")
    array([0., 0., 1.], dtype=float32)
    >>> derivative(0.0, "sigmoid")
    array(0.25, dtype=float32)
    """
    x = _checked(values, name, slope)
    return DERIVATIVES[name](x, float(slope)).reshape(np.shape(values))


def curve(
    x: npt.ArrayLike,
    name: ActivationName,
    *,
    slope: float = DEFAULT_SLOPE,
    num_channels: int = 1,
) -> tuple[FloatArray, FloatArray]:
    """Evaluate a function and its derivative along an axis.

    Parameters
    ----------
    x : array_like (N,)
    name, slope
        As in `activate`.
    num_channels : int
        For "softmax", at least 1: one channel has the value x, the others are 0, and the curve is
        the share of the one. Every other function looks at one value alone.

    Returns
    -------
    float32 (N,), float32 (N,)
        The values of the function, and of its derivative by x.

    Raises
    ------
    ValueError
        As `activate`, or if there is no channel.

    Examples
    --------
    >>> curve([-1.0, 2.0], "relu")
    (array([0., 2.], dtype=float32), array([0., 1.], dtype=float32))
    >>> curve([0.0], "softmax", num_channels=4)[0]
    array([0.25], dtype=float32)
    """
    num_channels = require_whole(num_channels, "num_channels", low=1)
    places = np.asarray(x)
    channels = np.zeros((*places.shape, num_channels), np.float32)
    channels[..., 0] = places
    return (
        activate(channels, name, slope=slope)[..., 0],
        derivative(channels, name, slope=slope)[..., 0],
    )


def share_zeroed(before: npt.ArrayLike, after: npt.ArrayLike) -> float:
    """Measure which share of all values, 0 to 1, was not zero before and is exactly zero after.

    Raises
    ------
    ValueError
        If the arrays differ in shape, or are empty.

    Examples
    --------
    >>> share_zeroed([-2.0, -1.0, 0.0, 3.0], [0.0, 0.0, 0.0, 3.0])
    0.5
    """
    old, new = np.asarray(before), np.asarray(after)
    if old.shape != new.shape or old.size == 0:
        raise ValueError(
            f"before and after must be the same values, at least one, before and after a function, "
            f"but came with the shapes {old.shape} and {new.shape}."
        )
    return float(np.count_nonzero((old != 0) & (new == 0)) / old.size)


def _checked(values: npt.ArrayLike, name: str, slope: float) -> FloatArray:
    """Check what came, and return it as float32 with at least one axis."""
    require_choice(name, "name", activation_names())
    array: npt.NDArray[Any] = np.asarray(values)
    require_real(array, "values")
    if array.size == 0:
        raise ValueError(f"values must not be empty, but came with the shape {array.shape}.")
    if not isinstance(slope, int | float | np.floating | np.integer) or not 0 <= slope <= 1:
        raise ValueError(f"slope must be a number from 0 to 1, but came as {slope!r}.")
    return np.atleast_1d(array).astype(np.float32, copy=False)
