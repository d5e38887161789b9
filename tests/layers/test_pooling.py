"""Pooling against plain loops and Keras, and what must hold for any picture."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz_core.layers.pooling import PoolMode, PoolPadding, pool, window
from cnnviz_core.layers.windows import output_size
from tests import oracles

MODES: tuple[PoolMode, ...] = ("max", "average")
PADDINGS: tuple[PoolPadding, ...] = ("valid", "same")

anything_small = hnp.arrays(
    np.float32,
    st.tuples(st.integers(4, 9), st.integers(4, 9), st.integers(1, 3)),
    elements=st.floats(-1000, 1000, width=32),
)
a_window = {"size": st.integers(1, 4), "stride": st.integers(1, 5)}
a_padding = st.sampled_from(PADDINGS)


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(7).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", range(1, 8))
def test_pool_agrees_with_loops(size: int, mode: PoolMode, padding: PoolPadding) -> None:
    maps = noise(7, 10, 2) - 3  # all negative somewhere: a padded zero would win
    for stride in range(1, 9):
        expected = oracles.pool(maps, size, stride, mode, padding)
        pooled = pool(maps, size, stride=stride, mode=mode, padding=padding)
        assert pooled.dtype == np.float32
        np.testing.assert_allclose(pooled, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("size", "stride"), [(5, 1), (9, 1), (9, 4), (30, 1), (30, 7)])
def test_same_takes_windows_larger_than_the_picture(size: int, stride: int, mode: PoolMode) -> None:
    maps = noise(4, 11, 1) - 3
    pooled = pool(maps, size, stride=stride, mode=mode, padding="same")
    expected = oracles.pool(maps, size, stride, mode, "same")
    np.testing.assert_allclose(pooled, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("mode", MODES)
def test_pool_agrees_with_keras(mode: PoolMode, padding: PoolPadding) -> None:
    import keras

    maps = noise(12, 15, 3) - 3
    layer = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}[mode]
    for size, stride in [*product((1, 2, 3, 5, 10), (1, 2, 3, 7)), (2, None), (10, None)]:
        expected = layer(size, strides=stride, padding=padding)(maps[np.newaxis])
        pooled = pool(maps, size, stride=stride, mode=mode, padding=padding)
        np.testing.assert_allclose(pooled, np.asarray(expected)[0], rtol=1e-5, atol=1e-6)


def test_the_stride_is_the_size_unless_given() -> None:
    maps = noise(318, 398, 1)
    assert pool(maps, 5).shape == (63, 79, 1)
    np.testing.assert_array_equal(pool(maps, 5), pool(maps, 5, stride=5))


@given(maps=anything_small, padding=a_padding, mode=st.sampled_from(MODES))
@settings(deadline=None, max_examples=40)
def test_a_window_of_one_cell_changes_nothing(
    maps: np.ndarray, padding: PoolPadding, mode: PoolMode
) -> None:
    pooled = pool(maps, 1, mode=mode, padding=padding)
    np.testing.assert_array_equal(pooled, maps)
    assert not np.shares_memory(pooled, maps)


@given(maps=anything_small, padding=a_padding, **a_window)
@settings(deadline=None, max_examples=60)
def test_the_average_never_exceeds_the_maximum(
    maps: np.ndarray, size: int, stride: int, padding: PoolPadding
) -> None:
    highest = pool(maps, size, stride=stride, padding=padding)
    average = pool(maps, size, stride=stride, mode="average", padding=padding)
    assert np.all(average <= highest + 1e-6 * np.abs(maps).max())


@given(maps=anything_small, padding=a_padding, **a_window)
@settings(deadline=None, max_examples=60)
def test_max_commutes_with_relu_and_average_with_scaling(
    maps: np.ndarray, size: int, stride: int, padding: PoolPadding
) -> None:
    move = {"stride": stride, "padding": padding}
    np.testing.assert_array_equal(
        pool(np.maximum(maps, 0), size, **move), np.maximum(pool(maps, size, **move), 0)
    )
    average = pool(maps, size, mode="average", **move)
    doubled = pool(maps * 2, size, mode="average", **move)
    np.testing.assert_allclose(doubled, average * 2, rtol=1e-6, atol=1e-30)


@given(maps=anything_small, mode=st.sampled_from(MODES), **a_window)
@settings(deadline=None, max_examples=60)
def test_shifting_by_the_stride_shifts_the_result_by_one_cell(
    maps: np.ndarray, mode: PoolMode, size: int, stride: int
) -> None:
    shifted = np.pad(maps, ((stride, 0), (stride, 0), (0, 0)), mode="wrap")
    before = pool(maps, size, stride=stride, mode=mode)
    after = pool(shifted, size, stride=stride, mode=mode)
    np.testing.assert_array_equal(after[1:, 1:], before)


@given(
    level=st.floats(-1000, 1000, width=32),
    mode=st.sampled_from(MODES),
    padding=a_padding,
    **a_window,
)
@settings(deadline=None, max_examples=60)
def test_a_constant_picture_stays_constant(
    level: float, mode: PoolMode, padding: PoolPadding, size: int, stride: int
) -> None:
    flat = np.full((7, 6, 2), level, np.float32)
    pooled = pool(flat, size, stride=stride, mode=mode, padding=padding)
    np.testing.assert_allclose(pooled, level, rtol=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_channels_do_not_mix(mode: PoolMode) -> None:
    maps = noise(9, 8, 3)
    alone = [pool(maps[..., c : c + 1], 3, stride=2, mode=mode) for c in range(3)]
    np.testing.assert_array_equal(
        pool(maps, 3, stride=2, mode=mode), np.concatenate(alone, axis=-1)
    )


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("mode", MODES)
def test_the_input_stays_untouched_and_may_be_a_picture(
    mode: PoolMode, padding: PoolPadding
) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (10, 11, 3), np.uint8)
    kept = picture.copy()
    picture.flags.writeable = False
    pooled = pool(picture, 3, mode=mode, padding=padding)
    np.testing.assert_array_equal(picture, kept)
    np.testing.assert_allclose(pooled, oracles.pool(picture, 3, 3, mode, padding), rtol=1e-6)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 1), (3, 2), (4, 3), (2, 5)])
def test_each_output_cell_comes_from_its_window(
    size: int, stride: int, padding: PoolPadding
) -> None:
    maps = noise(7, 9, 2)
    move = {"stride": stride, "padding": padding}
    highest, average = pool(maps, size, **move), pool(maps, size, mode="average", **move)
    for row, column in np.ndindex(highest.shape[:2]):
        seen = window(maps, row, column, size, **move)
        np.testing.assert_array_equal(
            seen.values, maps[seen.top : seen.bottom, seen.left : seen.right]
        )
        np.testing.assert_array_equal(seen.values.max(axis=(0, 1)), highest[row, column])
        np.testing.assert_allclose(
            seen.values.mean(axis=(0, 1)), average[row, column], rtol=1e-5, atol=1e-6
        )


def test_a_window_over_the_edge_is_clipped_to_the_picture() -> None:
    maps = noise(5, 5, 1)
    corner = window(maps, 0, 0, 3, stride=1, padding="same")
    assert (corner.top, corner.left, corner.bottom, corner.right) == (0, 0, 2, 2)
    corner = window(maps, 2, 2, 2, padding="same")
    assert (corner.top, corner.left, corner.bottom, corner.right) == (4, 4, 5, 5)


def test_a_window_is_a_copy() -> None:
    maps = noise(4, 4, 1)
    assert not np.shares_memory(window(maps, 0, 0, 2).values, maps)


@pytest.mark.parametrize(
    ("row", "column", "name"), [(3, 0, "row"), (0, 4, "column"), (-1, 0, "row")]
)
def test_a_window_outside_the_result_is_refused(row: int, column: int, name: str) -> None:
    maps = noise(7, 9, 1)
    assert (output_size(7, 2, 2), output_size(9, 2, 2)) == (3, 4)
    with pytest.raises(ValueError, match=f"^{name} must be from 0 to"):
        window(maps, row, column, 2)


@pytest.mark.parametrize("size", [5, 6])
def test_a_window_larger_than_the_picture_says_how_to_mend_it(size: int) -> None:
    with pytest.raises(ValueError, match=r"there are 4×7\. Choose a smaller window"):
        pool(noise(4, 7, 1), size)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"size": 0}, "size must be at least 1"),
        ({"size": 2.0}, "size must be a whole number"),
        ({"size": 2, "stride": 0}, "stride must be at least 1"),
        ({"size": 2, "mode": "min"}, "mode must be one of 'max', 'average'"),
        ({"size": 2, "padding": "full"}, "padding must be one of 'valid', 'same'"),
        ({"size": 2, "padding": 1}, "padding must be one of 'valid', 'same'"),
    ],
)
def test_settings_out_of_range_are_refused(setting: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pool(noise(6, 6, 1), **setting)


def test_a_grid_without_channels_is_refused() -> None:
    with pytest.raises(ValueError, match=r"values must have the three axes"):
        pool(noise(6, 6), 2)
