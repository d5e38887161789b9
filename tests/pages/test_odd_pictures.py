"""Every page with pictures of a few pixels: controls shrink with them, and nothing breaks."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.views.sharing import Picture
from pages.parts.contents import HOME, SECTIONS
from pages.parts.picker import OWN_KEY, OWN_NAME, PART
from pages.parts.presets import ASKED
from pages.parts.table_of_contents import ASCENT_PRESETS

DASHBOARD = Path(__file__).parents[2] / "dashboard.py"
BUILDING_BLOCKS = [HOME.name, *(entry.name for entry in SECTIONS["Building blocks"])]
OF_NETWORKS = [entry.name for entry in SECTIONS["Trained networks"]]


def opened(page: str, height: int, width: int, **values: object) -> AppTest:
    """A page with noise of so many pixels as the visitor's own picture."""
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    app = AppTest.from_file(DASHBOARD, default_timeout=60)
    app.session_state[OWN_KEY] = Picture(f"noise {height} {width}", noise)
    for key, value in {"picture": OWN_NAME, **values}.items():
        app.session_state[key] = value
    if page != HOME.name:
        app.switch_page(f"pages/{page}.py")
    app.run()
    assert [one.message for one in app.exception] == []
    return app


def shapes(app: AppTest) -> list[str]:
    html = "".join(one.proto.body for one in app.main.get("html"))
    return re.findall(r'cnnviz-shape">([^<]*)<', html)


def blocks(block: Any) -> Iterator[Any]:
    """All containers in a container, from the outside to the inside."""
    for child in getattr(block, "children", {}).values():
        if hasattr(child, "children"):
            yield child
        yield from blocks(child)


@pytest.mark.parametrize("page", BUILDING_BLOCKS)
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (5, 480), (12, 12)])
def test_building_blocks_take_a_picture_of_any_size(page: str, size: tuple[int, int]) -> None:
    assert [one.value for one in opened(page, *size).error] == []


@pytest.mark.parametrize("page", OF_NETWORKS)
def test_pages_of_networks_take_a_single_pixel(page: str) -> None:
    assert [one.value for one in opened(page, 1, 1).error] == []


def test_a_slider_ends_where_the_picture_does_and_comes_down_with_it() -> None:
    app = opened("home", 12, 12, home_kernels="random", home_size=15, home_window=9)
    assert (app.slider(key="home_size").max, app.slider(key="home_size").value) == (12, 12)
    assert shapes(app) == ["12 × 12 × 3", "1 × 1 × 3", "1 × 1 × 3", "1 × 1 × 3"]
    app.query_params["home_size"] = "4"  # as a browser writes into the address
    app.slider(key="home_size").set_value(4).run()
    assert app.slider(key="home_window").max == 9
    app.radio(key="picture").set_value("cat").run()
    assert (app.slider(key="home_size").max, app.slider(key="home_size").value) == (15, 4)


@pytest.mark.parametrize(("padding", "size"), [("valid", 6), ("same", 11), (3, 12)])
def test_no_window_of_lenet_outgrows_what_the_layers_before_it_leave_over(
    padding: str | int, size: int
) -> None:
    app = opened("lenet", 6, 9, lenet_padding1=padding, lenet_size1=15, lenet_dilation1=3)
    assert app.slider(key="lenet_size1").max == app.slider(key="lenet_size1").value == size
    assert app.slider(key="lenet_dilation1_only").disabled
    left = {"valid": (1, 4), "same": (6, 9), 3: (1, 4)}[padding]
    assert shapes(app)[0] == f"{left[0]} × {left[1]} × 3"
    for name in ("window1", "size2", "dilation2", "window2"):
        for slider in app.slider:
            if slider.key == f"lenet_{name}":
                slider.set_value(slider.max).run()
                assert ([*app.error], [*app.exception]) == ([], [])


def test_a_smaller_kernel_gives_its_weights_room_to_move_apart() -> None:
    app = opened("lenet", 7, 9)
    assert app.slider(key="lenet_dilation1").max == 3
    app.slider(key="lenet_size1").set_value(4).run()
    assert app.slider(key="lenet_dilation1").max == 2


def test_a_named_kernel_comes_in_the_sizes_that_fit() -> None:
    app = opened("convolution", 6, 9, kernels="named", kernel="sobel_x", kernel_size=11)
    assert app.select_slider(key="kernel_size").options == ["3", "5"]
    assert shapes(app)[-1] == "2 × 5 × 1"


def test_pooling_leaves_room_for_the_convolution_before_it() -> None:
    app = opened("pooling", 7, 9, pool_input="maps", pool_size=10)
    assert app.slider(key="pool_size").value == 5


def figures(app: AppTest) -> set[str]:
    """The figures of the article that home leads to, by their presets."""
    links = [parse_qs(one.proto.query_string) for one in app.main.get("page_link")]
    return {preset for one in links for preset in one.get(ASKED, [])}


def test_figures_whose_windows_do_not_fit_are_left_out_and_it_is_said() -> None:
    assert figures(opened("home", 1, 1)) == {*ASCENT_PRESETS, "Heatmap"}
    app = opened("home", 12, 12)
    assert "Max pooling, one map" in figures(app)
    assert "LeNet, 1 and 1 filters" not in figures(app)
    assert any("too small" in one.value for one in app.caption)


def test_a_strip_is_shown_in_a_part_that_one_can_move() -> None:
    app = opened("convolution", 3000, 50)
    assert shapes(app)[0] == "100 × 50 × 3"
    middle = app.main.get("image")[0].value
    app.slider(key=PART.key).set_value(100).run()
    assert shapes(app)[0] == "100 × 50 × 3"
    assert app.main.get("image")[0].value != middle
    app.radio(key="picture").set_value("cat").run()
    assert PART.key not in {one.key for one in app.slider}


def test_an_address_with_an_own_picture_says_that_it_was_forgotten() -> None:
    app = AppTest.from_file(DASHBOARD, default_timeout=60)
    app.query_params["picture"] = OWN_NAME
    app.run()
    assert app.radio(key="picture").value == "cat"
    assert "lasts for one visit" in app.info[0].value
    app.run()
    assert "lasts for one visit" in app.info[0].value
    app.radio(key="picture").set_value("coffee").run()
    assert len(app.info) == 0


def test_what_is_refused_leaves_the_last_view_in_gray_until_the_picture_changes() -> None:
    app = opened("convolution", 6, 5, kernels="edited", weights="1 2; 3 4")
    kept = shapes(app)
    app.text_input(key="weights").set_value("; ".join(["1 " * 7] * 7)).run()
    assert "7×7 cells, and there are 6×5" in app.error[0].value
    (seen,) = (one for one in blocks(app.main) if "in-view" in str(one.proto))
    inside = [one for block in blocks(seen) for one in block.children.values()]
    assert "error" in [one.type for one in inside]
    assert shapes(app) == kept
    assert [one.value for one in app.caption if "Grayed out" in one.value]
    assert any('class="cnnviz-stale"' in one.proto.body for one in app.get("html"))
    app.session_state[OWN_KEY] = Picture("other", np.zeros((5, 5, 3), np.uint8))
    app.run()
    assert len(app.error) == 1
    assert shapes(app) == ["5 × 5 × 3"]
    app.text_input(key="weights").set_value("1 2; 3 4").run()
    assert len(app.error) == 0
    assert not any('class="cnnviz-stale"' in one.proto.body for one in app.get("html"))


@pytest.mark.parametrize(
    ("page", "values"),
    [
        ("convolution", {"kernels": "edited", "weights": "; ".join(["1 " * 7] * 7)}),
        ("convolution", {"kernels": "edited", "weights": "1 cat"}),
        ("stepping", {"step_grid": "1 2\n3 dog"}),
        ("stepping", {"step_grid": "1 2\n3 4"}),
        ("stepping", {"step_grid": "1 2\n3"}),
    ],
)
def test_a_refusal_speaks_of_what_stands_on_the_page(page: str, values: dict[str, object]) -> None:
    (refusal,) = opened(page, 6, 6, **values).error
    assert not re.search(r"[`'\"=_]", refusal.value), refusal.value
    # The name of an argument would begin small.
    assert refusal.value[0].isupper()
    assert refusal.value.endswith(".")
