"""A kernel by hand: its weights are dragged, painted and typed, and the picture follows."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import PHONE, complaints, find_chromium, settle
from tests.live.dragging import LIVE, rest, visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

BY_HAND = "convolution?kernels=By+hand&weights=0+0+0%3B+0+1+0%3B+0+0+0"
# Above a cell's middle, in pixels, and how much more that is worth.
HIGHER, MORE = 40, 1.25


def cell(page: Page, row: int, column: int) -> Locator:
    return page.get_by_role("textbox", name=f"Row {row}, column {column}")


def middle(one: Locator) -> tuple[float, float]:
    box = one.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def values(page: Page) -> list[str]:
    return [one.input_value() for one in page.locator(".cnnviz-cells input").all()]


def weights(page: Page) -> str:
    """The kernel as the page's text field has it."""
    return page.locator(".st-key-weights input").input_value()


def shown_range(page: Page) -> str:
    return page.locator(".st-key-in-view .cnnviz-marks").last.inner_text()


def press_and_move(page: Page, start: Locator, x: float, y: float) -> None:
    page.mouse.move(*middle(start))
    page.mouse.down()
    page.mouse.move(x, y, steps=5)


def test_a_weight_is_dragged_up_and_the_picture_follows(page: Page, address: str) -> None:
    found = complaints(page)
    sent = visit(page, f"{address}/{BY_HAND}")
    before = shown_range(page)
    x, y = middle(cell(page, 2, 2))
    press_and_move(page, cell(page, 2, 2), x, y - HIGHER)
    expect(page.locator(LIVE)).to_have_count(1)
    rest(page)
    followed = shown_range(page)
    expect(cell(page, 2, 2)).to_have_value(f"{1 + MORE}")
    assert followed != before
    assert sent == []
    page.mouse.up()
    expect(page.locator(LIVE)).to_have_count(0)
    settle(page)
    assert weights(page) == f"0 0 0; 0 {1 + MORE} 0; 0 0 0"
    assert shown_range(page) == followed
    assert found == []


def test_a_weight_back_where_it_was_is_nobodys_business(page: Page, address: str) -> None:
    sent = visit(page, f"{address}/{BY_HAND}")
    x, y = middle(cell(page, 1, 3))
    press_and_move(page, cell(page, 1, 3), x, y + HIGHER)
    expect(cell(page, 1, 3)).to_have_value("−1.25")
    page.mouse.move(x, y)
    page.mouse.up()
    expect(page.locator(LIVE)).to_have_count(0)
    assert sent == []
    expect(cell(page, 1, 3)).to_have_value("0")


def test_a_row_is_painted_with_one_stroke(page: Page, address: str) -> None:
    sent = visit(page, f"{address}/{BY_HAND}")
    brush = page.get_by_role("button", name="−1", exact=True)
    brush.click()
    expect(brush).to_have_attribute("aria-pressed", "true")
    press_and_move(page, cell(page, 1, 1), *middle(cell(page, 1, 3)))
    expect(page.locator(LIVE)).to_have_count(1)
    assert values(page)[:3] == ["−1", "−1", "−1"]
    assert sent == []
    page.mouse.up()
    settle(page)
    assert weights(page) == "-1 -1 -1; 0 1 0; 0 0 0"
    brush.click()
    cell(page, 3, 3).click()
    assert values(page)[8] == "0"


def test_a_weight_is_typed_also_as_a_fraction(page: Page, address: str) -> None:
    visit(page, f"{address}/{BY_HAND}")
    cell(page, 2, 2).click()
    page.keyboard.type("1/8")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-weights input")).to_have_value("0 0 0; 0 0.125 0; 0 0 0")
    settle(page)
    expect(cell(page, 2, 2)).to_have_value("0.125")
    cell(page, 2, 2).press("ArrowUp")
    expect(page.locator(".st-key-weights input")).to_have_value("0 0 0; 0 0.375 0; 0 0 0")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("much", "“much” is not a number"), ("", "is blank"), ("123456", "too large")],
)
def test_what_is_no_weight_is_refused_and_the_kernel_stays(
    page: Page, address: str, typed: str, reason: str
) -> None:
    visit(page, f"{address}/{BY_HAND}")
    before = shown_range(page)
    cell(page, 3, 2).click()
    page.keyboard.press("Delete")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("row 3, column 2")
    expect(page.get_by_role("alert")).to_contain_text(reason)
    settle(page)
    assert weights(page) == "0 0 0; 0 1 0; 0 0 0"
    assert values(page)[7] == "0"
    assert shown_range(page) == before
    cell(page, 3, 2).press("ArrowDown")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_finger_drags_a_weight_and_the_page_stays(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    visit(page, f"{address}/{BY_HAND}")
    # Below the pictures, which stay at the top of a phone.
    cell(page, 2, 2).evaluate("cell => cell.scrollIntoView({block: 'end'})")
    scrolled = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    finger = page.context.new_cdp_session(page)
    x, y = middle(cell(page, 2, 2))
    for kind, up in (("touchStart", 0), ("touchMove", HIGHER / 2), ("touchMove", HIGHER)):
        points = [{"x": x, "y": y - up}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(cell(page, 2, 2)).to_have_value(f"{1 + MORE}")
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settle(page)
    assert weights(page) == f"0 0 0; 0 {1 + MORE} 0; 0 0 0"
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == scrolled


def test_a_kernel_of_another_size_gets_other_cells(page: Page, address: str) -> None:
    visit(page, f"{address}/{BY_HAND}")
    page.locator(".st-key-weights input").fill("1 2")
    page.locator(".st-key-weights input").press("Enter")
    expect(page.locator(".cnnviz-cells input")).to_have_count(2)
    assert values(page) == ["1", "2"]
