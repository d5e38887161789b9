"""Sheets of kernels: every weight where it belongs, zero in the middle of the colors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core.drawing.kernels import draw_sheet, sheet_columns, sheet_scale
from cnnviz_core.drawing.montage import TileGrid
from cnnviz_core.drawing.rendering import colorize, composite
from cnnviz_core.layers.kernels import random_kernels


def middles(grid: TileGrid, index: int) -> tuple[np.ndarray, ...]:
    """Return as an index of a picture the pixels in the middle of each value of a tile."""
    row, column = divmod(index, grid.tiles_a_row)
    down = (np.arange(grid.rows) + 0.5) / grid.rows * grid.height
    across = (np.arange(grid.columns) + 0.5) / grid.columns * grid.width
    return np.ix_(
        down.astype(int) + row * (grid.height + grid.gap),
        across.astype(int) + column * (grid.width + grid.gap),
    )


@pytest.mark.parametrize("count", [1, 5, 64])
def test_a_color_sheet_shows_each_kernel_on_white(count: int) -> None:
    weights = random_kernels(3, count)
    scale = sheet_scale("color", weights)
    sheet, grid = draw_sheet(weights, scale, "color")
    assert (grid.tiles, grid.tiles_a_row) == (count, sheet_columns(3, 3, count, 1.0))
    for index in range(count):
        np.testing.assert_array_equal(
            sheet[middles(grid, index)], composite(weights[..., index], scale)
        )
    if count > 1:
        assert (sheet == 255).all(2).any()


def test_a_weight_of_zero_is_mid_gray_or_white() -> None:
    weights = np.zeros((1, 1, 3, 1), np.float32)
    weights[0, 0, 0] = -7
    assert draw_sheet(weights, sheet_scale("color", weights), "color")[0][0, 0].tolist() == [
        0,
        128,
        128,
    ]
    middle, _ = draw_sheet(
        np.zeros((2, 2, 1, 1), np.float32), sheet_scale("tiles", weights), "tiles"
    )
    assert middle.min() > 240


@pytest.mark.parametrize("shape", [(1, 1, 4, 7), (1, 1, 7, 4)])
def test_a_matrix_lies_on_its_longer_side(shape: tuple[int, ...]) -> None:
    weights = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    scale = sheet_scale("matrix", weights)
    sheet, grid = draw_sheet(weights, scale, "matrix")
    table = weights[0, 0] if shape[3] == 7 else np.ascontiguousarray(weights[0, 0].T)
    np.testing.assert_array_equal(sheet[middles(grid, 0)], colorize(table, scale))


@given(st.integers(1, 2048), st.integers(1, 7), st.sampled_from([1.0, 1.8]))
@settings(deadline=None, max_examples=60)
def test_columns_hold_all_kernels_and_leave_no_row_empty(
    count: int, side: int, aspect: float
) -> None:
    columns = sheet_columns(side, side, count, aspect)
    rows = -(-count // columns)
    assert (rows - 1) * columns < count <= rows * columns
    assert count < 8 or 0.6 * aspect < columns / rows < 3 * aspect
