"""The numbers beside a heatmap's formula."""

import re

import numpy as np
import pytest

from cnnviz_core import heatmaps, networks
from cnnviz_core.arrays import ByteArray
from cnnviz_core.heat_formulas import completeness_formula, score_formula, size_formula
from cnnviz_core.heatmaps import METHODS, RawMap


def found(logits: list[float], mixture: list[float]) -> RawMap:
    return RawMap("cam", "conv", np.zeros((2, 3), np.float32), *map(np.float32, (logits, mixture)))


@pytest.mark.parametrize(
    ("logits", "mixture", "expected"),
    [
        ([1, 2.5], [0, 1], r"y = z_{1} = \mathbf{2.5}"),
        ([-1, -2], [1, -1], r"y = z_{0} - z_{1} = -1 - (-2) = \mathbf{1}"),
        ([0.5], [-1], r"y = -z_{0} = \mathbf{-0.5}"),
        ([123456, 0], [1, 0], r"y = z_{0} = \mathbf{123000}"),
    ],
)
def test_the_score_is_what_the_logits_make_of_it(
    logits: list[float], mixture: list[float], expected: str
) -> None:
    assert score_formula(found(logits, mixture)) == expected


def test_the_score_of_the_cat_has_the_networks_own_numbers(cat: ByteArray) -> None:
    network = networks.load("efficientnet-lite0")
    raw = heatmaps.raw_map(network, cat, 285, against=281)
    first, second, result = re.findall(r"(?:= |- |bf\{)(-?[\d.]+)", score_formula(raw))
    assert float(first) == pytest.approx(raw.logits[285], rel=0.01)
    assert float(second) == pytest.approx(raw.logits[281], rel=0.01)
    assert float(result) == pytest.approx(raw.logits[285] - raw.logits[281], rel=0.01)
    size = size_formula(raw, 1280)
    assert size is not None
    assert r"7\times 7\times 1280" in size
    assert size.endswith("49")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_many_passes_says_how_many(method: str) -> None:
    layer = "conv" if METHODS[method].kind == "class activation" else None
    raw = RawMap(method, layer, np.zeros((2, 3), np.float32), np.ones(1), np.ones(1), 17, 40)
    size = size_formula(raw, 5)
    has_count = METHODS[method].cost == "many passes"
    assert ("17" in (size or "")) == has_count
    assert (size is None) == (layer is None and not has_count)
    # Its letter is the equation's own.
    assert ("Z" in (size or "")) == ("Z" in METHODS[method].equation)


def test_completeness_has_both_numbers() -> None:
    assert completeness_formula(-1.234, 2.0) == (
        r"\sum = \mathbf{-1.23} \;\approx\; y(x) - y(x') = \mathbf{2}"
    )
