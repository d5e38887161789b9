"""What a network says while its temperature is moved."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from cnnviz_core import images
from cnnviz_core.inspection import predictions
from cnnviz_core.number_format import percent
from pages.parts.prediction_controls import COUNT, TEMPERATURE
from tests.browser.chromium import find_chromium, settle
from tests.live.dragging import drag_by, let_go
from tests.live.in_browser import in_browser
from tests.live.test_inspector import place_of, point, values_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow and the network load first.
PATIENCE = 60_000


def test_shares_are_written_as_on_the_server(page: Page) -> None:
    rng = np.random.default_rng(40)
    shares = [0, 1, 0.0004, 0.0005, 0.00049999, 0.9995, 0.99949, 0.5, 0.1225, 0.3, 1 / 3]
    shares += np.linspace(0, 1, 4001).tolist()
    shares += (10 ** -rng.uniform(0, 8, 3000)).astype(np.float32).tolist()
    written = in_browser(page, "numbers", "(share) => live.percent(share)", shares)
    assert written == [percent(share) for share in shares]


def test_probabilities_are_those_of_the_server(page: Page) -> None:
    rng = np.random.default_rng(41)
    cases, expected = [], []
    for size in (1, 2, 10, 1000, 1000):
        for activation in ("softmax", "sigmoid"):
            for temperature in TEMPERATURE.options:
                scores = rng.normal(0, rng.choice([1, 30]), size).astype(np.float32)
                network: Any = SimpleNamespace(output_activation=activation)
                cases.append([scores.tolist(), temperature, activation == "sigmoid"])
                expected.append(predictions.probabilities(network, scores, temperature=temperature))
    run = "([scores, ...how]) => [...live.probabilities(Float32Array.from(scores), ...how)]"
    for found, chances in zip(
        in_browser(page, "predictions_plan", run, cases), expected, strict=True
    ):
        np.testing.assert_allclose(found, chances, rtol=2e-7, atol=1e-15)


def test_bars_follow_their_sliders_and_are_those_of_the_server(page: Page, address: str) -> None:
    page.goto(f"{address}/predictions")
    expect(page.locator(".predict-row").first).to_be_visible(timeout=PATIENCE)
    settle(page)
    for key, pixels in ((TEMPERATURE.key, 60), (COUNT.key, 60), (TEMPERATURE.key, -90)):
        before = words_of(page)
        drag_by(page, key, pixels)
        followed = words_of(page)
        assert followed["bars"] != before["bars"]
        # The formula is still that of before.
        expect(page.locator(".st-key-as-let-go")).to_have_css("opacity", "0.35")
        let_go(page)
        assert words_of(page) == followed
        expect(page.locator(".st-key-as-let-go")).to_have_css("opacity", "1")


def test_the_loupe_shows_the_pixels_of_the_picture(page: Page, address: str) -> None:
    page.goto(f"{address}/predictions")
    expect(page.locator(".predict-row").first).to_be_visible(timeout=PATIENCE)
    settle(page)
    for across, down in ((0.1, 0.2), (0.45, 0.6), (0.9, 0.95)):
        where, *values = point(page, 0, across, down)
        assert [one[0] for one in values] == ["R", "G", "B"]
        assert values_of(values) == images.sample("cat")[place_of(where)].tolist()
    page.mouse.move(5, 5)
    expect(page.locator(".cnnviz-loupe")).to_have_count(0)


def words_of(page: Page) -> dict[str, Any]:
    bars = ".predict-row, .predict-names"
    stretches = ".predict-bar, .predict-sides > i"
    return {
        "bars": page.locator(bars).all_inner_texts(),
        "lengths": page.locator(stretches).evaluate_all("all => all.map(one => one.style.width)"),
    }
