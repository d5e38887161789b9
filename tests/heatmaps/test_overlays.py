"""Heatmaps in colours: whose numbers they are, and that a colour bar may be believed."""

import cv2
import numpy as np
import pytest

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import rendering
from cnnviz_core.heatmaps.maps import Evidence, OverlayColors, shown
from cnnviz_core.heatmaps.overlays import draw_overlay, draw_raw, heat_scale, on_picture, strongest
from cnnviz_core.heatmaps.records import RawMap


def found(values: FloatArray) -> RawMap:
    return RawMap("grad-cam", "conv", np.float32(values), np.zeros(1), np.ones(1))


@pytest.fixture
def signed() -> RawMap:
    return found(np.random.default_rng(3).normal(size=(7, 7)))


@pytest.mark.parametrize("evidence", ["for", "against", "both"])
def test_on_the_picture_it_is_the_heatmap_but_for_its_unit(
    signed: RawMap, cat: ByteArray, evidence: Evidence
) -> None:
    values = on_picture(signed, cat, evidence)
    normalised = shown(signed, cat.shape[:2], evidence)  # type: ignore[arg-type]
    np.testing.assert_allclose(values, normalised * np.abs(values).max(), atol=1e-5)


def test_a_map_of_the_pictures_size_keeps_its_numbers(cat: ByteArray) -> None:
    raw = found(np.random.default_rng(4).normal(size=cat.shape[:2]))
    np.testing.assert_array_equal(on_picture(raw, cat, "both"), raw.values)
    np.testing.assert_array_equal(on_picture(raw, cat, "for"), raw.values.clip(min=0))
    np.testing.assert_array_equal(on_picture(raw, cat, "against"), (-raw.values).clip(min=0))


def test_what_is_not_finite_is_no_evidence(cat: ByteArray) -> None:
    raw = found(np.float32([[np.nan, 1], [np.inf, -np.inf]]))
    np.testing.assert_array_equal(on_picture(raw, cat[:2, :2], "both"), [[0, 1], [0, 0]])


def test_colours_end_at_the_furthest_of_several_maps() -> None:
    weak, strong = np.float32([[1, -2]]), np.float32([[3, 0]])
    assert strongest(weak, strong) == 3
    assert strongest(weak) == 2
    assert strongest(np.zeros((2, 2), np.float32)) == 1


def test_clipping_leaves_out_few_and_no_zeros_count() -> None:
    values = np.zeros(10_000, np.float32)
    values[:100] = np.arange(1, 101)
    assert strongest(values, percent=99) == pytest.approx(99, abs=0.02)
    assert (np.abs(values) > strongest(values, percent=99)).sum() == 1


@pytest.mark.parametrize("color_map", ["sequential", "diverging"])
def test_every_colour_of_an_overlay_stands_on_its_bar(
    signed: RawMap, cat: ByteArray, color_map: OverlayColors
) -> None:
    evidence: Evidence = "for" if color_map == "sequential" else "both"
    values = on_picture(signed, cat, evidence)
    scale = heat_scale(strongest(values), color_map)
    drawn = draw_overlay(cat, values, scale, alpha=1, threshold=0)
    np.testing.assert_array_equal(drawn, rendering.colorize(values, scale))
    half = draw_overlay(cat, values, scale, alpha=0.5, threshold=0)
    mixed = (cat.astype(np.float32) + drawn) / 2
    assert np.abs(half - mixed).max() <= 0.5


def test_values_beyond_the_bar_have_the_colour_of_its_end(cat: ByteArray) -> None:
    values = np.full(cat.shape[:2], 5, np.float32)
    values[0, 0] = -5
    scale = heat_scale(2.0, "diverging")
    drawn = draw_overlay(cat, values, scale, alpha=1, threshold=0)
    (bar,) = rendering.gradients(scale)
    colors = [tuple(int(color[i : i + 2], 16) for i in (1, 3, 5)) for color in (bar[0], bar[-1])]
    assert [tuple(drawn[0, 0]), tuple(drawn[1, 1])] == colors


def test_the_picture_shows_below_the_threshold(signed: RawMap, cat: ByteArray) -> None:
    values = on_picture(signed, cat, "both")
    scale = heat_scale(strongest(values), "diverging")
    drawn = draw_overlay(cat, values, scale, alpha=0.7, threshold=0.5)
    below = np.abs(values) < 0.5 * scale.high
    assert 0.01 < below.mean() < 0.99
    np.testing.assert_array_equal(drawn[below], cat[below])
    assert (drawn[~below] != cat[~below]).any(axis=-1).mean() > 0.9


def test_a_raw_map_keeps_its_cells_and_the_pictures_proportions(cat: ByteArray) -> None:
    raw = found(np.arange(49).reshape(7, 7))
    scale = heat_scale(48.0, "sequential")
    drawn = draw_raw(raw, scale, cat, 700)
    assert drawn.shape == (560, 700, 3)
    cells = cv2.resize(drawn, (7, 7), interpolation=cv2.INTER_NEAREST_EXACT)
    np.testing.assert_array_equal(cells, rendering.colorize(raw.values, scale))
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) == 49
