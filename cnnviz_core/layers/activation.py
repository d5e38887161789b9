"""Activation functions and their derivatives, on arrays of any shape."""

import math
from collections.abc import Callable, Mapping
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_choice, require_real
from cnnviz_core.layers.activation_facts import (
    ACTIVATIONS,
    SELU_ALPHA,
    SELU_SCALE,
    ActivationInfo,
    ActivationName,
)

__all__ = [
    "ACTIVATIONS",
    "DEFAULT_SLOPE",
    "ActivationInfo",
    "ActivationName",
    "activate",
    "activation_names",
    "derivative",
    "observed_range",
    "share_zeroed",
]

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
    return _FUNCTIONS[name](x, float(slope)).reshape(np.shape(values))


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
    return _DERIVATIVES[name](x, float(slope)).reshape(np.shape(values))


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


def observed_range(values: npt.ArrayLike) -> tuple[float, float]:
    """Find the smallest and the largest value.

    Raises
    ------
    ValueError
        If there is no value.

    Examples
    --------
    >>> observed_range([[3, -1], [2, 0]])
    (-1.0, 3.0)
    """
    array = np.asarray(values)
    if array.size == 0:
        raise ValueError(f"values must not be empty, but came with the shape {array.shape}.")
    return float(array.min()), float(array.max())


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


# Below, constants are Python floats, which leave arrays in float32, and long formulas reuse their
# buffer: on millions of values, most of the time goes into fresh memory.


def _one_plus_exp_of_minus(x: FloatArray) -> FloatArray:
    result = np.negative(x)
    with np.errstate(over="ignore"):  # inf is right here: what is divided by it becomes 0
        np.exp(result, out=result)
    result += 1
    return result


def _sigmoid(x: FloatArray) -> FloatArray:
    return np.reciprocal(_one_plus_exp_of_minus(x))


def _sigmoid_slope(x: FloatArray) -> FloatArray:
    s = _sigmoid(x)
    return s * (1 - s)


def _swish_slope(x: FloatArray) -> FloatArray:
    s = _sigmoid(x)
    return s * (1 + x * (1 - s))


def _expm1_of_negatives(x: FloatArray) -> FloatArray:
    """Compute eˣ − 1, and 0 for positive x.

    As 2t / (1 − t) with t = tanh(x/2): as exact as `np.expm1` near 0, and several times faster.
    """
    t = np.minimum(x, 0)
    t *= 0.5
    np.tanh(t, out=t)
    below = 1 - t
    t *= 2
    t /= below
    return t


def _elu(x: FloatArray) -> FloatArray:
    result = _expm1_of_negatives(x)
    result += np.maximum(x, 0)
    return result


def _selu(x: FloatArray) -> FloatArray:
    result = _expm1_of_negatives(x)
    result *= SELU_ALPHA
    result += np.maximum(x, 0)
    result *= SELU_SCALE
    return result


def _selu_slope(x: FloatArray) -> FloatArray:
    result = np.exp(np.minimum(x, 0))
    result *= SELU_SCALE * SELU_ALPHA
    result[x >= 0] = SELU_SCALE
    return result


def _normal_cdf(x: FloatArray) -> FloatArray:
    from scipy.special import ndtr  # here, because it takes a fifth of a second to import

    return np.asarray(ndtr(x), dtype=np.float32)


def _gelu_slope(x: FloatArray) -> FloatArray:
    near = np.clip(x, -20, 20)  # the density is 0 in float32 beyond, and the square overflows
    density = np.exp(-0.5 * np.square(near))
    density *= 1 / math.sqrt(2 * math.pi)
    density *= near
    density += _normal_cdf(x)
    return density


def _softplus(x: FloatArray) -> FloatArray:
    result = np.abs(x)
    np.negative(result, out=result)
    np.exp(result, out=result)
    np.log1p(result, out=result)
    result += np.maximum(x, 0)
    return result


def _softmax(x: FloatArray) -> FloatArray:
    result: FloatArray = x - x.max(axis=-1, keepdims=True)
    np.exp(result, out=result)
    result /= result.sum(axis=-1, keepdims=True)
    return result


def _softmax_slope(x: FloatArray) -> FloatArray:
    s = _softmax(x)
    return s * (1 - s)


def _as_float(condition: npt.NDArray[np.bool_]) -> FloatArray:
    return condition.astype(np.float32)


_FUNCTIONS: Mapping[ActivationName, Callable[[FloatArray, float], FloatArray]] = {
    "identity": lambda x, _: x.copy(),
    "sigmoid": lambda x, _: _sigmoid(x),
    "tanh": lambda x, _: np.tanh(x),
    "relu": lambda x, _: np.maximum(x, 0),
    "relu6": lambda x, _: np.clip(x, 0, 6),
    "leaky_relu": lambda x, slope: np.maximum(x, slope * x),  # as slope is at most 1
    "elu": lambda x, _: _elu(x),
    "selu": lambda x, _: _selu(x),
    "gelu": lambda x, _: x * _normal_cdf(x),
    "softplus": lambda x, _: _softplus(x),
    "swish": lambda x, _: x / _one_plus_exp_of_minus(x),
    "hard_sigmoid": lambda x, _: np.clip(x + 3, 0, 6) / np.float32(6),
    "softmax": lambda x, _: _softmax(x),
}

_DERIVATIVES: Mapping[ActivationName, Callable[[FloatArray, float], FloatArray]] = {
    "identity": lambda x, _: np.ones_like(x),
    "sigmoid": lambda x, _: _sigmoid_slope(x),
    "tanh": lambda x, _: 1 - np.square(np.tanh(x)),
    "relu": lambda x, _: _as_float(x > 0),
    "relu6": lambda x, _: _as_float((x > 0) & (x < 6)),
    "leaky_relu": lambda x, slope: np.maximum(_as_float(x > 0), slope),
    "elu": lambda x, _: np.exp(np.minimum(x, 0)),
    "selu": lambda x, _: _selu_slope(x),
    "gelu": lambda x, _: _gelu_slope(x),
    "softplus": lambda x, _: _sigmoid(x),
    "swish": lambda x, _: _swish_slope(x),
    "hard_sigmoid": lambda x, _: _as_float(np.abs(x) < 3) / np.float32(6),
    "softmax": lambda x, _: _softmax_slope(x),
}
