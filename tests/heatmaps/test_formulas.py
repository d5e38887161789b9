"""The numbers beside a heatmap's formula."""

import re

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.arrays import ByteArray
from cnnviz_core.heatmaps import maps
from cnnviz_core.heatmaps.formulas import completeness_formula, score_formula, size_formula
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.heatmaps.records import RawMap


def found(logits: list[float], logit_weights: list[float]) -> RawMap:
    return RawMap(
        "cam", "conv", np.zeros((2, 3), np.float32), *map(np.float32, (logits, logit_weights))
    )


@pytest.mark.parametrize(
    ("logits", "logit_weights", "expected"),
    [
        ([1, 2.5], [0, 1], r"y = z_{1} = \mathbf{2.5}"),
        ([-1, -2], [1, -1], r"y = z_{0} - z_{1} = -1 - (-2) = \mathbf{1}"),
        ([0.5], [-1], r"y = -z_{0} = \mathbf{-0.5}"),
        ([123456, 0], [1, 0], r"y = z_{0} = \mathbf{123{,}456}"),
        # The difference is that of the numbers as they stand: 10.13 − 8.85, not 1.279 rounded.
        ([10.1264, 8.8474], [1, -1], r"y = z_{0} - z_{1} = 10.13 - 8.85 = \mathbf{1.28}"),
        ([0.0012345, 0], [1, 0], r"y = z_{0} = \mathbf{0.001234}"),
        ([0, 0], [1, 0], r"y = z_{0} = \mathbf{0}"),
    ],
)
def test_the_score_is_what_the_logits_make_of_it(
    logits: list[float], logit_weights: list[float], expected: str
) -> None:
    assert score_formula(found(logits, logit_weights)) == expected


def test_the_score_of_the_cat_has_the_networks_own_numbers(cat: ByteArray) -> None:
    network = networks.load("efficientnet-lite0")
    raw = maps.raw_map(network, cat, 285, against=281)
    first, second, result = re.findall(r"(?:= |- |bf\{)(-?[\d.]+)", score_formula(raw))
    assert float(first) == pytest.approx(raw.logits[285], rel=0.01)
    assert float(second) == pytest.approx(raw.logits[281], rel=0.01)
    assert float(result) == pytest.approx(raw.logits[285] - raw.logits[281], rel=0.01)
    size = size_formula(raw, 1280)
    assert size is not None
    assert r"7\times 7\times 1280" in size
    assert size.endswith("49")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_many_passes_says_how_many_once_it_is_done(method: str) -> None:
    layer = "conv" if METHODS[method].kind == "class activation" else None
    values = np.zeros((2, 3), np.float32)
    done, growing = (
        size_formula(RawMap(method, layer, values, np.ones(1), np.ones(1), part, 40), 5)
        for part in (40, 17)
    )
    has_count = METHODS[method].cost == "many passes"
    assert ("40" in (done or "")) == has_count
    assert (done is None) == (layer is None and not has_count)
    # On the way there, the parts are not yet those of the equation.
    assert not re.search("17|40", growing or "")
    # Their letters are the equations' own.
    equations = " ".join(METHODS[method].definitions)
    for letter, counted in (("Z", "Z"), ("K", "|K|"), ("{n}", "n =")):
        assert (counted in (done or "")) == (letter in equations)


def test_completeness_has_both_numbers() -> None:
    assert completeness_formula(-1.2345, 2.0) == (
        r"\sum_{ij} M_{ij} = \mathbf{-1.234} \;\approx\; y(x) - y(x') = \mathbf{2}"
    )
