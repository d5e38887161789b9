"""Activation functions against plain formulas, Keras and central differences."""

import math
import re
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from matplotlib.mathtext import MathTextParser

from cnnviz_core.layers.activation import (
    activate,
    activation_names,
    curve,
    derivative,
    share_zeroed,
)
from cnnviz_core.layers.activation_facts import ACTIVATIONS, ActivationName
from tests import oracles

NAMES = activation_names()
ELEMENTWISE = tuple(name for name in NAMES if name != "softmax")
RISING = tuple(name for name in ELEMENTWISE if name not in ("gelu", "swish"))
CORNERS = {  # where the derivative jumps, and what it must be there
    "relu": {0.0: 0.0},
    "relu6": {0.0: 0.0, 6.0: 0.0},
    "leaky_relu": {0.0: 0.3},
    "selu": {0.0: oracles.SELU_SCALE},
    "hard_sigmoid": {-3.0: 0.0, 3.0: 0.0},
}

# Dense in the middle, and where e to the x overflows or vanishes in float32.
GRID = np.concatenate(
    [np.linspace(-30, 30, 2401), [-1e-4, -1e-8, 1e-8, 1e-4, -87.5, -104, 87.5, 104]]
).astype(np.float32)

any_values = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=1, max_side=5),
    elements=st.floats(-1e4, 1e4, width=32),
)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_activate_agrees_with_the_formula(name: ActivationName) -> None:
    tolerance = 2e-6 if name == "tanh" else 1e-6
    np.testing.assert_allclose(
        activate(GRID, name), oracles.activate(GRID, name), rtol=tolerance, atol=1e-37
    )


def test_softmax_agrees_with_the_formula_over_the_last_axis() -> None:
    maps = np.random.default_rng(3).normal(0, 20, (4, 5, 6)).astype(np.float32)
    shares = activate(maps, "softmax")
    np.testing.assert_allclose(shares, oracles.softmax(maps), rtol=1e-5, atol=1e-37)
    np.testing.assert_allclose(shares.sum(axis=-1), 1, rtol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_activate_agrees_with_keras_and_its_defaults(name: ActivationName) -> None:
    import keras

    maps = np.random.default_rng(5).normal(0, 4, (20, 30, 7)).astype(np.float32)
    theirs = {
        "identity": keras.activations.linear,
        "leaky_relu": keras.layers.LeakyReLU(),
        "swish": keras.activations.silu,
    }.get(name) or keras.activations.get(name)
    np.testing.assert_allclose(activate(maps, name), np.asarray(theirs(maps)), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_derivative_agrees_with_central_differences(name: ActivationName) -> None:
    step = 1e-5
    x = np.linspace(-12.003, 12, 2001)
    for corner in CORNERS.get(name, {}):
        x = x[np.abs(x - corner) > 2 * step]
    x = x.astype(np.float32).astype(np.float64)
    slope = (oracles.activate(x + step, name) - oracles.activate(x - step, name)) / (2 * step)
    np.testing.assert_allclose(derivative(x, name), slope, rtol=1e-5, atol=1e-6)


def test_softmax_derivative_is_the_diagonal_of_the_jacobian() -> None:
    logits = np.random.default_rng(2).normal(0, 2, (3, 5)).astype(np.float32).astype(np.float64)
    slopes = derivative(logits, "softmax")
    for channel in range(5):
        step = np.zeros(5)
        step[channel] = 1e-5
        change = oracles.softmax(logits + step) - oracles.softmax(logits - step)
        np.testing.assert_allclose(
            slopes[:, channel], change[:, channel] / 2e-5, rtol=1e-5, atol=1e-6
        )


@pytest.mark.parametrize("name", CORNERS)
def test_at_a_corner_the_less_steep_side_counts(name: ActivationName) -> None:
    for corner, slope in CORNERS[name].items():
        assert derivative(corner, name) == pytest.approx(slope)


@pytest.mark.parametrize("name", NAMES)
@given(values=any_values)
@settings(deadline=None, max_examples=30)
def test_values_stay_finite_and_within_the_range_of_the_table(
    name: ActivationName, values: np.ndarray
) -> None:
    kept = values.copy()
    values.flags.writeable = False
    result, slopes = activate(values, name), derivative(values, name)
    info = ACTIVATIONS[name]
    assert result.dtype == slopes.dtype == np.float32
    assert result.shape == slopes.shape == values.shape
    assert np.isfinite(result).all()
    assert np.isfinite(slopes).all()
    assert np.all(result >= np.float32(info.low))
    assert np.all(result <= np.float32(info.high))
    assert not np.shares_memory(result, values)
    np.testing.assert_array_equal(values, kept)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("extreme", [1e4, 1e38])
def test_extremes_give_the_limits(name: ActivationName, extreme: float) -> None:
    values = [[-extreme, 0.0, extreme]]
    low, _, high = activate(values, name)[0]
    low_slope, _, high_slope = derivative(values, name)[0]
    assert np.isfinite([low_slope, high_slope]).all()
    if name in {"identity", "relu", "leaky_relu", "elu", "gelu", "softplus", "swish"}:
        assert high == np.float32(extreme)
        assert high_slope == 1
    if name in {"gelu", "swish", "softplus", "sigmoid", "softmax", "relu", "hard_sigmoid"}:
        assert (low, low_slope) == (0, 0)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_range_of_the_table_is_reached(name: ActivationName) -> None:
    values = activate(np.linspace(-30, 30, 60001), name)
    info = ACTIVATIONS[name]
    for seen, bound in ((values.min(), info.low), (values.max(), info.high)):
        if math.isinf(bound):
            assert abs(seen) >= 9 - 1e-5  # leaky ReLU of −30
        else:
            assert seen == pytest.approx(bound, abs=1e-6)


@pytest.mark.parametrize("name", RISING)
@given(values=hnp.arrays(np.float32, 20, elements=st.floats(-1e4, 1e4, width=32)))
@settings(deadline=None, max_examples=30)
def test_rising_functions_keep_the_order(name: ActivationName, values: np.ndarray) -> None:
    rising = activate(np.sort(values), name).astype(np.float64)
    last_digit = 4e-7 * np.abs(rising).max()
    assert np.all(np.diff(rising) >= -last_digit)


@given(
    values=hnp.arrays(np.float32, (3, 4), elements=st.floats(-50, 50, width=32)),
    shift=st.integers(-40, 40),
)
@settings(deadline=None, max_examples=40)
def test_softmax_sees_only_differences(values: np.ndarray, shift: int) -> None:
    np.testing.assert_allclose(
        activate(values + np.float32(shift), "softmax"),
        activate(values, "softmax"),
        rtol=1e-4,
        atol=1e-6,
    )


@pytest.mark.parametrize("slope", [0, 0.01, np.float32(0.5), 1])
def test_the_slope_is_that_of_the_negative_side(slope: float) -> None:
    np.testing.assert_allclose(activate([-4.0, 4.0], "leaky_relu", slope=slope), [-4 * slope, 4])
    np.testing.assert_allclose(derivative([-4.0, 4.0], "leaky_relu", slope=slope), [slope, 1])


@pytest.mark.parametrize("function", [activate, derivative])
@pytest.mark.parametrize(
    ("arguments", "slope", "message"),
    [
        (([1.0], "rulu"), 0.3, "name must be one of 'identity', 'sigmoid'"),
        (([], "relu"), 0.3, "values must not be empty"),
        ((["a"], "relu"), 0.3, "values must hold real numbers"),
        (([1.0], "leaky_relu"), 1.5, "slope must be a number from 0 to 1"),
        (([1.0], "leaky_relu"), math.nan, "slope must be a number from 0 to 1"),
        (([1.0], "leaky_relu"), "steep", "slope must be a number from 0 to 1"),
    ],
)
def test_bad_arguments_are_named(function, arguments, slope, message) -> None:
    with pytest.raises(ValueError, match=message):
        function(*arguments, slope=slope)


def test_the_table_tells_about_every_function_and_cannot_be_changed() -> None:
    assert tuple(ACTIVATIONS) == NAMES == get_args(ActivationName)
    for info in ACTIVATIONS.values():
        assert info.purpose.endswith(".")
        assert info.purpose.count(". ") == 0
        assert re.search(r", (19|20)\d\d(, (doi:10\.|arXiv:)\S+)?$", info.source)
    with pytest.raises(TypeError, match="does not support item assignment"):
        ACTIVATIONS["relu"] = ACTIVATIONS["elu"]  # type: ignore[index]


@pytest.mark.parametrize("name", NAMES)
def test_the_formula_can_be_drawn(name: ActivationName) -> None:
    drawn = MathTextParser("path").parse(f"${ACTIVATIONS[name].formula}$")
    assert drawn.width > 0


def test_selu_keeps_mean_zero_and_variance_one() -> None:
    x = np.linspace(-9, 9, 200_001)
    weights = np.exp(-(x**2) / 2)
    weights /= weights.sum()
    y = activate(x, "selu").astype(np.float64)
    mean = np.sum(weights * y)
    assert mean == pytest.approx(0, abs=1e-6)
    assert np.sum(weights * (y - mean) ** 2) == pytest.approx(1, abs=1e-6)


def test_share_zeroed_leaves_out_what_was_zero_already() -> None:
    before = np.array([[-1.0, 0.0], [2.0, -3.0]])
    assert share_zeroed(before, activate(before, "relu")) == 0.5
    assert share_zeroed(before, before) == 0
    assert share_zeroed(before, np.full((2, 2), 1e-30)) == 0


@pytest.mark.parametrize(("before", "after"), [([1.0], [1.0, 2.0]), ([], [])])
def test_share_zeroed_wants_the_same_values_twice(before: list[float], after: list[float]) -> None:
    with pytest.raises(ValueError, match="before and after must be the same values"):
        share_zeroed(before, after)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_curves_are_the_function_and_its_derivative(name: ActivationName) -> None:
    x = np.linspace(-5, 5, 21, dtype=np.float32)
    values, slopes = curve(x, name, num_channels=8)
    np.testing.assert_array_equal(values, activate(x, name))
    np.testing.assert_array_equal(slopes, derivative(x, name))


def test_the_softmax_curve_is_one_channel_against_zeros() -> None:
    x = np.linspace(-5, 5, 21)
    for num_channels in (1, 2, 8):
        values, slopes = curve(x, "softmax", num_channels=num_channels)
        share = np.exp(x) / (np.exp(x) + num_channels - 1)
        np.testing.assert_allclose(values, share, rtol=1e-5)
        np.testing.assert_allclose(slopes, share * (1 - share), rtol=1e-4, atol=1e-7)


def test_a_curve_needs_a_channel() -> None:
    with pytest.raises(ValueError, match="num_channels must be at least 1"):
        curve([0.0], "softmax", num_channels=0)
