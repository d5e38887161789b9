"""What a network says while the slider of silenced channels is moved."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pages.parts.heatmaps.vote_controls import COUNT
from tests.browser.chromium import find_chromium, settle
from tests.browser.test_live import PICTURES, pixels
from tests.live.dragging import LIVE, drag, grab, let_go

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow and the network load first.
PATIENCE = 60_000

# The second silences channels of its own, too, and the third has votes that are not the score.
ADDRESSES = (
    "votes",
    "votes?votes_count=2&votes_silent=113&votes_side=Against+it&votes_versus=true",
    "votes?network=After+LeNet-5+(untrained)",
)


@pytest.mark.parametrize("path", ADDRESSES)
def test_bars_and_map_follow_the_slider_and_are_those_of_the_server(
    page: Page, address: str, path: str
) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(f"{address}/{path}")
    expect(page.locator(".change-row").first).to_be_visible(timeout=PATIENCE)
    settle(page)
    sent.clear()
    for step in (4, 1):
        before = words_of(page)
        grab(page, COUNT.key)
        drag(page, COUNT.key, step)
        followed, drawn = words_of(page), pixels(page, LIVE)
        assert followed["bars"] != before["bars"]
        assert followed["said"] != before["said"]
        assert sent == []
        let_go(page)
        assert words_of(page) == followed
        difference = np.abs(drawn[0].astype(int) - pixels(page, PICTURES)[0])
        # What lies between two colors may get either.
        assert (difference > 8).mean() == 0
        assert (difference > 1).mean() < 0.005
        sent.clear()


def words_of(page: Page) -> dict[str, Any]:
    bars = page.locator(".change-bar")
    return {
        "bars": page.locator(".change-row").all_inner_texts(),
        "lengths": bars.evaluate_all("all => all.map(one => one.style.width)"),
        "said": page.locator(".votes-silenced").all_inner_texts(),
        "map": page.locator(".st-key-in-view .cnnviz-facts").all_inner_texts(),
    }


def test_the_loupe_shows_the_votes_at_a_place(page: Page, address: str) -> None:
    page.goto(f"{address}/votes")
    expect(page.locator(".change-row").first).to_be_visible(timeout=PATIENCE)
    # Its parts run once more when all of them are there, and a loupe goes with a picture of before.
    page.wait_for_timeout(1000)
    settle(page)
    low, high = (float(one) for one in page.locator(".cnnviz-range").inner_text().split()[1::2])
    picture = page.locator(PICTURES).first
    picture.focus()
    values = []
    for key in ("ArrowLeft", *["ArrowUp"] * 3, *["ArrowLeft"] * 3):
        page.keyboard.press(key)
    for row in range(7):
        for _ in range(7):
            values.append(float(page.locator(".cnnviz-loupe div").inner_text().split("\n")[1]))
            page.keyboard.press("ArrowLeft" if row % 2 else "ArrowRight")
        page.keyboard.press("ArrowDown")
    assert (min(values), max(values)) == (
        pytest.approx(low, rel=0.01),
        pytest.approx(high, rel=0.01),
    )
