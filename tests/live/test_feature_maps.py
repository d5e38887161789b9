"""The channels of a layer while the slider along the layers is moved."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pages.parts.inspection.feature_map_controls import LAYER
from tests.browser.chromium import find_chromium, settle
from tests.browser.test_live import PICTURES, pixels
from tests.live.dragging import LIVE, drag, grab, let_go
from tests.live.in_browser import in_browser, maps, received

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow and the network load first.
PATIENCE = 60_000


def test_a_layer_is_cut_out_of_the_sheets_of_all(page: Page) -> None:
    levels = np.random.default_rng(11).integers(0, 32, (40, 30)).astype(np.float32)
    preview = {
        "top": 7,
        "rows": 3,
        "columns": 5,
        "scale": {"low": -2.0, "high": 4.0, "color_map": "diverging"},
        "grid": {"tiles": 11, "tiles_a_row": 4},
    }
    run = "([sheets, ...how]) => sent(live.cut(maps(sheets), ...how))"
    (found,) = in_browser(
        page, "feature_maps_plan", run, [[maps(levels[..., np.newaxis]), preview, 32]]
    )
    values = received(found)
    assert values.shape == (3, 5, 11)
    for tile in range(11):
        top, left = 7 + tile // 4 * 3, tile % 4 * 5
        expected = -2 + levels[top : top + 3, left : left + 5] * 6 / 31
        np.testing.assert_allclose(values[:, :, tile], expected, atol=1e-6)


@pytest.mark.parametrize("order", ["Original order", "Maximum"])
def test_the_sheet_follows_the_layer_and_the_servers_takes_its_place(
    page: Page, address: str, order: str
) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(f"{address}/feature_maps?maps_order={order}")
    expect(page.locator(".maps-title")).to_have_text("stem_relu (ReLU)", timeout=PATIENCE)
    settle(page)
    sent.clear()
    for step, shape in ((3, "56 × 56 × 96"), (32, "7 × 7 × 1280"), (0, "112 × 112 × 32")):
        grab(page, LAYER.key)
        drag(page, LAYER.key, step)
        followed, (drawn,) = words_of(page), pixels(page, LIVE)
        assert followed[1] == shape
        below = page.locator(".st-key-in-view .cnnviz-facts").first.bounding_box()
        canvas = page.locator(LIVE).bounding_box()
        assert below is not None
        assert canvas is not None
        assert canvas["y"] + canvas["height"] <= below["y"]
        assert sent == []
        let_go(page)
        assert words_of(page) == followed
        assert page.locator(PICTURES).first.evaluate("one => one.style.aspectRatio") == ""
        assert_alike(drawn, pixels(page, PICTURES)[0])
        sent.clear()


def words_of(page: Page) -> list[str]:
    said = (".maps-title", ".cnnviz-shape", ".cnnviz-facts")
    return [page.locator(f".st-key-in-view {one}").first.inner_text() for one in said]


def assert_alike(drawn: Any, shown: Any) -> None:
    """The same tiles at the same places, as bright on the average; one of them is framed."""
    assert drawn.shape == shown.shape
    assert ((drawn[:, :, 3] == 0) == (shown[:, :, 3] == 0)).all()
    blocks = [averages(one[:, :, :3].astype(float).mean(2)) for one in (drawn, shown)]
    assert np.corrcoef(blocks[0].ravel(), blocks[1].ravel())[0, 1] > 0.9


def averages(picture: Any, side: int = 12) -> Any:
    height, width = (length // side * side for length in picture.shape)
    return picture[:height, :width].reshape(height // side, side, width // side, side).mean((1, 3))
