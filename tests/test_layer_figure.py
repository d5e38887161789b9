"""Shares over layers: SVG that shows each layer's numbers, names and the marked one."""

from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure

from cnnviz_core import layer_figure
from cnnviz_core.figure_style import PALETTES, WIDTH
from cnnviz_core.layer_figure import MAX_NAMES, shares_over_layers

NAMES = [f"block{number}_depthwise_relu" for number in range(33)]
SHARES = {"kept": np.linspace(1, 0, 33), "blank channels": np.linspace(0, 0.6, 33)}


@pytest.fixture
def drawn(monkeypatch) -> list[Figure]:
    """Every figure that gets drawn, to look at its parts."""
    seen: list[Figure] = []
    to_svg = layer_figure.to_svg
    monkeypatch.setattr(
        layer_figure, "to_svg", lambda figure: seen.append(figure) or to_svg(figure)
    )
    return seen


def test_each_line_has_a_point_for_each_layer(drawn) -> None:
    ElementTree.fromstring(shares_over_layers(NAMES, SHARES, theme="light"))  # noqa: S314
    lines = [line for line in drawn[0].axes[0].lines if len(line.get_xdata()) == 33]
    assert len(lines) == 2
    np.testing.assert_array_equal(lines[0].get_ydata(), SHARES["kept"])
    texts = [text.get_text() for text in drawn[0].axes[0].texts]
    assert texts == ["kept", "blank channels"]


@pytest.mark.parametrize("count", [1, 2, 9, 10, 18, 33])
def test_few_names_stand_at_their_layers_and_inside_the_picture(drawn, count: int) -> None:
    names = NAMES[:count]
    shares_over_layers(names, {"kept": [0.5] * count}, theme="dark")
    axes = drawn[0].axes[0]
    labels = axes.get_xticklabels()
    assert 1 <= len(labels) <= MAX_NAMES
    assert [names[int(place)] for place in axes.get_xticks()] == [one.get_text() for one in labels]
    boxes = [label.get_window_extent() for label in labels]
    assert min(box.x0 for box in boxes) >= 0
    assert min(box.y0 for box in boxes) >= 0
    assert max(box.x1 for box in boxes) <= WIDTH


@pytest.mark.parametrize(("marked", "count"), [("block7_depthwise_relu", 1), ("other", 0)])
def test_the_marked_layer_has_an_upright_line(drawn, marked: str, count: int) -> None:
    shares_over_layers(NAMES, SHARES, theme="light", marked=marked)
    accent = PALETTES["light"].accent
    upright = [line for line in drawn[0].axes[0].lines if line.get_color() == accent]
    assert [list(line.get_xdata()) for line in upright] == [[7, 7]] * count


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one layer"):
        shares_over_layers([], {}, theme="light")
    with pytest.raises(ValueError, match="'kept' came with 2"):
        shares_over_layers(["conv"], {"kept": [0, 1]}, theme="light")
    with pytest.raises(ValueError, match="theme must be"):
        shares_over_layers(["conv"], {"kept": [0]}, theme="sepia")
