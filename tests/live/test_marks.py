"""The place that is pointed at in one tile is marked in all others of its sheet."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import find_chromium, settle
from tests.live.in_browser import in_browser
from tests.live.test_inspector import PICTURES, point, shown

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

RINGS = ".cnnviz-rings"
PATIENCE = 60_000


def test_the_middles_in_all_tiles_are_those_of_each(page: Page) -> None:
    chance = np.random.default_rng(60)
    cases = []
    for _ in range(100):
        height, width = chance.integers(1, 40, 2).tolist()
        count = int(chance.integers(2, 20))
        row, column = int(chance.integers(height)), int(chance.integers(width))
        sheet = shown("tiles", height, width, count, maxWidth=400)
        cases.append([sheet, {"row": row, "column": column, "index": 1}])
    run = """([sheet, cell]) => [
      live.middlesOf(sheet, cell),
      sheet.maps.planes.map((_, index) => live.middleOf(sheet, {...cell, index})),
    ]"""
    for found, expected in in_browser(page, "cells", run, cases):
        assert found == expected


def centers(page: Page) -> list[list[tuple[float, float]]]:
    """Where rings are in a picture, in pixels: the white ones, and the black ones around them."""
    paths = page.locator(f"{RINGS} path").evaluate_all(
        "all => all.map(one => one.getAttribute('d'))"
    )
    found = []
    for path in paths:
        starts = re.findall(r"M(\S+) (\S+?)a([\d.]+) ", path)
        found.append([(float(x) + float(radius), float(y)) for x, y, radius in starts])
    return found


@pytest.mark.parametrize(
    ("path", "place", "count", "tiles_a_row"),
    [
        ("convolution?kernels=Random&filters=64", 1, 64, 8),
        ("activation?act_display=Tiles", 0, 3, 2),
        ("feature_maps?network=VGG16+%28edges%29&maps_layer=block1_conv1", 0, 64, 8),
    ],
)
def test_all_other_tiles_of_the_sheet_are_marked(
    page: Page, address: str, path: str, place: int, count: int, tiles_a_row: int
) -> None:
    page.goto(f"{address}/{path}")
    expect(page.locator(".cnnviz-shape").nth(place)).to_contain_text(f"× {count}", timeout=PATIENCE)
    settle(page)
    expect(page.locator(PICTURES).first).to_have_attribute("tabindex", "0")
    across, down = 0.31, 0.3
    point(page, place, across, down)
    picture = page.locator(PICTURES).nth(place)
    rings, around = centers(page)
    np.testing.assert_allclose(rings, around, atol=0.11)
    assert len(rings) == count - 1
    assert page.locator(RINGS).count() == 1
    assert picture.evaluate("one => !!one.parentElement.querySelector('.cnnviz-rings')")
    width, height = picture.evaluate("one => [one.offsetWidth, one.offsetHeight]")
    apart = width / tiles_a_row, height / -(-count // tiles_a_row)
    pointed = across * width, down * height
    # A whole number of tiles from where the mouse is, but for the gaps and for half a value.
    steps = (np.array(rings) - pointed) / apart
    assert np.abs(steps - np.rint(steps)).max() < 0.06
    assert len({*map(tuple, np.rint(steps).tolist()), (0.0, 0.0)}) == count
    page.mouse.move(5, 5)
    expect(page.locator(RINGS)).to_have_count(0)


def test_tiles_that_a_ring_would_hide_are_not_marked(page: Page, address: str) -> None:
    page.goto(f"{address}/feature_maps?maps_layer=head_relu")
    shape = page.locator(".cnnviz-shape").first
    expect(shape).to_have_text("7 × 7 × 1280", timeout=PATIENCE)
    settle(page)
    point(page, 0, 0.31, 0.3)
    expect(page.locator(f"{RINGS} path")).to_have_count(0)
