"""The drawing of a network in a browser: what a click on it does, and what a phone shows of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from cnnviz_core.images import sample
from tests.browser.chromium import complaints, find_chromium, settle
from tests.live.dragging import click_at

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


@pytest.mark.parametrize(("down", "across"), [(0.25, 0.2), (0.6, 0.75)])
def test_a_click_on_the_picture_chooses_the_unit_that_looks_there(
    page: Page, address: str, down: float, across: float
) -> None:
    """LeNet-5 does not pad: its units lie closer together than the places of the picture."""
    page.goto(f"{address}/architecture?arch_layer=conv2&network=After+LeNet-5+(untrained)")
    picture = page.locator('.st-key-in-view [data-testid="stImage"] img').first
    expect(picture).to_be_visible(timeout=PATIENCE)
    settle(page)
    click_at(page, picture, down, across)
    # The unit at place i sees from 2·i to 2·i + 13, of 32 pixels; there are ten in a row.
    rows, columns = (round((share * 31 - 6.5) / 2) for share in (down, across))
    unit = re.compile(f"row {max(rows, 0) + 1}, column {max(columns, 0) + 1} ")
    expect(page.get_by_text(unit)).to_be_visible()
    expect(page).to_have_url(re.compile(rf"arch_down={round(100 * max(rows, 0) / 9)}\b"))
    expect(page).to_have_url(re.compile(rf"arch_across={round(100 * max(columns, 0) / 9)}\b"))


def test_the_loupe_shows_the_picture_below_its_frame(page: Page, address: str) -> None:
    page.goto(f"{address}/architecture")
    picture = page.locator('.st-key-in-view [data-testid="stImage"] img').first
    expect(picture).to_be_visible(timeout=PATIENCE)
    settle(page)
    picture.hover(position={"x": 60, "y": 40})
    row, column, *channels = map(
        int, re.findall(r"\d+", page.locator(".cnnviz-loupe").inner_text())
    )
    assert channels == sample("cat")[row - 1, column - 1].tolist()
