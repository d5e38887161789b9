"""Maps over pictures while their opacity or their threshold is moved."""

import io
from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cnnviz_core import images, networks
from cnnviz_core.heatmaps import maps as heat_maps
from cnnviz_core.heatmaps.maps import EVIDENCES, raw_map
from cnnviz_core.heatmaps.records import RawMap
from cnnviz_core.number_format import short_number
from cnnviz_core.views import overlays
from pages.parts.heatmaps.heatmap_controls import OPACITY, THRESHOLD
from tests.browser.chromium import find_chromium, settle
from tests.live.dragging import LIVE, drag_by, let_go
from tests.live.in_browser import PALETTES, in_browser, maps, received, saying
from tests.live.test_inspector import place_of, point

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow and the network load first.
PATIENCE = 60_000


def some_map(rng: np.random.Generator, height: int, width: int) -> Any:
    """Values of a few cells, of more than the picture has pixels, or blank."""
    sides = [(1, 1), (7, 7), (5, 90), (rng.integers(1, 60), rng.integers(1, 60)), (130, 150)]
    shape = sides[rng.integers(len(sides))]
    values = rng.normal(rng.choice([-1, 0, 1]), 1, shape) * rng.choice([0, 1e-4, 1, 300])
    return values.astype(np.float32)


def test_maps_lie_over_pictures_as_on_the_server(page: Page) -> None:
    cat = np.ascontiguousarray(images.fit(images.sample("cat"), 100))
    height, width, _ = cat.shape
    rng = np.random.default_rng(30)
    cases, expected = [], []
    for index in range(60):
        raw = RawMap("grad-cam", "conv", some_map(rng, height, width), np.zeros(1), np.ones(1))
        evidence = EVIDENCES[index % 3]
        opacity, threshold = (int(rng.choice([0, 100, *rng.integers(0, 101, 3)])) for _ in "ab")
        values = heat_maps.on_picture(raw, cat, evidence)
        end = heat_maps.scale_end(values, percent=float(rng.choice([99, 100])))
        color_map = "diverging" if evidence == "both" else rng.choice(["sequential", "diverging"])
        scale = overlays.heat_scale(end, color_map)
        data, reach = overlays.encode_values(raw.values)
        coded = np.asarray(Image.open(io.BytesIO(data))).astype(np.float32)
        said = {
            OPACITY.key: opacity,
            THRESHOLD.key: threshold,
            "maps": [
                {"reach": reach, "scale": saying(scale), "evidence": evidence, "strongest": None}
            ],
        }
        cases.append([maps(cat.astype(np.float32)), maps(coded), said, {"palettes": PALETTES}])
        look = {"alpha": opacity / 100, "threshold": threshold / 100}
        drawn = overlays.draw_overlay(cat, values, scale, **look)
        expected.append((drawn, np.abs(values / end), threshold / 100))
    run = """([picture, coded, said, given]) => {
      const beside = {...maps(picture), others: [maps(coded)]};
      return text(live.PLANS.heatmaps(beside, said, () => 1, given).shown[0].draw().data);
    }"""
    for found, (drawn, heat, least) in zip(
        in_browser(page, "plans", run, cases), expected, strict=True
    ):
        colors = np.frombuffer(b64decode(found), np.uint8).reshape(height, width, 4)
        assert (colors[:, :, 3] == 255).all()
        difference = np.abs(colors[:, :, :3].astype(int) - drawn).max(axis=2)
        # At the threshold itself, the last digit of a value decides.
        is_sure = np.abs(heat - least) > (1e-4 if least else -1)
        assert difference[is_sure].max(initial=0) <= 8
        assert (is_sure & (difference > 1)).mean() < 0.005


def test_rough_values_are_right_to_a_hundredth_of_the_scale(page: Page) -> None:
    values = np.random.default_rng(31).normal(size=(20, 30)).astype(np.float32)
    picture = Image.open(io.BytesIO(overlays.encode_roughly(values, 2.0)))
    coded = np.asarray(picture.convert("RGBA"))[:, :, :3]
    cases = [[maps(coded.astype(np.float32)), 2.0, side] for side in EVIDENCES]
    run = "([coded, ...how]) => sent(live.decoded(maps(coded), ...how))"
    for side, found in zip(EVIDENCES, in_browser(page, "overlays", run, cases), strict=True):
        raw = RawMap("saliency", None, values, np.zeros(1), np.ones(1))
        expected = heat_maps.on_picture(raw, np.zeros((20, 30, 3)), side).clip(-2, 2)
        np.testing.assert_allclose(received(found)[:, :, 0], expected, rtol=0, atol=0.02)


def test_an_overlay_follows_its_sliders_and_is_that_of_the_server(page: Page, address: str) -> None:
    page.goto(f"{address}/heatmaps")
    expect(page.get_by_text("The map as it is")).to_be_visible(timeout=PATIENCE)
    settle(page)
    overlay = page.locator(".st-key-in-view img").first
    for key, pixels in ((OPACITY.key, 30), (THRESHOLD.key, 40)):
        before = overlay.get_attribute("src")
        drag_by(page, key, pixels)
        # The map as it is has no opacity.
        expect(page.locator(LIVE)).to_have_count(1)
        assert overlay.get_attribute("src") == before
        followed = pixels_of(page.locator(LIVE).evaluate("canvas => canvas.toDataURL()"))
        assert (followed != pixels_of(before)).mean() > 0.05
        let_go(page)
        difference = np.abs(followed - pixels_of(overlay.get_attribute("src")))
        assert (difference > 1).mean() < 0.005


def test_the_loupe_names_the_channels_that_contribute_most(page: Page, address: str) -> None:
    page.goto(f"{address}/heatmaps")
    expect(page.get_by_text("The map as it is")).to_be_visible(timeout=PATIENCE)
    settle(page)
    raw = raw_map(networks.load("efficientnet-lite0"), images.sample("cat"), 285)
    strongest = raw.strongest
    assert strongest is not None
    for place, rows in ((0, 320), (1, 7)):
        where, _, told, *named = point(page, place, 0.45, 0.6)
        row, column = place_of(told)
        assert (row, column) == (7 * place_of(where)[0] // rows, 3)
        pairs = zip(
            strongest.channels[row, column], strongest.contributions[row, column], strict=True
        )
        assert named == [f"channel {channel + 1}: {short_number(one)}" for channel, one in pairs]
    page.goto(f"{address}/heatmaps?heat_method=Eigen-CAM")
    expect(page.get_by_text("The map as it is")).to_be_visible(timeout=PATIENCE)
    settle(page)
    assert len(point(page, 0, 0.45, 0.6)) == 2


def pixels_of(url: str | None) -> Any:
    data = b64decode((url or "").partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
