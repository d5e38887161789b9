"""A sheet's values come in full once a hand rests on it: as the network computed them."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from playwright.sync_api import Page, expect

from cnnviz_core import images, networks
from cnnviz_core.arrays import split_channels
from cnnviz_core.drawing.maps import reduced_to_width, sheet_grid
from cnnviz_core.inspection.feature_maps import channel_order
from cnnviz_core.number_format import short_number
from cnnviz_core.views.networks import all_layers
from cnnviz_core.views.overlays import encode_halves
from cnnviz_core.views.sharing import sample_picture
from tests.browser.chromium import find_chromium
from tests.live.dragging import visit
from tests.live.in_browser import in_browser

SHEET = '.st-key-in-view [data-testid="stImage"] img'
LAYER = "block2a_depthwise_relu"
# Tiles are reduced there, and each has a scale of its own.
PATHS = (
    ("efficientnet-lite0", LAYER, "index", ""),
    ("efficientnet-lite0", LAYER, "maximum", "&maps_scale=Each&maps_order=Maximum"),
)


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed")
def test_all_halves_are_read_as_what_they_are(page: Page) -> None:
    bits = [one for one in range(0, 2**16, 7) if one >> 10 & 31 != 31]
    found = in_browser(page, "exact", "bits => live.half(bits)", bits)
    np.testing.assert_array_equal(found, np.array(bits, np.uint16).view(np.float16))


@settings(deadline=None, max_examples=50)
@given(arrays(np.float32, (2, 3, 4), elements=st.floats(-60_000, 60_000, width=32)))
def test_a_picture_holds_halves_one_map_below_the_other(planes: Any) -> None:
    data = encode_halves(planes)
    assert data is not None
    pixels = images.decode(data)
    assert pixels.shape == (6, 4, 3)
    bits = pixels[..., 0].astype(np.uint16) << 8 | pixels[..., 1]
    np.testing.assert_array_equal(bits.view(np.float16), planes.reshape(6, 4).astype(np.float16))


@pytest.mark.parametrize("value", [70_000, -1e9, np.inf, np.nan])
def test_what_is_too_large_for_a_half_is_not_sent(value: float) -> None:
    planes = np.zeros((1, 2, 2), np.float32)
    planes[0, 1, 1] = value
    assert encode_halves(planes) is None


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed")
@pytest.mark.parametrize(("name", "layer", "order", "more"), PATHS)
def test_the_loupe_shows_what_the_network_computed(
    page: Page, address: str, name: str, layer: str, order: Any, more: str
) -> None:
    sent = visit(page, f"{address}/feature_maps?maps_layer={layer}{more}")
    values = page.locator(".st-key-live-exact img")
    expect(values).to_have_count(0)
    sheet = page.locator(SHEET).first
    box = sheet.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    expect(values).to_have_count(1)
    page.wait_for_function("() => document.querySelector('.st-key-live-exact img').naturalWidth")
    asked = len(sent)
    maps = all_layers(networks.load(name), sample_picture("cat"))[layer]
    channels = channel_order(maps, order)
    planes = split_channels(maps)[channels]
    grid = sheet_grid(planes.shape[1], planes.shape[2], len(planes))
    planes = reduced_to_width(planes, grid.columns)
    chance = np.random.default_rng(1)
    size = sheet.evaluate("image => [image.naturalHeight, image.naturalWidth]")
    for tile in chance.integers(0, len(planes), 12).tolist():
        row, column = int(chance.integers(grid.rows)), int(chance.integers(grid.columns))
        left = tile % grid.tiles_a_row * (grid.width + grid.gap)
        top = tile // grid.tiles_a_row * (grid.height + grid.gap)
        x = (left + (column + 0.5) / grid.columns * grid.width) / size[1]
        y = (top + (row + 0.5) / grid.rows * grid.height) / size[0]
        now = sheet.bounding_box()
        assert now is not None
        page.mouse.move(now["x"] + x * now["width"], now["y"] + y * now["height"])
        lines = page.locator(".cnnviz-loupe > div").inner_html().split("<br>")
        assert re.match(rf"Channel {channels[tile] + 1}: ", lines[0])
        expected = np.float16(planes[tile, row, column])
        assert lines[1] == f"≈ {short_number(float(expected))}"
    assert len(sent) == asked
