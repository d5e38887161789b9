"""Which layers can explain a class."""

from cnnviz_core import networks
from cnnviz_core.heatmaps.class_gradients import class_gradients
from cnnviz_core.inspection.target_layers import default_layer, target_layers
from cnnviz_core.networks import from_keras
from tests.tiny_networks import network_of, picture, residual


def test_a_step_ends_after_its_normalisation_and_its_relu() -> None:
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
