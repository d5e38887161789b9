"""An ascent in a browser, which asks for one piece of work after the other."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import busy_share, complaints, find_chromium, settle, slider

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow loads beside the first page.
PATIENCE = 60_000
# What takes a second alone may take longer where other tests run, too.
HURRY = 20_000

QUICK = {"ascent_layer": "block1_conv1", "ascent_count": 2, "ascent_size": 64, "ascent_steps": 16}
LONG = {
    "ascent_layer": "block2_conv1",
    "ascent_count": 2,
    "ascent_size": 96,
    "ascent_steps": 256,
}


@pytest.fixture
def page(page: Page) -> Page:
    page.set_viewport_size({"width": 1366, "height": 1000})
    return page


def visit(page: Page, address: str, **values: object) -> None:
    page.goto(f"{address}/filter_ascent?{urlencode(values)}")
    expect(bar(page)).to_be_visible(timeout=PATIENCE)


def bar(page: Page):
    return page.get_by_test_id("stProgress").first


def says(page: Page, words: str, timeout: int = HURRY) -> None:
    expect(bar(page)).to_have_text(re.compile(words), timeout=timeout)


def step(page: Page) -> int:
    return int(re.findall(r"[Ss]tep (\d+) of", bar(page).inner_text())[0])


def wait_for_step(page: Page, least: int) -> None:
    page.wait_for_function(
        """least => {
          const text = document.querySelector('[data-testid=stProgress]').innerText;
          return (text.match(/[Ss]tep (\\d+) of/) || [0, 0])[1] >= least;
        }""",
        arg=least,
        timeout=PATIENCE,
    )


def pictures(page: Page) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('.ascent-grid img')].map(one => one.src)")


def num_beyond_the_edge(page: Page) -> int:
    """How many parts of the comparison reach beyond the right edge of their column."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.ascent-rows')].flatMap(rows => {
          const edge = rows.getBoundingClientRect().right + 1;
          return [...rows.querySelectorAll('*')].filter(
            one => one.getBoundingClientRect().right > edge);
        }).length"""
    )


def push(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()


def test_an_ascent_grows_by_itself_and_a_moved_slider_shows_others(
    page: Page, server: tuple[str, int]
) -> None:
    found = complaints(page)
    visit(page, server[0], **QUICK)
    says(page, "All 16 steps, 64 × 64 pixels", PATIENCE)
    settle(page)
    first = pictures(page)
    assert len(first) == 2
    expect(page.locator(".ascent-row")).to_have_count(2, timeout=HURRY)
    expect(page.locator(".ascent-grid")).to_contain_text("Filter 1")
    for width in (1024, 390, 1366):
        page.set_viewport_size({"width": width, "height": 1000})
        settle(page)
        assert num_beyond_the_edge(page) == 0, width

    slider(page, "ascent_first").press("ArrowRight")
    says(page, r"A preview of 64 × 64 pixels after \d+ steps|All 16 steps")
    expect(page.locator(".ascent-grid")).to_contain_text("Filter 3")
    assert pictures(page) != first
    assert "ascent_first=2" in page.evaluate("location.href")
    settle(page)
    assert found == []


def test_pictures_do_not_vanish_while_they_grow(page: Page, server: tuple[str, int]) -> None:
    visit(page, server[0], **LONG)
    wait_for_step(page, 2)
    page.evaluate(
        """() => {
          window.counts = new Set(); window.longest = 0;
          let last = performance.now();
          const look = now => {
            const count = document.querySelectorAll('.ascent-grid img').length;
            window.counts.add(count);
            if (count) last = now;
            window.longest = Math.max(window.longest, now - last);
            requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }"""
    )
    wait_for_step(page, 6)
    slider(page, "ascent_first").press("ArrowRight")
    says(page, "A preview")
    page.wait_for_timeout(1500)
    # A frame or two may be without them, if a moved control interrupts Streamlit while it draws.
    assert page.evaluate("window.longest") < 100
    assert set(page.evaluate("[...window.counts]")) <= {0, 2}


@pytest.mark.slow
def test_a_moved_slider_ends_the_ascent_and_nothing_computes_behind(
    page: Page, server: tuple[str, int]
) -> None:
    address, pid = server
    visit(page, address, **LONG)
    wait_for_step(page, 3)
    assert busy_share(page, pid) > 0.3
    slider(page, "ascent_first").press("End")
    says(page, "A preview of 64 × 64 pixels after 12 steps", PATIENCE)
    # The comparison with real pictures ends, too.
    expect(page.locator(".ascent-row")).to_have_count(2, timeout=PATIENCE)
    assert busy_share(page, pid) < 0.2


def test_stop_keeps_the_pictures_and_go_on_goes_on(page: Page, server: tuple[str, int]) -> None:
    address, pid = server
    visit(page, address, **LONG | {"ascent_first": 20})
    wait_for_step(page, 3)
    push(page, "Stop")
    says(page, r"Stopped at step \d+ of 256")
    at, shown = step(page), pictures(page)
    expect(page.locator(".ascent-row")).to_have_count(2, timeout=PATIENCE)
    assert busy_share(page, pid) < 0.2
    assert pictures(page) == shown
    push(page, "Continue")
    says(page, r"Step \d+ of 256")
    assert step(page) >= at
    wait_for_step(page, at + 2)
    assert pictures(page) != shown


@pytest.mark.slow
def test_two_who_ask_for_ascents_see_that_they_take_turns(
    browser: Browser, page: Page, server: tuple[str, int]
) -> None:
    visit(page, server[0], **LONG | {"ascent_first": 40})
    wait_for_step(page, 2)
    # The line forgets whoever stops asking, but not at once.
    expect(bar(page)).not_to_contain_text("taking turns", timeout=PATIENCE)
    other = browser.new_page(viewport={"width": 1366, "height": 1000})
    visit(other, server[0], **LONG | {"ascent_first": 60})
    for one in (page, other):
        says(one, "taking turns with 1 other", PATIENCE)
    at = step(page), step(other)
    wait_for_step(page, at[0] + 2)
    wait_for_step(other, at[1] + 2)
    # Who closes the tab asks for nothing any more.
    other.close()
    expect(bar(page)).not_to_contain_text("taking turns", timeout=PATIENCE)


@pytest.mark.slow
def test_presets_hold_though_the_browser_asks_for_more_all_the_time(
    page: Page, server: tuple[str, int]
) -> None:
    visit(page, server[0], **LONG | {"ascent_first": 80})
    wait_for_step(page, 1)
    for preset, size in (
        ("Egyptian cat", "224 × 224"),
        ("DeepDream", "205 × 256"),
        ("Four of one", "128 × 128"),
    ):
        push(page, preset)
        says(page, rf"(Step \d+ of|All) \d+( steps)?, {size} pixels", PATIENCE)
        page.wait_for_timeout(1500)
        says(page, rf"(Step \d+ of|All) \d+( steps)?, {size} pixels")
