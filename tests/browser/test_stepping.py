"""The clock of the step-by-step page, which only a browser can tick."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import complaints, find_chromium, settle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow, which loads beside the page, may hold up a tick or two.
PATIENCE = 15_000


def stops_from_now(page: Page) -> None:
    """Collect in `seen` the stops, and in `boxes` the places of the picture, at every frame."""
    page.evaluate(
        """() => {
          window.seen = new Set(); window.boxes = new Set();
          const look = () => {
            const picture = document.querySelector('.st-key-pictures [data-testid=stImage] img');
            const box = picture.getBoundingClientRect();
            window.seen.add(parseInt(picture.alt.split(' ')[1]));
            window.boxes.add([box.x, box.y, box.width, box.height].map(Math.round).join());
            requestAnimationFrame(look);
          };
          look();
        }"""
    )


def player(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=False).first


def seen(page: Page) -> list[int]:
    return page.evaluate("[...window.seen]")


def stop(page: Page) -> str:
    picture = page.locator(".st-key-pictures").get_by_test_id("stImage").locator("img")
    return str(picture.get_attribute("alt")).split()[1]


def test_play_moves_the_window_until_the_last_stop_or_until_paused(
    page: Page, address: str
) -> None:
    found = complaints(page)
    page.goto(f"{address}/stepping?step_stop=8")
    expect(player(page, "Play")).to_be_visible(timeout=PATIENCE)
    settle(page)
    stops_from_now(page)

    page.wait_for_timeout(2000)
    assert seen(page) == [8]

    player(page, "Play").click()
    page.wait_for_function("() => window.seen.has(9)", timeout=PATIENCE)
    expect(player(page, "Play")).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(2000)
    assert seen(page) == [8, 9]

    player(page, "Play").click()
    page.wait_for_function("() => window.seen.has(2)", timeout=PATIENCE)
    assert seen(page)[:4] == [8, 9, 1, 2]

    slider = page.locator('[data-testid="stSlider"]', has_text="Stop")
    slider.locator('input[type="range"]').press("PageUp")
    page.wait_for_function("() => [...window.seen].some(stop => stop > 3)", timeout=PATIENCE)

    player(page, "Pause").click()
    expect(player(page, "Play")).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(500)
    last = stop(page)
    page.wait_for_timeout(2000)
    assert stop(page) == last
    assert f"step_stop={last}" in page.evaluate("location.href")
    assert len(page.evaluate("[...window.boxes]")) == 1
    assert found == []
