"""The feature-maps page: what it shows, whatever network, layer and picture it gets."""

import io
from itertools import count
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnviz_core import images, networks
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.inspection import feature_maps
from cnnviz_core.inspection.feature_maps import CHANNEL_ORDERS
from cnnviz_core.inspection.layer_roles import main_layers
from cnnviz_core.networks import Network, from_keras
from cnnviz_core.views.feature_maps import (
    ChannelScale,
    layer_measures,
    layer_view,
    through_the_network,
)
from cnnviz_core.views.networks import all_layers as cached_layers
from cnnviz_core.views.sharing import Picture, sample_picture
from pages.parts.inspection.feature_map_controls import CHANNEL, LAYER
from pages.parts.network_controls import NETWORK, OWN, UPLOAD_SWITCH
from pages.parts.picker import OWN_KEY, OWN_NAME
from tests.pages.visits import opened

SCALINGS: tuple[ChannelScale, ...] = get_args(ChannelScale)
PRESETS = {
    "First layer": ("112 × 112 × 32", "efficientnet-lite0"),
    "Halfway": ("14 × 14 × 240", "efficientnet-lite0"),
    "Last maps": ("7 × 7 × 1280", "efficientnet-lite0"),
    "VGG16: first layer": ("224 × 224 × 64", "vgg16-edges"),
    "VGG16: first pooling": ("112 × 112 × 64", "vgg16-edges"),
    "VGG16: halfway": ("56 × 56 × 256", "vgg16-edges"),
    "VGG16: last layer": ("14 × 14 × 512", "vgg16-edges"),
}
numbers = count()


@pytest.fixture
def page() -> AppTest:
    return opened("feature_maps")


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The networks that a picture went through, one entry for each forward pass."""
    seen: list[str] = []
    all_layers = feature_maps.all_layers

    def counted(network: Network, image: Any) -> Any:
        seen.append(network.key)
        return all_layers(network, image)

    monkeypatch.setattr(feature_maps, "all_layers", counted)
    return seen


def checked(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def shapes(page: AppTest) -> list[str]:
    """The shapes under the pictures: all channels, and the one shown alone."""
    marker = '<span class="cnnviz-shape">'
    return [
        one.proto.body.split(marker)[1].split("</span>")[0]
        for one in page.get("html")
        if marker in one.proto.body
    ]


def press(page: AppTest, label: str) -> AppTest:
    return checked(page.button(key=f"preset {label}").click().run())


def says(page: AppTest, words: str) -> bool:
    written = [one.value for one in page.markdown] + [one.proto.body for one in page.get("html")]
    return any(words in one for one in written)


def new_picture(pixels: np.ndarray | None = None) -> Picture:
    """A picture that no cache knows yet."""
    return Picture(f"new {next(numbers)}", images.sample("cat") if pixels is None else pixels)


def show_own_picture(page: AppTest, picture: Picture) -> AppTest:
    page.session_state[OWN_KEY] = picture
    page.run()
    return checked(page.radio(key="picture").set_value(OWN_NAME).run())


def small_network(title: str, *layers: Any, size: tuple[int, int, int] = (12, 15, 3)) -> Network:
    import keras

    return from_keras(keras.Sequential([keras.Input(size), *layers]), title=title)


def test_the_first_visit_shows_the_first_layer(page: AppTest) -> None:
    assert shapes(page) == ["112 × 112 × 32", "112 × 112 × 1"]
    assert says(page, "stem_relu (ReLU)")
    assert says(page, "Channel 1 of 32, framed")


@pytest.mark.parametrize("label", PRESETS)
def test_a_preset_shows_its_layer(page: AppTest, label: str) -> None:
    shape, network = PRESETS[label]
    press(page, label)
    assert shapes(page)[0] == shape
    assert page.selectbox(key=NETWORK.key).value == network


def test_switching_layer_order_scale_or_channel_runs_no_network(
    page: AppTest, passes: list[str]
) -> None:
    show_own_picture(page, new_picture())
    assert passes == ["efficientnet-lite0"]
    for layer in ("block3a_expand_relu", "head_relu", "pool", "stem_relu"):
        checked(page.select_slider(key=LAYER.key).set_value(layer).run())
    for order in CHANNEL_ORDERS:
        checked(page.selectbox(key="maps_order").set_value(order).run())
    checked(page.segmented_control(key="maps_scale").set_value("channel").run())
    checked(page.select_slider(key=CHANNEL.key).set_value(9).run())
    page.session_state["maps_rows"] = True
    page.session_state["maps_conclusions"] = True
    checked(page.run())
    assert passes == ["efficientnet-lite0"]
    press(page, "VGG16: last layer")
    assert passes == ["efficientnet-lite0", "vgg16-edges"]


def test_slider_and_list_of_layers_move_together(page: AppTest) -> None:
    checked(page.selectbox(key="layer by name").set_value("head_relu").run())
    assert page.select_slider(key=LAYER.key).value == "head_relu"
    assert shapes(page)[0] == "7 × 7 × 1280"
    checked(page.select_slider(key=LAYER.key).set_value("block3a_expand_relu").run())
    assert page.selectbox(key="layer by name").value == "block3a_expand_relu"
    assert shapes(page)[0] == "56 × 56 × 144"


def test_steps_in_between_can_be_shown_and_are_left_for_the_next_layer(page: AppTest) -> None:
    offered = len(page.select_slider(key=LAYER.key).options)
    checked(page.toggle(key="maps_steps").set_value(True).run())
    assert len(page.select_slider(key=LAYER.key).options) > 3 * offered
    checked(page.select_slider(key=LAYER.key).set_value("block4a_expand_bn").run())
    assert says(page, "block4a_expand_bn (BatchNormalization)")
    checked(page.toggle(key="maps_steps").set_value(False).run())
    assert page.select_slider(key=LAYER.key).value == "block4a_expand_relu"


def test_a_network_of_whole_steps_offers_no_others(page: AppTest) -> None:
    press(page, "VGG16: first layer")
    assert [one.key for one in page.toggle] == []


def test_another_network_begins_at_its_first_layer(page: AppTest) -> None:
    press(page, "Last maps")
    checked(page.selectbox(key=NETWORK.key).set_value("vgg16-edges").run())
    assert page.select_slider(key=LAYER.key).value == "block1_conv1"


@pytest.mark.parametrize(
    "key",
    [
        "efficientnet-lite0",
        pytest.param("vgg16-edges", marks=pytest.mark.slow),
        "lenet-5",
        pytest.param("lenet-cat", marks=pytest.mark.slow),
    ],
)
def test_every_control_can_be_moved_to_both_ends(page: AppTest, key: str) -> None:
    checked(page.selectbox(key=NETWORK.key).set_value(key).run())
    for end in (-1, 0):
        network = networks.load(key)
        checked(page.select_slider(key=LAYER.key).set_value(main_layers(network)[end]).run())
        for position in (int(page.select_slider(key=CHANNEL.key).options[-1]), 1):
            checked(page.select_slider(key=CHANNEL.key).set_value(position).run())
        for order in CHANNEL_ORDERS:
            checked(page.selectbox(key="maps_order").set_value(order).run())
        for scaling in SCALINGS:
            checked(page.segmented_control(key="maps_scale").set_value(scaling).run())


def test_a_channel_beyond_the_last_becomes_the_last(page: AppTest) -> None:
    press(page, "Last maps")
    checked(page.select_slider(key=CHANNEL.key).set_value(1280).run())
    checked(page.select_slider(key=LAYER.key).set_value("stem_relu").run())
    assert page.select_slider(key=CHANNEL.key).value == 32


def test_a_layer_of_single_values_says_so(page: AppTest) -> None:
    checked(page.select_slider(key=LAYER.key).set_value("pool").run())
    assert shapes(page) == ["1 × 1 × 1280", "1 × 1 × 1"]
    assert says(page, "every tile is one value")


@pytest.mark.parametrize("shape", [(1, 1), (5, 7), (90, 3), (600, 600)])
def test_a_picture_of_any_size_is_shown(page: AppTest, shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    show_own_picture(page, new_picture(pixels))
    assert shapes(page) == ["112 × 112 × 32", "112 × 112 × 1"]


def test_what_is_closed_is_not_computed(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[int] = []
    measure_layers = feature_maps.measure_layers

    def counted(maps: Any, image: Any) -> Any:
        measured.append(len(maps))
        return measure_layers(maps, image)

    monkeypatch.setattr(feature_maps, "measure_layers", counted)
    show_own_picture(page, new_picture())
    num_pictures = len(page.get("image"))
    assert measured == []
    page.session_state["maps_conclusions"] = True
    checked(page.run())
    assert measured == [33]
    assert len(page.get("image")) == num_pictures + 1
    page.session_state["maps_rows"] = True
    checked(page.run())
    assert measured == [33]
    assert len(page.get("image")) == num_pictures + 11


def test_three_conclusions_are_said_with_the_numbers_of_the_picture(page: AppTest) -> None:
    page.session_state["maps_conclusions"] = True
    checked(page.run())
    measures = layer_measures(networks.load("efficientnet-lite0"), sample_picture("cat"))
    for measure in ("r2", "dead", "sparsity"):
        first, last = (f"{getattr(measures[end], measure):.1%}" for end in (0, -1))
        assert any(first in one.value and last in one.value for one in page.markdown)
    assert says(page, "Linear read-out of the picture")


def test_what_the_read_out_cannot_say_is_said(page: AppTest) -> None:
    page.session_state["maps_conclusions"] = True
    checked(page.run())
    assert says(page, "`stem_relu`, with 112 × 112 positions")
    assert says(page, "`head_relu`, with 7 × 7")
    assert says(page, "Few positions limit it")
    assert says(page, "as the network received it: resized to 224 × 224 pixels")


def test_a_scale_that_leaves_extremes_out_says_so(page: AppTest) -> None:
    words = "99.5th percentile"
    # ReLU6 reaches its end in many places.
    assert not says(page, words)
    press(page, "VGG16: first layer")
    assert says(page, f"the {words} of the channel's")
    checked(page.segmented_control(key="maps_scale").set_value("layer").run())
    assert says(page, f"the {words} of the layer's")


@pytest.mark.parametrize("layer", ["block1_conv1", "block1_pool", "block5_conv3"])
def test_hardly_more_is_black_than_what_is_zero(layer: str) -> None:
    network, cat = networks.load("vgg16-edges"), sample_picture("cat")
    view = layer_view(network, cat, layer, order="index", scaling="channel", position=0)
    levels = np.asarray(Image.open(io.BytesIO(view.sheet.data)))[..., :3].max(2)
    zeros = np.mean(cached_layers(network, cat)[layer] == 0)
    assert np.mean(levels < 40) < zeros + 0.11


def test_the_layer_is_explained(page: AppTest) -> None:
    press(page, "Halfway")
    assert any(
        one.value.startswith("Block 4 of 7, unit 1 of 3: depthwise convolution, then batch")
        for one in page.caption
    )


def test_a_network_that_is_not_there_yet_says_what_to_do(
    page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    checked(page.selectbox(key=NETWORK.key).set_value("vgg16").run())
    assert any("As soon as the network is loaded" in one.value for one in page.info)
    assert shapes(page) == []
    checked(page.selectbox(key=NETWORK.key).set_value("vgg16-edges").run())
    assert shapes(page)[0] == "224 × 224 × 64"


def test_a_network_without_convolutions_is_shown(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keras import layers

    monkeypatch.setenv(UPLOAD_SWITCH, "1")
    page.session_state["uploaded network"] = small_network(
        "no convolutions",
        layers.Flatten(name="flat"),
        layers.Dense(40, activation="relu", name="hidden"),
        layers.Dense(1, activation="sigmoid", name="answer"),
    )
    checked(page.run())
    checked(page.selectbox(key=NETWORK.key).set_value(OWN).run())
    page.session_state["maps_rows"] = True
    page.session_state["maps_conclusions"] = True
    checked(page.run())
    assert shapes(page) == ["1 × 1 × 40", "1 × 1 × 1"]
    assert any("no maps" in one.value for one in page.info)
    checked(page.toggle(key="maps_steps").set_value(True).run())
    for layer, num_channels in {"flat": 12 * 15 * 3, "answer": 1}.items():
        checked(page.select_slider(key=LAYER.key).set_value(layer).run())
        assert shapes(page)[0] == f"1 × 1 × {num_channels}"


def test_more_channels_than_tiles_are_cut_and_counted(page: AppTest) -> None:
    from keras import layers

    network = small_network("very wide", layers.Flatten(name="flat"), size=(30, 30, 3))
    view = layer_view(
        network, sample_picture("cat"), "flat", order="index", scaling="layer", position=1279
    )
    assert (view.num_shown, view.num_channels, view.index) == (1280, 2700, 1279)


def constant_maps() -> Network:
    """Three channels: zero everywhere, 5 everywhere, and −3 everywhere."""
    from keras import layers

    convolution = layers.Conv2D(3, 3, name="conv")
    convolution.build((None, 12, 15, 3))
    convolution.set_weights([np.zeros((3, 3, 3, 3)), np.float32([0, 5, -3])])
    return small_network("constant", convolution, layers.Flatten(name="flat"))


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize(("position", "value"), [(0, 0.0), (1, 5.0), (2, -3.0)])
def test_a_constant_channel_is_shown(scaling: ChannelScale, position: int, value: float) -> None:
    view = layer_view(
        constant_maps(),
        new_picture(),
        "conv",
        order="index",
        scaling=scaling,
        position=position,
    )
    assert view.channel.low == view.channel.high == value
    assert r"\frac{1}{" in view.dead_formula
    assert view.sheet.scale.color_map == "diverging"


def test_a_picture_of_one_color_has_measures() -> None:
    picture = new_picture(np.full((40, 50, 3), 90, np.uint8))
    for measure in layer_measures(networks.load("vgg16-edges"), picture):
        assert measure.r2 == 1.0
        assert 0 <= measure.dead <= 1
        assert 0 <= measure.sparsity <= 1


@pytest.mark.parametrize("order", CHANNEL_ORDERS)
def test_the_channel_alone_is_the_one_framed(order: feature_maps.ChannelOrder) -> None:
    network, cat = networks.load("vgg16-edges"), sample_picture("cat")
    maps = cached_layers(network, cat)["block4_conv1"]
    expected = feature_maps.channel_order(maps, order)
    for position in (0, 100, 511):
        view = layer_view(
            network, cat, "block4_conv1", order=order, scaling="layer", position=position
        )
        assert view.index == expected[position]
        assert view.channel.high == maps[:, :, view.index].max()
        assert view.channel.scale == view.sheet.scale


def test_a_channel_with_a_scale_of_its_own_reaches_its_end() -> None:
    network, cat = networks.load("vgg16-edges"), sample_picture("cat")
    view = layer_view(
        network, cat, "block4_conv1", order="maximum", scaling="channel", position=300
    )
    alone = cached_layers(network, cat)["block4_conv1"][:, :, view.index]
    end = float(np.float32(np.quantile(alone, 0.995)))
    assert view.channel.scale == Scale(0.0, end, "sequential")
    assert 0 < end < view.channel.high
    assert view.sheet.scale == Scale(0.0, 1.0, "sequential")


@pytest.mark.parametrize("scaling", SCALINGS)
def test_the_way_through_the_network_has_ten_rows_from_first_to_last(
    scaling: ChannelScale,
) -> None:
    network, cat = networks.load("efficientnet-lite0"), sample_picture("cat")
    rows = through_the_network(network, cat, scaling)
    assert (rows[0].name, rows[-1].name, len(rows)) == ("stem_relu", "head_relu", 10)
    for row in rows:
        means = cached_layers(network, cat)[row.name].mean((0, 1), dtype=np.float64)
        strongest = means[list(row.channels)]
        assert len(row.channels) == 8
        assert (np.diff(strongest) <= 0).all()
        assert strongest[0] == means.max()


def test_few_layers_make_few_rows() -> None:
    rows = through_the_network(networks.load("lenet-5"), sample_picture("cat"), "layer")
    assert [row.name for row in rows] == ["conv1", "pool1", "conv2", "pool2"]
    assert len(rows[0].channels) == 6
