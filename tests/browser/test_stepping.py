"""The clock of the step-by-step page, its slider, and the window under the hand."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import PHONE, complaints, find_chromium, settle, slider
from tests.live.dragging import grab, place, visit

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
            const picture = document.querySelector('.cnnviz-step');
            const box = picture.getBoundingClientRect();
            window.seen.add(parseInt(picture.getAttribute('aria-label').split(' ')[1]));
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
    return str(page.locator(".cnnviz-step").get_attribute("aria-label")).split()[1]


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


SEVERAL = "stepping?step_channels=3&step_filters=2&step_biases=1+-1"


def drawn(page: Page) -> list[str]:
    """All marks of the picture."""
    groups: list[str] = page.eval_on_selector_all(
        ".cnnviz-step g", "all => all.map(g => g.innerHTML)"
    )
    return groups


@pytest.mark.parametrize(("path", "last"), [("stepping", 9), (SEVERAL, 18)])
def test_the_picture_follows_the_slider_and_the_server_says_the_same(
    page: Page, address: str, path: str, last: int
) -> None:
    found = complaints(page)
    sent = visit(page, f"{address}/{path}")
    first = drawn(page)
    grab(page, "step_stop")
    page.mouse.move(*place(page, "step_stop", 6), steps=4)
    followed = drawn(page)
    assert followed != first
    assert sent == []
    page.mouse.up()
    expect(page.locator(".cnnviz-step")).to_have_attribute("aria-label", re.compile(r"^Stop 7 "))
    assert drawn(page) == followed
    assert f"of {last}:" in str(page.locator(".cnnviz-step").get_attribute("aria-label"))
    assert found == []


def test_the_window_is_dragged_over_the_input(page: Page, address: str) -> None:
    sent = visit(page, f"{address}/stepping")
    tiles = page.locator(".cnnviz-step svg").first.locator("rect:not(.frame)")
    middle, corner = tiles.nth(12).bounding_box(), tiles.nth(24).bounding_box()
    assert middle is not None
    assert corner is not None
    page.mouse.move(middle["x"] + 5, middle["y"] + 5)
    page.mouse.down()
    expect(page.locator(".cnnviz-step rect.current").first).to_be_visible()
    page.mouse.move(corner["x"] + 5, corner["y"] + 5, steps=5)
    assert sent == []
    followed = drawn(page)
    page.mouse.up()
    expect(page.locator(".cnnviz-step")).to_have_attribute("aria-label", re.compile(r"^Stop 9 "))
    assert drawn(page) == followed
    page.wait_for_url("**step_stop=9**")


def test_on_a_phone_the_channel_is_seen_that_is_read(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport=PHONE)
    visit(page, f"{address}/stepping?preset=Depthwise")
    for channel in (1, 2):
        slider(page, "step_stop").press("ArrowRight")
        stop = re.compile(rf"^Stop {channel + 1} ")
        expect(page.locator(".cnnviz-step")).to_have_attribute("aria-label", stop)
        expect(page.locator(".step-parts .step-act").nth(channel)).to_be_in_viewport(ratio=0.5)
        expect(page.locator(".step-parts .step-act").nth(0)).not_to_be_in_viewport(ratio=0.5)


def test_on_a_phone_one_channel_is_seen_and_what_all_come_to(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(viewport=PHONE)
    visit(page, f"{address}/{SEVERAL}&step_stop=7")
    parts = page.locator(".step-parts")
    width = parts.evaluate("parts => parts.clientWidth")
    assert width <= PHONE["width"]
    assert parts.evaluate("parts => parts.scrollWidth") > 2 * width
    sizes = page.eval_on_selector_all(
        ".cnnviz-step text", "all => all.map(text => text.getBoundingClientRect().height)"
    )
    assert min(size for size in sizes if size) >= 9
    page.locator(".step-act").last.scroll_into_view_if_needed()
    expect(page.locator(".step-act").last).to_be_in_viewport(ratio=1)
    parts.evaluate("parts => parts.scrollTo({left: 9999, behavior: 'instant'})")
    before = parts.evaluate("parts => parts.scrollLeft")
    slider(page, "step_stop").press("ArrowRight")
    expect(page.locator(".cnnviz-step")).to_have_attribute("aria-label", re.compile(r"^Stop 8 "))
    assert parts.evaluate("parts => parts.scrollLeft") == before
