"""Shares over layers: SVG that shows each layer's numbers, names and the marked one."""

from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure

from cnnviz_core.drawing import layer_lines
from cnnviz_core.drawing.figure_style import PALETTES, WIDTH
from cnnviz_core.drawing.layer_lines import MAX_NAMES, likeness_over_layers, shares_over_layers

NAMES = [f"block{number}_depthwise_relu" for number in range(33)]
SHARES = {"kept": np.linspace(1, 0, 33), "blank channels": np.linspace(0, 0.6, 33)}


@pytest.fixture
def drawn(monkeypatch) -> list[Figure]:
    """Every figure that gets drawn, to look at its parts."""
    seen: list[Figure] = []
    to_svg = layer_lines.to_svg
    monkeypatch.setattr(layer_lines, "to_svg", lambda figure: seen.append(figure) or to_svg(figure))
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


RUNS = {"order": [[1, 0.5, -0.4], [1, 0.3]], "structure": [[1, 0.2], [1, 0.4]]}


def test_likeness_has_the_mean_of_its_runs_and_a_band_between_their_extremes(drawn) -> None:
    svg = likeness_over_layers(("trained", "top", "bottom"), RUNS, theme="light")
    ElementTree.fromstring(svg)  # noqa: S314
    axes = drawn[0].axes[0]
    order, structure = (line for line in axes.lines if line.get_marker() in "os")
    np.testing.assert_allclose(order.get_ydata(), [1, 0.4, -0.4])
    np.testing.assert_allclose(structure.get_ydata(), [1, 0.3])
    bands = [band.get_paths()[0].vertices.tolist() for band in axes.collections]
    assert len(bands) == 2
    for corner in ([0, 1], [1, 0.3], [1, 0.5], [2, -0.4]):
        assert corner in bands[0]
    assert axes.get_ylim()[0] < -0.4
    assert [text.get_text() for text in axes.texts] == list(RUNS)
    assert svg != likeness_over_layers(("trained", "top", "bottom"), RUNS, theme="dark")


@pytest.mark.parametrize(
    ("names", "runs", "message"),
    [
        (("a", "b"), [], "1 to 2 values"),
        (("a", "b"), [[]], "1 to 2 values"),
        (("a", "b"), [[1, 2, 3]], "1 to 2 values"),
        ((), [[1]], "at least one layer"),
    ],
)
def test_runs_have_values_and_no_more_than_layers(names, runs, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        likeness_over_layers(names, {"order": runs}, theme="light")
