"""Pictures follow a slider while it is moved, and the server's take their place afterwards."""

import io
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.chromium import PHONE, complaints, find_chromium, settle, slider
from tests.live.dragging import LIVE, drag, grab, let_go, place, visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

RANDOM = "convolution?kernels=Random"
GABOR = "convolution?kernel=Gabor%3A+angled+stripes&kernel_size=9"
MAPS = "pooling?pool_input=Feature+maps&pool_filters=1&pool_seed=78"
LEAKY = "activation?act_function=Leaky+ReLU"

PICTURES = '.st-key-in-view [data-testid="stImage"] img'

# A picture as it is in the page's memory, whatever its size on screen.
PNG = """
picture => {
  const canvas = document.createElement('canvas');
  canvas.height = picture.naturalHeight ?? picture.height;
  canvas.width = picture.naturalWidth ?? picture.width;
  canvas.getContext('2d').drawImage(picture, 0, 0);
  return canvas.toDataURL();
}
"""


def pixels(page: Page, selector: str) -> list[Any]:
    """The pictures that a selector finds, each uint8 (H, W, 4)."""
    found = [one.evaluate(PNG) for one in page.locator(selector).all()]
    files = [io.BytesIO(b64decode(url.partition(",")[2])) for url in found]
    return [np.array(Image.open(one).convert("RGBA")) for one in files]


def words(page: Page) -> list[str]:
    """What is written under the pictures, and how their sizes come about."""
    return page.locator(".st-key-in-view .cnnviz-facts, .cnnviz-output-size").all_inner_texts()


@dataclass(frozen=True)
class Journey:
    """Where a slider of a page goes, and the shape of what is shown then.

    What is computed in another order may get the next color: in a map of few colors, `apart` levels
    away.
    """

    path: str
    key: str
    step: int
    shape: str
    apart: int = 1


JOURNEYS = (
    Journey(RANDOM, "size", 7, "314 × 394 × 3"),
    Journey(f"{RANDOM}&groups=One+color", "filters", 7, "318 × 398 × 6", apart=6),
    Journey(GABOR, "angle", 120, "312 × 392 × 1", apart=6),
    Journey("pooling", "pool_size", 8, "40 × 50 × 3"),
    Journey(LEAKY, "act_slope", 1, "318 × 398 × 3"),
)
MORE_JOURNEYS = (
    Journey(f"{RANDOM}&stride=2", "stride", 3, "106 × 133 × 3"),
    Journey(f"{RANDOM}&stride=2&size_on_screen=Enlarged", "stride", 4, "80 × 100 × 3"),
    Journey(MAPS, "pool_size", 8, "39 × 49 × 1", apart=6),
)
ALL_JOURNEYS = [*JOURNEYS, *(pytest.param(one, marks=pytest.mark.slow) for one in MORE_JOURNEYS)]


@pytest.mark.parametrize("journey", ALL_JOURNEYS, ids=lambda one: f"{one.path} {one.key}")
def test_what_is_shown_while_a_slider_moves_is_what_the_server_shows_afterwards(
    page: Page, address: str, journey: Journey
) -> None:
    found = complaints(page)
    sent = visit(page, f"{address}/{journey.path}")
    before, said = pixels(page, PICTURES), words(page)
    grab(page, journey.key)
    drag(page, journey.key, journey.step)
    drawn, written = pixels(page, LIVE), words(page)
    assert sent == []
    assert not np.array_equal(drawn[-1], before[-1])
    assert written != said
    assert any(journey.shape in one for one in written)
    let_go(page)
    assert len(sent) > 0
    assert words(page) == written
    for picture, other in zip(drawn, pixels(page, PICTURES)[-len(drawn) :], strict=True):
        assert_alike(picture, other, journey.apart)
    assert found == []


def assert_alike(drawn: Any, shown: Any, apart: int) -> None:
    """The same pixels, but for the few that lie between two colors."""
    assert drawn.shape == shown.shape
    difference = np.abs(drawn.astype(int) - shown).max(axis=-1)
    assert difference.max() <= apart
    assert (difference > 0).mean() < 0.001


def test_a_slider_back_where_it_was_leaves_the_page_as_it_was(page: Page, address: str) -> None:
    sent = visit(page, f"{address}/{RANDOM}")
    said = words(page)
    grab(page, "size")
    drag(page, "size", 9)
    expect(page.locator(LIVE)).to_have_count(1)
    drag(page, "size", 3)
    expect(page.locator(LIVE)).to_have_count(0)
    assert words(page) == said
    assert page.locator(PICTURES).last.evaluate("picture => picture.style.opacity") == ""
    assert sent == []
    page.mouse.up()


def test_a_finger_moves_a_slider_as_a_mouse_does(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    sent = visit(page, f"{address}/pooling")
    finger = page.context.new_cdp_session(page)
    slider(page, "pool_size").scroll_into_view_if_needed()
    touch(finger, "touchStart", place(page, "pool_size"))
    for step in (6, 7, 8):
        touch(finger, "touchMove", place(page, "pool_size", step))
    expect(page.locator(".cnnviz-shape").nth(1)).to_have_text("40 × 50 × 3")
    expect(page.locator(LIVE)).to_have_count(3)
    assert sent == []
    touch(finger, "touchEnd")
    expect(page.locator(LIVE)).to_have_count(0)
    settle(page)
    expect(page.locator(".cnnviz-shape").nth(1)).to_have_text("40 × 50 × 3")
    assert "pool_size=8" in page.url


def touch(finger: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    where = [{"x": x, "y": y} for x, y in points]
    finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})


def test_without_a_canvas_the_server_draws_as_ever(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    visit(page, f"{address}/{RANDOM}")
    said = words(page)
    grab(page, "size")
    drag(page, "size", 7)
    assert words(page) == said
    let_go(page)
    expect(page.locator(".cnnviz-shape").last).to_have_text("314 × 394 × 3")
    expect(page.locator(PICTURES).last).to_have_css("opacity", "1")


@pytest.mark.slow
def test_arrow_keys_leave_the_servers_picture(page: Page, address: str) -> None:
    visit(page, f"{address}/{RANDOM}")
    for shape in ("317 × 397 × 3", "316 × 396 × 3"):
        slider(page, "size").press("ArrowRight")
        settle(page)
        expect(page.locator(".cnnviz-shape").last).to_have_text(shape)
        expect(page.locator(LIVE)).to_have_count(0)
        expect(page.locator(PICTURES).last).to_have_css("opacity", "1")
