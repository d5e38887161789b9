"""All pictures of a page zoom together, and what one points at stays under the hand."""

import re

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import PHONE, find_chromium, settle
from tests.live.test_inspector import PICTURES, place_of, point, read_loupe

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

ZOOMED = ".st-key-in-view[data-zoomed]"


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator(".cnnviz-shape").last).to_have_text("318 × 398 × 3")
    settle(page)
    # The module that zooms comes a moment after the pictures.
    expect(page.locator(PICTURES).first).to_have_attribute("tabindex", "0")


def widths(page: Page) -> list[float]:
    boxes = [one.bounding_box() for one in page.locator(PICTURES).all()]
    return [box["width"] for box in boxes if box]


def turn_wheel(page: Page, by: int) -> None:
    page.keyboard.down("Control")
    page.mouse.wheel(0, by)
    page.keyboard.up("Control")


def test_the_value_under_the_mouse_stays_there_while_all_pictures_grow(
    page: Page, address: str
) -> None:
    open_page(page, f"{address}/convolution?kernels=Random")
    before, told = widths(page), point(page, 1, 0.4, 0.6)
    for _ in range(3):
        turn_wheel(page, -100)
    expect(page.locator(ZOOMED)).to_have_count(1)
    grown = [now / then for now, then in zip(widths(page), before, strict=True)]
    assert grown == pytest.approx([1.5**3] * 2, rel=1e-3)
    # What is seen of a zoomed picture is as large as before.
    room = page.locator('.st-key-in-view [data-testid="stImageContainer"]').nth(1).bounding_box()
    assert room is not None
    page.mouse.move(5, 5)
    page.mouse.move(room["x"] + 0.4 * room["width"], room["y"] + 0.6 * room["height"])
    apart = np.subtract(place_of(read_loupe(page)[0]), place_of(told[0]))
    assert np.abs(apart).max() <= 1
    for _ in range(9):
        turn_wheel(page, 100)
    expect(page.locator(ZOOMED)).to_have_count(0)
    assert widths(page) == pytest.approx(before)


def test_a_drag_shows_what_lies_beside_and_chooses_nothing(page: Page, address: str) -> None:
    open_page(page, f"{address}/convolution?kernels=Random")
    page.locator(PICTURES).nth(1).focus()
    for _ in range(4):
        page.keyboard.press("+")
    expect(page.locator(ZOOMED)).to_have_count(1)
    room = page.locator('.st-key-in-view [data-testid="stImageContainer"]').nth(1).bounding_box()
    assert room is not None
    left = page.locator(PICTURES).nth(0).evaluate("one => one.getBoundingClientRect().left")
    page.mouse.move(room["x"] + 100, room["y"] + 100)
    page.mouse.down()
    page.mouse.move(room["x"] + 140, room["y"] + 100, steps=4)
    page.mouse.up()
    moved = page.locator(PICTURES).nth(0).evaluate("one => one.getBoundingClientRect().left")
    assert moved - left == pytest.approx(40, abs=1.5)
    page.locator(PICTURES).nth(1).focus()
    page.keyboard.press("0")
    expect(page.locator(ZOOMED)).to_have_count(0)
    assert "down=" not in page.url


def test_a_place_that_is_chosen_stays_as_large_as_it_was(page: Page, address: str) -> None:
    open_page(page, f"{address}/convolution?kernels=Random")
    point(page, 0, 0.3, 0.7)
    for _ in range(2):
        turn_wheel(page, -100)
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile("down=70"))
    settle(page)
    expect(page.locator(ZOOMED)).to_have_attribute("style", re.compile(r"--zoom: 2\.25"))
    page.get_by_role("link", name="Pooling").first.click()
    expect(page.locator(".cnnviz-shape").last).to_have_text("64 × 80 × 3")
    settle(page)
    expect(page.locator(ZOOMED)).to_have_count(0)


@pytest.mark.slow
def test_two_fingers_zoom_and_two_taps_lead_back(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_page(page, f"{address}/convolution?kernels=Random")
    image = page.locator(PICTURES).nth(0)
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = context.new_cdp_session(page)

    def fingers(kind: str, apart: float | None) -> None:
        points = [] if apart is None else [{"x": x - apart, "y": y}, {"x": x + apart, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", 20)
    for apart in (30, 40, 50, 60):
        fingers("touchMove", apart)
    fingers("touchEnd", None)
    expect(page.locator(ZOOMED)).to_have_count(1)
    zoom = page.locator(ZOOMED).get_attribute("style") or ""
    found = re.search(r"--zoom: ([\d.]+)", zoom)
    assert found is not None
    assert 2 < float(found[1]) < 4
    image.dispatch_event("dblclick")
    expect(page.locator(ZOOMED)).to_have_count(0)
    context.close()
