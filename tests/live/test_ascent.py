"""The pictures of a finished ascent while the slider through its steps is moved."""

import re
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pages.parts.filter_ascent.ascent_steps import FILM, FILM_STEP
from tests.browser.chromium import control, find_chromium, settle
from tests.browser.test_live import PICTURES, pixels
from tests.live.dragging import LIVE, drag, grab, let_go

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow and the network load first.
PATIENCE = 90_000

QUICK = {"ascent_layer": "block1_conv1", "ascent_count": 2, "ascent_size": 64, "ascent_steps": 16}


def test_the_pictures_follow_the_step_and_the_servers_take_their_place(
    page: Page, address: str
) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(f"{address}/filter_ascent?{urlencode(QUICK)}")
    said = page.get_by_test_id("stProgress").first
    expect(said).to_have_text(re.compile("All 16 steps"), timeout=PATIENCE)
    expect(page.locator(".ascent-row")).to_have_count(2, timeout=PATIENCE)
    # Nothing is sent that nobody asks for.
    expect(page.locator(".st-key-live-others")).to_have_count(0)
    control(page, FILM.key).locator("label").first.click()
    picture = page.locator(PICTURES)
    expect(picture).to_have_attribute("alt", "The pictures after 16 of 16 steps")
    expect(page.locator(".st-key-live-others img")).to_have_count(1)
    settle(page)
    last = pixels(page, PICTURES)[0]
    sent.clear()
    for stop, step in ((2, 3), (0, 0)):
        grab(page, FILM_STEP.key)
        drag(page, FILM_STEP.key, stop)
        (drawn,) = pixels(page, LIVE)
        assert sent == []
        let_go(page)
        expect(picture).to_have_attribute("alt", f"The pictures after {step} of 16 steps")
        expect(page).to_have_url(re.compile(rf"{FILM_STEP.key}={step}\b"))
        (shown,) = pixels(page, PICTURES)
        assert drawn.shape == shown.shape
        # Compressed, but these pictures and no others.
        assert 2 * apart(drawn, shown) < apart(drawn, last)
        sent.clear()
    control(page, FILM.key).locator("label").first.click()
    expect(page.locator(".ascent-grid img")).to_have_count(2)


def apart(one: Any, other: Any) -> float:
    return float(np.abs(one.astype(float) - other).mean())
