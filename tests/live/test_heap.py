"""A page that is left open for an hour of moves holds no more memory than after a minute."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import find_chromium, settle, slider

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# A hundred moves of the thumb, each a step of the slider, and nine times as many over the picture.
SLIDES, POINTS, ROUNDS = 100, 900, 10
MEGABYTE = 1024**2

# As the browser does it, sixty times a second at most: each is drawn before the next.
POINT = """async (count) => {
  const image = document.querySelectorAll('.st-key-in-view [data-testid="stImage"] img')[1];
  const {left, top, width, height} = image.getBoundingClientRect();
  for (let index = 0; index < count; index++) {
    const clientX = left + width * (0.1 + 0.8 * (index % 40) / 40);
    const clientY = top + height * (0.1 + 0.8 * (index % 23) / 23);
    image.dispatchEvent(new PointerEvent("pointermove", {bubbles: true, clientX, clientY}));
    if (index % 10 === 0) await new Promise(requestAnimationFrame);
  }
  document.body.dispatchEvent(new PointerEvent("pointermove", {bubbles: true}));
}"""


def test_ten_thousand_moves_leave_nothing_behind(page: Page, address: str) -> None:
    page.goto(f"{address}/convolution?kernels=Random")
    expect(page.locator(".cnnviz-shape").last).to_have_text("318 × 398 × 3")
    settle(page)
    browser = page.context.new_cdp_session(page)

    def heap() -> float:
        browser.send("HeapProfiler.collectGarbage")
        return float(browser.send("Runtime.getHeapUsage")["usedSize"]) / MEGABYTE

    used = []
    thumb = slider(page, "size").locator("xpath=../..").bounding_box()
    track = page.locator(".st-key-size [role=group]").bounding_box()
    assert thumb is not None
    assert track is not None
    x, y = thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2
    for _ in range(ROUNDS):
        page.mouse.move(x, y)
        page.mouse.down()
        for move in range(SLIDES):
            page.mouse.move(track["x"] + track["width"] * (0.2 + 0.5 * (move % 7) / 7), y)
        page.mouse.move(x, y)
        page.mouse.up()
        settle(page)
        expect(page.locator("canvas.cnnviz-live")).to_have_count(0)
        page.evaluate(POINT, POINTS)
        used.append(heap())
    assert used[-1] - used[0] < 2, used
    expect(page.locator(".cnnviz-loupe, .cnnviz-origin")).to_have_count(0)
