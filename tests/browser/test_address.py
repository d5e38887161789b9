"""The address is the view, in a real browser: copied, reloaded, and by way of its history."""

import time
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from pages.parts.contents import SECTIONS
from tests.browser.chromium import LAPTOP, control, find_chromium, settle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

NAMES = [entry.name for entries in SECTIONS.values() for entry in entries]
# These grow for long: their controls say what they will be, and `tests/pages` waits for some.
GROWING = ("filter_ascent", "heatmaps")
PATIENCE = 20
SHOWN = """
() => [...document.querySelectorAll('[data-testid="stMain"] :is(input, textarea, [aria-checked])')]
  .map((one) => [one.getAttribute("aria-valuetext"), one.value, one.checked, one.ariaChecked])
"""


def query(page: Page) -> str:
    return str(page.evaluate("location.pathname + location.search"))


def view(page: Page) -> tuple[list[str], list[str]]:
    """The names of the pictures, which tell their bytes, and what stands below them."""
    settle(page)
    images = page.locator('[data-testid="stImage"] img')
    names = images.evaluate_all("all => all.map(one => one.src.split('/').pop())")
    return names, page.locator(".cnnviz-facts").all_inner_texts()


def expect_view(page: Page, shown: tuple[list[str], list[str]], asked: str) -> None:
    """Wait for a view: Streamlit draws words before pictures."""
    deadline = time.monotonic() + PATIENCE
    while view(page) != shown and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert view(page) == shown
    assert query(page) == asked


def click_preset(page: Page, label: str) -> None:
    page.locator(".st-key-presets").get_by_role("button", name=label, exact=True).click()


@pytest.mark.slow
def test_a_preset_s_view_outlives_a_reload_and_a_visit_elsewhere(page: Page, address: str) -> None:
    page.goto(f"{address}/pooling")
    expect(page.locator(".cnnviz-shape").last).to_be_visible()
    click_preset(page, "ReLU first, one map")
    # It appears only because of the preset.
    expect(control(page, "pool_relu")).to_be_visible()
    shown, asked = view(page), query(page)
    assert len(shown[0]) > 1
    page.reload()
    expect_view(page, shown, asked)
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("cat")
    page.go_back()
    expect_view(page, shown, asked)


@pytest.mark.slow
def test_a_preset_of_a_fresh_page_is_its_link(browser: Browser, page: Page, address: str) -> None:
    # Of a page on which controls come and go. Without a browser, all of all pages are opened, too.
    labels = presets(page, address, "convolution")
    expect_links(browser, page, address, "convolution", labels[2:3])


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_preset_of_a_fresh_page_is_its_link(
    browser: Browser, page: Page, address: str, name: str
) -> None:
    expect_links(browser, page, address, name, presets(page, address, name))


def presets(page: Page, address: str, name: str) -> list[str]:
    """The presets of a page, which is open from then on."""
    page.goto(f"{address}/{name}")
    page.wait_for_selector(".st-key-presets [aria-pressed]", timeout=60_000)
    settle(page)
    labels = page.locator(".st-key-presets [aria-pressed]").all_inner_texts()
    assert len(labels) > 4
    return labels


def expect_links(
    browser: Browser, page: Page, address: str, name: str, labels: Sequence[str]
) -> None:
    """Click each preset on the page, and have a visitor open the address that it leads to."""
    visitor = browser.new_context(viewport=LAPTOP).new_page()
    for number, label in enumerate(labels):
        if number:
            page.goto(f"{address}/{name}")
        click_preset(page, label)
        expect(page.locator('.st-key-presets [aria-pressed="true"]')).to_have_text([label])
        visitor.goto(page.url)
        expect(visitor.locator('.st-key-presets [aria-pressed="true"]')).to_have_text([label])
        expect_same(visitor, page, controls if name in GROWING else everything)


def controls(page: Page) -> object:
    """What every control on the page says."""
    return query(page), page.evaluate(SHOWN)


def everything(page: Page) -> object:
    """All that the page shows: its controls, its pictures, and every word and number."""
    return controls(page), view(page), page.get_by_test_id("stMain").inner_text()


def expect_same(page: Page, other: Page, seen: Callable[[Page], object]) -> None:
    """Wait until two pages show the same."""
    deadline = time.monotonic() + PATIENCE
    while seen(page) != seen(other) and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert seen(page) == seen(other)


def test_back_and_forward_show_the_views_they_belong_to(page: Page, address: str) -> None:
    page.goto(f"{address}/convolution?kernels=Random")
    settle(page)
    slider = page.locator(".st-key-size input[type=range]")
    shape = page.locator(".cnnviz-shape").last
    for _ in range(4):
        slider.press("ArrowRight")
    expect(shape).to_have_text("314 × 394 × 3")
    page.get_by_role("link", name="Pooling").first.click()
    expect(page.locator(".st-key-pool_size")).to_be_visible()
    settle(page)
    assert query(page) == "/pooling"
    click_preset(page, "Overlapping")
    expect(shape).to_have_text("159 × 199 × 3")
    settle(page)
    overlapping = query(page)
    steps = (
        (page.go_back, "64 × 80 × 3", "/pooling"),
        (page.go_back, "314 × 394 × 3", "/convolution?kernels=random&size=7"),
        (page.go_forward, "64 × 80 × 3", "/pooling"),
        (page.go_forward, "159 × 199 × 3", overlapping),
    )
    for step, text, asked in steps:
        step()
        expect(shape).to_have_text(text)
        settle(page)
        assert query(page) == asked


def figure(page: Page) -> Locator:
    return page.locator(".st-key-gallery").get_by_role(
        "link", name="ReLU first, one map", exact=True
    )


@pytest.mark.slow
def test_a_figure_opens_over_a_slow_connection_while_others_still_grow(
    browser: Browser, address: str
) -> None:
    page = browser.new_context(viewport=LAPTOP).new_page()
    held: list[tuple[WebSocketRoute, str | bytes]] = []
    is_slow = False

    def connect(browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()
        browser.on_message(server.send)
        server.on_message(
            lambda said: held.append((browser, said)) if is_slow else browser.send(said)
        )

    page.route_web_socket("**/_stcore/stream", connect)
    # Nobody else has asked for this picture's.
    page.goto(f"{address}/?picture=motorcycle")
    link = figure(page)
    link.wait_for()
    assert page.get_by_test_id("stSkeletonElement").count()
    is_slow = True
    link.click()
    page.wait_for_timeout(2500)
    is_slow = False
    for browser, said in held:
        browser.send(said)
    expect(page.locator(".st-key-pool_relu")).to_be_visible()
    settle(page)
    expect(page.locator(".st-key-pool_relu")).to_be_visible()


def test_a_figure_of_the_article_opens_in_one_step_with_its_address(
    page: Page, address: str
) -> None:
    page.goto(address)
    settle(page)
    figure(page).click()
    expect(page.locator(".st-key-pool_relu")).to_be_visible()
    shown = view(page)
    assert query(page).startswith("/pooling?")
    asked = query(page)
    page.reload()
    expect_view(page, shown, asked)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("cat")
    assert query(page) == "/"


def test_the_preset_that_is_shown_is_marked_and_a_moved_control_unmarks_it(
    page: Page, address: str
) -> None:
    marked = page.locator('.st-key-presets button[aria-pressed="true"]')
    page.goto(f"{address}/convolution")
    expect(marked).to_have_text(["Find edges"])
    click_preset(page, "Bigger kernel")
    expect(marked).to_have_text(["Bigger kernel"])
    size = page.locator('.st-key-size input[type="range"]')
    size.press("ArrowRight")
    expect(marked).to_have_count(0)
    size.press("ArrowLeft")
    expect(marked).to_have_text(["Bigger kernel"])
    page.reload()
    expect(marked).to_have_text(["Bigger kernel"])
