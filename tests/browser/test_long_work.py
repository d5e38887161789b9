"""Long work in a browser: how soon it gives way to a moved control, and to nobody being there."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import START, busy_share, find_chromium, serve, settle, slider

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow and the network load first.
PATIENCE = 60_000

# Of a moved control after the end of the piece that was being worked on, and of one at rest, apart.
SECONDS_TO_ANSWER = 0.15
MOVES = 3

# The app, which writes down when each piece of work ends.
PROGRAM = """
import time
from cnnviz_core.runtime import jobs
run = jobs._run
def run_and_note(found):
    run(found)
    with open({log!r}, "a") as log:
        log.write(f"{{time.time()}}\\n")
jobs._run = run_and_note
"""

WATCH = """() => {
  window.answered = 0;
  const said = () => [...document.querySelectorAll('p')].find(
    one => one.innerText.startsWith('Places tried'))?.innerText;
  let last = said();
  new MutationObserver(() => {
    if (said() && said() !== last) { last = said(); window.answered = Date.now() / 1000; }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pieces") / "log"


@pytest.fixture(scope="module")
def app(log: Path) -> Iterator[str]:
    with serve(PROGRAM.format(log=str(log)) + START) as address:
        yield address


def pieces(log: Path) -> list[float]:
    """When each piece of work ended, in seconds."""
    return [float(line) for line in log.read_text().split()] if log.exists() else []


def begin(page: Page, name: str | re.Pattern[str]) -> None:
    """Press the button, and wait until the map has begun to grow."""
    bar = page.get_by_test_id("stProgress")
    done = bar.inner_text() if bar.count() else ""
    page.get_by_role("button", name=name).click()
    expect(page.get_by_test_id("stMain").get_by_role("button", name="Stop")).to_be_visible(
        timeout=PATIENCE
    )
    page.wait_for_function(
        "done => (document.querySelector('[data-testid=stProgress]')?.innerText ?? done) !== done",
        arg=done,
        timeout=PATIENCE,
    )


def visit(page: Page, app: str) -> None:
    page.goto(f"{app}/occlusion?occlusion_size=5+%25&occlusion_step=%C2%BC")
    expect(page.get_by_text("Places tried")).to_be_visible(timeout=PATIENCE)
    settle(page)


def move(page: Page) -> tuple[float, float]:
    """Move the patch, and give when, and when the page has answered, in seconds."""
    asked = time.time()
    slider(page, "occlusion_across").press("ArrowRight")
    page.wait_for_function("asked => answered > asked", arg=asked, timeout=PATIENCE)
    return asked, page.evaluate("answered")


@pytest.mark.slow
def test_a_moved_control_is_answered_as_soon_as_the_piece_is_done(
    page: Page, app: str, log: Path
) -> None:
    visit(page, app)
    page.evaluate(WATCH)
    at_rest, at_work = [], []
    for number in range(MOVES):
        asked, answered = move(page)
        at_rest.append(answered - asked)
        settle(page)
        begin(page, "Continue" if number else "Slide it across the picture")
        asked, answered = move(page)
        ends = [end for end in pieces(log) if asked < end < answered]
        at_work.append(answered - max(ends, default=asked))
        expect(page.get_by_role("button", name="Continue")).to_be_visible(timeout=PATIENCE)
        settle(page)
    # Whatever else the machine does may delay some of them, and slow ones need longer at rest, too.
    assert min(at_work) < min(at_rest) + SECONDS_TO_ANSWER, (at_rest, at_work)


def test_a_closed_tab_asks_for_no_more(
    browser: Browser, page: Page, server: tuple[str, int]
) -> None:
    address, process = server
    other = browser.new_page()
    visit(other, address)
    # The server may have worked on this map for another test before.
    begin(other, re.compile("Continue|Slide it across the picture"))
    assert busy_share(other, process) > 0.3
    other.close()
    # The whole map takes minutes. A server that has just begun prepares some things of its own.
    deadline = time.monotonic() + 20
    while busy_share(page, process) > 0.2:
        assert time.monotonic() < deadline
