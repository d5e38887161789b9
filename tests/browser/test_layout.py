"""Every page in a real browser: without complaint, no text cut or covered, and nothing moves."""

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from pages.parts.contents import ALL, GLOSSARY, HOME
from tests.browser.chromium import LAPTOP, PHONE, complaints, find_chromium, settle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

FAULTS = Path(__file__).with_name("layout_faults.js").read_text()
# A page is opened at the last of them, and then has the others.
PHONES = ({"width": 360, "height": 780}, PHONE)
SCREENS = (
    {"width": 768, "height": 1024},
    {"width": 1024, "height": 768},
    {"width": 2560, "height": 1300},
    LAPTOP,
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


@pytest.mark.parametrize(
    ("scheme", "sizes"), [("dark", PHONES), ("light", SCREENS)], ids=["phones", "screens"]
)
def test_every_page_opens_without_complaint_and_nothing_is_cut_broken_or_covered(
    browser: Browser,
    address: str,
    scheme: Literal["light", "dark"],
    sizes: tuple[dict[str, int], ...],
) -> None:
    context = browser.new_context(viewport=sizes[-1], color_scheme=scheme)
    # The first page waits for TensorFlow and for the networks.
    context.set_default_timeout(90_000)
    page = context.new_page()
    said = complaints(page)
    page.goto(address)
    settle(page)
    page.add_init_script(WATCH)
    found = []
    for entry in ALL:
        page.set_viewport_size(sizes[-1])
        open_page(page, address, entry.name)
        shift = page.evaluate("window.shift")
        if shift > MOST_SHIFT:
            found.append(f"{entry.name}: moved by {shift:.3f} once it stood")
        for kind in ("stException", "stAlert"):
            if page.get_by_test_id(kind).count():
                found.append(f"{entry.name}: {page.get_by_test_id(kind).all_inner_texts()}")
        for size in reversed(sizes):
            found += [f"{entry.name} at {size['width']}: {one}" for one in faults(page, size)]
    background = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    brightness = np.mean([int(level) for level in background[4:-1].split(",")[:3]])
    assert (brightness > 128) == (scheme == "light")
    context.close()
    assert found + said == [], "\n".join(["", *found, *said])


def faults(page: Page, size: dict[str, int]) -> list[str]:
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
