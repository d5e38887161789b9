"""The pooling page: what it shows, whatever its controls say."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.images import sample
from cnnviz_core.layers.article import FIGURES
from cnnviz_core.layers.pooling import PoolMode
from cnnviz_core.layers.specs import Convolution, Pooling
from cnnviz_core.views.pooling import pooled
from cnnviz_core.views.sharing import Picture, sample_picture
from pages.parts.picker import OWN_KEY, OWN_NAME
from tests.pages.visits import opened

WHOLE = {
    "pool_size": (1, 10),
    "pool_stride": (1, 10),
    "pool_down": (0, 100),
    "pool_across": (0, 100),
}
CHOICES = {
    "pool_mode": ("average", "max"),
    "pool_padding": ("same", "valid"),
    "pool_input": ("maps", "picture"),
    "pool_channel": ("Green", "Blue"),
}
ARTICLE = {
    "Max pooling, one map": "pool-1",
    "Max pooling, color": "pool-3",
    "ReLU first, one map": "relu-pool-1",
    "ReLU first, color": "relu-pool-3",
}
SURPRISES = {
    "Mosaic": "32 × 40 × 3",
    "Bright spots grow": "320 × 400 × 3",
    "Overlapping": "159 × 199 × 3",
}


@pytest.fixture
def page() -> AppTest:
    return opened("pooling")


def shapes(page: AppTest) -> list[str]:
    """The shapes under the pictures, from left to right."""
    marker = '<span class="cnnviz-shape">'
    return [
        one.proto.body.split(marker)[1].split("</span>")[0]
        for one in page.get("html")
        if marker in one.proto.body
    ]


def press(page: AppTest, label: str) -> AppTest:
    return page.button(key=f"preset {label}").click().run()


def grid(page: AppTest) -> str:
    """The HTML of the window's numbers."""
    return next(str(one.proto.body) for one in page.get("html") if "cnnviz-grids" in one.proto.body)


def test_the_first_visit_pools_the_picture_itself(page: AppTest) -> None:
    assert not page.exception
    assert shapes(page) == ["320 × 400 × 3", "64 × 80 × 3", "64 × 80 × 3"]


@pytest.mark.parametrize(("label", "name"), ARTICLE.items())
def test_a_preset_shows_the_figure_of_the_article(page: AppTest, label: str, name: str) -> None:
    figure = next(one for one in FIGURES if one.name == name)
    press(page, label)
    assert not page.exception
    assert shapes(page)[1] == " × ".join(map(str, figure.shape))
    assert page.number_input(key="pool_seed").value == figure.seed


@pytest.mark.parametrize(("label", "shape"), SURPRISES.items())
def test_a_surprise_runs(page: AppTest, label: str, shape: str) -> None:
    press(page, label)
    assert not page.exception
    assert shapes(page)[1] == shape


def test_a_preset_undoes_the_one_before(page: AppTest) -> None:
    press(page, "Overlapping")
    press(page, "Mosaic")
    assert shapes(page)[1] == SURPRISES["Mosaic"]


def test_every_control_can_be_moved_to_both_ends(page: AppTest) -> None:
    press(page, "ReLU first, color")
    page.toggle(key="pool_touch").set_value(False).run()
    for key, ends in WHOLE.items():
        for end in ends:
            page.slider(key=key).set_value(end).run()
            assert not page.exception, (key, end)
    for key, options in CHOICES.items():
        for option in options:
            page.segmented_control(key=key).set_value(option).run()
            assert not page.exception, (key, option)


def test_the_window_follows_its_sliders_to_the_last_cell(page: AppTest) -> None:
    page.slider(key="pool_down").set_value(100)
    page.slider(key="pool_across").set_value(100).run()
    assert any("Row 64, column 80" in one.value for one in page.markdown)


def test_the_grid_shows_the_window_and_what_it_becomes(page: AppTest) -> None:
    page.slider(key="pool_size").set_value(2).run()
    assert grid(page).count("<td") == 2 * 2 + 1
    assert grid(page).count("outline:") == 2
    page.segmented_control(key="pool_mode").set_value("average").run()
    assert "outline:" not in grid(page)


def test_relu_leaves_nothing_below_zero(page: AppTest) -> None:
    def has_negative_values() -> list[bool]:
        facts = [one.proto.body for one in page.get("html") if "cnnviz-channels" in one.proto.body]
        return ["−" in one for one in facts]

    press(page, "Max pooling, color")
    assert has_negative_values()[:3] == [True, True, True]
    page.toggle(key="pool_relu").set_value(True).run()
    assert not any(has_negative_values())


@pytest.mark.parametrize("mode", ["max", "average"])
@pytest.mark.parametrize("stride", [None, 2])
@pytest.mark.parametrize("place", [(0, 0), (38, 36), (100, 100)])
def test_the_framed_window_becomes_the_number_shown(
    mode: PoolMode, stride: int | None, place: tuple[int, int]
) -> None:
    down, across = place
    layer = Pooling(3, stride, mode, "same")
    view = pooled(sample_picture("cat"), (Convolution(3, 3),), 1, layer, down=down, across=across)
    combine = np.max if mode == "max" else np.mean
    np.testing.assert_allclose(
        view.pooled[0, 0], combine(view.window, axis=(0, 1)), rtol=1e-5, atol=1e-4
    )
    assert view.window.shape[0] * view.window.shape[1] + view.num_outside == 9


def test_cells_outside_the_picture_are_counted(page: AppTest) -> None:
    press(page, "Bright spots grow")
    page.slider(key="pool_down").set_value(0)
    page.slider(key="pool_across").set_value(0).run()
    # Of 10×10 cells around the corner, "same" leaves 4 rows and 4 columns outside.
    assert any(f"{100 - 6 * 6} of the window's 100 cells" in one.value for one in page.caption)


def test_a_window_becomes_smaller_with_the_picture(
    page: AppTest,
) -> None:
    page.slider(key="pool_size").set_value(8).run()
    page.session_state[OWN_KEY] = Picture("small", sample("cat")[:4, :6])
    page.run()
    page.radio(key="picture").set_value(OWN_NAME).run()
    assert not page.exception
    assert page.slider(key="pool_size").value == 4
    assert shapes(page)[0] == "4 × 6 × 3"
