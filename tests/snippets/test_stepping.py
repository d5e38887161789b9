"""Programs of the step-by-step page make what its stops write."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from cnnviz_core.layers.upsampling import transposed_convolution
from cnnviz_core.snippets import stepping
from cnnviz_core.snippets.program import Program, as_script
from cnnviz_core.stepping.setups import (
    CausalSetup,
    ConvolutionSetup,
    GlobalPoolingSetup,
    PoolingSetup,
    TransposedSetup,
    walk,
)
from cnnviz_core.stepping.stops import results
from cnnviz_core.views import stepping_files
from cnnviz_core.views.stepping_files import has_program
from tests.stepping.test_gathering import convolutions, tensorflows

quick = settings(deadline=None, max_examples=40)
GRID = "1 2 3 0; 0 1 2 3; 3 0 1 2; 2 3 0 1"


def made(program: Program) -> Any:
    found: dict[str, Any] = {}
    exec(as_script(program), found)  # noqa: S102
    return found["result"]


@quick
@given(convolutions())
def test_a_convolution_is_tensorflows(case: Any) -> None:
    channels, kernels, biases, layer = case
    expected = tensorflows(channels, kernels, biases, **layer)
    program = stepping.convolution(channels, kernels, biases, np.float32(expected), **layer)
    np.testing.assert_allclose(made(program), expected, atol=1e-3)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1])
def test_painting_is_a_transposed_convolution(stride: int, padding: int) -> None:
    setup = TransposedSetup(GRID, "1 0 -1; 2 1 0; 1 1 1", stride, padding, stride - 1)
    grid = np.float32([[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]])
    kernel = np.float32([[1, 0, -1], [2, 1, 0], [1, 1, 1]])
    layer = {"stride": stride, "padding": padding, "output_padding": stride - 1}
    expected = transposed_convolution(grid[..., np.newaxis], kernel, **layer)[..., 0]
    np.testing.assert_array_equal(made(stepping_files.program(setup)), expected)


@pytest.mark.parametrize(("mode", "stride"), [("max", None), ("average", 1), ("max", 3)])
def test_pooling_of_several_channels(mode: Any, stride: int | None) -> None:
    setup = PoolingSetup((GRID, GRID[::-1]), 2, mode, stride)
    found = made(stepping_files.program(setup))
    np.testing.assert_allclose(found[..., :1], results(walk(setup)), rtol=1e-6)
    assert found.shape[2] == 2


def test_a_setup_as_it_is_typed() -> None:
    setup = ConvolutionSetup((GRID, GRID), (("1 1/3; 0 -1", "0 1; 1 0"),), biases="2", padding=1)
    np.testing.assert_allclose(made(stepping_files.program(setup)), results(walk(setup)), atol=1e-5)
    assert "1/3" not in as_script(stepping_files.program(setup))


def test_where_there_is_no_program_nobody_is_offered_one() -> None:
    for setup in (CausalSetup("1 2", "1"), GlobalPoolingSetup((GRID,), "max")):
        assert not has_program(setup)
        with pytest.raises(ValueError, match="no program for this operation"):
            stepping_files.program(setup)
    assert not has_program(PoolingSetup((GRID,), 3, "max", 2, "same"))
