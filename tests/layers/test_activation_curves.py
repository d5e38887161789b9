"""Curves of activation functions: the functions themselves, and softmax against zeros."""

import numpy as np
import pytest

from cnnviz_core.layers.activation import ActivationName, activate, activation_names, derivative
from cnnviz_core.layers.activation_curves import curve


@pytest.mark.parametrize("name", [name for name in activation_names() if name != "softmax"])
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
