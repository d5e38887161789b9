"""A slider that is dragged with the mouse, and let go."""

from playwright.sync_api import Page, expect

from tests.browser.chromium import settle, slider

# What lies over the page's pictures while a slider is moved.
LIVE = "canvas.cnnviz-live"


def drag(page: Page, key: str, pixels: int) -> None:
    """Move the knob of a slider, and hold it until the page has followed in full.

    Streamlit's server has not heard of it by then.
    """
    moved = slider(page, key)
    # What is seen of it: the element that takes the keyboard is hidden in there.
    knob = moved.locator("xpath=../..")
    knob.scroll_into_view_if_needed()
    before = moved.get_attribute("aria-valuetext")
    box = knob.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + pixels, y, steps=4)
    assert moved.get_attribute("aria-valuetext") != before
    # What was computed in part is computed in full once the hand rests.
    page.wait_for_timeout(400)


def let_go(page: Page) -> None:
    """Let the slider go, and wait until the server's pictures have taken their places."""
    page.mouse.up()
    expect(page.locator(LIVE)).to_have_count(0)
    settle(page)
