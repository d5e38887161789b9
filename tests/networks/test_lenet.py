"""The two untrained networks."""

import numpy as np
import pytest

from cnnviz_core import images, networks
from cnnviz_core.inspection import feature_maps
from cnnviz_core.networks import lenet


def info(key: str) -> networks.NetworkInfo:
    return next(info for info in networks.available() if info.key == key)


@pytest.mark.parametrize("key", ["lenet-5", "lenet-cat"])
def test_the_listing_tells_the_truth(key):
    network = networks.load(key)
    assert info(key).num_parameters == network.model.count_params()
    assert info(key).input_size == network.input_size
    assert info(key).has_classifier == (network.logits is not None)


def test_lenet_5_has_the_shapes_of_the_paper():
    shapes = {layer.name: layer.output_shape for layer in networks.load("lenet-5").layers}
    assert shapes["conv1"] == (28, 28, 6)
    assert shapes["pool1"] == (14, 14, 6)
    assert shapes["conv2"] == (10, 10, 16)
    assert shapes["pool2"] == (5, 5, 16)
    assert [shapes[name] for name in ("hidden1", "hidden2", "digits")] == [(120,), (84,), (10,)]


def test_the_articles_lenet_gives_the_articles_shapes():
    maps = feature_maps.all_layers(networks.load("lenet-cat"), images.sample("cat"))
    assert maps["conv1"].shape == (318, 398, 3)
    assert maps["pool1"].shape == (106, 132, 3)
    assert maps["pool2"].shape == (52, 65, 3)


def test_the_seed_decides_the_weights():
    first, again, other = (networks.load_untrained("lenet-5", seed) for seed in (3, 3, 4))
    assert first is again
    assert networks.load("lenet-5") is networks.load_untrained("lenet-5", 0)
    kernels = [network.model.get_layer("conv1").get_weights()[0] for network in (first, other)]
    assert np.abs(kernels[0] - kernels[1]).max() > 0.1


@pytest.mark.parametrize("key", ["lenet-5", "lenet-cat"])
def test_the_seed_is_in_the_key_so_that_caches_tell_networks_apart(key):
    seeds = {seed: networks.load_untrained(key, seed).key for seed in (0, 3, 4)}
    assert seeds[0] == networks.load(key).key == key
    assert len(set(seeds.values())) == 3
    assert all(lenet.is_untrained(one) for one in seeds.values())


def test_the_layers_of_one_network_differ():
    model = networks.load("lenet-cat").model
    one, two = (model.get_layer(name).get_weights()[0] for name in ("conv1", "conv2"))
    assert np.abs(one - two).max() > 0.1


def test_lenet_5_sees_gray():
    batch = networks.load("lenet-5").preprocess(np.uint8([[[0, 255, 0]]]))
    np.testing.assert_allclose(batch, 0.587, atol=1e-6)


@pytest.mark.parametrize("seed", [-1, 10_000, 1.5])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(ValueError, match="seed must be"):
        networks.load_untrained("lenet-5", seed)


def test_trained_networks_are_not_untrained():
    with pytest.raises(ValueError, match="'lenet-5', 'lenet-cat'"):
        networks.load_untrained("vgg16-edges")
