"""The kernels page: what it shows of every layer, whatever the controls say."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.inspection import architecture
from cnnviz_core.layers import kernels
from cnnviz_core.views import kernels as kernels_view
from cnnviz_core.views import networks
from tests.pages.visits import opened

PRESETS = {
    "First layer": ["3 × 3 × 3 × 32"],
    "Trained or random": ["3 × 3 × 3 × 64"] * 2,
    "Blobs and edges": ["5 × 5 × 1 × 144"],
    "Mixing channels": ["1 × 1 × 32 × 16"],
    "1,152 filters": ["5 × 5 × 1 × 1152"],
    "Deeper": ["3 × 3 × 1 × 256"] * 2,
    "Untrained": ["5 × 5 × 1 × 6"],
}


@pytest.fixture
def page() -> AppTest:
    return opened("kernels")


def bodies(page: AppTest) -> list[str]:
    return [str(one.proto.body) for one in page.get("html")]


def shapes(page: AppTest) -> list[str]:
    return [found for body in bodies(page) for found in re.findall('cnnviz-shape">([^<]*)<', body)]


def scales(page: AppTest) -> list[str]:
    """The numbers under the color bars."""
    marks = 'class="cnnviz-marks">'
    return [body.split(marks)[1].split("</div>")[0] for body in bodies(page) if marks in body]


def cells(page: AppTest) -> int:
    return sum(body.count("<td") for body in bodies(page) if "cnnviz-grids" in body)


def press(page: AppTest, label: str) -> AppTest:
    return page.button(key=f"preset {label}").click().run()


def open_numbers(page: AppTest) -> None:
    page.session_state["kernels_numbers"] = True
    page.run()


@pytest.mark.parametrize(("label", "expected"), PRESETS.items())
def test_a_preset_shows_its_layer(page: AppTest, label: str, expected: list[str]) -> None:
    press(page, label)
    assert not page.exception
    assert shapes(page) == expected


def test_a_preset_undoes_the_one_before(page: AppTest) -> None:
    press(page, "Deeper")
    press(page, "First layer")
    assert shapes(page) == PRESETS["First layer"]


def test_another_network_begins_with_its_first_layer(page: AppTest) -> None:
    press(page, "1,152 filters")
    page.selectbox(key="network").set_value("vgg16-edges").run()
    assert not page.exception
    assert shapes(page) == ["3 × 3 × 3 × 64"]


@pytest.mark.parametrize(
    ("label", "num_cells"),
    [
        ("First layer", 3 * 9),
        ("Blobs and edges", 25),
        ("Mixing channels", 32),
        ("Deeper", 9),
        ("Untrained", 25),
    ],
)
def test_one_kernel_is_written_out_in_full(page: AppTest, label: str, num_cells: int) -> None:
    press(page, label)
    open_numbers(page)
    page.slider(key="kernels_filter").set_value(page.slider(key="kernels_filter").max).run()
    assert not page.exception
    assert cells(page) == num_cells


def test_a_filter_that_a_smaller_layer_lacks_becomes_its_last(page: AppTest) -> None:
    press(page, "1,152 filters")
    open_numbers(page)
    page.slider(key="kernels_filter").set_value(1152).run()
    page.select_slider(key="kernels_layer").set_value("block1a_project").run()
    assert not page.exception
    assert page.slider(key="kernels_filter").value == 16


def test_every_control_can_be_moved_to_both_ends(page: AppTest) -> None:
    page.session_state["kernels_histogram"] = True
    page.toggle(key="kernels_random").set_value(True).run()
    for key, options in {
        "kernels_first": ("mean", "channel"),
        "kernels_scale": ("own", "shared"),
    }.items():
        for option in options:
            page.segmented_control(key=key).set_value(option).run()
            assert not page.exception, (key, option)
    for channel in (1, 3):
        page.slider(key="kernels_channel").set_value(channel).run()
        assert not page.exception
    for seed in (0, 9999):
        page.number_input(key="kernels_seed").set_value(seed).run()
        assert not page.exception
    for layer in ("head_conv", "stem_conv"):
        page.select_slider(key="kernels_layer").set_value(layer).run()
        assert not page.exception


def test_sheets_share_one_scale_unless_each_is_to_have_its_own(page: AppTest) -> None:
    press(page, "Trained or random")
    assert len(set(scales(page))) == 1
    page.segmented_control(key="kernels_scale").set_value("own").run()
    assert len(set(scales(page))) == 2


def test_the_formula_counts_the_weights(page: AppTest) -> None:
    press(page, "Trained or random")
    assert any(r"\mathbf{1{,}728}" in one.value and "1,792" in one.value for one in page.markdown)


def test_what_is_shown_are_the_weights_of_the_network() -> None:
    network = networks.load_network("vgg16-edges")
    weights = architecture.layer_kernels(network, "block2_conv1")
    for display, expected in (
        ("mean", weights.mean(2, keepdims=True)),
        ("channel", weights[:, :, 7:8]),
    ):
        view = kernels_view.kernels_of(network, "block2_conv1", display, channel=7)  # type: ignore[arg-type]
        np.testing.assert_array_equal(view.shown, expected)
        assert (view.sheets[0].low, view.sheets[0].high) == (expected.min(), expected.max())


def test_random_weights_are_those_of_an_untrained_layer() -> None:
    network = networks.load_network("vgg16-edges")
    view = kernels_view.kernels_of(network, "block1_conv1", "color", seed=5)
    expected = kernels.random_kernels(3, 64, 3, 5)
    assert (view.sheets[1].low, view.sheets[1].high) == (expected.min(), expected.max())


@pytest.mark.parametrize("key", ["efficientnet-lite0", "vgg16-edges", "lenet-5", "lenet-cat"])
def test_every_layer_with_kernels_can_be_shown(key: str) -> None:
    network = networks.load_network(key)
    layers = kernels_view.layers_with_kernels(network)
    for layer in {layers[0], layers[len(layers) // 2], layers[-1]}:
        for display in kernels_view.kernel_displays(network, layer):
            assert kernels_view.kernels_of(network, layer, display, seed=1).sheets[1].data
