"""What is painted and handed back, against Keras, TensorFlow's tape and central differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnviz_core.layers.pooling import pool
from cnnviz_core.layers.upsampling import transposed_size
from cnnviz_core.layers.windows import output_size
from cnnviz_core.stepping.backwards import input_gradient, kernel_gradient, pooling_gradient
from cnnviz_core.stepping.chain import chain
from cnnviz_core.stepping.gathering import convolve
from cnnviz_core.stepping.scattering import transpose
from cnnviz_core.stepping.stops import Grid

quick = settings(deadline=None, max_examples=60)
small = st.integers(-9, 9).map(float)


def grids(rows, columns):
    return arrays(np.float32, (rows, columns), elements=small)


def last_grids(walk):
    """The grids of the last stop, by name."""
    items = walk.at(walk.num_stops - 1).whole.items
    return {item.name: item for item in items if isinstance(item, Grid)}


def kept(grid: Grid):
    """The numbers of a grid without what is cut away."""
    is_cut = np.isin(grid.looks, ("padding", "window_padding"))
    return grid.values[~is_cut].reshape(grid.inside)


def gathered(walk):
    stops = [walk.at(position) for position in range(walk.num_stops)]
    whole = np.full((1 + stops[-1].row, 1 + stops[-1].column), np.nan)
    for one in stops:
        whole[one.row, one.column] = one.value
    return whole


@st.composite
def transposed(draw):
    kernel = draw(grids(draw(st.integers(1, 6)), draw(st.integers(1, 6))))
    stride = draw(st.integers(1, 4))
    grid = draw(grids(draw(st.integers(1, 5)), draw(st.integers(1, 5))))
    least = min(
        stride * (size - 1) + side for size, side in zip(grid.shape, kernel.shape, strict=True)
    )
    padding = draw(st.integers(0, (least - 1) // 2))
    return grid, kernel, stride, padding, draw(st.integers(0, stride - 1))


@quick
@given(transposed())
def test_a_transposed_convolution_is_the_gradient_of_the_convolution_there_and_back(case):
    """Dumoulin and Visin, relationship 14; the values by TensorFlow's own layer."""
    import tensorflow as tf

    grid, kernel, stride, padding, more = case
    walk = transpose(grid, kernel, stride=stride, padding=padding, output_padding=more)
    result = last_grids(walk)["result"]
    sizes = [
        transposed_size(size, side, stride, padding, more)
        for size, side in zip(grid.shape, kernel.shape, strict=True)
    ]
    assert result.inside == tuple(sizes)
    for size, side, after in zip(grid.shape, kernel.shape, sizes, strict=True):
        # The convolution of the same numbers leads back.
        assert output_size(after, side, stride, padding) == size
    whole = [stride * (n - 1) + k for n, k in zip(grid.shape, kernel.shape, strict=True)]
    full = tf.nn.conv2d_transpose(
        grid[np.newaxis, ..., np.newaxis],
        kernel[..., np.newaxis, np.newaxis],
        (1, *whole, 1),
        strides=stride,
        padding="VALID",
    )[0, ..., 0]
    expected = np.zeros([max(n, padding + m) for n, m in zip(whole, sizes, strict=True)])
    expected[: whole[0], : whole[1]] = full
    rows, columns = (slice(padding, padding + one) for one in sizes)
    np.testing.assert_allclose(kept(result), expected[rows, columns], atol=1e-3)


def test_the_layer_is_keras():
    import keras

    rng = np.random.default_rng(0)
    grid, kernel = rng.normal(size=(4, 3)), rng.normal(size=(3, 4))
    layer = keras.layers.Conv2DTranspose(1, (3, 4), strides=2, use_bias=False)
    layer.build((1, 4, 3, 1))
    layer.set_weights([kernel[..., np.newaxis, np.newaxis]])
    expected = np.asarray(layer(grid[np.newaxis, ..., np.newaxis].astype(np.float32)))[0, ..., 0]
    walk = transpose(grid, kernel, stride=2)
    np.testing.assert_allclose(last_grids(walk)["result"].values, expected, atol=1e-5)


@quick
@given(transposed())
def test_each_stop_adds_the_kernel_as_strong_as_its_cell_is(case):
    grid, kernel, stride, padding, more = case
    walk = transpose(grid, kernel, stride=stride, padding=padding, output_padding=more)
    before = np.zeros_like(last_grids(walk)["result"].values)
    times = np.zeros_like(before)
    for position in range(walk.num_stops):
        stop = walk.at(position)
        source, _, _, _, result, _, often = stop.whole.items
        assert stop.value == grid[stop.row, stop.column]
        assert source.looks[stop.row, stop.column] == "current"
        products = result.corners[np.isfinite(result.corners)].reshape(kernel.shape)
        np.testing.assert_array_equal(products, stop.value * kernel)
        np.testing.assert_allclose(result.values - before, np.nan_to_num(result.corners), atol=1e-3)
        np.testing.assert_array_equal(often.values - times, np.isfinite(result.corners))
        assert [one.value * one.weight for one in stop.whole.sum.terms] == products.ravel().tolist()
        before, times = result.values, often.values


@st.composite
def convolutions(draw):
    kernel = draw(grids(draw(st.integers(1, 3)), draw(st.integers(1, 3))))
    settings = {
        "stride": draw(st.integers(1, 3)),
        "padding": draw(st.sampled_from([0, 1, 2, "valid", "same"])),
    }
    shape = [draw(st.integers(side, side + 4)) for side in kernel.shape]
    grid = draw(grids(*shape))
    sides = [
        output_size(size, side, settings["stride"], settings["padding"])
        for size, side in zip(shape, kernel.shape, strict=True)
    ]
    return grid, kernel, draw(grids(*sides)), settings


@quick
@given(convolutions())
def test_kernel_and_input_get_what_tensorflows_tape_hands_back(case):
    import tensorflow as tf

    grid, kernel, upstream, settings = case
    padding = settings["padding"]
    zeros = [[0, 0], [padding] * 2, [padding] * 2, [0, 0]]
    cells = tf.constant(grid[np.newaxis, ..., np.newaxis])
    weights = tf.constant(kernel[..., np.newaxis, np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch([cells, weights])
        padded = tf.pad(cells, zeros) if isinstance(padding, int) else cells
        kind = "VALID" if isinstance(padding, int) else padding.upper()
        result = tf.nn.conv2d(padded, weights, settings["stride"], kind)
        loss = tf.reduce_sum(result * upstream[np.newaxis, ..., np.newaxis])
    of_cells, of_weights = tape.gradient(loss, [cells, weights])
    walk = kernel_gradient(grid, kernel, upstream, **settings)
    np.testing.assert_allclose(gathered(walk), of_weights[..., 0, 0], atol=1e-3)
    walk = input_gradient(grid, kernel, upstream, **settings)
    found = last_grids(walk)["input_gradient"]
    assert found.inside == grid.shape
    np.testing.assert_allclose(kept(found), of_cells[0, ..., 0], atol=1e-3)


@settings(deadline=None, max_examples=20)
@given(convolutions(), st.data())
def test_a_gradient_is_by_how_much_the_loss_grows(case, data):
    grid, kernel, upstream, settings = case

    def loss(cells, weights):
        walk = convolve(cells[..., np.newaxis], weights[..., np.newaxis, np.newaxis], **settings)
        return float((gathered(walk) * upstream).sum())

    row, column = (data.draw(st.integers(0, side - 1)) for side in kernel.shape)
    nudge = np.zeros_like(kernel)
    nudge[row, column] = 1
    slope = (loss(grid, kernel + nudge) - loss(grid, kernel - nudge)) / 2
    walk = kernel_gradient(grid, kernel, upstream, **settings)
    assert gathered(walk)[row, column] == pytest.approx(slope, abs=1e-3)
    row, column = (data.draw(st.integers(0, side - 1)) for side in grid.shape)
    nudge = np.zeros_like(grid)
    nudge[row, column] = 1
    slope = (loss(grid + nudge, kernel) - loss(grid - nudge, kernel)) / 2
    walk = input_gradient(grid, kernel, upstream, **settings)
    assert kept(last_grids(walk)["input_gradient"])[row, column] == pytest.approx(slope, abs=1e-3)


@quick
@given(
    grids(5, 6),
    st.sampled_from([(1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (3, 3)]),
    st.sampled_from(["max", "average"]),
    st.sampled_from(["valid", "same"]),
    st.data(),
)
def test_pooling_hands_back_what_tensorflows_tape_does(grid, window, mode, padding, data):
    import tensorflow as tf

    size, stride = window

    # TensorFlow may choose another of equals.
    grid = grid + np.arange(grid.size, dtype=np.float32).reshape(grid.shape) / 64
    sides = [output_size(side, size, stride, padding) for side in grid.shape]
    upstream = data.draw(grids(*sides))
    cells = tf.constant(grid[np.newaxis, ..., np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(cells)
        kind = "MAX" if mode == "max" else "AVG"
        result = tf.nn.pool(cells, (size, size), kind, (stride, stride), padding.upper())
        loss = tf.reduce_sum(result * upstream[np.newaxis, ..., np.newaxis])
    expected = tape.gradient(loss, cells)[0, ..., 0]
    options = {"stride": stride, "mode": mode, "padding": padding}
    walk = pooling_gradient(grid, size, upstream, **options)
    assert walk.num_stops == pool(grid[..., np.newaxis], size, **options).size
    np.testing.assert_allclose(
        kept(last_grids(walk)["input_gradient"]), expected, rtol=1e-5, atol=1e-4
    )


@quick
@given(st.data())
def test_the_chain_hands_back_what_tensorflows_tape_does(data):
    import tensorflow as tf

    kernel = data.draw(grids(data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))))
    sides = [side + 1 + data.draw(st.integers(0, 3)) for side in kernel.shape]
    grid = data.draw(grids(*sides))
    # TensorFlow may choose another of equals.
    grid = grid + np.random.default_rng(0).uniform(0, 0.01, grid.shape).astype(np.float32)
    weights = tf.constant(kernel[..., np.newaxis, np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(weights)
        convolved = tf.nn.conv2d(grid[np.newaxis, ..., np.newaxis], weights, 1, "VALID")
        loss = tf.reduce_sum(tf.nn.max_pool2d(tf.nn.relu(convolved), 2, 2, "VALID"))
    expected = tape.gradient(loss, weights)[..., 0, 0]
    walk = chain(grid, kernel)
    assert walk.at(3).value == pytest.approx(float(loss), rel=1e-4, abs=1e-3)
    found = last_grids(walk)
    np.testing.assert_allclose(found["kernel_gradient"].values, expected, rtol=1e-4, atol=1e-2)
    closed = found["convolved"].values <= 0
    assert (found["rectified"].looks[closed] == "padding").all()
    assert (found["convolved_gradient"].values[closed] == 0).all()


def test_of_equals_the_first_takes_all():
    walk = pooling_gradient([[1, 5], [5, 5]], 2, [[3]])
    np.testing.assert_array_equal(last_grids(walk)["input_gradient"].values, [[0, 3], [0, 0]])


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda: transpose([[1]], [[1]], padding=1), "padding must leave something"),
        (lambda: transpose([[1]], [[1]], output_padding=1), "output_padding must be"),
        (lambda: transpose([[1]], [[1]], stride=0), "stride must be at least 1"),
        (lambda: kernel_gradient([[1, 2]], [[1]], [[1]]), "a cell for each of the 1×2"),
        (lambda: input_gradient([[1, 2]], [[1]], [[1, 2, 3]]), "a cell for each of the 1×2"),
        (lambda: pooling_gradient([[1, 2]], 1, [[1]]), "a cell for each of the 1×2"),
    ],
)
def test_what_does_not_belong_together_is_refused(use, message):
    with pytest.raises(ValueError, match=message):
        use()
