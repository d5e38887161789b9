"""Colors and tiles: what a value becomes, and where it ends up."""

import math
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz_core.drawing.montage import GAP, GAP_INDEX, GAP_LEVEL, NOTHING_INDEX, square_columns
from cnnviz_core.drawing.rendering import (
    NUM_COLORS,
    PICTURE_SCALE,
    ColorMap,
    Scale,
    anchored_channel_scale,
    channel_scale,
    color_indices,
    colorize,
    composite,
    paint,
    palette,
    tiles,
    value_range,
    value_scale,
)

MAPS: tuple[ColorMap, ...] = ("sequential", "diverging")
quick = settings(deadline=None, max_examples=60)
numbers = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.just(3)),
    elements=st.floats(-(2.0**100), 2.0**100, width=32),
)
pictures = hnp.arrays(
    np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([3, 4]))
)


def ramp(color_map: ColorMap) -> Any:
    """The colors of a map from its lowest to its highest value, (NUM_COLORS, 3)."""
    values = np.arange(NUM_COLORS, dtype=np.float32)[np.newaxis]
    return colorize(values, Scale(0, NUM_COLORS - 1, color_map))[0]


def luminance(colors: Any) -> Any:
    """Relative luminance as WCAG 2.1 defines it, 0..1."""
    levels = np.asarray(colors) / 255
    linear = np.where(levels <= 0.03928, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def plain(level: int, height: int = 2, width: int = 3) -> Any:
    return np.full((height, width, 3), level, np.uint8)


def test_both_ends_of_the_maps_are_the_published_colors() -> None:
    # magma: van der Walt and Smith, 2015. RdBu: Brewer, 2002, reversed.
    assert ramp("sequential")[[0, -1]].tolist() == [[0, 0, 4], [252, 253, 191]]
    assert ramp("diverging")[[0, -1]].tolist() == [[5, 48, 97], [103, 0, 31]]


def test_zero_is_the_palest_color_of_the_diverging_map() -> None:
    zero = colorize(np.zeros((1, 1), np.float32), Scale(-3, 3, "diverging"))[0, 0]
    assert np.ptp(zero) <= 1
    assert luminance(zero) > 0.9
    np.testing.assert_array_equal(zero, ramp("diverging")[NUM_COLORS // 2])
    brightness = luminance(ramp("diverging"))
    assert brightness.argmax() == NUM_COLORS // 2
    assert (np.diff(brightness[: NUM_COLORS // 2 + 1]) > 0).all()
    assert (np.diff(brightness[NUM_COLORS // 2 :]) < 0).all()


def test_larger_values_are_brighter_in_the_sequential_map() -> None:
    assert (np.diff(luminance(ramp("sequential"))) > 0).all()


def test_the_sides_of_the_diverging_map_differ_for_color_blind_eyes() -> None:
    # Viénot, Brettel and Mollon, 1999: linear RGB as a deuteranope sees it.
    sees = np.array([[0.29275, 0.70725, -0.02234], [0.29275, 0.70725, 0.02234], [0, 0, 1]])
    below, above = ramp("diverging")[[NUM_COLORS // 4, 3 * NUM_COLORS // 4]] / 255
    assert abs(sees @ below**2.2 - sees @ above**2.2).max() > 0.2


@pytest.mark.parametrize("color_map", MAPS)
def test_a_palette_holds_the_colors_a_gray_that_is_none_of_them_and_nothing(
    color_map: ColorMap,
) -> None:
    table = palette(color_map)
    np.testing.assert_array_equal(table[:NUM_COLORS, :3], ramp(color_map))
    assert (table[: GAP_INDEX + 1, 3][np.r_[:NUM_COLORS, GAP_INDEX]] == 255).all()
    assert table[GAP_INDEX, :3].tolist() == [GAP_LEVEL] * 3
    assert not (table[:NUM_COLORS, :3] == GAP_LEVEL).all(axis=1).any()
    assert table[NOTHING_INDEX, 3] == 0


@given(values=numbers)
@quick
def test_indices_are_the_colors_that_matplotlib_gives(values: Any) -> None:
    one, scale = values[..., 0], value_scale(values)
    name = {"sequential": "magma", "diverging": "RdBu_r"}[scale.color_map]
    places = (one.astype(np.float64) - scale.low) / (scale.high - scale.low)
    expected = 255 * mpl.colormaps[name].resampled(1000)(places)[..., :3]
    drawn = colorize(one, scale)
    np.testing.assert_array_equal(drawn, palette(scale.color_map)[color_indices(one, scale), :3])
    # A step of the palette is at most seven levels.
    assert abs(drawn - expected).max() <= 7


@pytest.mark.parametrize("color_map", MAPS)
def test_values_outside_the_scale_get_the_color_of_the_nearer_end(color_map: ColorMap) -> None:
    values = np.float32([[-math.inf, -9, 0, 1, 9, math.inf, math.nan]])
    colors = colorize(values, Scale(0, 1, color_map))[0]
    first, last = ramp(color_map)[[0, -1]]
    np.testing.assert_array_equal(colors, [first, first, first, last, last, last, first])


def test_a_scale_for_channels_is_no_color_map() -> None:
    with pytest.raises(ValueError, match=r"^scale\.color_map must be one of 'sequential'"):
        colorize(np.zeros((2, 2), np.float32), PICTURE_SCALE)


@given(values=numbers)
@quick
def test_signed_values_get_one_scale_around_zero_and_others_one_from_zero(values: Any) -> None:
    scale = value_scale(values)
    assert scale.low <= values.min()
    assert values.max() <= scale.high
    if values.min() < 0:
        assert scale.color_map == "diverging"
        assert scale.low == -scale.high
        assert max(scale.high + values.min(), scale.high - values.max()) >= 0
        assert scale.high == np.abs(values).max()
    else:
        assert scale.color_map == "sequential"
        assert scale.low == 0
        assert scale.high == values.max() or not values.any()


@given(values=numbers)
@quick
def test_every_finite_value_is_colored_without_a_warning(values: Any) -> None:
    kept = values.copy()
    drawn = colorize(values[..., 0], value_scale(values))
    drawn_together = composite(values, channel_scale(values))
    assert drawn.dtype == drawn_together.dtype == np.uint8
    assert drawn.shape == drawn_together.shape == values.shape
    np.testing.assert_array_equal(values, kept)


def test_compared_values_share_one_scale() -> None:
    small, signed = np.float32([[1, 2]]), np.float32([[-5, 3]])
    assert value_scale(small, signed) == Scale(-5, 5, "diverging")
    assert channel_scale(small, signed) == Scale(-5, 3, "channels")


@pytest.mark.parametrize("level", [-4, 0, 4])
def test_constant_values_have_a_scale_of_some_width(level: int) -> None:
    values = np.full((2, 2, 3), level, np.float32)
    for scale in (value_scale(values), channel_scale(values)):
        assert scale.low < scale.high
    assert len(np.unique(composite(values, channel_scale(values)))) == 1


def test_what_is_not_finite_does_not_widen_a_scale() -> None:
    values = np.float32([[math.nan, 2, math.inf, -1, -math.inf]])
    assert value_range(values) == (-1, 2)
    assert value_range(np.float32([[math.nan, math.inf]])) == (0, 0)
    assert value_range(np.float32([[math.nan]]), np.float32([[7]])) == (7, 7)
    assert value_scale(np.float32([[math.nan]])) == Scale(0, 1, "sequential")


def test_a_composite_of_a_picture_is_the_picture(cat: Any) -> None:
    np.testing.assert_array_equal(composite(cat.astype(np.float32)), cat)


def test_a_composite_reaches_from_black_to_full_brightness() -> None:
    values = np.float32([[[-2, 0, 2]], [[2, -2, -2]]])
    drawn = composite(values, channel_scale(values))
    np.testing.assert_array_equal(drawn, [[[0, 128, 255]], [[255, 0, 0]]])


@pytest.mark.parametrize("shape", [(2, 2, 1), (2, 2, 4), (2, 2)])
def test_a_composite_of_other_than_three_maps_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"needs three feature maps, .* Show them as tiles"):
        composite(np.zeros(shape, np.float32))


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (5, 2), (6, 3), (7, 7), (3, 5)])
def test_tiles_stand_row_by_row_with_a_gap_between(count: int, columns: int) -> None:
    maps = np.random.default_rng(0).normal(size=(4, 6, count)).astype(np.float32)
    scale = value_scale(maps)
    sheet = tiles(maps, scale, columns=columns)
    rows = math.ceil(count / columns)
    assert sheet.shape == (rows * 4 + (rows - 1) * GAP, columns * 6 + (columns - 1) * GAP)
    covered = np.zeros(sheet.shape[:2], bool)
    for index in range(count):
        top, left = index // columns * (4 + GAP), index % columns * (6 + GAP)
        place = slice(top, top + 4), slice(left, left + 6)
        np.testing.assert_array_equal(sheet[place], color_indices(maps[..., index], scale))
        covered[place] = True
    missing = np.zeros(sheet.shape[:2], bool)
    if count % columns:
        # Neither tiles that do not exist nor lines around them.
        above, left = (rows - 1) * (4 + GAP) - GAP, count % columns * (6 + GAP) - GAP
        missing[max(0, above) :, left:] = True
    assert (sheet[missing] == NOTHING_INDEX).all()
    assert (sheet[~covered & ~missing] == GAP_INDEX).all()
    assert (paint(sheet, scale.color_map)[~covered & ~missing] == GAP_LEVEL).all()


def test_all_tiles_of_a_wide_layer_are_drawn() -> None:
    maps = np.zeros((3, 3, 200), np.float32)
    maps[..., 199] = 1
    sheet = tiles(maps, value_scale(maps), columns=20)
    assert (sheet[-3:, -3:] == NUM_COLORS - 1).all()
    assert (sheet[:3, :3] == 0).all()


def test_large_tiles_are_reduced_by_averaging() -> None:
    maps = np.zeros((40, 80, 4), np.float32)
    maps[:, ::2] = 2
    sheet = tiles(maps, Scale(0, 2, "sequential"), columns=2, max_width=84)
    assert sheet.shape == (2 * 20 + GAP, 2 * 40 + GAP)
    assert (sheet[:20, :40] == NUM_COLORS // 2).all()


@pytest.mark.parametrize("count", [1, 3, 7, 16, 64, 1280])
@pytest.mark.parametrize("shape", [(32, 40), (7, 7), (1, 400), (400, 1)])
def test_tiles_are_about_as_wide_as_high_and_never_wider_than_allowed(
    shape: tuple[int, int], count: int
) -> None:
    columns = square_columns(*shape, count)
    rows = math.ceil(count / columns)
    assert 1 <= columns <= count
    if min(shape) > 1:
        assert 0.5 <= columns * shape[1] / (rows * shape[0]) <= 2
    sheet = tiles(np.zeros((*shape, count), np.float32), Scale(0, 1, "sequential"))
    assert sheet.shape[1] <= max(1280, columns * (1 + GAP))


@pytest.mark.parametrize("low", [-1.0, 0.0])
def test_on_an_anchored_scale_zero_is_black_or_the_middle(low: float) -> None:
    maps = np.float32([[[low, 0, 2]]])
    level = int(composite(maps, anchored_channel_scale(maps))[0, 0, 1])
    assert level == (128 if low else 0)


def test_the_gap_is_a_gray_that_stands_apart_from_both_maps() -> None:
    gap = np.full(3, GAP_LEVEL)
    for color_map in MAPS:
        assert np.abs(ramp(color_map).astype(int) - gap).max(axis=1).min() > 20


def test_colors_of_neighboring_levels_differ() -> None:
    for color_map in MAPS:
        assert all((one != other).any() for one, other in pairwise(ramp(color_map)))
