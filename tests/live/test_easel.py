"""The picture is painted on, and every page shows what is painted."""

from typing import Any

import numpy as np
import pytest
from PIL import UnidentifiedImageError
from playwright.sync_api import Browser, Locator, Page, expect

from cnnviz_core import images
from tests.browser.chromium import PHONE, complaints, find_chromium, settle
from tests.browser.test_live import PICTURES, pixels
from tests.live.dragging import visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

PAINT = "convolution?source=Paint"
CAT = images.sample("cat")
HEIGHT, WIDTH, _ = CAT.shape


def easel(page: Page) -> Locator:
    canvas = page.locator(".cnnviz-easel canvas")
    canvas.scroll_into_view_if_needed()
    return canvas


def on_screen(page: Page, row: float, column: float) -> tuple[float, float]:
    """Where a pixel of the picture is on the easel."""
    box = easel(page).bounding_box()
    assert box is not None
    return box["x"] + column / WIDTH * box["width"], box["y"] + row / HEIGHT * box["height"]


def stroke(page: Page, row: float, start: float, end: float) -> None:
    page.mouse.move(*on_screen(page, row, start))
    page.mouse.down()
    page.mouse.move(*on_screen(page, row, end), steps=6)
    page.mouse.up()


def choose(page: Page, name: str) -> None:
    page.locator(".cnnviz-easel").get_by_role("button", name=name).click()


def picture(page: Page) -> Any:
    """The picture that the page is about; nothing while another one takes its place."""
    settle(page)
    try:
        return pixels(page, PICTURES)[0][..., :3]
    except UnidentifiedImageError:
        return np.zeros((0, 0, 3), np.uint8)


def until_it_is(page: Page, expected: Any, apart: int = 0) -> None:
    """Wait for a picture; where it never comes, say how far the last one was from it."""
    for _ in range(40):
        now = picture(page)
        if now.shape == expected.shape and np.abs(now - expected.astype(int)).max() <= apart:
            return
        page.wait_for_timeout(100)
    np.testing.assert_allclose(picture(page), expected, rtol=0, atol=apart)


def until_it_changes(page: Page, before: Any) -> Any:
    for _ in range(40):
        now = picture(page)
        if now.size and not np.array_equal(now, before):
            return now
        page.wait_for_timeout(100)
    raise AssertionError("The picture is still the same.")


def test_a_stroke_is_on_the_picture_and_nowhere_else(page: Page, address: str) -> None:
    found = complaints(page)
    visit(page, f"{address}/{PAINT}")
    np.testing.assert_array_equal(picture(page), CAT)
    stroke(page, 100, 80, 240)
    painted = until_it_changes(page, CAT)
    assert (painted[100, 80:240] == 255).all()
    thick = 24  # 6% of the longer side
    near = np.zeros((HEIGHT, WIDTH), bool)
    near[100 - thick : 100 + thick, 80 - thick : 240 + thick] = True
    np.testing.assert_array_equal(painted[~near], CAT[~near])
    page.get_by_role("link", name="Activation").first.click()
    page.wait_for_url("**/activation*")
    settle(page)
    np.testing.assert_array_equal(pixels(page, ".cnnviz-easel canvas")[0][..., :3], painted)
    assert "picture=your+own" in page.url
    assert found == []


def test_the_eraser_brings_the_picture_back_and_undo_what_was_painted(
    page: Page, address: str
) -> None:
    visit(page, f"{address}/{PAINT}")
    stroke(page, 100, 80, 240)
    painted = until_it_changes(page, CAT)
    choose(page, "Eraser")
    page.locator('.cnnviz-easel input[type="range"]').fill("100")
    stroke(page, 100, 60, 260)
    until_it_is(page, CAT, apart=1)  # soft edges are mixed with what is there
    choose(page, "Undo")
    until_it_is(page, painted)
    choose(page, "Undo")
    until_it_is(page, CAT)


def test_a_sheet_of_one_color_is_painted_on(page: Page, address: str) -> None:
    visit(page, f"{address}/{PAINT}")
    page.locator('.cnnviz-easel input[type="color"]').fill("#204060")
    choose(page, "Fill")
    until_it_is(page, np.broadcast_to(np.uint8([0x20, 0x40, 0x60]), CAT.shape))


def test_another_picture_on_the_easel_is_as_it_came(page: Page, address: str) -> None:
    visit(page, f"{address}/{PAINT}")
    stroke(page, 100, 80, 240)
    until_it_changes(page, CAT)
    page.locator(".st-key-picture label").filter(has_text="coffee").click()
    until_it_is(page, images.sample("coffee"))
    canvas = pixels(page, ".cnnviz-easel canvas")[0][..., :3]
    np.testing.assert_array_equal(canvas, images.sample("coffee"))


def test_a_finger_paints_and_the_sidebar_stays(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    visit(page, f"{address}/{PAINT}")
    page.get_by_test_id("stExpandSidebarButton").click()
    easel(page).evaluate("canvas => canvas.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(500)
    finger = page.context.new_cdp_session(page)
    for kind, column in (("touchStart", 100), ("touchMove", 150), ("touchMove", 200)):
        x, y = on_screen(page, 150, column)
        points = [{"x": x, "y": y}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    painted = until_it_changes(page, CAT)
    assert (painted[150, 110:190] == 255).all()
    expect(easel(page)).to_be_in_viewport()
