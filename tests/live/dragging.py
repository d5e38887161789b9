"""A slider that is dragged with the mouse, and let go; Streamlit's server hears of it then."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import settle, slider

# What lies over the page's pictures while a slider is moved.
LIVE = "canvas.cnnviz-live"

# Where on screen a slider's thumb is while the slider is at `step`, as its input counts.
PLACE = """
(input, step) => {
  const thumb = input.parentElement.parentElement;
  const track = thumb.parentElement.getBoundingClientRect();
  const {top, height} = thumb.getBoundingClientRect();
  const share = ((step ?? input.value) - input.min) / (input.max - input.min);
  return [track.left + share * track.width, top + height / 2];
}
"""


def visit(page: Page, address: str) -> list[object]:
    """Open a page, and give a list that fills with all that it tells the server from then on."""
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(address)
    settle(page)
    sent.clear()
    return sent


def place(page: Page, key: str, step: int | None = None) -> tuple[float, float]:
    x, y = slider(page, key).evaluate(PLACE, step)
    return x, y


def grab(page: Page, key: str) -> None:
    slider(page, key).scroll_into_view_if_needed()
    page.mouse.move(*place(page, key))
    page.mouse.down()


def drag(page: Page, key: str, step: int) -> None:
    """Move what has been grabbed, and let the hand rest there until all values are computed."""
    page.mouse.move(*place(page, key, step), steps=4)
    rest(page)


def drag_by(page: Page, key: str, pixels: int) -> None:
    """Move the thumb of a slider, and let the hand rest there until all values are computed."""
    before = slider(page, key).get_attribute("aria-valuetext")
    grab(page, key)
    x, y = place(page, key)
    page.mouse.move(x + pixels, y, steps=4)
    assert slider(page, key).get_attribute("aria-valuetext") != before
    rest(page)


def rest(page: Page) -> None:
    """Let the hand rest until all values are computed: until then, they are about right."""
    page.evaluate(
        "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
    )
    expect(page.locator(".cnnviz-facts").filter(has_text="≈")).to_have_count(0)


def let_go(page: Page) -> None:
    """Let the slider go, and wait until the server's pictures have taken their places."""
    page.mouse.up()
    expect(page.locator(LIVE)).to_have_count(0)
    settle(page)


def click_at(page: Page, picture: Locator, down: float, across: float) -> None:
    """Click on a place of a picture, in shares of it, as a hand does: it comes there first."""
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
    page.mouse.down()
    page.mouse.up()
