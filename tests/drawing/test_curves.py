"""The figures are SVG that a browser can show, and show what they are given."""

import re
import tomllib
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from cnnviz_core.drawing import curves as lines
from cnnviz_core.drawing import figure_style, histograms
from cnnviz_core.drawing.curves import MAX_SERIES, Series, curves
from cnnviz_core.drawing.figure_style import FONT_POINTS, PALETTES, spread
from cnnviz_core.drawing.histograms import histogram, histogram_edges
from cnnviz_core.theme import Theme

X = np.linspace(-6, 6, 97)
RELU = Series("relu", np.maximum(X, 0), (X > 0).astype(np.float32))
TANH = Series("tanh", np.tanh(X), 1 - np.tanh(X) ** 2)
PLAIN = Series("identity", X)
THEMES = get_args(Theme)
CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())


@pytest.fixture
def drawn(monkeypatch) -> list[Figure]:
    """Every figure that gets drawn, to look at its parts."""
    seen: list[Figure] = []
    to_svg = figure_style.to_svg
    for figures in (lines, histograms):
        monkeypatch.setattr(figures, "to_svg", lambda figure: seen.append(figure) or to_svg(figure))
    return seen


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def bars(figure: Figure) -> list:
    """The heights of each row of bars, from their base."""
    return [patch.get_data().values - patch.get_data().baseline for patch in figure.axes[0].patches]


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(7).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("theme", THEMES)
def test_colors_are_those_of_the_pages(theme: Theme) -> None:
    page = CONFIG["theme"][theme]
    palette = PALETTES[theme]
    assert palette.text == page["textColor"]
    assert palette.border == page["borderColor"]
    assert palette.accent == page["primaryColor"]
    shared = CONFIG["theme"]["chartCategoricalColors"]
    assert list(palette.series) == page.get("chartCategoricalColors", shared)


@pytest.mark.parametrize("theme", THEMES)
def test_pictures_are_svg_of_the_promised_size(theme: Theme) -> None:
    pictures = {
        curves(X, [RELU, TANH], theme=theme): lines.CURVES_HEIGHT,
        histogram(noise(9, 9, 2), noise(9, 9, 2), theme=theme): histograms.HISTOGRAM_HEIGHT,
    }
    for picture, height in pictures.items():
        root = ElementTree.fromstring(picture)  # noqa: S314
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        # 96 pixels and 72 points make an inch.
        size = [float(root.get(side).removesuffix("pt")) * 96 / 72 for side in ("width", "height")]
        assert size == pytest.approx([620, height])
        assert PALETTES[theme].text.lower() in picture.lower()
        assert "#ffffff" not in picture.lower()  # transparent


def test_letters_are_large_enough_and_outlines(drawn: list[Figure]) -> None:
    picture = curves(X, [RELU, TANH], theme="light")
    assert FONT_POINTS >= 11
    (axes,) = drawn[0].axes
    labels = [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]
    assert {label.get_fontsize() for label in labels} == {FONT_POINTS}
    assert "<text" not in picture


def test_each_function_is_drawn_and_labeled_in_its_color(drawn: list[Figure]) -> None:
    curves(X, [RELU, TANH, PLAIN], theme="dark")
    assert texts(drawn[0])[:3] == ["relu", "tanh", "identity"]
    lines = [line for line in drawn[0].axes[0].lines if len(line.get_xdata()) == len(X)]
    expected = [RELU.values, RELU.derivative, TANH.values, TANH.derivative, PLAIN.values]
    for line, values in zip(lines, expected, strict=True):
        np.testing.assert_array_equal(line.get_ydata(), values)
    first, second, third, *_ = PALETTES["dark"].series
    assert [line.get_color() for line in lines] == [first, first, second, second, third]
    assert [line.is_dashed() for line in lines] == [False, True, False, True, False]


def test_the_key_is_there_only_with_derivatives(drawn: list[Figure]) -> None:
    curves(X, [RELU], theme="light")
    curves(X, [PLAIN], theme="light")
    assert [texts(figure) for figure in drawn] == [["relu", "f(x)", "f′(x)"], ["identity"]]


def test_everything_lies_within_the_picture(drawn: list[Figure]) -> None:
    names = ("hard sigmoid", "leaky relu", "softmax", "identity", "GELU", "ReLU6")
    curves(X, [Series(name, -X, X) for name in names], theme="light")
    for name in names:
        curves(X, [Series(name, X)], theme="light")
    for reach in (0.01, 0.1, 1, 20, 1000):
        curves(X, [Series("identity", reach * X)], theme="light")
    histogram(noise(20, 20), np.maximum(noise(20, 20), 0), theme="light")
    histogram(-(noise(20, 20) ** 2), np.zeros(4), theme="light")
    for figure in drawn:
        box = figure.get_tightbbox()
        assert min(box.x0, box.y0) >= 0
        assert box.x1 <= figure.get_figwidth()
        assert box.y1 <= figure.get_figheight()


def test_labels_of_curves_that_end_together_do_not_overlap(drawn: list[Figure]) -> None:
    curves(X, [Series(f"f {one}", X + one / 1000) for one in range(MAX_SERIES)], theme="light")
    boxes = sorted(
        (text.get_window_extent() for text in drawn[0].axes[0].texts), key=lambda b: b.y0
    )
    for lower, upper in pairwise(boxes):
        assert lower.y1 <= upper.y0


@given(
    wanted=st.lists(st.floats(-1, 2), min_size=1, max_size=6),
    gap=st.floats(0.01, 0.2),
)
@settings(max_examples=100, deadline=None)
def test_spread_keeps_gap_order_and_bounds(wanted: list[float], gap: float) -> None:
    placed = spread(wanted, gap, 0, 1)
    assert min(placed) >= -1e-9
    assert max(placed) <= 1 + 1e-9
    ordered = sorted(placed)
    assert all(np.diff(ordered) >= gap - 1e-9)
    assert [wanted[index] for index in np.argsort(placed)] == sorted(wanted)


def test_spread_leaves_alone_what_has_room() -> None:
    assert spread([0.9, 0.1, 0.5], 0.2, 0, 1) == [0.9, 0.1, 0.5]


def test_histogram_counts_every_value_but_zeros(drawn: list[Figure]) -> None:
    before = noise(60, 50, 3)
    after = np.maximum(before, 0)
    histogram(before, after, theme="light")
    old, new = bars(drawn[0])
    edges = drawn[0].axes[0].patches[0].get_data().edges
    for heights, values in ((old, before), (new, after[after > 0])):
        expected = [
            np.count_nonzero((values >= low) & (values < high)) for low, high in pairwise(edges)
        ]
        expected[-1] += np.count_nonzero(values == edges[-1])
        np.testing.assert_allclose(heights / heights.max(), np.divide(expected, max(expected)))
    assert not new[edges[:-1] < -1e-9].any()


def test_the_share_at_zero_is_marked(drawn: list[Figure]) -> None:
    histogram([-1, 2, 3, 4], [0, 2, 3, 4], theme="light")
    histogram([0, 0, 0, 4], [1, 2, 3, 4], theme="light", zero_label="{share} sind 0")
    histogram(np.ones(1000), np.r_[np.ones(999), 0], theme="light")
    assert "25.0% exactly 0" in texts(drawn[0])
    assert "75.0% sind 0" in texts(drawn[1])
    assert texts(drawn[2]) == ["before", "after"]


@pytest.mark.parametrize(
    "values", [[5.0], [0.0, 0.0], [1e-30, 2e-30], [-3e38, 3e38], [np.nan, np.inf, 1], [True, False]]
)
def test_histogram_takes_any_finite_values(values: list[float]) -> None:
    ElementTree.fromstring(histogram(values, values, theme="dark"))  # noqa: S314


@given(ends=st.tuples(*[st.floats(allow_nan=False, allow_infinity=False, width=32)] * 2))
@settings(max_examples=200, deadline=None)
def test_edges_hold_all_values_and_none_straddles_zero(ends: tuple[float, float]) -> None:
    low, high = sorted(ends)
    edges = histogram_edges(low, high)
    slack = 1e-9 * max(abs(low), abs(high))
    assert edges[0] <= low + slack
    assert edges[-1] >= high - slack
    assert 1 <= len(edges) - 1 <= histograms.NUM_BINS + 2
    assert not ((edges[:-1] < 0) & (edges[1:] > 0)).any()


def test_threads_draw_what_one_draws_alone() -> None:
    values = noise(40, 40, 3)

    def draw(job: int) -> str:
        theme = THEMES[job % 2]
        picture = curves(X, [RELU, TANH], theme=theme)
        return picture + histogram(values, np.maximum(values, 0), theme=theme)

    alone = [draw(0), draw(1)] * 4
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(draw, range(8))) == alone


def test_settings_of_matplotlib_stay_as_they_are() -> None:
    before = dict(mpl.rcParams)
    curves(X, [RELU], theme="dark")
    histogram(X, X, theme="dark")
    assert dict(mpl.rcParams) == before


def test_labels_are_not_read_as_formulas(drawn: list[Figure]) -> None:
    curves(X, [Series(r"$\broken{$", X)], theme="light")
    assert texts(drawn[0]) == [r"$\broken{$"]


def test_inputs_are_left_alone() -> None:
    values = noise(9, 9)
    values[0, 0] = np.nan
    inputs = [X.copy(), values]
    copies = [array.copy() for array in inputs]
    for array in inputs:
        array.flags.writeable = False
    x, values = inputs
    curves(x, [Series("identity", x)], theme="light")
    histogram(values, values, theme="light")
    for array, copy in zip(inputs, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize(
    ("x", "series", "message"),
    [
        (X, [], "series must be 1 to 6"),
        (X, [PLAIN] * 7, "series must be 1 to 6.*7 came"),
        (X, [Series("short", X[1:])], r"series must have .* 97 x.*'short'.*\(96,\)"),
        (X, [Series("short", X, X[1:])], r"'short'.*\(96,\)"),
        (X[::-1], [PLAIN], "x must be .* ascending"),
        (X[:1], [Series("one", X[:1])], "x must be .* at least two"),
    ],
)
def test_curves_that_do_not_fit_are_refused(x, series, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        curves(x, series, theme="light")


def test_a_theme_is_light_or_dark() -> None:
    for draw in (lambda: curves(X, [RELU], theme="sepia"), lambda: histogram(X, X, theme="sepia")):
        with pytest.raises(ValueError, match=re.escape("theme must be one of 'light', 'dark'")):
            draw()


@pytest.mark.parametrize("nothing", [[], [np.nan]])
def test_a_histogram_needs_a_value(nothing: list[float]) -> None:
    with pytest.raises(ValueError, match="after must hold a finite number"):
        histogram([1.0], nothing, theme="light")
