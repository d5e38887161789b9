"""The drawing of a network in a browser: what a click on it does, and what a phone shows of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import complaints, find_chromium, settle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow and the network load first.
PATIENCE = 60_000


def test_a_click_on_a_box_chooses_its_layer_and_a_phone_scrolls_to_it(
    page: Page, address: str
) -> None:
    found = complaints(page)
    page.goto(f"{address}/architecture")
    box = page.locator('[data-layer="block7a_expand"]')
    expect(box).to_be_visible(timeout=PATIENCE)
    # Who clicks before the pictures have come makes the server drop them: the browser complains.
    settle(page)
    box.click()
    expect(box).to_have_attribute("data-chosen", "")
    expect(page.get_by_text("block7a_expand", exact=True).last).to_be_visible()
    settle(page)
    copied = str(page.evaluate("location.href"))
    assert "arch_layer=block7a_expand" in copied

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(copied)
    expect(box).to_be_in_viewport(timeout=PATIENCE)
    assert page.evaluate("document.querySelector('.cnnviz-scrolled').scrollLeft") > 0
    # It is the drawing that scrolls, not the page.
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    settle(page)
    assert found == []
