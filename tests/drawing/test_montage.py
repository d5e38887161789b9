"""Pictures side by side, on a canvas and enlarged: where every pixel ends up."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz_core.drawing.montage import (
    enlarge,
    fit_width,
    montage,
    num_columns,
    on_canvas,
    square_columns,
)
from cnnviz_core.drawing.rendering import NUM_COLORS, paint, palette

quick = settings(deadline=None, max_examples=60)
pictures = hnp.arrays(
    np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([3, 4]))
)


def plain(level: int, height: int = 2, width: int = 3) -> Any:
    return np.full((height, width, 3), level, np.uint8)


def test_a_picture_on_a_canvas_stands_in_the_middle_of_nothing() -> None:
    canvas = on_canvas(plain(9), 6, 8)
    assert canvas.shape == (6, 8, 4)
    np.testing.assert_array_equal(canvas[2:4, 2:5, :3], plain(9))
    assert (canvas[2:4, 2:5, 3] == 255).all()
    assert canvas[..., 3].sum() == 2 * 3 * 255


@given(picture=pictures, down=st.integers(0, 5), right=st.integers(0, 5))
@quick
def test_indices_stand_on_a_canvas_as_colors_do(picture: Any, down: int, right: int) -> None:
    size = picture.shape[0] + down, picture.shape[1] + right
    indices = picture[..., 0] % NUM_COLORS
    in_colors = on_canvas(paint(indices, "diverging"), *size)
    painted = palette("diverging")[on_canvas(indices, *size)]
    np.testing.assert_array_equal(painted, in_colors)


@given(picture=pictures, down=st.integers(0, 5), right=st.integers(0, 5))
@quick
def test_margins_around_a_canvas_differ_by_one_pixel_at_most(
    picture: Any, down: int, right: int
) -> None:
    height, width = picture.shape[0] + down, picture.shape[1] + right
    opaque = on_canvas(picture[..., :3], height, width)[..., 3] == 255
    for axis, margin in ((1, down), (0, right)):
        inside = np.flatnonzero(opaque.any(axis=axis))
        before, after = inside[0], opaque.shape[1 - axis] - 1 - inside[-1]
        assert before + after == margin
        assert abs(before - after) <= 1


@given(picture=pictures, factor=st.integers(1, 4))
@quick
def test_every_pixel_becomes_a_square(picture: Any, factor: int) -> None:
    large = enlarge(picture, factor)
    assert large.shape == (*np.multiply(picture.shape[:2], factor), picture.shape[2])
    for row, column in np.ndindex(factor, factor):
        np.testing.assert_array_equal(large[row::factor, column::factor], picture)


@given(
    count=st.integers(1, 200),
    ideal=st.floats(0.1, 30),
    limits=st.tuples(st.floats(0, 30), st.floats(0, 30)).map(sorted),
)
@quick
def test_no_other_number_of_columns_leaves_less_empty_or_as_little_nearer_to_the_ideal(
    count: int, ideal: float, limits: list[float]
) -> None:
    columns = num_columns(count, ideal, *limits)
    fewest, most = (max(1, min(count, math.ceil(limit))) for limit in limits)
    assert fewest <= columns <= most
    for other in range(fewest, most + 1):
        empty, others = (-(-count // one) * one - count for one in (columns, other))
        assert empty < others or (empty == others and abs(columns - ideal) <= abs(other - ideal))


@given(count=st.integers(1, 1280), shape=st.tuples(st.integers(1, 300), st.integers(1, 300)))
@quick
def test_tiles_are_as_wide_as_high_or_a_column_wider_if_that_fills_rows(
    count: int, shape: tuple[int, int]
) -> None:
    height, width = shape
    ideal = max(1, min(count, round(math.sqrt(count * height / width))))
    columns = square_columns(height, width, count)
    empty = -(-count // columns) * columns - count
    assert columns in (ideal, ideal + 1)
    assert columns <= count
    assert columns == ideal or (ideal >= 5 and empty < -(-count // ideal) * ideal - count)


@pytest.mark.parametrize(("count", "columns"), [(16, 4), (64, 8), (6, 2), (36, 6), (100, 10)])
def test_square_numbers_of_pictures_make_full_rows(count: int, columns: int) -> None:
    assert square_columns(318, 398, count) == columns


def test_a_montage_of_one_picture_is_the_picture() -> None:
    np.testing.assert_array_equal(montage([plain(7)], 1), plain(7))


def test_a_reduced_picture_is_averaged() -> None:
    stripes = np.zeros((8, 12, 3), np.uint8)
    stripes[:, 1::2] = 255
    reduced = fit_width(stripes, 6)
    assert reduced.shape == (4, 6, 3)
    assert np.unique(reduced).tolist() == [128]
