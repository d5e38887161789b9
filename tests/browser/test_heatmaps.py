"""Heatmaps in a browser: maps that answer to controls, and maps that grow, stop and give way."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import complaints, control, find_chromium, settle, slider

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow and the network load first.
PATIENCE = 60_000
PROGRESS = '[data-testid="stProgress"]'
PICTURES = ".st-key-in-view img"


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    page.set_viewport_size({"width": 1366, "height": 900})
    found = complaints(page)
    yield page
    assert found == []


def source(page: Page, place: int = 0) -> str:
    return page.locator(PICTURES).nth(place).get_attribute("src") or ""


def test_opacity_layer_and_class_change_the_map_and_its_numbers(page: Page, address: str) -> None:
    page.goto(f"{address}/heatmaps")
    expect(page.get_by_text("The map as it is")).to_be_visible(timeout=PATIENCE)
    settle(page)
    expect(page.get_by_text("Egyptian cat").first).to_be_visible()
    over, raw = source(page), source(page, 1)
    assert over.startswith("data:image/png;base64,")
    slider(page, "heat_opacity").press("ArrowRight")
    expect(page.locator(PICTURES).first).not_to_have_attribute("src", over)
    assert source(page, 1) == raw
    expect(page).to_have_url(re.compile("heat_opacity=51"))

    facts = page.locator(".st-key-in-view .cnnviz-shape").nth(1)
    expect(facts).to_have_text("7 × 7")
    control(page, "target_class").get_by_role("combobox").click()
    page.keyboard.type("rock crab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("For “rock crab”")).to_be_visible()
    expect(page.locator(".classes-chosen .classes-name")).to_have_text("rock crab")
    numbers = page.locator(".st-key-in-view .cnnviz-range").last.inner_text()
    slider(page, "heat_layer").press("ArrowLeft")
    expect(page.locator(".st-key-in-view .cnnviz-range").last).not_to_have_text(numbers)
    expect(page).to_have_url(re.compile("heat_layer=block7a_project_bn"))
    # A preset brings all back, and the address says nothing any more.
    control(page, "preset Heatmap").get_by_role("button").click()
    expect(page).to_have_url(f"{address}/heatmaps")
    settle(page)


@pytest.mark.slow
def test_a_long_map_grows_stops_goes_on_and_gives_way(page: Page, address: str) -> None:
    page.goto(f"{address}/heatmaps?heat_method=Integrated+gradients&heat_steps=256&picture=coffee")
    bar = page.locator(PROGRESS)
    expect(bar).to_contain_text("of 256 steps", timeout=PATIENCE)
    text, picture = bar.inner_text(), source(page)
    expect(bar).not_to_have_text(text)
    expect(page.locator(PICTURES).first).not_to_have_attribute("src", picture)

    # Streamlit has one of its own, above the page.
    page.get_by_test_id("stMain").get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped: Integrated gradients")).to_be_visible()
    settle(page)
    kept = source(page)
    page.wait_for_timeout(1000)
    assert source(page) == kept
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(PICTURES).first).not_to_have_attribute("src", kept)

    # Another question: the work is over, and nothing of it comes back.
    control(page, "preset Heatmap").get_by_role("button").click()
    expect(page.get_by_text("For “Egyptian cat”")).to_be_visible()
    expect(bar).to_have_count(0)
    settle(page)
    page.wait_for_timeout(1000)
    expect(bar).to_have_count(0)
    expect(page.locator(".st-key-in-view .cnnviz-shape").nth(1)).to_have_text("7 × 7")


@pytest.mark.slow
def test_a_finished_map_shows_its_facts_by_itself(page: Page, address: str) -> None:
    page.goto(f"{address}/heatmaps?heat_method=Integrated+gradients")
    expect(page.get_by_text("Completeness:")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(PROGRESS)).to_have_count(0)
    settle(page)


def test_on_a_phone_the_map_stays_in_view(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/heatmaps")
    expect(page.get_by_text("The map as it is")).to_be_visible(timeout=PATIENCE)
    settle(page)
    opacity = slider(page, "heat_opacity")
    opacity.scroll_into_view_if_needed()
    before = source(page)
    opacity.press("ArrowRight")
    expect(page.locator(PICTURES).first).not_to_have_attribute("src", before)
    expect(page.locator(PICTURES).first).to_be_in_viewport()
    # The slider is not hidden beneath the pictures.
    assert opacity.bounding_box()["y"] > page.locator(PICTURES).first.bounding_box()["y"] + 100  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
