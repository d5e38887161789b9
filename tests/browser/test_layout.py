"""Every page in a real browser: without complaint, no text cut or covered, and nothing moves."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from urllib.request import urlopen

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from benchmarks.visitors import open_page, run, visitor
from pages.parts.contents import ALL, GLOSSARY, HOME, LESSONS
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
# Layout Shift, web.dev/articles/cls, but as the sum of all shifts, and nobody touches the page).
# What comes before is the start of Streamlit itself, which fetches its parts one by one and keeps
# room for them as it can.
# A page is at rest once its script has run and nothing has changed on it for a while; one that
# works on and on never is, and its pictures are there all the same.
WATCH = """
window.shift = 0;
let left = null, stands = null, changed = 0, hasRun = false;
const heading = () => document.querySelector('[data-testid="stMain"] h1')?.textContent ?? left;
const isRunning = () => !document.querySelector('[data-test-script-state="notRunning"]');
const look = () => {
  const hasNone = WITHOUT_PICTURES.includes(location.pathname);
  const awaited = hasNone ? "h3" : ":is(img, .cnnviz-step svg)";
  const all = [...document.querySelectorAll(`[data-testid="stMain"] ${awaited}`)];
  const found = heading() === left ? [] : all;
  const stand = found.some((one) => one.localName !== "img" || (one.complete && one.naturalWidth));
  if (!stand || document.querySelector('[data-testid="stSkeleton"]')) requestAnimationFrame(look);
  else setTimeout(() => { stands = performance.now(); }, 100);
};
requestAnimationFrame(look);
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    if (stands !== null && one.startTime > stands) window.shift += one.value;
  }
}).observe({ type: "layout-shift", buffered: true });
new MutationObserver(() => {
  changed = performance.now();
  hasRun ||= heading() !== left && !isRunning();
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
window.leave = () => {
  left = heading();
  stands = null;
  hasRun = false;
  window.shift = 0;
  requestAnimationFrame(look);
};
window.isAtRest = () => stands !== null && hasRun
  && [...document.images].every((one) => one.complete && one.naturalWidth)
  && (performance.now() - Math.max(changed, stands) > 500 || performance.now() - stands > 1500);
""".replace("WITHOUT_PICTURES", json.dumps([f"/{one.name}" for one in (GLOSSARY, LESSONS)]))
MOST_SHIFT = 0.05


def path_of(name: str) -> str:
    return "" if name == HOME.name else name


def open_at(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/{path_of(name)}", wait_until="commit")
    rest(page)


def walk_to(page: Page, name: str) -> None:
    """Go to a page by the navigation, as a visitor does who is there already."""
    page.evaluate("window.leave()")
    page.locator(f'[data-testid="stSidebarNavLink"][href$="/{path_of(name)}"]').click()
    rest(page)


def rest(page: Page) -> None:
    page.wait_for_function("() => window.isAtRest?.()")


@pytest.fixture
def tab_on_home(browser: Browser, address: str) -> Page:
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
    tab_on_home: Page, address: str, sizes: Sequence[tuple[Scheme, ViewportSize]]
) -> None:
    said = complaints(tab_on_home)
    found = []
    open_at(tab_on_home, address, HOME.name)
    for entry in ALL:
        tab_on_home.set_viewport_size(LAPTOP)
        tab_on_home.emulate_media(color_scheme="light")
        if entry != HOME:
            walk_to(tab_on_home, entry.name)
        found += moved(tab_on_home, entry.name)
        for kind in ("stException", "stAlert"):
            if tab_on_home.get_by_test_id(kind).count():
                found.append(f"{entry.name}: {tab_on_home.get_by_test_id(kind).all_inner_texts()}")
        for scheme, size in sizes:
            tab_on_home.emulate_media(color_scheme=scheme)
            found += [
                f"{entry.name} at {size['width']}: {one}" for one in faults(tab_on_home, size)
            ]
            assert (brightness(tab_on_home) > 128) == (scheme == "light")
    assert found + said == [], "\n".join(["", *found, *said])


def test_every_page_is_served_at_its_own_address(address: str) -> None:
    # That a browser asks for the page in its address, nearly all other tests here rely on.
    async def found_at(path: str) -> str:
        async with visitor(address) as one:
            await open_page(one, path)
            assert one.errors == []
            return one._script

    scripts = {entry.name: run(found_at(path_of(entry.name))) for entry in ALL}
    assert len(set(scripts.values())) == len(ALL)
    assert run(found_at("nowhere")) == scripts[HOME.name]
    for entry in ALL:
        with urlopen(f"{address}/{path_of(entry.name)}") as answer:  # noqa: S310
            assert b'<div id="root">' in answer.read()


@pytest.mark.slow
def test_nothing_moves_on_a_phone_once_it_stands(tab_on_home: Page, address: str) -> None:
    tab_on_home.set_viewport_size(PHONE)
    found = []
    for entry in ALL:
        open_at(tab_on_home, address, entry.name)
        found += moved(tab_on_home, entry.name)
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
