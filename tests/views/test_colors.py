"""Color bars and cells: the colors of the maps, and numbers that are legible on them."""

import numpy as np
import pytest

from cnnviz_core.drawing.rendering import NUM_COLORS, ColorMap, Scale, composite
from cnnviz_core.views.colors import cell_colors, gradients
from tests.drawing.test_rendering import MAPS, luminance, ramp


def rgb(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


@pytest.mark.parametrize("color_map", MAPS)
def test_a_color_bar_runs_from_the_first_color_to_the_last(color_map: ColorMap) -> None:
    expected = ramp(color_map)
    (colors,) = gradients(Scale(-2, 5, color_map), len(expected))
    np.testing.assert_array_equal([rgb(color) for color in colors], expected)
    assert len(set(gradients(Scale(0, 1, color_map))[0])) == 17


def test_three_color_bars_show_what_a_composite_does_to_one_map_at_both_ends() -> None:
    scale = Scale(-2, 5, "channels")
    for channel, bar in enumerate(gradients(scale)):
        maps = np.full((1, 2, 3), scale.low, np.float32)
        maps[0, 1, channel] = scale.high
        np.testing.assert_array_equal([rgb(color) for color in bar], composite(maps, scale)[0])


@pytest.mark.parametrize("color_map", MAPS)
def test_numbers_are_legible_on_every_color(color_map: ColorMap) -> None:
    # WCAG 2.1, success criterion 1.4.3.
    values = np.arange(NUM_COLORS, dtype=np.float32)[np.newaxis]
    cells = cell_colors(values, Scale(0, NUM_COLORS - 1, color_map))[0]
    np.testing.assert_array_equal([rgb(background) for background, _ in cells], ramp(color_map))
    for cell in cells:
        dark, light = sorted(luminance([rgb(color) for color in cell]))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, cell
