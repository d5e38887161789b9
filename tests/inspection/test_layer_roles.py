"""Which parts layers play in a network."""

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.heatmaps.class_gradients import class_gradients
from cnnviz_core.inspection.architecture import layer_kernels
from cnnviz_core.inspection.layer_roles import (
    convolution_of,
    default_layer,
    main_layers,
    main_maps,
    target_layers,
    weighed_layer,
)
from cnnviz_core.networks import Network, from_keras
from tests.tiny_networks import network_of, picture, residual


def test_a_step_ends_after_its_normalization_and_its_relu() -> None:
    names = target_layers(networks.load("efficientnet-lite0"))
    assert names[0] == "stem_relu"
    assert names[-1] == "head_relu"
    assert "block3a_project_bn" in names
    # Where the step's maps are added to those of the block before, they end there.
    assert "block3b_add" in names
    assert "block3b_project_bn" not in names


def test_paths_end_where_they_are_joined() -> None:
    # `stem` goes two ways, so it is an end of its own.
    network = residual()
    names = target_layers(network)
    assert names[0] == "stem"
    assert set(names) <= {layer.name for layer in network.layers}
    for name in names:
        assert class_gradients(network, picture(), layer=name).layer == name


def test_a_layer_that_goes_two_ways_ends_its_step() -> None:
    import keras

    layers = keras.layers
    inputs = keras.Input((6, 5, 3))
    maps = layers.Conv2D(3, 1, name="conv")(inputs)
    both = layers.Add(name="joined")([layers.ReLU(name="relu")(maps), maps])
    logits = layers.Dense(2)(layers.Flatten()(both))
    network = from_keras(keras.Model(inputs, logits), title="two ways")
    assert target_layers(network) == ("conv",)


def test_single_positions_count_only_where_there_is_nothing_else() -> None:
    import keras

    layers = keras.layers
    end = (layers.Flatten(), layers.Dense(2))
    both = network_of(layers.Conv2D(2, 2, name="wide"), layers.Conv2D(2, (5, 4)), *end)
    assert target_layers(both) == ("wide",)
    end = (layers.Flatten(), layers.Dense(2))
    single = network_of(layers.Conv2D(2, (6, 5), name="single"), *end)
    assert default_layer(single) == "single"


def test_without_a_classifier_there_is_nothing_to_explain() -> None:
    assert target_layers(networks.load("vgg16-edges")) == ()


def test_lenet_is_explained_by_its_last_maps() -> None:
    network = networks.load("lenet-5")
    assert network.layer(default_layer(network)).is_spatial


def colored(*layers, size=(8, 8, 3)) -> Network:
    import keras

    return from_keras(keras.Sequential([keras.Input(size), *layers]), title="small")


def test_convolution_normalization_and_relu_are_one_step() -> None:
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

    network = colored(layers.Conv2D(2, 3, name="conv"), layers.Flatten(name="flat"))
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
    network = colored(first) if pooled else colored(first, last)
    assert ("first" in main_layers(network)) is is_step


def test_only_maps_of_more_than_one_position_are_maps() -> None:
    lite = networks.load("efficientnet-lite0")
    assert main_maps(lite) == main_layers(lite)[:-2]


def test_channels_of_trained_networks_are_made_by_the_convolution_before() -> None:
    lite = networks.load("efficientnet-lite0")
    assert convolution_of(lite, "head_relu") == "head_conv"
    assert convolution_of(lite, "stem_relu") == "stem_conv"
    assert convolution_of(networks.load("lenet-5"), "conv2") == "conv2"


@pytest.mark.parametrize("key", ["efficientnet-lite0", "lenet-5"])
def test_there_is_one_kernel_for_each_channel(key: str) -> None:
    network = networks.load(key)
    found = {name: convolution_of(network, name) for name in target_layers(network)}
    for name, convolution in found.items():
        if convolution is not None:
            kernels = layer_kernels(network, convolution)
            assert kernels.shape[-1] == network.layer(name).output_shape[-1]
    assert any(found.values())


def test_where_paths_join_no_single_kernel_makes_a_channel() -> None:
    network = residual()
    assert convolution_of(network, "sum") is None
    assert convolution_of(network, "concat") is None
    assert convolution_of(network, "inside") == "inside"


def test_pooling_is_no_convolution() -> None:
    import keras

    network = network_of(
        keras.layers.Conv2D(2, 3, name="conv"), keras.layers.MaxPooling2D(name="pool")
    )
    assert convolution_of(network, "pool") is None
    with pytest.raises(ValueError, match="nothing"):
        convolution_of(network, "nothing")


def test_depthwise_kernels_count_their_channels() -> None:
    import keras

    network = network_of(
        keras.layers.DepthwiseConv2D(3, depth_multiplier=2, name="depth"),
        keras.layers.ReLU(name="relu"),
    )
    assert convolution_of(network, "relu") == "depth"
    kernels = layer_kernels(network, "depth")
    assert kernels.shape == (3, 3, 1, 6)
    # The channel's values are made by the kernel of its number.
    image = np.random.default_rng(0).random((6, 5, 3)).astype(np.float32)
    answer = network.model(image[np.newaxis])[0, 0, 0]
    for channel in range(6):
        expected = max(0.0, float((image[:3, :3, channel // 2] * kernels[..., 0, channel]).sum()))
        assert float(answer[channel]) == pytest.approx(expected, abs=1e-5)


def test_the_weighed_layer_is_the_last_before_the_scores() -> None:
    for key, name in (("efficientnet-lite0", "pool"), ("lenet-5", "hidden2")):
        layer = weighed_layer(networks.load(key))
        assert layer is not None
        assert layer.name == name
    assert weighed_layer(networks.load("vgg16-edges")) is None
