"""The figure of counts is SVG with bars where values are, in both scales."""

import re
from typing import get_args
from xml.etree import ElementTree

import numpy as np
import pytest

from cnnviz_core.drawing.figure_style import PALETTES, WIDTH
from cnnviz_core.drawing.histograms import HEIGHT, LOWEST_LOG_COUNT, CountScale, counts
from cnnviz_core.theme import Theme

PEAK, TAIL = 1000, 10
VALUES = np.repeat([0.0, 1.0], [PEAK, TAIL])


def bar_heights(svg: str) -> list[float]:
    """How far the bars' upper edges are from the base, in points, without empty ones."""
    color = PALETTES["light"].series[0].lower()
    (path,) = re.findall(rf'<path d="([^"]*)" style="fill: {color}"', svg)
    places = [float(place) for place in re.findall(r"[ML] \S+ (\S+)", path)]
    return sorted({max(places) - place for place in places} - {0.0})


@pytest.mark.parametrize("theme", get_args(Theme))
@pytest.mark.parametrize("count_scale", get_args(CountScale))
def test_it_is_an_svg_of_its_size_with_its_label(theme: Theme, count_scale: CountScale) -> None:
    svg = counts([0.1, 0.9], theme=theme, count_scale=count_scale, label="how many")
    root = ElementTree.fromstring(svg)  # noqa: S314, our own
    _, _, width, height = map(float, root.get("viewBox", "").split())
    assert (width, height) == pytest.approx((WIDTH * 0.75, HEIGHT * 0.75))
    assert "<!-- how many -->" in svg


def test_a_bar_is_as_high_as_its_count() -> None:
    low, high = bar_heights(counts(VALUES, theme="light"))
    assert low / high == pytest.approx(TAIL / PEAK, rel=0.01)


def test_a_bar_on_a_log_scale_is_as_high_as_the_power_of_its_count() -> None:
    low, high = bar_heights(counts(VALUES, theme="light", count_scale="log"))
    assert low / high == pytest.approx(
        np.log(TAIL / LOWEST_LOG_COUNT) / np.log(PEAK / LOWEST_LOG_COUNT), rel=0.01
    )


def test_a_single_value_is_a_bar_on_a_log_scale() -> None:
    values = np.repeat([0.0, 1.0], [PEAK, 1])
    assert len(bar_heights(counts(values, theme="light", count_scale="log"))) == 2


@pytest.mark.parametrize("values", [[], [np.nan], [1.0, np.inf]])
def test_values_that_cannot_be_counted_are_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        counts(values, theme="light")
