"""Programs of the step-by-step page make what its stops write."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnviz_core.layers.pooling import PoolMode, pool
from cnnviz_core.layers.typed_grids import parse_grid
from cnnviz_core.layers.upsampling import transposed_convolution
from cnnviz_core.snippets import stepping
from cnnviz_core.snippets.program import Program, as_script
from cnnviz_core.stepping.reading import read_channels
from cnnviz_core.stepping.setups import (
    BatchSetup,
    CausalSetup,
    ChainSetup,
    ConvolutionSetup,
    GlobalPoolingSetup,
    GradientSetup,
    PoolingSetup,
    SeparableSetup,
    Towards,
    TransposedSetup,
    read_gradient,
    result_sides,
    walk,
)
from cnnviz_core.stepping.stops import results
from cnnviz_core.views.stepping_files import program as step_program
from tests.stepping.test_gathering import convolutions, tensorflows

quick = settings(deadline=None, max_examples=40)
numbers = st.integers(-9, 9).map(float)
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


def test_filters_of_a_group_read_the_same_channels() -> None:
    rng = np.random.default_rng(0)
    channels = rng.integers(-9, 10, (4, 5, 4)).astype(np.float32)
    kernels = rng.integers(-9, 10, (2, 2, 2, 6)).astype(np.float32)
    layer = {"stride": 1, "padding": "valid", "dilation": 1, "groups": 2}
    expected = np.float32(tensorflows(channels, kernels, None, **layer))
    program = stepping.convolution(channels, kernels, None, expected, **layer)
    np.testing.assert_allclose(made(program), expected, atol=1e-3)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1])
def test_painting_is_a_transposed_convolution(stride: int, padding: int) -> None:
    setup = TransposedSetup(GRID, "1 0 -1; 2 1 0; 1 1 1", stride, padding, stride - 1)
    grid = np.float32([[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]])
    kernel = np.float32([[1, 0, -1], [2, 1, 0], [1, 1, 1]])
    layer = {"stride": stride, "padding": padding, "output_padding": stride - 1}
    expected = transposed_convolution(grid[..., np.newaxis], kernel, **layer)[..., 0]
    np.testing.assert_array_equal(made(step_program(setup)), expected)


@pytest.mark.parametrize(("mode", "stride"), [("max", None), ("average", 1), ("max", 3)])
def test_pooling_of_several_channels(mode: Any, stride: int | None) -> None:
    setup = PoolingSetup((GRID, GRID[::-1]), 2, mode, stride)
    found = made(step_program(setup))
    np.testing.assert_allclose(found[..., :1], results(walk(setup)), rtol=1e-6)
    assert found.shape[2] == 2


def test_a_setup_as_it_is_typed() -> None:
    setup = ConvolutionSetup((GRID, GRID), (("1 1/3; 0 -1", "0 1; 1 0"),), biases="2", padding=1)
    np.testing.assert_allclose(made(step_program(setup)), results(walk(setup)), atol=1e-5)
    assert "1/3" not in as_script(step_program(setup))


def as_text(grid: Any) -> str:
    return "; ".join(" ".join(f"{one:g}" for one in row) for row in grid)


@st.composite
def grids(draw: st.DrawFn, least: int = 3, most: int = 6) -> str:
    sides = draw(st.tuples(st.integers(least, most), st.integers(least, most)))
    return as_text(draw(arrays(np.float32, sides, elements=numbers)))


@st.composite
def poolings(draw: st.DrawFn, num_channels: int = 1) -> PoolingSetup:
    """Windows that fit, also where they are moved by less, or by more, than they are wide."""
    sides = draw(st.tuples(st.integers(3, 6), st.integers(3, 6)))
    channels = draw(arrays(np.float32, (num_channels, *sides), elements=numbers))
    return PoolingSetup(
        tuple(map(as_text, channels)),
        draw(st.integers(1, 3)),
        draw(st.sampled_from(["max", "average"])),
        draw(st.none() | st.integers(1, 3)),
        draw(st.sampled_from(["valid", "same"])),
    )


@st.composite
def gradients(draw: st.DrawFn) -> GradientSetup:
    if draw(st.booleans()):
        forwards: ConvolutionSetup | PoolingSetup = draw(poolings())
        towards: Towards = "input"
    else:
        forwards = ConvolutionSetup(
            (draw(grids()),),
            ((draw(grids(1, 3)),),),
            stride=draw(st.integers(1, 3)),
            padding=draw(st.sampled_from([0, 1, 2, "valid", "same"])),
        )
        towards = draw(st.sampled_from(["kernel", "input"]))
    upstream = draw(arrays(np.float32, result_sides(forwards), elements=numbers))
    return GradientSetup(forwards, towards, as_text(upstream))


def tapes(setup: GradientSetup) -> Any:
    """The same gradient by TensorFlow's tape; its zeros, and what does not count, laid by hand."""
    import tensorflow as tf

    forwards, upstream = setup.forwards, read_gradient(setup)
    grid = tf.constant(parse_grid(forwards.grids[0])[np.newaxis, ..., np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(grid)
        if isinstance(forwards, PoolingSetup):
            pool = tf.nn.max_pool2d if forwards.mode == "max" else tf.nn.avg_pool2d
            stride = forwards.stride or forwards.size
            result = pool(grid, forwards.size, stride, forwards.padding.upper())
            of = grid
        else:
            kernel = tf.constant(parse_grid(forwards.kernels[0][0])[..., np.newaxis, np.newaxis])
            tape.watch(kernel)
            seen, padding = grid, forwards.padding
            if isinstance(padding, int):
                around = [[padding, padding]] * 2
                seen, padding = tf.pad(grid, [[0, 0], *around, [0, 0]]), "valid"
            result = tf.nn.conv2d(seen, kernel, forwards.stride, padding.upper())
            of = kernel if setup.towards == "kernel" else grid
        loss = tf.reduce_sum(result * upstream[np.newaxis, ..., np.newaxis])
    return tape.gradient(loss, of).numpy().squeeze()


@quick
@given(gradients())
def test_what_is_handed_back_is_what_tensorflows_tape_finds(setup: GradientSetup) -> None:
    np.testing.assert_allclose(made(step_program(setup)).squeeze(), tapes(setup), atol=1e-3)


@quick
@given(poolings(num_channels=2))
def test_pooling_is_that_of_the_layer(setup: PoolingSetup) -> None:
    found = made(step_program(setup))
    channels = read_channels(setup.grids)
    expected = pool(
        channels, setup.size, stride=setup.stride, mode=setup.mode, padding=setup.padding
    )
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("mode", ["max", "average"])
def test_a_whole_grid_is_pooled_channel_by_channel(mode: PoolMode) -> None:
    found = made(
        step_program(GlobalPoolingSetup((GRID, "1 -1 0 0; 0 0 0 0; 0 0 0 0; 0 0 0 9"), mode))
    )
    np.testing.assert_allclose(found.ravel(), {"max": [3, 9], "average": [1.5, 9 / 16]}[mode])


@quick
@given(convolutions(), st.integers(1, 3))
def test_depthwise_then_pointwise_is_tensorflows(case: Any, num_filters: int) -> None:
    channels, _kernels, _biases, layer = case
    num_channels = channels.shape[2]
    rng = np.random.default_rng(num_channels + num_filters)
    kernels = rng.integers(-3, 4, (2, 2, 1, num_channels)).astype(np.float32)
    mixing = rng.integers(-3, 4, (num_filters, num_channels)).astype(np.float32)
    sides = [max(2, side) for side in channels.shape[:2]]
    channels = np.resize(channels, (*sides, num_channels))
    sliding = {"stride": layer["stride"], "padding": layer["padding"]}
    depthwise = tensorflows(channels, kernels, None, **sliding, dilation=1, groups=num_channels)
    by_channel = np.moveaxis(channels, -1, 0)
    typed = {
        "grids": tuple(map(as_text, by_channel)),
        "kernels": tuple(as_text(kernels[..., 0, one]) for one in range(num_channels)),
        "mixing": as_text(mixing),
        **sliding,
    }
    first, second = (
        made(step_program(SeparableSetup(act=act, **typed))) for act in ("depthwise", "pointwise")
    )
    np.testing.assert_allclose(first, depthwise, atol=1e-3)
    np.testing.assert_allclose(second, np.asarray(depthwise) @ mixing.T, atol=1e-3)


@pytest.mark.parametrize("num_layers", [1, 2, 3])
def test_causal_layers_are_those_of_keras(num_layers: int) -> None:
    import keras

    row, kernel = np.float32([1, -2, 3, 5, 0, 4, 2]), np.float32([1, 0.5, -2])
    found = made(step_program(CausalSetup(as_text([row]), as_text([kernel]), num_layers)))
    seen = row[np.newaxis, :, np.newaxis]
    for index in range(num_layers):
        layer = keras.layers.Conv1D(1, 3, padding="causal", dilation_rate=2**index, use_bias=False)
        layer.build(seen.shape)
        layer.set_weights([kernel[:, np.newaxis, np.newaxis]])
        seen = layer(seen).numpy()
        np.testing.assert_allclose(found[:, index], seen.ravel(), atol=1e-4)


def test_a_batch_is_normalized_as_by_keras() -> None:
    import keras

    batch = np.float32([[1, 5], [3, 5], [8, 5], [-2, 5]])
    layer = keras.layers.BatchNormalization(
        gamma_initializer=keras.initializers.Constant(2.5),
        beta_initializer=keras.initializers.Constant(-0.5),
    )
    expected = layer(batch, training=True).numpy()
    found = made(step_program(BatchSetup(as_text(batch), 2.5, -0.5)))
    np.testing.assert_allclose(found, expected, atol=1e-4)


@quick
@given(arrays(np.float32, (5, 6), elements=numbers), arrays(np.float32, (2, 3), elements=numbers))
def test_there_and_back_is_what_tensorflows_tape_finds(grid: Any, kernel: Any) -> None:
    import tensorflow as tf

    weights = tf.constant(kernel[..., np.newaxis, np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(weights)
        maps = tf.nn.relu(tf.nn.conv2d(grid[np.newaxis, ..., np.newaxis], weights, 1, "VALID"))
        loss = tf.reduce_sum(tf.nn.max_pool2d(maps, 2, 2, "VALID"))
    expected = tape.gradient(loss, weights).numpy().squeeze()
    found = made(step_program(ChainSetup(as_text(grid), as_text(kernel))))
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_the_longest_programs_fit_into_the_drawer() -> None:
    setups = (
        ConvolutionSetup(
            (GRID,) * 3, (("1 2; 3 4",),) * 3, stride=2, dilation=2, groups=3, padding=2
        ),
        GradientSetup(PoolingSetup((GRID,), 3, "max", 2, "same"), "input", 0),
        ChainSetup(GRID, "1 0; 0 1"),
    )
    for setup in setups:
        script = as_script(step_program(setup))
        assert max(map(len, script.splitlines())) <= 100
        assert len([one for one in script.splitlines() if one.strip() and one[0] != "#"]) <= 36
