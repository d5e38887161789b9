"""Heatmaps in colors: that a color bar may be believed."""

import cv2
import numpy as np
import pytest

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import rendering
from cnnviz_core.heatmaps.overlays import OverlayColors
from cnnviz_core.views.colors import gradients
from cnnviz_core.views.overlays import draw_cells, draw_overlay, heat_scale


@pytest.fixture
def signed(cat: ByteArray) -> FloatArray:
    values = np.random.default_rng(3).normal(size=cat.shape[:2]).astype(np.float32)
    return values.clip(-4, 4)


@pytest.mark.parametrize("color_map", ["sequential", "diverging"])
def test_every_color_of_an_overlay_stands_on_its_bar(
    signed: FloatArray, cat: ByteArray, color_map: OverlayColors
) -> None:
    values = signed.clip(min=0) if color_map == "sequential" else signed
    # Dividing by a power of two rounds nothing.
    scale = heat_scale(4.0, color_map)
    drawn = draw_overlay(cat, values, scale, alpha=1)
    np.testing.assert_array_equal(drawn, rendering.colorize(values, scale))
    half = draw_overlay(cat, values, scale, alpha=0.5)
    mixed = (cat.astype(np.float32) + drawn) / 2
    assert np.abs(half - mixed).max() <= 0.5


def test_values_beyond_the_bar_have_the_color_of_its_end(cat: ByteArray) -> None:
    values = np.full(cat.shape[:2], 5, np.float32)
    values[0, 0] = -5
    scale = heat_scale(2.0, "diverging")
    drawn = draw_overlay(cat, values, scale, alpha=1)
    (bar,) = gradients(scale)
    colors = [tuple(int(color[i : i + 2], 16) for i in (1, 3, 5)) for color in (bar[0], bar[-1])]
    assert [tuple(drawn[0, 0]), tuple(drawn[1, 1])] == colors


def test_the_picture_shows_below_the_threshold(signed: FloatArray, cat: ByteArray) -> None:
    scale = heat_scale(float(np.abs(signed).max()), "diverging")
    drawn = draw_overlay(cat, signed, scale, alpha=0.7, threshold=0.5)
    below = np.abs(signed) < 0.5 * scale.high
    assert 0.01 < below.mean() < 0.99
    np.testing.assert_array_equal(drawn[below], cat[below])
    assert (drawn[~below] != cat[~below]).any(axis=-1).mean() > 0.9


def test_a_raw_map_keeps_its_cells_and_the_pictures_proportions(cat: ByteArray) -> None:
    values = np.arange(49, dtype=np.float32).reshape(7, 7)
    scale = heat_scale(48.0, "sequential")
    drawn = draw_cells(values, scale, cat, 700)
    assert drawn.shape == (560, 700, 3)
    cells = cv2.resize(drawn, (7, 7), interpolation=cv2.INTER_NEAREST_EXACT)
    np.testing.assert_array_equal(cells, rendering.colorize(values, scale))
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) == 49
