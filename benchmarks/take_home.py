"""What the drawers beside a title cost: until a program is open, and while nobody asks for one.

    .venv/bin/python -m benchmarks.take_home

In one run: each page's program from the click until it can be read, beside an app that is nothing
but such a button; then a key press on the kernel slider, as `key_press` measures it, beside the
same app whose pages have no drawers.
"""

import statistics
import time

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.key_press import press_keys
from pages.parts.contents import PATH
from tests.browser.chromium import START, control, launch, serve, settle

OPENINGS = 7

BARE = f"""
import sys
sys.argv[sys.argv.index("dashboard.py")] = "benchmarks/bare_drawer.py"
{START}
"""

WITHOUT_DRAWERS = f"""
from pages.parts import actions
actions.offer = actions.offer_here = actions.put = actions.tell = lambda *_: None
{START}
"""

# Until the dialog has a program's text, and a frame begins that shows it.
TIME_TO_PROGRAM = """
() => new Promise(resolve => {
  let start;
  addEventListener('click', () => { start = performance.now(); }, {once: true, capture: true});
  const observer = new MutationObserver(() => {
    if (!start || !document.querySelector('[role="dialog"] code')?.textContent) return;
    observer.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - start));
  });
  observer.observe(document.body, {subtree: true, childList: true, characterData: true});
})
"""


def open_programs(page: Page, address: str) -> list[float]:
    """The milliseconds of each opening; the first also loads what the browser needs for it."""
    page.goto(address)
    settle(page)
    times = []
    for _ in range(OPENINGS):
        page.wait_for_timeout(1500)
        page.evaluate(f"() => {{ window.measured = ({TIME_TO_PROGRAM})(); }}")
        control(page, "code").get_by_role("button").first.click()
        times.append(page.evaluate("() => window.measured"))
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")
    return times


def compare_openings(browser: Browser) -> None:
    """Print how long each page's program takes to open, and one that is there already."""
    with serve(BARE) as bare, serve() as ours:
        addresses = {"a button alone": bare}
        addresses |= {entry.name: f"{ours}/{entry.name}" for entry in PATH}
        for name, address in addresses.items():
            page = browser.new_page(viewport={"width": 1366, "height": 820})
            page.set_default_timeout(120_000)
            first, *rest = open_programs(page, address)
            print(
                f"{name:16} first {first:5.0f} ms   then median {statistics.median(rest):5.0f} ms"
                f"   slowest {max(rest):5.0f} ms"
            )
            page.close()


def compare_sliders(browser: Browser) -> None:
    """Print how long a key press takes with and without drawers."""
    new_pictures = f"/convolution?seed={int(time.time()) % 9000}"
    medians = []
    for name, program in (("with drawers", START), ("without", WITHOUT_DRAWERS)):
        with serve(program) as address:
            page = browser.new_page(viewport={"width": 1366, "height": 820})
            medians.append(statistics.median(press_keys(page, address + new_pictures)))
            page.close()
        print(f"{name:16} key press to picture, median {medians[-1]:5.0f} ms")
    print(f"with drawers {medians[0] / medians[1]:.2f} of without")


def main() -> None:
    """Print both comparisons."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        compare_openings(browser)
        compare_sliders(browser)
        browser.close()


if __name__ == "__main__":
    main()
