"""From a key press on the kernel slider to the new picture on screen, in a real browser.

    .venv/bin/python -m benchmarks.key_press

Three servers take turns in one run: ours; the same app with Streamlit left as it comes, which
clears Keras' session and collects all garbage after every run; and an app that is nothing but a
slider and two pictures, without TensorFlow, which tells how long Streamlit and the browser take for
themselves.
"""

import statistics
import time

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import START, launch, serve, settle

# Steps from 3×3 up to 15×15; as many lead down again.
STEPS = 12
CLIMBS = 4

AS_IT_COMES = f"""
import gc
import keras
from cnnviz_core.runtime import warm_up
warm_up._keep_session = keras.backend.clear_session
warm_up.freeze_garbage_collector = lambda: None
from streamlit import config
config.set_option("runner.postScriptGC", True)
{START}
"""

BARE = f"""
import sys
sys.argv[sys.argv.index("dashboard.py")] = "benchmarks/bare_app.py"
{START}
"""

# Until the second picture (after) has another address and is decoded, and a frame begins that shows
# it. It waits for what happens instead of looking at every frame, which keeps the browser busy.
TIME_TO_NEW_PICTURE = """
() => new Promise(resolve => {
  const image = () => document.querySelectorAll('[data-testid="stImage"] img')[1];
  const before = image().src;
  let start;
  addEventListener('keydown', () => { start = performance.now(); }, {once: true, capture: true});
  const observer = new MutationObserver(async () => {
    const now = image();
    if (!start || !now || now.src === before) return;
    observer.disconnect();
    await now.decode();
    requestAnimationFrame(() => resolve(performance.now() - start));
  });
  observer.observe(document.body, {subtree: true, childList: true, attributeFilter: ['src']});
})
"""


def press_keys(page: Page, address: str) -> list[float]:
    """The milliseconds of each key press, all pictures being new to the server's caches."""
    page.goto(address)
    page.wait_for_selector('[data-testid="stImage"]')
    time.sleep(15)
    slider = page.locator('[data-testid="stSlider"] input[type="range"]').first
    times = []
    for climb in range(CLIMBS):
        if climb:
            page.get_by_role("button", name="Roll again").click()
        for _ in range(STEPS):
            settle(page)
            time.sleep(0.7)
            slider.focus()
            page.evaluate(f"() => {{ window.measured = ({TIME_TO_NEW_PICTURE})(); }}")
            page.keyboard.press("ArrowLeft" if climb % 2 else "ArrowRight")
            times.append(page.evaluate("() => window.measured"))
    return times[1:]


def main() -> None:
    """Print median and 95th percentile of the servers, and how they compare with ours."""
    new_pictures = f"/convolution?seed={int(time.time()) % 9000}"
    servers = (
        ("ours", START, new_pictures),
        ("Streamlit as it comes", AS_IT_COMES, new_pictures),
        ("a slider, two pictures", BARE, ""),
    )
    medians = {}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, program, path in servers:
            with serve(program) as address:
                page = browser.new_page(viewport={"width": 1366, "height": 820})
                times = press_keys(page, address + path)
                page.close()
            medians[name] = statistics.median(times)
            p95 = statistics.quantiles(times, n=20)[-1]
            print(f"{name:22} median {medians[name]:5.0f} ms   p95 {p95:5.0f} ms   n {len(times)}")
        browser.close()
    for name, median in medians.items():
        print(f"{name:22} {median / medians['ours']:.2f} of ours")


if __name__ == "__main__":
    main()
