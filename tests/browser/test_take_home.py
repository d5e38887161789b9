"""What one takes along from a page in a real browser: its address, its files, the ways onward."""

import io
import json
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import LAPTOP, control, find_chromium, settle, slider
from tests.browser.test_address import PATIENCE, SHOWN, expect_same, query
from tests.pages.test_cross_links import FROM
from tests.pages.test_defaults import ELSEWHERE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

STARTS = {
    f"{name} {asked.get('network', '')}".strip(): (name, asked, to) for name, asked, to in FROM
}
ADDRESS_BAR = ".cnnviz-share textarea"


def some(names: Iterable[str], *usual: str) -> list[Any]:
    """All of them; those that are not `usual`, for a longer run."""
    return [pytest.param(one, marks=() if one in usual else pytest.mark.slow) for one in names]


def action(page: Page, key: str) -> None:
    """Click a button in the row beside the title."""
    control(page, key).get_by_role("button").click()


def shown(page: Page) -> object:
    """What the controls on the page say."""
    settle(page)
    return page.evaluate(SHOWN)


def expect_shown(page: Page, expected: object) -> None:
    deadline = time.monotonic() + PATIENCE
    while shown(page) != expected and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert shown(page) == expected


@pytest.mark.parametrize("name", some(ELSEWHERE, "convolution", "stepping", "heatmaps"))
def test_a_shared_address_opens_the_same_view_for_somebody_else(
    browser: Browser, page: Page, address: str, name: str
) -> None:
    page.goto(f"{address}/{name}?{urlencode(ELSEWHERE[name])}")
    settle(page)
    action(page, "share")
    copied = page.locator(ADDRESS_BAR).first.input_value()
    assert copied == page.url
    visitor = browser.new_context(viewport=LAPTOP).new_page()
    visitor.goto(copied)
    expect_same(visitor, page, shown)


def test_the_layer_stays_and_one_click_leads_back(page: Page, address: str) -> None:
    page.goto(f"{address}/feature_maps?maps_layer=block3a_depthwise_relu")
    settle(page)
    for name, key, layer in (
        ("Kernels", "kernels_layer", "block3a_depthwise"),
        ("Architecture", "arch_layer", "block3a_depthwise_relu"),
        ("Feature maps", "maps_layer", "block3a_depthwise_relu"),
    ):
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(slider(page, key)).to_have_attribute("aria-valuetext", layer)
    action(page, "defaults")
    expect(slider(page, "maps_layer")).to_have_attribute("aria-valuetext", "stem_relu")
    settle(page)
    assert query(page) == "/feature_maps"
    page.get_by_role("link", name="Kernels", exact=True).first.click()
    expect(slider(page, "kernels_layer")).to_have_attribute("aria-valuetext", "stem_conv")


def test_a_pinned_result_goes_along_with_the_address(
    browser: Browser, page: Page, address: str
) -> None:
    page.goto(f"{address}/pooling?pool_size=9")
    settle(page)
    action(page, "pin")
    said = page.locator(".st-key-comparison")
    expect(said).to_contain_text("move a control")
    for _ in range(4):
        slider(page, "pool_size").press("ArrowLeft")
    expect(said).to_contain_text("Window size: 9 → 5")
    settle(page)
    # The window that is shown is the page's default, of which the address says nothing.
    assert query(page) == "/pooling?pin=pool_size%3D9"
    visitor = browser.new_context(viewport=LAPTOP).new_page()
    visitor.goto(page.url)
    expect(visitor.locator(".st-key-comparison")).to_contain_text("Window size: 9 → 5")
    expect(slider(visitor, "pool_size")).to_have_attribute("aria-valuetext", "5")
    action(visitor, "unpin")
    expect(visitor.locator(".st-key-comparison")).to_have_count(0)
    settle(visitor)
    assert query(visitor) == "/pooling"


@pytest.mark.parametrize("start", some(STARTS, "feature_maps", "heatmaps", "convolution"))
def test_a_way_to_another_page_leads_back(page: Page, address: str, start: str) -> None:
    name, asked, expected = STARTS[start]
    page.goto(f"{address}/{name}?{urlencode(asked)}")
    before = shown(page)
    links = page.locator('[class*="st-key-cross-links"] a:visible')
    reached = set()
    for number in range(links.count()):
        links.nth(number).click()
        page.wait_for_url(lambda url, name=name: urlsplit(url).path != f"/{name}")
        reached.add(urlsplit(page.url).path[1:])
        settle(page)
        page.go_back()
        expect_shown(page, before)
    assert expected <= reached


def saved(page: Page, label: str, folder: Path) -> bytes:
    """The file that a button of the drawer gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.read_bytes()


def test_every_kind_of_file_reads_as_what_is_shown(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(f"{address}/convolution?kernels=random&filters=3&size=5&stride=2")
    settle(page)
    action(page, "save")
    picture = np.asarray(Image.open(io.BytesIO(saved(page, "Picture (PNG)", tmp_path))))
    assert (tmp_path / "cat-convolution-random-5x5-stride2.png").exists()
    assert picture.shape[:2] == (320, 400)  # in proportion to the picture before
    captioned = Image.open(io.BytesIO(saved(page, "Picture with caption (PNG)", tmp_path)))
    assert captioned.height > 158
    with np.load(io.BytesIO(saved(page, "Numbers for Python (NPZ)", tmp_path))) as found:
        values, axes = found["values"], found["axes"].tolist()
    assert values.shape == (158, 198, 3)
    assert axes == ["row", "column", "channel"]
    lines = saved(page, "Numbers as a table (CSV)", tmp_path).decode().splitlines()
    rows = [line.split(",") for line in lines if not line.startswith("#")][1:]
    table = np.array([row[2:] for row in rows], np.float32).reshape(3, 158, 198)
    np.testing.assert_array_equal(table.transpose(1, 2, 0), values)
    with zipfile.ZipFile(io.BytesIO(saved(page, "Single maps (ZIP)", tmp_path))) as archive:
        assert len(archive.namelist()) == 3
    (view, *_pages) = pypdfium2.PdfDocument(saved(page, "Lesson sheet (PDF)", tmp_path))
    printed = np.asarray(view.render(scale=4).to_pil().convert("L"))
    assert cv2.QRCodeDetector().detectAndDecode(printed)[0] == page.url
    assert "Stride: 2" in view.get_textpage().get_text_bounded()


def test_a_program_is_read_and_saved_as_script_and_notebook(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(f"{address}/pooling?pool_size=3")
    settle(page)
    action(page, "code")
    written = page.get_by_test_id("stCode").inner_text()
    assert "(3, 3)" in written
    script = saved(page, "Save as a script", tmp_path).decode()
    assert [line for line in script.splitlines() if line.strip()][-1] in written
    notebook = json.loads(saved(page, "Save as a notebook", tmp_path))
    assert notebook["nbformat"] == 4
    found: dict[str, Any] = {}
    exec(script, found)  # noqa: S102


def test_curves_and_animations_are_saved(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/activation")
    settle(page)
    action(page, "save")
    assert b"<svg" in saved(page, "Curves (SVG)", tmp_path)
    assert saved(page, "Curves as a table (CSV)", tmp_path).startswith(b"point,x,f(x)")
    page.goto(f"{address}/stepping")
    settle(page)
    action(page, "save")
    assert Image.open(io.BytesIO(saved(page, "Animation (GIF)", tmp_path))).n_frames == 9
    saved(page, "Film (WebM)", tmp_path)
    film = cv2.VideoCapture(str(tmp_path / "step-by-step.webm"))
    assert film.read()[0]
