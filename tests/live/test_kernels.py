"""The loupe on kernels says which filter's weight it shows."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from cnnviz_core import networks
from cnnviz_core.drawing.rendering import NUM_COLORS
from cnnviz_core.inspection import architecture
from tests.browser.chromium import find_chromium, settle
from tests.live.test_inspector import point

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow and the network load first.
PATIENCE = 60_000


def open_layer(page: Page, address: str, layer: str) -> np.ndarray:
    """Show the kernels of a layer, and give its weights (kh, kw, in, out)."""
    weights = architecture.layer_kernels(networks.load("efficientnet-lite0"), layer)
    page.goto(f"{address}/kernels?kernels_layer={layer}")
    shape = " × ".join(map(str, weights.shape))
    expect(page.locator(".cnnviz-shape").first).to_have_text(shape, timeout=PATIENCE)
    settle(page)
    return weights


def named(where: str, words: str) -> list[int]:
    """The numbers in what a place is called, from 0."""
    found = re.fullmatch(words.replace("#", r"(\d+)"), where)
    assert found, where
    return [int(one) - 1 for one in found.groups()]


def read(value: str) -> float:
    return float(value.split("≈ ")[1].replace("−", "-"))


@pytest.mark.parametrize("layer", ["stem_conv", "block3a_depthwise"])
def test_a_weight_is_that_of_its_filter_row_and_column(
    page: Page, address: str, layer: str
) -> None:
    weights = open_layer(page, address, layer)
    num_colors = 256 if weights.shape[2] == 3 else NUM_COLORS
    seen = set()
    for across, down in ((0.02, 0.2), (0.4, 0.55), (0.82, 0.9)):
        where, *values = point(page, 0, across, down)
        number, row, column = named(where, "Filter #: row #, column #")
        seen.add(number)
        expected = weights[row, column, :, number]
        # Half a color, and three digits.
        apart = np.abs(weights).max() / (num_colors - 1) * 1.01
        np.testing.assert_allclose([read(one) for one in values], expected, rtol=5e-3, atol=apart)
    assert len(seen) == 3
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"kernels_filter={number + 1}(&|$)"))


def test_a_weight_of_a_matrix_is_that_of_its_filter_and_channel(page: Page, address: str) -> None:
    # Of more channels than filters, and of fewer.
    for layer in ("block1a_project", "block2a_expand"):
        weights = open_layer(page, address, layer)
        where, value = point(page, 0, 0.3, 0.8)
        number, channel = named(where, "Filter #: input channel #")
        apart = float(np.abs(weights).max()) / (NUM_COLORS - 1) * 1.01
        assert read(value) == pytest.approx(
            float(weights[0, 0, channel, number]), rel=5e-3, abs=apart
        )
