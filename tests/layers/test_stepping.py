"""Single stops of a window against scipy, TensorFlow and plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import correlate2d

from cnnviz_core.layers.pooling import pool
from cnnviz_core.layers.step_setups import ConvolutionSetup, PoolingSetup, step_at
from cnnviz_core.layers.stepping import convolution_step, pooling_step
from cnnviz_core.layers.typed_grids import LARGEST_VALUE, format_grid, parse_grid
from tests import oracles

INPUT = parse_grid("1 1 1 0 0; 0 1 1 1 0; 0 0 1 1 1; 0 0 1 1 0; 0 1 1 0 0")
KERNEL = parse_grid("1 0 1; 0 1 0; 1 0 1")

quick = settings(deadline=None, max_examples=60)
numbers = st.floats(-LARGEST_VALUE, LARGEST_VALUE, width=32)
sides = st.tuples(st.integers(1, 12), st.integers(1, 12))
grids = sides.flatmap(lambda shape: arrays(np.float32, shape, elements=numbers))
GRID = "1 2 3 0; 0 1 2 3; 3 0 1 2; 2 3 0 1"
NUMBERS = [[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]

small = st.integers(-9, 9).map(float)


@st.composite
def convolutions(draw):
    """A grid, a kernel and settings with which the window fits."""
    kernel = draw(arrays(np.float32, st.tuples(*[st.integers(1, 4)] * 2), elements=small))
    settings = {
        "stride": draw(st.integers(1, 3)),
        "padding": draw(st.sampled_from([0, 1, 2, "valid", "same"])),
        "dilation": draw(st.integers(1, 3)),
    }
    least = [settings["dilation"] * (side - 1) + 1 for side in kernel.shape]
    shape = st.tuples(*(st.integers(side, side + 4) for side in least))
    return draw(arrays(np.float32, shape, elements=small)), kernel, settings


def steps_of(grid, kernel, settings):
    count = convolution_step(grid, kernel, 0, **settings).output.size
    return [convolution_step(grid, kernel, i, **settings) for i in range(count)]


def test_the_textbook_example_gives_the_textbook_result():
    expected = [[4, 3, 4], [2, 4, 3], [2, 3, 4]]
    np.testing.assert_array_equal(convolution_step(INPUT, KERNEL, 8).output, expected)


def test_an_asymmetric_kernel_is_not_flipped():
    step = convolution_step([[1, 2, 3]], [[1, 0, -1]], 0)
    assert step.value == -2


@quick
@given(convolutions())
def test_the_result_is_scipys_correlation(case):
    grid, kernel, settings = case
    step = convolution_step(grid, kernel, 0, **settings)
    dilation, stride = settings["dilation"], settings["stride"]
    spread = np.zeros([dilation * (side - 1) + 1 for side in kernel.shape])
    spread[::dilation, ::dilation] = kernel
    expected = correlate2d(step.grid, spread, mode="valid")[::stride, ::stride]
    np.testing.assert_allclose(step.output, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("stride", "padding", "dilation"),
    [
        (1, "valid", 1),
        (2, "valid", 1),
        (1, "same", 1),
        (2, "same", 1),
        (3, "same", 1),
        (1, "valid", 2),
        (1, "same", 2),
        (1, 1, 1),
        (2, 2, 1),
    ],
)
def test_the_result_is_tensorflows(stride, padding, dilation):
    import tensorflow as tf

    rng = np.random.default_rng(0)
    grid = rng.normal(size=(8, 9)).astype(np.float32)
    kernel = rng.normal(size=(3, 2)).astype(np.float32)
    zeros = [[0, 0], [padding] * 2, [padding] * 2, [0, 0]]
    expected = tf.nn.conv2d(
        grid[np.newaxis, ..., np.newaxis],
        kernel[..., np.newaxis, np.newaxis],
        strides=stride,
        padding=padding.upper() if isinstance(padding, str) else zeros,
        dilations=dilation,
    )
    step = convolution_step(grid, kernel, 0, stride=stride, padding=padding, dilation=dilation)
    np.testing.assert_allclose(step.output, expected[0, ..., 0], atol=1e-5)


@quick
@given(convolutions())
def test_all_steps_assemble_the_whole_result(case):
    steps = steps_of(*case)
    assembled = np.full(steps[0].output.shape, np.nan)
    for step in steps:
        assert np.isnan(assembled[step.row, step.col])
        assembled[step.row, step.col] = step.products.sum()
    np.testing.assert_allclose(assembled, steps[0].output, atol=1e-4)


@quick
@given(convolutions())
def test_the_grid_inside_the_padding_is_untouched(case):
    grid, kernel, settings = case
    before = grid.copy(), kernel.copy()
    step = convolution_step(grid, kernel, 0, **settings)
    np.testing.assert_array_equal(step.grid[~step.is_padding].reshape(grid.shape), grid)
    assert not step.grid[step.is_padding].any()
    np.testing.assert_array_equal(grid, before[0])
    np.testing.assert_array_equal(kernel, before[1])


def test_a_step_keeps_its_weights_when_the_kernel_changes_later():
    kernel = KERNEL.copy()
    step = convolution_step(INPUT, kernel, 0)
    kernel[:] = 9
    np.testing.assert_array_equal(step.weights, KERNEL)


def test_stride_and_dilation_move_the_window():
    step = convolution_step(np.eye(8), np.ones((3, 3)), 3, stride=2, dilation=2)
    assert (step.row, step.col) == (1, 1)
    assert step.rows == step.cols == (2, 4, 6)


def test_tenths_add_up_without_residue():
    assert convolution_step([[0.5, 0.25]], [[1000, -2000]], 0).value == 0


@quick
@given(
    arrays(np.float32, st.tuples(*[st.integers(3, 8)] * 2), elements=small),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from(["max", "average"]),
    st.sampled_from(["valid", "same"]),
)
def test_pooling_steps_assemble_the_oracles_result(grid, size, stride, mode, padding):
    options = {"stride": stride, "padding": padding}
    expected = oracles.pool(grid[..., np.newaxis], size, stride, mode, padding)[..., 0]
    count = pooling_step(grid, size, 0, mode=mode, **options).output.size
    assert count == expected.size
    for position in range(count):
        step = pooling_step(grid, size, position, mode=mode, **options)
        seen = step.covered[step.counts]
        assert step.value == pytest.approx(seen.max() if mode == "max" else seen.mean(), abs=1e-5)
        assert step.value == pytest.approx(expected[step.row, step.col], abs=1e-5)


def test_pooling_windows_touch_unless_told_otherwise():
    step = pooling_step(INPUT, 2, 3)
    assert step.rows == step.cols == (2, 3)
    np.testing.assert_array_equal(step.output, pool(INPUT[..., np.newaxis], 2)[..., 0])


def test_padding_never_wins_a_maximum():
    assert pooling_step(-np.ones((3, 3)), 2, 3, padding="same").value == -1


@pytest.mark.parametrize("position", [-1, 9, 1.0])
def test_a_position_outside_the_result_is_refused(position):
    with pytest.raises(ValueError, match=r"position must be .*from 0 to 8"):
        convolution_step(INPUT, KERNEL, position)
    with pytest.raises(ValueError, match=r"position must be .*from 0 to 8"):
        pooling_step(INPUT, 3, position, stride=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"stride": 0}, "stride must be at least 1"),
        ({"dilation": 0}, "dilation must be at least 1"),
        ({"padding": -1}, "padding must be at least 0"),
        ({"padding": "full"}, "padding must be 'valid', 'same' or"),
        ({"dilation": 3}, "window must fit"),
    ],
)
def test_settings_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        convolution_step(INPUT, KERNEL, 0, **options)


@pytest.mark.parametrize("grid", [[1, 2], [[]], [[np.nan]], [["a"]]])
def test_what_is_no_grid_of_finite_numbers_is_refused(grid):
    for use in (
        lambda: convolution_step(grid, KERNEL, 0),
        lambda: pooling_step(grid, 1, 0),
        lambda: format_grid(grid),
    ):
        with pytest.raises(ValueError, match=r"^grid must"):
            use()
    with pytest.raises(ValueError, match=r"^kernel must"):
        convolution_step(INPUT, grid, 0)


def test_an_unknown_way_of_pooling_is_refused():
    with pytest.raises(ValueError, match="mode must be one of 'max', 'average'"):
        pooling_step(INPUT, 2, 0, mode="median")


def test_a_typed_convolution_is_the_one_of_its_numbers() -> None:
    setup = ConvolutionSetup(GRID, "1 -1; 1/2 0", stride=2, padding=1, dilation=2)
    shown = step_at(setup, 3)
    expected = convolution_step(NUMBERS, [[1, -1], [0.5, 0]], 3, stride=2, padding=1, dilation=2)
    assert (shown.rows, shown.cols) == (expected.rows, expected.cols)
    np.testing.assert_array_equal(shown.output, expected.output)


@pytest.mark.parametrize("mode", ["max", "average"])
def test_a_typed_pooling_is_the_one_of_its_numbers(mode: str) -> None:
    shown = step_at(PoolingSetup(GRID, 3, mode, stride=2, padding="same"), 1)
    expected = pooling_step(NUMBERS, 3, 1, stride=2, mode=mode, padding="same")
    assert (shown.rows, shown.cols) == (expected.rows, expected.cols)
    np.testing.assert_array_equal(shown.output, expected.output)


def test_typed_pooling_windows_touch_unless_told_otherwise() -> None:
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
def test_what_was_typed_and_cannot_be_is_refused_by_name(
    setup: ConvolutionSetup | PoolingSetup, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        step_at(setup, 0)
