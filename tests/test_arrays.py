"""The checks that the core shares: what passes, and the words for what does not."""

import numpy as np
import pytest

from cnnviz_core.arrays import (
    as_feature_maps,
    require_choice,
    require_real,
    require_whole,
    split_channels,
)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float16, np.float64])
def test_feature_maps_of_any_real_dtype_become_float32_and_keep_their_range(dtype: type) -> None:
    values = np.array([[[0, 1], [1, 0]]]).astype(dtype) * dtype(1)
    maps = as_feature_maps(values)
    assert maps.dtype == np.float32
    np.testing.assert_array_equal(maps, values)
    assert not np.shares_memory(maps, values)


def test_float32_feature_maps_are_not_copied() -> None:
    values = np.ones((2, 3, 4), np.float32)
    assert as_feature_maps(values) is values


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            np.ones((2, 3)),
            r"^image must have the three axes .*\(2, 3\)\. Add the channel axis: image",
        ),
        (np.ones(3), r"^image must have the three axes \(height, width, channels\), .*\(3,\)\.$"),
        (np.ones((1, 2, 3, 4)), r"came with the shape \(1, 2, 3, 4\)\.$"),
        (np.ones((2, 0, 3)), r"^image must not be empty, but came with the shape \(2, 0, 3\)"),
        (np.ones((2, 2, 1)) * 1j, r"^image must hold real numbers, .*complex128"),
        ([[["a"]]], r"^image must hold real numbers, .*<U1"),
        ([[[None]]], r"^image must hold real numbers, .*object"),
    ],
)
def test_what_is_no_feature_maps_is_refused_by_name(values: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        as_feature_maps(values, "image")


@pytest.mark.parametrize("dtype", ["S1", "M8[s]", "V4"])
def test_only_numbers_are_real(dtype: str) -> None:
    with pytest.raises(ValueError, match=r"^weights must hold real numbers"):
        require_real(np.zeros(2, dtype), "weights")


@pytest.mark.parametrize("value", [1, 5, np.uint8(3)])
def test_whole_numbers_within_bounds_come_back_as_int(value: object) -> None:
    assert type(require_whole(value, "stride", low=1, high=5)) is int


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0, "^stride must be from 1 to 5, but came as 0"),
        (6, "^stride must be from 1 to 5, but came as 6"),
        (1.0, "^stride must be a whole number from 1 to 5, but came as 1.0"),
        (True, "^stride must be a whole number from 1 to 5, but came as True"),
        ("2", "^stride must be a whole number from 1 to 5, but came as '2'"),
        (None, "^stride must be a whole number from 1 to 5, but came as None"),
    ],
)
def test_other_numbers_are_refused_with_the_bounds(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        require_whole(value, "stride", low=1, high=5)


def test_without_an_upper_bound_the_lower_one_is_named() -> None:
    assert require_whole(10**9, "seed", low=0) == 10**9
    with pytest.raises(ValueError, match=r"^seed must be at least 0, but came as -1"):
        require_whole(-1, "seed", low=0)


def test_a_choice_is_refused_with_all_that_there_are() -> None:
    require_choice("max", "mode", ("max", "average"))
    with pytest.raises(ValueError, match=r"^mode must be one of 'max', 'average', .*'min'"):
        require_choice("min", "mode", ("max", "average"))


@pytest.mark.parametrize("channels", [1, 2, 3, 128, 129, 1280])
def test_any_number_of_channels_is_split(channels: int) -> None:
    values = np.arange(3 * 5 * channels, dtype=np.float32).reshape(3, 5, channels)
    split = split_channels(values[:, ::-1])
    np.testing.assert_array_equal(split, np.moveaxis(values[:, ::-1], -1, 0))
    assert split.flags.c_contiguous
    assert not np.shares_memory(split, values)
