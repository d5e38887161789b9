"""What a person does, in a real browser: open, slide, click, upload, turn the telephone."""

import io
from importlib import metadata

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import (
    LAPTOP,
    PHONE,
    complaints,
    control,
    find_chromium,
    serve,
    settle,
    slider,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]


def picture(page: Page, number: int) -> bytes:
    """The pixels of a picture on the page, as they are on screen."""
    return page.locator('[data-testid="stImage"] img').nth(number).screenshot()


def source(page: Page, number: int) -> str | None:
    """The address of a picture's pixels, whatever lies over it."""
    return page.locator('[data-testid="stImage"] img').nth(number).get_attribute("src")


def shapes(page: Page) -> list[str]:
    return page.locator(".cnnviz-shape").all_inner_texts()


def test_the_first_visitor_may_come_by_the_address_of_a_page(browser: Browser) -> None:
    with serve() as url:
        page = browser.new_page(viewport=LAPTOP)
        found = complaints(page)
        page.goto(f"{url}/convolution?size=7&picture=coffee")
        expect(page.locator(".cnnviz-shape").last).to_have_text("314 × 474 × 3")
        expect(control(page, "picture").get_by_role("radiogroup")).to_be_visible()
        expect(page.get_by_role("link", name="Home")).to_be_visible()
        assert found == []
        page.close()


def test_control_and_effect_are_in_sight_on_a_laptop(page: Page, address: str) -> None:
    page.goto(f"{address}/convolution?kernels=Random")
    settle(page)
    expect(page.locator(".cnnviz-shape").last).to_be_in_viewport(ratio=1)
    expect(control(page, "size").locator("label")).to_be_in_viewport(ratio=1)


def test_the_menu_says_in_which_versions_the_app_runs(page: Page, address: str) -> None:
    page.goto(f"{address}/convolution")
    page.get_by_test_id("stMainMenu").get_by_role("button").click()
    page.get_by_text("About", exact=True).click()
    said = page.get_by_role("dialog")
    for package in ("TensorFlow", "Keras", "Streamlit"):
        expect(said).to_contain_text(f"{package} {metadata.version(package)}")


def test_an_arrow_key_on_the_kernel_slider_changes_picture_and_shape(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/convolution?kernels=Random")
    expect(page.locator(".cnnviz-shape").last).to_have_text("318 × 398 × 3")
    settle(page)
    before, after = source(page, 0), source(page, 1)
    slider(page, "size").press("ArrowRight")
    expect(page.locator(".cnnviz-shape").last).to_have_text("317 × 397 × 3")
    settle(page)
    assert source(page, 0) == before
    assert source(page, 1) != after
    assert "size=4" in page.evaluate("location.search")


@pytest.mark.slow
def test_a_held_arrow_key_ends_in_the_picture_where_it_was_let_go(page: Page, address: str) -> None:
    page.goto(f"{address}/convolution?seed=41")
    settle(page)
    shape = page.locator(".cnnviz-shape").last
    for _ in range(2):
        slider(page, "size").focus()
        for key in 12 * ["ArrowRight"] + 12 * ["ArrowLeft"]:
            page.keyboard.press(key)
            page.wait_for_timeout(33)
        settle(page)
        expect(shape).to_have_text("318 × 398 × 3")
    expect(page.get_by_test_id("stMain").get_by_test_id("stImage")).to_have_count(2)
    slider(page, "size").press("ArrowRight")
    expect(shape).to_have_text("317 × 397 × 3")


def test_no_message_relies_on_one_that_may_not_have_arrived(page: Page, address: str) -> None:
    sizes: list[int] = []
    page.on(
        "websocket", lambda socket: socket.on("framereceived", lambda got: sizes.append(len(got)))
    )
    page.goto(f"{address}/convolution?size=9&filters=32")
    shape = page.locator(".cnnviz-shape").last
    settle(page)
    for key, text in (("ArrowRight", "311 × 391 × 32"), ("ArrowLeft", "312 × 392 × 32")) * 2:
        sizes.clear()
        slider(page, "size").press(key)
        expect(shape).to_have_text(text)
        settle(page)
        assert max(sizes) > 10_000


@pytest.mark.slow
def test_a_copied_address_shows_the_same(browser: Browser, page: Page, address: str) -> None:
    page.goto(f"{address}/convolution?kernels=Random")
    settle(page)
    control(page, "preset One filter, big kernel").get_by_role("button").click()
    expect(page.locator(".cnnviz-shape").last).to_have_text("306 × 386 × 1")
    page.locator(".st-key-more summary").click()
    slider(page, "stride").press("ArrowRight")
    expect(page.locator(".cnnviz-shape").last).to_have_text("153 × 193 × 1")
    settle(page)
    other = browser.new_page(viewport=LAPTOP)
    other.goto(page.evaluate("location.href"))
    expect(other.locator(".cnnviz-shape").last).to_have_text("153 × 193 × 1")
    settle(other)
    assert picture(other, 1) == picture(page, 1)
    other.close()


def test_settings_and_picture_survive_a_look_at_another_page(page: Page, address: str) -> None:
    page.goto(f"{address}/convolution?size=6")
    settle(page)
    page.locator('.st-key-picture [role="radiogroup"] label').nth(2).click()
    expect(page.locator(".cnnviz-shape").first).to_have_text("320 × 480 × 3")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("cat")
    expect(page.locator(".cnnviz-shape").first).to_have_text("320 × 480 × 3")
    page.get_by_role("link", name="Convolution").first.click()
    expect(page.locator(".cnnviz-shape").last).to_have_text("315 × 475 × 3")


def test_what_is_wrong_in_an_address_falls_back_to_the_default(page: Page, address: str) -> None:
    page.goto(f"{address}/convolution?size=99&picture=dog&padding=7&seed=x&kernels=")
    settle(page)
    expect(page.locator(".cnnviz-shape").last).to_have_text("318 × 398 × 3")


def test_a_kernel_written_by_hand_with_a_mistake_keeps_the_last_picture(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/convolution?kernels=By+hand")
    settle(page)
    good = picture(page, 1)
    weights = control(page, "weights").locator("input")
    weights.fill("1 0; 0 one")
    weights.press("Enter")
    expect(page.locator('[data-testid="stAlert"]')).to_contain_text("row 2, column 2")
    settle(page)
    assert picture(page, 1) == good
    weights.fill("1")
    weights.press("Enter")
    expect(page.locator('[data-testid="stAlert"]')).to_have_count(0)
    expect(page.locator(".cnnviz-shape").last).to_have_text("320 × 400 × 3")


def upload(page: Page, name: str, data: bytes) -> None:
    page.locator('input[type="file"]').set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": data}
    )


def test_an_own_picture_can_be_uploaded_and_a_broken_one_keeps_it(page: Page, address: str) -> None:
    page.goto(f"{address}/convolution?source=Upload")
    settle(page)
    stripes = np.tile(np.uint8([255, 0, 0, 255, 0, 0])[:, np.newaxis, np.newaxis], (10, 90, 3))
    file = io.BytesIO()
    Image.fromarray(stripes).save(file, "PNG")
    upload(page, "stripes.png", file.getvalue())
    expect(page.locator(".cnnviz-shape").first).to_have_text("60 × 90 × 3")
    page.locator('[data-testid="stFileUploader"]').scroll_into_view_if_needed()
    upload(page, "broken.png", file.getvalue()[:60])
    expect(page.locator('[data-testid="stAlert"]')).to_be_in_viewport(ratio=1)
    expect(page.locator(".cnnviz-shape").first).to_have_text("60 × 90 × 3")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("cat")
    expect(page.locator(".cnnviz-shape").first).to_have_text("60 × 90 × 3")
    page.reload()
    expect(page.locator(".cnnviz-shape").first).to_have_text("320 × 400 × 3")
    expect(page.locator('[data-testid="stSidebar"]')).to_contain_text("lasts for one visit")


def test_the_pictures_stay_in_view_while_a_phone_scrolls_to_the_controls(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(f"{address}/convolution?kernels=Random")
    settle(page)
    page.locator(".st-key-more summary").click()
    slider(page, "dilation").scroll_into_view_if_needed()
    page.mouse.move(200, 700)
    page.mouse.wheel(0, 300)
    expect(page.locator('[data-testid="stImage"] img').nth(1)).to_be_in_viewport(ratio=0.9)
    slider(page, "dilation").press("ArrowRight")
    expect(page.locator(".cnnviz-shape").nth(1)).to_have_text("316 × 396 × 3")
    page.close()


def test_home_takes_four_screens_of_a_phone_at_most_and_a_card_is_a_link_as_a_whole(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(address)
    page.wait_for_selector(".st-key-card-pooling img")
    settle(page)
    height = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    assert height <= 4 * PHONE["height"]
    page.locator(".st-key-card-pooling img").click(force=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Pooling")
    page.close()


def test_a_phone_shows_the_page_again_once_a_picture_is_chosen(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(f"{address}/pooling")
    settle(page)
    opener = page.get_by_test_id("stExpandSidebarButton")
    page.wait_for_function(
        "button => getComputedStyle(button, '::after').content === '\"Picture and pages\"'",
        arg=opener.element_handle(),
    )
    opener.click()
    page.locator('.st-key-picture [role="radiogroup"] label').nth(2).click()
    expect(page.locator(".cnnviz-shape").first).to_have_text("320 × 480 × 3")
    expect(opener).to_be_visible()
    page.close()
