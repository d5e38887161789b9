"""What is said of a layer's name, for every layer of the networks that come along."""

import re
from itertools import pairwise

import pytest

from cnnviz_core import networks
from cnnviz_core.inspection.layer_descriptions import describe_layer
from cnnviz_core.networks import Network, from_keras
from pages.parts.inspection.layer_names import explain_layer

LITE, VGG, LENET, CAT = "efficientnet-lite0", "vgg16-edges", "lenet-5", "lenet-cat"
# Channels that go into each block of EfficientNet-Lite0, and how many units it has.
INTO = {1: (32, 1), 2: (16, 2), 3: (24, 2), 4: (40, 3), 5: (80, 3), 6: (112, 4), 7: (192, 1)}
OUT_OF = {1: 16, 2: 24, 3: 40, 4: 80, 5: 112, 6: 192, 7: 320}
ENDINGS = {
    "": ".",
    "_bn": ", then batch normalization.",
    "_relu": ", then batch normalization, then ReLU6, that is ReLU capped at 6.",
}
SENTENCES = {
    LITE: {
        "stem_conv": "Stem, before the first block: convolution.",
        "head_bn": "Head, after the last block: 1×1 convolution from 320 to 1,280 channels, then "
        "batch normalization.",
        "pool": "Global average pooling.",
        "classes": "Dense layer with 1,000 units, then softmax.",
    },
    VGG: {
        "block1_conv1": "Block 1 of 5: convolution 1 of 2, then ReLU.",
        "block3_conv3": "Block 3 of 5: convolution 3 of 3, then ReLU.",
        "block5_pool": "Block 5 of 5: max pooling.",
    },
    LENET: {
        "conv1": "Convolution 1 of 2, then tanh.",
        "pool1": "Average pooling 1 of 2.",
        "conv2": "Convolution 2 of 2, then tanh.",
        "pool2": "Average pooling 2 of 2.",
        "flatten": "Flattening into one list.",
        "hidden1": "Dense layer with 120 units, then tanh.",
        "hidden2": "Dense layer with 84 units, then tanh.",
        "digits": "Dense layer with 10 units, then softmax.",
    },
    CAT: {
        "conv1": "Convolution 1 of 2.",
        "relu1": "Convolution 1 of 2, then ReLU.",
        "pool1": "Max pooling 1 of 2.",
        "conv2": "Convolution 2 of 2.",
        "relu2": "Convolution 2 of 2, then ReLU.",
        "pool2": "Max pooling 2 of 2.",
    },
}


@pytest.mark.parametrize(
    ("key", "name"), [(key, name) for key, names in SENTENCES.items() for name in names]
)
def test_a_layer_is_explained(key: str, name: str) -> None:
    assert explain_layer(networks.load(key), name) == SENTENCES[key][name]


def test_every_layer_of_a_block_is_explained_by_its_architecture() -> None:
    network, explained = networks.load(LITE), 0
    for layer in network.layers:
        found = re.match(r"block(\d)([a-d])_(expand|depthwise|project|add)(\w*)", layer.name)
        if found is None:
            continue
        block, unit = int(found[1]), "abcd".index(found[2]) + 1
        before, num_units = INTO[block]
        before = before if unit == 1 else OUT_OF[block]
        wide = before if block == 1 else 6 * before
        what = {
            "expand": f"1×1 convolution from {before:,} to {wide:,} channels",
            "depthwise": "depthwise convolution",
            "project": f"1×1 convolution from {wide:,} to {OUT_OF[block]:,} channels",
            "add": "sum of two paths (skip connection)",
        }[found[3]]
        place = f"Block {block} of 7, unit {unit} of {num_units}"
        assert explain_layer(network, layer.name) == f"{place}: {what}{ENDINGS[found[4]]}"
        explained += 1
    assert explained == len(network.layers) - 8


@pytest.mark.parametrize("key", [LITE, VGG, LENET, CAT])
def test_no_two_layers_that_follow_each_other_are_said_to_be_the_same(key: str) -> None:
    network = networks.load(key)
    sentences = [explain_layer(network, layer.name) for layer in network.layers]
    assert all(one != other for one, other in pairwise(sentences))
    # No Keras class is left unexplained.
    assert not [one for one in sentences if re.search(r"[a-z][A-Z]|2D", one.replace("ReLU", ""))]


def unusual() -> Network:
    import keras

    layers = keras.layers
    return from_keras(
        keras.Sequential(
            [
                keras.Input((8, 8, 3)),
                layers.ZeroPadding2D(1, name="pad"),
                layers.BatchNormalization(name="bn"),
                layers.Activation("silu", name="act"),
                layers.LeakyReLU(name="leaky"),
                layers.SeparableConv2D(4, 3, activation="selu", name="block_7_separable"),
            ]
        ),
        title="unusual",
    )


def test_an_unusual_network_is_explained_as_far_as_it_goes() -> None:
    network = unusual()
    assert explain_layer(network, "pad") == "ZeroPadding2D."
    steps = "ZeroPadding2D, then batch normalization, then SiLU, then leaky ReLU."
    assert explain_layer(network, "leaky") == steps
    last = explain_layer(network, "block_7_separable")
    assert last == "Block 7 of 7: separable convolution, then selu."


def test_one_channel_and_one_unit_are_not_called_several() -> None:
    import keras

    layers = [keras.Input((8, 8, 3)), keras.layers.Conv2D(1, 1, name="mix")]
    end = [keras.layers.Flatten(), keras.layers.Dense(1, name="end")]
    network = from_keras(keras.Sequential([*layers, *end]), title="of one")
    assert explain_layer(network, "mix") == "1×1 convolution from 3 to 1 channel."
    assert explain_layer(network, "end") == "Dense layer with 1 unit."


def test_an_unknown_layer_is_refused() -> None:
    with pytest.raises(ValueError, match="must be a layer"):
        describe_layer(networks.load(LENET), "conv9")
