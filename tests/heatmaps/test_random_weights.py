"""Networks that have forgotten what they learned, and what it does to heatmaps."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.heatmaps.class_scores import one_class
from cnnviz_core.heatmaps.pixel_attribution import saliency
from cnnviz_core.heatmaps.random_weights import randomized_layers, with_random_weights
from cnnviz_core.heatmaps.sanity_checks import rank_correlation
from cnnviz_core.inspection import predictions
from cnnviz_core.inspection.feature_maps import all_layers
from cnnviz_core.networks import Network, from_keras
from tests.tiny_networks import network_of

LITE = "efficientnet-lite0"
TABBY = 281


@cache
def forgotten(down_to: str | None = None, seed: int = 0) -> Network:
    return with_random_weights(networks.load(LITE), seed=seed, down_to=down_to)


@cache
def varied() -> Network:
    """A network with one layer of each kind whose weights are special."""
    import keras

    layers = keras.layers
    stack = [
        keras.Input((16, 16, 3)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(400, 3, bias_initializer="ones", name="conv"),
        layers.PReLU(shared_axes=(1, 2), name="slopes"),
        layers.DepthwiseConv2D(3, bias_initializer="ones", name="depthwise"),
        layers.SeparableConv2D(100, 3, name="separable"),
        layers.Conv2DTranspose(50, 2, name="transposed"),
        layers.BatchNormalization(gamma_initializer="zeros", name="norm"),
        layers.LayerNormalization(gamma_initializer="zeros", name="layer_norm"),
        layers.Dropout(0.9),
        layers.GlobalAveragePooling2D(),
        layers.Dense(2, "softmax", name="classes"),
    ]
    return from_keras(keras.Sequential(stack), title="varied", class_names=("a", "b"))


def weights_of(network: Network, layer: str) -> list[Any]:
    return list(network.model.get_layer(layer).get_weights())


def test_the_original_is_untouched_and_shares_nothing():
    network = networks.load("lenet-cat")
    before = [weight.copy() for weight in network.model.get_weights()]
    copy = with_random_weights(network, seed=3)
    assert copy.key != network.key
    assert copy.title == f"{network.title} (random weights)"
    assert copy.class_names == network.class_names
    assert [layer.name for layer in copy.layers] == [layer.name for layer in network.layers]
    for mine, theirs in zip(before, network.model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    ids = {id(layer) for layer in network.model.layers}
    assert not ids & {id(layer) for layer in copy.model.layers}
    assert all(len(layer._inbound_nodes) == 1 for layer in network.model.layers)


def test_a_copy_takes_the_same_pictures(cat: Any) -> None:
    network = networks.load("lenet-5")
    copy = with_random_weights(network)
    np.testing.assert_array_equal(copy.preprocess(cat), network.preprocess(cat))


def test_kernels_are_gaussian_with_two_over_the_inputs_as_variance():
    network = with_random_weights(varied())
    inputs = {
        ("conv", 0): 27,
        ("depthwise", 0): 9,
        ("separable", 0): 9,
        ("separable", 1): 400,
        ("transposed", 0): 400,
        ("classes", 0): 50,
    }
    for (layer, index), count in inputs.items():
        kernel = weights_of(network, layer)[index]
        # The deviation of n numbers is itself uncertain by 1 / √2n.
        tolerance = 4 / np.sqrt(2 * kernel.size)
        assert kernel.std() == pytest.approx(np.sqrt(2 / count), rel=tolerance), layer


def test_biases_scales_and_slopes_start_anew():
    network = with_random_weights(varied())
    for layer in ("conv", "depthwise", "separable", "transposed", "classes"):
        assert not weights_of(network, layer)[-1].any()
    assert (weights_of(network, "slopes")[0] == 0.25).all()
    for layer in ("norm", "layer_norm"):
        gamma, beta, *_ = weights_of(network, layer)
        assert (gamma == 1).all()
        assert not beta.any()


@pytest.mark.slow
def test_normalizations_are_measured_on_photographs(cat: Any) -> None:
    from cnnviz_core.heatmaps.random_weights import PHOTOGRAPHS
    from cnnviz_core.images import sample

    network = forgotten()
    answers = [all_layers(network, sample(name)) for name in PHOTOGRAPHS]
    for layer in ("stem_bn", "block4a_depthwise_bn", "head_bn"):
        values = np.stack([answer[layer] for answer in answers]).astype(np.float64)
        np.testing.assert_allclose(values.mean((0, 1, 2)), 0, atol=0.01)
        assert np.median(values.std((0, 1, 2))) == pytest.approx(1, abs=0.05)


@pytest.mark.slow
def test_values_neither_vanish_nor_explode(cat: Any) -> None:
    for name, values in all_layers(forgotten(), cat).items():
        if name.endswith("relu"):
            assert 0.1 < values.std() < 3, name
    scores = predictions.logits(forgotten(), cat)
    assert 0.1 < scores.std() < 10


@pytest.mark.slow
def test_a_copy_knows_no_cat(cat: Any) -> None:
    trained = predictions.top_classes(networks.load(LITE), cat, 1)[0]
    random = predictions.top_classes(forgotten(), cat, 1)[0]
    assert trained.index in predictions.CAT_CLASSES
    assert random.probability < 0.1


def test_the_seed_makes_the_weights():
    same = [with_random_weights(varied(), seed=4) for _ in range(2)]
    other = with_random_weights(varied(), seed=5)
    assert same[0].key == same[1].key != other.key
    for first, second in zip(*(one.model.get_weights() for one in same), strict=True):
        np.testing.assert_array_equal(first, second)
    assert np.abs(weights_of(same[0], "conv")[0] - weights_of(other, "conv")[0]).max() > 0.1


def test_layers_of_one_shape_get_different_weights():
    import keras

    layers = [keras.layers.Conv2D(60, 3, name=name) for name in ("stem", "first", "second")]
    network = network_of(*layers, keras.layers.GlobalAveragePooling2D(), size=(16, 16))
    copy = with_random_weights(network)
    first, second = (weights_of(copy, name)[0] for name in ("first", "second"))
    assert first.shape == second.shape
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.02


def test_from_the_top_down_to_a_layer_only_those_forget():
    network = varied()
    assert randomized_layers(network, "norm") == ("classes", "layer_norm", "norm")
    copy = with_random_weights(network, down_to="norm")
    for layer in ("conv", "slopes", "depthwise", "separable", "transposed"):
        for kept, trained in zip(weights_of(copy, layer), weights_of(network, layer), strict=True):
            np.testing.assert_array_equal(kept, trained)
    above = with_random_weights(network, down_to="layer_norm")
    for kept, trained in zip(weights_of(above, "norm"), weights_of(network, "norm"), strict=True):
        np.testing.assert_array_equal(kept, trained, "and what they measured stays")
    whole = with_random_weights(network)
    np.testing.assert_array_equal(weights_of(copy, "classes")[0], weights_of(whole, "classes")[0])
    assert np.abs(weights_of(copy, "classes")[0] - weights_of(network, "classes")[0]).max() > 0.01


def test_down_to_the_first_layer_is_all_of_them():
    assert randomized_layers(networks.load(LITE))[-1] == "stem_conv"
    assert len(randomized_layers(networks.load(LITE), "stem_conv")) == len(
        randomized_layers(networks.load(LITE))
    )


@pytest.mark.slow
def test_saliency_tells_the_trained_network_from_the_random_one(cat: Any) -> None:
    trained, others = networks.load(LITE), [forgotten("block5a_expand"), forgotten()]
    logit_weights = one_class(trained, TABBY)
    found = [saliency(network, cat, logit_weights) for network in (trained, *others)]
    likeness = [rank_correlation(found[0], one) for one in found[1:]]
    assert likeness[1] < likeness[0] < 0.7
    assert likeness[1] < 0.3
    again = saliency(forgotten(None, 1), cat, logit_weights)
    assert rank_correlation(found[2], again) < 0.9, "nor are two random ones the same"


@pytest.mark.parametrize(
    "key", ["lenet-5", "lenet-cat", pytest.param("vgg16-edges", marks=pytest.mark.slow)]
)
def test_every_bundled_network_can_forget(key: str, cat: Any) -> None:
    copy = with_random_weights(networks.load(key))
    for name, values in all_layers(copy, cat).items():
        assert np.isfinite(values).all()
        assert values.std() > 0, name


@pytest.mark.parametrize(
    ("name", "message"),
    [("nowhere", "layer must be a layer of"), ("pool", "down_to must be a layer with trained")],
)
def test_there_must_be_something_to_forget(name: str, message: str):
    with pytest.raises(ValueError, match=message):
        with_random_weights(networks.load(LITE), down_to=name)


@pytest.mark.parametrize("seed", [-1, 0.5])
def test_seeds_are_whole_numbers(seed: Any):
    with pytest.raises(ValueError, match="seed must be"):
        with_random_weights(networks.load("lenet-5"), seed=seed)
