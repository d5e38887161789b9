"""The votes page in a browser: a moved slider, a silenced voter, and what a phone keeps in view."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import complaints, control, find_chromium, settle, slider
from tests.live.dragging import click_at

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow and the network load first.
PATIENCE = 60_000
COUNT, SHOWN = "votes_count", "votes_shown"


def now(page: Page) -> float:
    """The probability of the class that is asked about, in percent."""
    text = page.locator(".change-asked .change-chance").inner_text()
    return float(text.split("→")[-1].strip(" %"))


def picture(page: Page) -> str:
    return str(page.locator(".st-key-in-view img").get_attribute("src"))


def test_silence_changes_picture_numbers_and_address(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    found = complaints(page)
    page.goto(f"{address}/votes")
    asked = page.locator(".change-asked .change-chance")
    expect(asked).to_have_text("65.4%", timeout=PATIENCE)
    settle(page)
    expect(control(page, COUNT)).to_be_in_viewport()
    expect(asked).to_be_in_viewport()
    first = picture(page)

    slider(page, COUNT).press("ArrowRight")
    expect(asked).to_contain_text("→", timeout=PATIENCE)
    settle(page)
    assert now(page) < 65.4
    assert picture(page) != first
    assert "votes_count=1" in page.evaluate("location.href")

    after_one = asked.inner_text()
    page.locator(".st-key-votes-against [class*=st-key-votes-silence]").get_by_role(
        "button"
    ).first.click()
    expect(asked).not_to_have_text(after_one, timeout=PATIENCE)
    settle(page)
    assert re.search(r"votes_silent=\d+", str(page.evaluate("location.href")))

    # The address shows the same again, on a phone, where the bars stay in view.
    shown = asked.inner_text()
    copied = str(page.evaluate("location.href"))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(copied)
    expect(asked).to_have_text(shown, timeout=PATIENCE)
    settle(page)
    control(page, SHOWN).scroll_into_view_if_needed()
    control(page, COUNT).scroll_into_view_if_needed()
    expect(asked).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert found == []


def test_a_click_on_a_channel_silences_it_and_another_brings_it_back(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/votes")
    asked = page.locator(".change-asked .change-chance")
    expect(asked).to_have_text("65.4%", timeout=PATIENCE)
    settle(page)
    channel = page.locator(".st-key-votes-against img").first
    click_at(page, channel, 0.5, 0.5)
    expect(asked).to_contain_text("→", timeout=PATIENCE)
    assert now(page) > 65.4
    number = re.findall(r"votes_silent=(\d+)", str(page.evaluate("location.href")))
    assert [channel.get_attribute("alt")] == [f"Channel {one}" for one in number]
    click_at(page, channel, 0.5, 0.5)
    expect(asked).to_have_text("65.4%", timeout=PATIENCE)
    assert "votes_silent" not in str(page.evaluate("location.href"))
    # What the picture itself offers is still in reach.
    channel.locator("xpath=ancestor::*[@data-testid='stFullScreenFrame']").get_by_role(
        "button"
    ).click()
    expect(page.get_by_role("button", name="Close fullscreen")).to_be_visible()
