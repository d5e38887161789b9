"""Each activation function and its derivative as array operations, exact and without warnings."""

import math
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.activation_facts import SELU_ALPHA, SELU_SCALE, ActivationName

# Constants are Python floats, which leave arrays in float32, and long formulas reuse their
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


# Each with the slope of leaky ReLU, which the others ignore.
FUNCTIONS: Mapping[ActivationName, Callable[[FloatArray, float], FloatArray]] = {
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

# At a corner, the slope of the less steep side; of softmax, the Jacobian's diagonal.
DERIVATIVES: Mapping[ActivationName, Callable[[FloatArray, float], FloatArray]] = {
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
