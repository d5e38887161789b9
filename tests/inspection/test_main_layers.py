"""Which layers end a step."""

import pytest

from cnnviz_core import networks
from cnnviz_core.inspection.main_layers import main_layers, main_maps
from cnnviz_core.networks import Network, from_keras


def network_of(*layers, size=(8, 8, 3)) -> Network:
    import keras

    return from_keras(keras.Sequential([keras.Input(size), *layers]), title="small")


def test_convolution_normalisation_and_relu_are_one_step() -> None:
    lite = networks.load("efficientnet-lite0")
    names = main_layers(lite)
    assert names[0] == "stem_relu"
    assert names[-3:] == ("head_relu", "pool", "classes")
    assert not {"stem_conv", "stem_bn", "block2b_add"} & set(names)
    assert len(names) == 35


def test_convolutions_with_an_activation_and_poolings_are_steps() -> None:
    vgg = networks.load("vgg16-edges")
    assert main_layers(vgg) == tuple(layer.name for layer in vgg.layers)


def test_a_network_without_activation_functions_shows_all_its_layers() -> None:
    from keras import layers

    network = network_of(layers.Conv2D(2, 3, name="conv"), layers.Flatten(name="flat"))
    assert main_layers(network) == ("conv", "flat")


@pytest.mark.parametrize(
    ("kind", "settings", "is_step"),
    [
        ("ReLU", {}, True),
        ("LeakyReLU", {}, True),
        ("PReLU", {}, True),
        ("ELU", {}, True),
        ("Softmax", {}, True),
        ("Activation", {"activation": "tanh"}, True),
        ("Activation", {"activation": "linear"}, False),
        ("AveragePooling2D", {"pool_size": 2}, True),
        ("GlobalMaxPooling2D", {}, True),
        ("BatchNormalization", {}, False),
        ("Dropout", {"rate": 0.5}, False),
        ("Conv2D", {"filters": 2, "kernel_size": 3}, False),
        ("Conv2D", {"filters": 2, "kernel_size": 3, "activation": "relu"}, True),
    ],
)
def test_a_layer_ends_a_step(kind: str, settings: dict, is_step: bool) -> None:
    from keras import layers

    last = layers.Conv2D(1, 1, activation="relu", name="last")
    first = getattr(layers, kind)(**settings, name="first")
    pooled = "Global" in kind
    network = network_of(first) if pooled else network_of(first, last)
    assert ("first" in main_layers(network)) is is_step


def test_only_maps_of_more_than_one_position_are_maps() -> None:
    lite = networks.load("efficientnet-lite0")
    assert main_maps(lite) == main_layers(lite)[:-2]
