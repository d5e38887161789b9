"""Sheets of channels and single channels: every value in its place and color."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core.drawing import montage, rendering
from cnnviz_core.drawing.maps import (
    MAX_TILES,
    RING_PIXELS,
    SHEET_PIXELS,
    draw_map,
    draw_tile_sheet,
    mark_tile,
    own_ranges,
    robust_scale,
)
from cnnviz_core.drawing.montage import GAP
from cnnviz_core.drawing.rendering import Scale

UNIT = Scale(0.0, 1.0, "sequential")


def noise(*shape: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).random(shape, np.float32)


def tile(pixels: np.ndarray, sheet, position: int) -> np.ndarray:
    row, column = divmod(position, sheet.grid.tiles_a_row)
    top, left = row * (sheet.grid.height + GAP), column * (sheet.grid.width + GAP)
    return pixels[top : top + sheet.grid.height, left : left + sheet.grid.width]


@settings(deadline=None, max_examples=25)
@given(st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 9)), st.randoms())
def test_small_maps_are_enlarged_by_whole_pixels(shape, random) -> None:
    maps = noise(*shape)
    channels = random.sample(range(shape[2]), shape[2])
    sheet = draw_tile_sheet(maps, channels, UNIT)
    factor = sheet.grid.width // shape[1]
    assert factor >= 1
    for position, channel in enumerate(channels):
        expected = montage.enlarge(rendering.colorize(maps[:, :, channel], UNIT), factor)
        np.testing.assert_array_equal(tile(sheet.pixels, sheet, position)[..., :3], expected)
        assert (tile(sheet.pixels, sheet, position)[..., 3] == 255).all()


def test_large_maps_are_averaged_before_they_are_colored() -> None:
    maps = np.zeros((200, 200, 9), np.float32)
    maps[::2] = 1
    sheet = draw_tile_sheet(maps, range(9), UNIT)
    assert sheet.grid.width >= 200
    many = draw_tile_sheet(np.repeat(maps, 4, axis=2), range(36), UNIT)
    assert many.grid.width < 200
    half = rendering.colorize(np.float32([[0.5]]), UNIT)[0, 0].astype(int)
    middle = tile(many.pixels, many, 5)[2:-2, :, :3].mean((0, 1))
    assert np.abs(middle - half).max() < 25


@pytest.mark.parametrize(
    "shape",
    [(1, 1, 1), (1, 1, MAX_TILES), (7, 7, MAX_TILES), (224, 224, 64), (318, 398, 3), (5, 300, 9)],
)
def test_no_sheet_is_wider_than_agreed(shape) -> None:
    sheet = draw_tile_sheet(noise(*shape), range(shape[2]), UNIT)
    assert SHEET_PIXELS / 2 < sheet.pixels.shape[1] <= SHEET_PIXELS


def test_the_frame_is_around_its_tile_and_leaves_tile_and_sheet_as_they_are() -> None:
    maps = noise(9, 9, 30)
    sheet = draw_tile_sheet(maps, range(30), UNIT)
    before = sheet.pixels.copy()
    marked = mark_tile(sheet, 8)
    np.testing.assert_array_equal(sheet.pixels, before)
    np.testing.assert_array_equal(tile(marked, sheet, 8), tile(before, sheet, 8))
    rows, columns = np.nonzero((marked != before).any(2))
    row, column = divmod(8, sheet.grid.tiles_a_row)
    top, left = row * (sheet.grid.height + GAP), column * (sheet.grid.width + GAP)
    assert top - rows.min() == left - columns.min() == 2 * RING_PIXELS


def test_tiles_that_do_not_exist_are_not_drawn() -> None:
    sheet = draw_tile_sheet(noise(9, 9, 32), range(32), UNIT)
    used = 32 % sheet.grid.tiles_a_row
    assert used
    top = sheet.pixels.shape[0] - sheet.grid.height - GAP
    left = used * (sheet.grid.width + GAP) - GAP
    assert not sheet.pixels[top:, left:].any()
    assert (sheet.pixels[:top, :, 3] == 255).all()
    assert (sheet.pixels[top:, :left, 3] == 255).all()
    # The frame around the last tile is seen even where there is nothing.
    assert (mark_tile(sheet, 31)[-1, left + 1, 3] == 255).all()


def test_a_robust_scale_ends_where_all_but_a_few_values_do() -> None:
    maps = noise(20, 20, 10)
    maps[3, 3, 3] = 1000
    assert robust_scale(maps).high == pytest.approx(np.quantile(maps, 0.995))
    assert 0.99 < robust_scale(maps).high < 1
    signed = robust_scale(-maps)
    assert signed == Scale(-robust_scale(maps).high, robust_scale(maps).high, "diverging")


def test_a_robust_scale_of_almost_nothing_ends_at_the_largest_value() -> None:
    maps = np.zeros((20, 20, 10), np.float32)
    assert robust_scale(maps) == UNIT
    maps[3, 3, 3] = 7
    assert robust_scale(maps) == Scale(0.0, 7.0, "sequential")


def test_each_channel_reaches_its_own_end_of_the_scale() -> None:
    maps = noise(4, 5, 6) * np.float32([1, 10, 100, 0, 1e-6, 3])
    ranged, scale = own_ranges(maps)
    assert scale == UNIT
    ends = np.quantile(ranged, 0.995, axis=(0, 1))
    np.testing.assert_allclose(ends, [1, 1, 1, 0, 1, 1], rtol=1e-6)
    signed, scale = own_ranges(maps - np.float32(0.5))
    assert scale == Scale(-1.0, 1.0, "diverging")
    np.testing.assert_allclose(np.quantile(np.abs(signed), 0.995, axis=(0, 1)), 1, rtol=1e-6)


def test_ranging_keeps_proportions_and_its_input() -> None:
    maps = noise(3, 3, 2)
    before = maps.copy()
    ranged, _ = own_ranges(maps)
    np.testing.assert_array_equal(maps, before)
    np.testing.assert_allclose(ranged * np.quantile(maps, 0.995, (0, 1)), maps, rtol=1e-6)


@settings(deadline=None, max_examples=25)
@given(*[st.integers(1, 12)] * 2, *[st.integers(1, 90)] * 2)
def test_a_map_fills_the_size_asked_for_and_stays_in_place(rows, columns, height, width) -> None:
    values = noise(rows, columns)
    drawn = draw_map(values, UNIT, height, width)
    assert drawn.shape == (height, width, 3)
    colored = rendering.colorize(values, UNIT)
    if height % rows == 0 and width % columns == 0:
        expected = colored.repeat(height // rows, 0).repeat(width // columns, 1)
        np.testing.assert_array_equal(drawn, expected)


def test_pixels_of_a_stretched_map_differ_by_one_at_most() -> None:
    drawn = draw_map(np.float32([[0, 1, 0]]), UNIT, 10, 100)
    bright = (drawn[0, :, 0] > 240).sum()
    assert bright in (32, 33, 34)
