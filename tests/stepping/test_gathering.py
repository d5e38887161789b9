"""Single stops of a window over channels against TensorFlow, scipy and plain loops."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import correlate2d

from cnnviz_core.layers.typed_grids import parse_grid
from cnnviz_core.stepping.gathering import convolve
from cnnviz_core.stepping.pooling import pool_whole, pool_windows
from cnnviz_core.stepping.setups import ConvolutionSetup, PoolingSetup, SeparableSetup, walk
from tests import oracles

INPUT = parse_grid("1 1 1 0 0; 0 1 1 1 0; 0 0 1 1 1; 0 0 1 1 0; 0 1 1 0 0")[..., np.newaxis]
KERNEL = parse_grid("1 0 1; 0 1 0; 1 0 1")[..., np.newaxis, np.newaxis]
GRID = "1 2 3 0; 0 1 2 3; 3 0 1 2; 2 3 0 1"

quick = settings(deadline=None, max_examples=60)
small = st.integers(-9, 9).map(float)


@st.composite
def convolutions(draw):
    """Channels, kernels, biases and settings with which the window fits."""
    groups = draw(st.integers(1, 3))
    num_read = draw(st.integers(1, 3 // groups))
    num_filters = groups * draw(st.integers(1, 3 // groups))
    sides = draw(st.tuples(*[st.integers(1, 3)] * 2))
    settings = {
        "stride": draw(st.integers(1, 3)),
        "padding": draw(st.sampled_from([0, 1, 2, "valid", "same"])),
        "dilation": draw(st.integers(1, 3)),
        "groups": groups,
    }
    least = [settings["dilation"] * (side - 1) + 1 for side in sides]
    shape = [draw(st.integers(side, side + 4)) for side in least]
    channels = draw(arrays(np.float32, (*shape, groups * num_read), elements=small))
    kernels = draw(arrays(np.float32, (*sides, num_read, num_filters), elements=small))
    biases = draw(st.none() | arrays(np.float32, num_filters, elements=small))
    return channels, kernels, biases, settings


def result(walk, num_grids):
    """What all stops write, put together; each cell is written once."""
    stops = [walk.at(position) for position in range(walk.num_stops)]
    shape = 1 + max(one.row for one in stops), 1 + max(one.column for one in stops), num_grids
    whole = np.full(shape, np.nan)
    for one in stops:
        assert np.isnan(whole[one.row, one.column, one.index])
        whole[one.row, one.column, one.index] = one.value
    assert not np.isnan(whole).any()
    return whole


def tensorflows(channels, kernels, biases, *, stride, padding, dilation, groups):
    """The same layer by TensorFlow: each group on its own, zeros laid around by hand."""
    import tensorflow as tf

    if isinstance(padding, int):
        channels = np.pad(channels, [(padding, padding)] * 2 + [(0, 0)])
        padding = "valid"
    num_read, of_group = kernels.shape[2], kernels.shape[3] // groups
    parts = [
        tf.nn.conv2d(
            channels[np.newaxis, ..., one * num_read : (one + 1) * num_read],
            kernels[..., one * of_group : (one + 1) * of_group],
            strides=stride,
            padding=padding.upper(),
            dilations=dilation,
        )[0]
        for one in range(groups)
    ]
    return np.concatenate(parts, axis=-1) + (0 if biases is None else biases)


def test_the_textbook_example_gives_the_textbook_result():
    expected = [[4, 3, 4], [2, 4, 3], [2, 3, 4]]
    np.testing.assert_array_equal(result(convolve(INPUT, KERNEL), 1)[..., 0], expected)


def test_an_asymmetric_kernel_is_not_flipped():
    row = np.reshape([1, 2, 3], (1, 3, 1))
    assert convolve(row, np.reshape([1, 0, -1], (1, 3, 1, 1))).at(0).value == -2


@quick
@given(convolutions())
def test_all_stops_together_write_tensorflows_result(case):
    channels, kernels, biases, settings = case
    written = result(convolve(channels, kernels, biases, **settings), kernels.shape[3])
    np.testing.assert_allclose(written, tensorflows(*case[:3], **settings), atol=1e-3)


@quick
@given(convolutions())
def test_a_stop_shows_what_its_value_is_made_of(case):
    channels, kernels, biases, settings = case
    walked = convolve(channels, kernels, biases, **settings)
    for position in {0, walked.num_stops // 2, walked.num_stops - 1}:
        stop = walked.at(position)
        assert stop.whole.sum.value == stop.value
        if not stop.parts:
            terms = stop.whole.sum.terms
            assert sum(one.value * one.weight for one in terms) == stop.value
            continue
        added = [one.value for one in stop.whole.sum.terms]
        assert math.isclose(sum(added), stop.value, abs_tol=1e-3)
        read = [part.sum.value for part in stop.parts if not math.isnan(part.sum.value)]
        assert added == read + ([] if biases is None else [biases[stop.index]])
        for channel, part in enumerate(stop.parts):
            source, sign, kernel = part.items
            assert sign == "×"
            assert channels[..., channel].sum() == pytest.approx(source.values.sum())
            if math.isnan(part.sum.value):
                assert set(kernel.looks.flat) == {"to_come"}
                assert source.frame is None
                continue
            total = sum(one.value * one.weight for one in part.sum.terms)
            assert math.isclose(total, part.sum.value, abs_tol=1e-3)
            assert [one.weight for one in part.sum.terms] == kernel.values.ravel().tolist()
            under = np.isfinite(source.corners)
            assert [one.value for one in part.sum.terms] == source.values[under].tolist()


@quick
@given(convolutions())
def test_the_layer_is_keras_with_its_groups(case):
    import keras

    channels, kernels, biases, settings = case
    if isinstance(padding := settings["padding"], int):
        channels = np.pad(channels, [(padding, padding)] * 2 + [(0, 0)])
        settings["padding"] = "valid"
    # Keras refuses a stride together with a dilation.
    stride = settings["stride"] if settings["dilation"] == 1 else 1
    layer = keras.layers.Conv2D(
        kernels.shape[3],
        kernels.shape[:2],
        strides=stride,
        padding=settings["padding"],
        dilation_rate=settings["dilation"],
        groups=settings["groups"],
        use_bias=biases is not None,
    )
    layer.build((1, *channels.shape))
    layer.set_weights([kernels] if biases is None else [kernels, biases])
    walked = convolve(channels, kernels, biases, **settings | {"stride": stride})
    expected = np.asarray(layer(channels[np.newaxis]))[0]
    np.testing.assert_allclose(result(walked, kernels.shape[3]), expected, atol=1e-3)


@pytest.mark.parametrize("groups", [1, 3])
def test_the_layer_is_keras(groups):
    import keras

    rng = np.random.default_rng(0)
    channels = rng.normal(size=(6, 7, 3)).astype(np.float32)
    kernels = rng.normal(size=(3, 3, 3 // groups, 3)).astype(np.float32)
    biases = np.float32([1, -2, 0.5])
    if groups == 1:
        layer = keras.layers.Conv2D(3, 3, strides=2, padding="same")
        weights = kernels
    else:
        layer = keras.layers.DepthwiseConv2D(3, strides=2, padding="same")
        weights = np.swapaxes(kernels, 2, 3)
    layer.build((1, 6, 7, 3))
    layer.set_weights([weights, biases])
    walked = convolve(channels, kernels, biases, stride=2, padding="same", groups=groups)
    expected = np.asarray(layer(channels[np.newaxis]))[0]
    np.testing.assert_allclose(result(walked, 3), expected, atol=1e-5)


@quick
@given(convolutions())
def test_one_channel_and_one_filter_are_scipys_correlation(case):
    channels, kernels, _, settings = case
    settings["groups"] = 1
    walked = convolve(channels[..., :1], kernels[:, :, :1, :1], **settings)
    padded = walked.at(0).source.values
    dilation, stride = settings["dilation"], settings["stride"]
    spread = np.zeros([dilation * (side - 1) + 1 for side in kernels.shape[:2]])
    spread[::dilation, ::dilation] = kernels[:, :, 0, 0]
    expected = correlate2d(padded, spread, mode="valid")[::stride, ::stride]
    np.testing.assert_allclose(result(walked, 1)[..., 0], expected, atol=1e-4)


def test_the_filters_write_their_cells_in_turn():
    walked = convolve(INPUT, np.concatenate([KERNEL, -KERNEL], axis=-1))
    stops = [walked.at(position) for position in range(4)]
    assert [(one.row, one.column, one.index) for one in stops] == [
        (0, 0, 0),
        (0, 0, 1),
        (0, 1, 0),
        (0, 1, 1),
    ]
    first, second = (item for item in stops[2].whole.items if not isinstance(item, str))
    assert first.looks[0].tolist() == ["done", "current", "to_come"]
    assert second.looks[0].tolist() == ["done", "to_come", "to_come"]


def test_a_walk_keeps_its_numbers_when_those_that_it_came_from_change():
    kernel = KERNEL.copy()
    walked = convolve(INPUT, kernel)
    kernel[:] = 9
    assert walked.at(0).value == 4
    assert walked.at(0).whole.items[2].values.max() == 1


def test_stride_and_dilation_move_the_window():
    walked = convolve(np.eye(8)[..., np.newaxis], np.ones((3, 3, 1, 1)), stride=2, dilation=2)
    stop = walked.at(3)
    assert (stop.row, stop.column) == (1, 1)
    assert stop.source.frame == (2, 2, 5, 5)
    rows, columns = np.nonzero(np.isfinite(stop.source.corners))
    assert {*rows} == {*columns} == {2, 4, 6}


def test_tenths_add_up_without_residue():
    grid = np.reshape([0.5, 0.25], (1, 2, 1))
    assert convolve(grid, np.reshape([1000, -2000], (1, 2, 1, 1))).at(0).value == 0


@quick
@given(
    arrays(np.float32, st.tuples(*[st.integers(3, 8)] * 2, st.integers(1, 3)), elements=small),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from(["max", "average"]),
    st.sampled_from(["valid", "same"]),
)
def test_pooling_stops_write_the_oracles_result_in_all_channels(grid, size, stride, mode, padding):
    expected = oracles.pool(grid, size, stride, mode, padding)
    walked = pool_windows(grid, size, stride=stride, mode=mode, padding=padding)
    assert walked.num_stops == expected.shape[0] * expected.shape[1]
    for position in range(walked.num_stops):
        stop = walked.at(position)
        for channel, act in enumerate(stop.acts):
            value = expected[stop.row, stop.column, channel]
            assert act.sum.value == pytest.approx(value, abs=1e-5)
            seen = [one.value for one in act.sum.terms if not math.isnan(one.value)]
            taken = max(seen) if mode == "max" else np.mean(seen)
            assert taken == pytest.approx(value, abs=1e-5)
            if mode == "max":
                (winner,) = act.items[0].values[act.items[0].looks == "current"]
                assert winner == value


def test_two_acts_are_keras_separable_layer():
    import keras

    grids = ("1 2 0 1; 0 1 3 2; 2 2 1 0; 1 0 0 3", "0 1 1 0; 2 0 1 1; 1 1 0 2; 0 3 1 1")
    kernels = ("1 0; -1 2", "0 1; 1 -1")
    layer = keras.layers.SeparableConv2D(3, 2, padding="same", use_bias=False)
    layer.build((1, 4, 4, 2))
    depthwise = np.stack([parse_grid(one) for one in kernels], axis=-1)[..., np.newaxis]
    mixing = np.float32([[1, 0, 2], [-1, 3, 0.5]])
    layer.set_weights([depthwise, mixing[np.newaxis, np.newaxis]])
    cells = np.stack([parse_grid(one) for one in grids], axis=-1)[np.newaxis]
    setup = SeparableSetup(grids, kernels, "1 -1; 0 3; 2 0.5", "pointwise", padding="same")
    np.testing.assert_allclose(result(walk(setup), 3), np.asarray(layer(cells))[0], atol=1e-5)
    first = replace(setup, act="depthwise")
    expected = convolve(cells[0], np.swapaxes(depthwise, 2, 3), padding="same", groups=2)
    np.testing.assert_array_equal(result(walk(first), 2), result(expected, 2))


@pytest.mark.parametrize("mode", ["max", "average"])
def test_global_pooling_leaves_one_number_for_each_channel(mode):
    grid = np.random.default_rng(3).integers(-9, 9, (3, 4, 2)).astype(np.float32)
    stop = pool_whole(grid, mode).at(0)
    for channel, act in enumerate(stop.acts):
        values = grid[..., channel]
        assert act.sum.value == pytest.approx(values.max() if mode == "max" else values.mean())
        assert [one.value for one in act.sum.terms] == values.ravel().tolist()


def test_pooling_windows_touch_unless_told_otherwise():
    assert pool_windows(INPUT, 2).at(3).source.frame == (2, 2, 2, 2)


def test_padding_never_wins_a_maximum():
    assert pool_windows(-np.ones((3, 3, 1)), 2, padding="same").at(3).value == -1


@pytest.mark.parametrize("position", [-1, 9, 1.0])
def test_a_stop_that_is_not_there_is_refused(position):
    for walked in (convolve(INPUT, KERNEL), pool_windows(INPUT, 3, stride=1)):
        with pytest.raises(ValueError, match=r"position must be .*from 0 to 8"):
            walked.at(position)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"stride": 0}, "stride must be at least 1"),
        ({"dilation": 0}, "dilation must be at least 1"),
        ({"padding": -1}, "padding must be at least 0"),
        ({"padding": "full"}, "padding must be 'valid', 'same' or"),
        ({"dilation": 3}, "window must fit"),
        ({"groups": 2}, "groups must split 1 channels and 1 filters evenly"),
        ({"bias": [1, 2]}, "bias must have 1 numbers, but came with 2"),
    ],
)
def test_settings_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        convolve(INPUT, KERNEL, **options)


@pytest.mark.parametrize("grid", [[[[]]], [[[np.nan]]], [[["a"]]]])
def test_what_is_no_grid_of_finite_numbers_is_refused(grid):
    with pytest.raises(ValueError, match=r"^channels must"):
        convolve(grid, KERNEL)
    with pytest.raises(ValueError, match=r"^channels must"):
        pool_windows(grid, 1)
    with pytest.raises(ValueError, match=r"^kernels must"):
        convolve(INPUT, [grid])


def test_an_unknown_way_of_pooling_is_refused():
    with pytest.raises(ValueError, match="mode must be one of 'max', 'average'"):
        pool_windows(INPUT, 2, mode="median")


def test_typed_channels_and_filters_are_those_of_their_numbers():
    kernels = (("1 -1; 1/2 0", "2 0; 0 0"), ("0 1; 0 0", "1 1; 1 1"), ("0 0; 0 0", "0 0; 0 3"))
    setup = ConvolutionSetup((GRID, "0 0 0 1; " * 4), kernels, "1 2 -3", padding=1)
    written = result(walk(setup), 3)
    channels = np.stack([parse_grid(text) for text in setup.grids], axis=-1)
    stacked = np.empty((2, 2, 2, 3), np.float32)
    for index, slices in enumerate(kernels):
        for channel, text in enumerate(slices):
            stacked[:, :, channel, index] = parse_grid(text)
    expected = tensorflows(
        channels, stacked, np.float32([1, 2, -3]), stride=1, padding=1, dilation=1, groups=1
    )
    np.testing.assert_allclose(written, expected, atol=1e-5)


def test_typed_pooling_windows_touch_unless_told_otherwise():
    written = result(walk(PoolingSetup((GRID,), 2, "max")), 1)
    np.testing.assert_array_equal(written[..., 0], [[2, 3], [3, 2]])


@pytest.mark.parametrize(
    ("setup", "message"),
    [
        (ConvolutionSetup(("1 x",), (("1",),)), "The grid, row 1, column 2: “x” is not a number"),
        (ConvolutionSetup(("1 2",), (("1,,1",),)), "The kernel, row 1, column 2 is blank"),
        (ConvolutionSetup(("1 2",), (("1; 1",),)), "must fit"),
        (ConvolutionSetup(("1 2", "1 x"), (("1", "1"),)), "Channel 2, row 1, column 2: “x” is not"),
        (
            ConvolutionSetup(("1 2", "1"), (("1", "1"),)),
            "Channel 2 has 1×1 cells, but the first has 1×2. Give all of them the same size",
        ),
        (
            ConvolutionSetup(("1", "2"), (("1", "1"), ("1", "1 2"))),
            "The kernel of filter 2 for channel 2 has 1×2 cells",
        ),
        (ConvolutionSetup(("1",), (("1",),), "1 2"), "a bias for each of the 1 filters, but 2"),
        (PoolingSetup(("1 2; 3",), 1, "max"), "The grid, row 2 has length 1"),
        (PoolingSetup(("1 2; 3 4",), 3, "max"), "must fit"),
    ],
)
def test_what_was_typed_and_cannot_be_is_refused_by_name(setup, message):
    with pytest.raises(ValueError, match=message):
        walk(setup)
