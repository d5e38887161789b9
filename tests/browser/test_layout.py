"""Every page in a real browser: without complaint, no text cut or covered, and nothing moves."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from pages.parts.contents import ALL, GLOSSARY, HOME
from tests.browser.chromium import LAPTOP, PHONE, complaints, find_chromium, settle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

Scheme = Literal["light", "dark"]

FAULTS = Path(__file__).with_name("layout_faults.js").read_text()
# A page is opened on a laptop, bright, and then has the others.
SIZES: tuple[tuple[Scheme, ViewportSize], ...] = (
    ("light", LAPTOP),
    ("light", {"width": 1024, "height": 768}),
    ("dark", {"width": 360, "height": 780}),
)
MORE_SIZES: tuple[tuple[Scheme, ViewportSize], ...] = (
    ("light", {"width": 2560, "height": 1300}),
    ("dark", {"width": 768, "height": 1024}),
    ("dark", PHONE),
)

# How much has moved since the first picture stood and no part was awaited any more (Cumulative
# Layout Shift, web.dev/articles/cls, but as the sum of all shifts). What comes before is the start
# of Streamlit itself, which fetches its parts one by one and keeps room for them as it can.
# A page is at rest once nothing has changed on it for a while; one that works on and on never is,
# and its pictures are there all the same.
WATCH = """
window.shift = 0;
let stands = null, changed = 0;
const look = () => {
  const awaited = location.pathname === "/GLOSSARY" ? "h3" : "img";
  const found = [...document.querySelectorAll(`[data-testid="stMain"] ${awaited}`)];
  const stand = found.some((one) => awaited === "h3" || (one.complete && one.naturalWidth));
  if (!stand || document.querySelector('[data-testid="stSkeleton"]')) requestAnimationFrame(look);
  else setTimeout(() => { stands = performance.now(); }, 100);
};
requestAnimationFrame(look);
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    if (stands !== null && one.startTime > stands && !one.hadRecentInput) window.shift += one.value;
  }
}).observe({ type: "layout-shift", buffered: true });
new MutationObserver(() => { changed = performance.now(); })
  .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
window.isAtRest = () => stands !== null
  && (performance.now() - Math.max(changed, stands) > 500 || performance.now() - stands > 1500);
""".replace("GLOSSARY", GLOSSARY.name)
MOST_SHIFT = 0.05


def open_page(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/{'' if name == HOME.name else name}", wait_until="commit")
    page.wait_for_function("() => window.isAtRest?.()")
    settle(page)


@pytest.fixture
def visitor(browser: Browser, address: str) -> Page:
    """A tab on home, whose server has loaded the networks."""
    page = browser.new_context(viewport=LAPTOP, color_scheme="light").new_page()
    page.set_default_timeout(90_000)
    page.goto(address)
    settle(page)
    page.add_init_script(WATCH)
    return page


@pytest.mark.parametrize(
    "sizes", [SIZES, pytest.param(MORE_SIZES, marks=pytest.mark.slow)], ids=["usual", "more"]
)
def test_every_page_opens_without_complaint_and_nothing_is_cut_broken_or_covered(
    visitor: Page, address: str, sizes: Sequence[tuple[Scheme, ViewportSize]]
) -> None:
    said = complaints(visitor)
    found = []
    for entry in ALL:
        visitor.set_viewport_size(LAPTOP)
        visitor.emulate_media(color_scheme="light")
        open_page(visitor, address, entry.name)
        found += moved(visitor, entry.name)
        for kind in ("stException", "stAlert"):
            if visitor.get_by_test_id(kind).count():
                found.append(f"{entry.name}: {visitor.get_by_test_id(kind).all_inner_texts()}")
        for scheme, size in sizes:
            visitor.emulate_media(color_scheme=scheme)
            found += [f"{entry.name} at {size['width']}: {one}" for one in faults(visitor, size)]
            assert (brightness(visitor) > 128) == (scheme == "light")
    assert found + said == [], "\n".join(["", *found, *said])


@pytest.mark.slow
def test_nothing_moves_on_a_phone_once_it_stands(visitor: Page, address: str) -> None:
    visitor.set_viewport_size(PHONE)
    found = []
    for entry in ALL:
        open_page(visitor, address, entry.name)
        found += moved(visitor, entry.name)
    assert found == []


def moved(page: Page, name: str) -> list[str]:
    """Whether more has moved on the page since it stood than a person would notice."""
    shift = page.evaluate("window.shift")
    return [f"{name}: moved by {shift:.3f} once it stood"] if shift > MOST_SHIFT else []


def brightness(page: Page) -> float:
    """The mean level of the page's ground, from 0 to 255."""
    color = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    return float(np.mean([int(level) for level in color[4:-1].split(",")[:3]]))


def faults(page: Page, size: ViewportSize) -> list[str]:
    """What is wrong with the page at a size, once it has had a moment to follow."""
    page.set_viewport_size(size)
    for _ in range(10):
        page.wait_for_timeout(100)
        found: list[str] = page.evaluate(FAULTS)
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if overflow > 0:
            found.append(f"{overflow} pixels wider than the screen")
        if not found:
            break
    return found
