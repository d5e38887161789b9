"""Setups as a person types them: read, checked, and shown stop by stop."""

import numpy as np
import pytest

from cnnviz_core.layers.step_setup import ConvolutionSetup, PoolingSetup, step_at
from cnnviz_core.layers.stepping import convolution_step, pooling_step

GRID = "1 2 3 0; 0 1 2 3; 3 0 1 2; 2 3 0 1"
NUMBERS = [[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]


def test_a_convolution_is_the_one_of_its_numbers() -> None:
    setup = ConvolutionSetup(GRID, "1 -1; 1/2 0", stride=2, padding=1, dilation=2)
    shown = step_at(setup, 3)
    expected = convolution_step(NUMBERS, [[1, -1], [0.5, 0]], 3, stride=2, padding=1, dilation=2)
    assert (shown.rows, shown.cols) == (expected.rows, expected.cols)
    np.testing.assert_array_equal(shown.output, expected.output)


@pytest.mark.parametrize("mode", ["max", "average"])
def test_a_pooling_is_the_one_of_its_numbers(mode: str) -> None:
    shown = step_at(PoolingSetup(GRID, 3, mode, stride=2, padding="same"), 1)
    expected = pooling_step(NUMBERS, 3, 1, stride=2, mode=mode, padding="same")
    assert (shown.rows, shown.cols) == (expected.rows, expected.cols)
    np.testing.assert_array_equal(shown.output, expected.output)


def test_pooling_windows_touch_unless_told_otherwise() -> None:
    np.testing.assert_array_equal(step_at(PoolingSetup(GRID, 2, "max"), 0).output, [[2, 3], [3, 2]])


@pytest.mark.parametrize(
    ("setup", "message"),
    [
        (ConvolutionSetup("1 x", "1"), "The grid, row 1, column 2: “x” is not a number"),
        (ConvolutionSetup("1 2", "1,,1"), "The kernel, row 1, column 2 is blank"),
        (ConvolutionSetup("1 2", "1; 1"), "must fit"),
        (PoolingSetup("1 2; 3", 1, "max"), "The grid, row 2 has length 1"),
        (PoolingSetup("1 2; 3 4", 3, "max"), "must fit"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    setup: ConvolutionSetup | PoolingSetup, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        step_at(setup, 0)
