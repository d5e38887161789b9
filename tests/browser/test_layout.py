"""Layout in a real browser: no text is cut, broken inside a word, or covered, and nothing moves."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pages.parts.contents import HOME, SECTIONS
from tests.browser.chromium import find_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

PAGES = [HOME, *(entry for entries in SECTIONS.values() for entry in entries)]
FAULTS = Path(__file__).with_name("layout_faults.js").read_text()
PHONES = (360, 390)
SCREENS = (768, 1024, 2560, 1400)
HEIGHTS = {360: 780, 390: 844, 768: 1024, 1024: 768, 1400: 900, 2560: 1300}

# How much has moved since the first picture stood and no part was awaited any more (Cumulative
# Layout Shift, web.dev/articles/cls, but as the sum of all shifts). What comes before is the start
# of Streamlit itself, which fetches its parts one by one and keeps room for them as it can.
WATCH_SHIFTS = """
window.shift = 0;
let stands = null;
const look = () => {
  const pictures = [...document.querySelectorAll('[data-testid="stMain"] img')];
  const stand = pictures.some((one) => one.complete && one.naturalWidth);
  if (!stand || document.querySelector('[data-testid="stSkeleton"]')) requestAnimationFrame(look);
  else setTimeout(() => { stands = performance.now(); }, 100);
};
requestAnimationFrame(look);
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    if (stands !== null && one.startTime > stands && !one.hadRecentInput) window.shift += one.value;
  }
}).observe({ type: "layout-shift", buffered: true });
"""
MOST_SHIFT = 0.05


def open_page(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/{'' if name == HOME.name else name}", wait_until="commit")
    # A page that works on and on is never at rest; its pictures are there all the same.
    page.wait_for_selector('[data-testid="stMain"] img', state="attached", timeout=60_000)
    page.wait_for_timeout(1500)


@pytest.mark.parametrize("widths", [PHONES, SCREENS], ids=["phones", "screens"])
def test_nothing_is_cut_broken_or_covered(
    browser: Browser, address: str, widths: tuple[int, ...]
) -> None:
    page = browser.new_page(viewport={"width": widths[-1], "height": HEIGHTS[widths[-1]]})
    open_page(page, address, HOME.name)
    page.add_init_script(WATCH_SHIFTS)
    found = []
    for entry in PAGES:
        page.set_viewport_size({"width": widths[-1], "height": HEIGHTS[widths[-1]]})
        open_page(page, address, entry.name)
        shift = page.evaluate("window.shift")
        if shift > MOST_SHIFT:
            found.append(f"{entry.name} at {widths[-1]}: moved by {shift:.3f} once it stood")
        for width in reversed(widths):
            page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
            page.wait_for_timeout(300)
            found += [f"{entry.name} at {width}: {fault}" for fault in page.evaluate(FAULTS)]
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if overflow > 0:
                found.append(f"{entry.name} at {width}: {overflow} pixels wider than the screen")
    page.close()
    assert found == [], "\n".join(["", *found])
