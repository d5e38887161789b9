"""The drawing of a network: all layers in it, in order, in place, and none of them trusted."""

import itertools
import math
from xml.etree import ElementTree

import pytest

from cnnviz_core import networks
from cnnviz_core.inspection.architecture import LayerRow, layer_table
from cnnviz_core.inspection.architecture_drawing import TALLEST, blocks, draw
from cnnviz_core.networks import Network, from_keras

KEYS = ["efficientnet-lite0", "vgg16-edges", "lenet-5", "lenet-cat"]


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 -- our own drawing


def drawn(network: Network, selected: str) -> ElementTree.Element:
    table = layer_table(network)
    return parsed(draw(table, network.input_size, selected, label="A <network>"))


def boxes(svg: ElementTree.Element) -> list[ElementTree.Element]:
    return [one for one in svg.iter() if "data-layer" in one.attrib]


def extent(box: ElementTree.Element) -> tuple[float, float]:
    if box.tag == "circle":
        center, radius = float(box.attrib["cx"]), float(box.attrib["r"])
        return center - radius, center + radius
    return float(box.attrib["x"]), float(box.attrib["x"]) + float(box.attrib["width"])


def row(name: str, kind: str, *inputs: str, shape: tuple[int, ...] = (8, 8, 3)) -> LayerRow:
    return LayerRow(name, kind, inputs, shape, 0, 0, None)


@pytest.mark.parametrize("key", KEYS)
def test_every_layer_is_in_one_block(key: str) -> None:
    table = layer_table(networks.load(key))
    found = [layer.name for block in blocks(table) for layer in block.layers]
    assert sorted(found) == sorted(layer.name for layer in table)


def test_convolution_normalization_and_activation_make_one_block() -> None:
    found = blocks(layer_table(networks.load("efficientnet-lite0")))
    assert [layer.name for layer in found[0].layers] == ["stem_conv", "stem_bn", "stem_relu"]
    # The stem, one block without and fifteen with expansion, nine additions, and three at the end.
    assert len(found) == 1 + 2 + 15 * 3 + 9 + 3


def test_a_shortcut_reads_from_two_blocks() -> None:
    found = blocks(layer_table(networks.load("efficientnet-lite0")))
    joins = [(number, block) for number, block in enumerate(found) if block.kind == "joining"]
    assert len(joins) == 9
    for number, block in joins:
        assert block.sources[0] == number - 1
        assert block.sources[1] in (number - 4, number - 5)


def test_what_follows_two_paths_stands_alone() -> None:
    table = (
        row("a", "Conv2D", "picture"),
        row("b", "Conv2D", "a"),
        row("a_bn", "BatchNormalization", "a"),
        row("sum", "Add", "b", "a_bn"),
    )
    found = blocks(table)
    assert [[one.name for one in block.layers] for block in found] == [
        ["a", "a_bn"],
        ["b"],
        ["sum"],
    ]
    assert [block.sources for block in found] == [(-1,), (0,), (1, 0)]


@pytest.mark.parametrize("key", KEYS)
def test_boxes_stand_side_by_side_within_the_drawing(key: str) -> None:
    network = networks.load(key)
    svg = drawn(network, network.layers[0].name)
    extents = [extent(box) for box in boxes(svg)]
    assert len(extents) == len(blocks(layer_table(network)))
    assert all(before[1] < after[0] for before, after in itertools.pairwise(extents))
    assert extents[0][0] > 0
    assert extents[-1][1] < float(svg.attrib["viewBox"].split()[2])


def test_boxes_are_as_high_as_the_root_of_their_maps() -> None:
    svg = drawn(networks.load("vgg16-edges"), "block1_conv1")
    heights = {box.attrib["data-layer"]: float(box.attrib["height"]) for box in boxes(svg)}
    assert heights["block1_conv1"] == TALLEST
    assert heights["block1_pool"] == pytest.approx(TALLEST / math.sqrt(2), abs=0.1)
    assert heights["block5_pool"] == pytest.approx(TALLEST / math.sqrt(32), abs=0.1)


def test_more_channels_make_wider_boxes() -> None:
    svg = drawn(networks.load("vgg16-edges"), "block1_conv1")
    widths = {box.attrib["data-layer"]: float(box.attrib["width"]) for box in boxes(svg)}
    assert widths["block3_conv1"] == pytest.approx(2 * widths["block1_conv1"], abs=0.2)


def test_paths_past_other_boxes_are_arcs() -> None:
    paths = [
        one.attrib["d"] for one in drawn(networks.load("efficientnet-lite0"), "pool").iter("path")
    ]
    assert sum("C" in path for path in paths) == 9


@pytest.mark.parametrize("name", ["block5c_depthwise", "block5c_depthwise_relu"])
def test_the_chosen_layer_is_named_and_its_box_marked(name: str) -> None:
    svg = drawn(networks.load("efficientnet-lite0"), name)
    marked = [box for box in boxes(svg) if "data-chosen" in box.attrib]
    assert [box.attrib["data-layer"] for box in marked] == ["block5c_depthwise"]
    assert name in [text.text for text in svg.iter("text")]


@pytest.mark.parametrize("key", KEYS)
def test_labels_lie_within_the_drawing_and_apart(key: str) -> None:
    network = networks.load(key)
    svg = drawn(network, network.layers[-1].name)
    width = float(svg.attrib["viewBox"].split()[2])
    by_line: dict[str, list[tuple[float, float]]] = {}
    for text in svg.iter("text"):
        if text.attrib["font-size"] == "16":
            start = float(text.attrib["x"])
            place = start, start + 8 * len(text.text or "")
            by_line.setdefault(text.attrib["y"], []).append(place)
    assert by_line
    for places in by_line.values():
        assert places[-1][1] <= width
        assert all(before[1] < after[0] for before, after in itertools.pairwise(places))


def test_names_are_shown_and_not_run() -> None:
    name = '"/><script>alert(1)</script>'
    table = (row(name, "Conv2D", "picture"),)
    svg = draw(table, (8, 8), name, label=name)
    assert "<script" not in svg
    (box,) = boxes(parsed(svg))
    assert box.attrib["data-layer"] == name


def test_a_network_without_convolutions_is_drawn() -> None:
    import keras

    layers = keras.layers
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(5)])
    network = from_keras(model, title="dense")
    svg = drawn(network, network.layers[-1].name)
    assert [text.text for text in svg.iter("text")][:3] == ["8×8", "192", "5"]
