"""What is left of a heatmap while its network forgets."""

from itertools import pairwise

import numpy as np
import pytest

from cnnviz_core.heatmaps import maps
from cnnviz_core.heatmaps.heat_similarity import cascade_states, similarity
from cnnviz_core.heatmaps.records import RawMap
from cnnviz_core.heatmaps.sanity_checks import randomised_layers, with_random_weights
from cnnviz_core.networks import Network
from tests.tiny_networks import network_of, picture

TARGET = 1


def deep() -> Network:
    import keras

    keras.utils.set_random_seed(5)
    layers = keras.layers
    return network_of(
        layers.Conv2D(6, 3, padding="same", name="first"),
        layers.BatchNormalization(name="norm"),
        layers.ReLU(name="relu"),
        layers.Conv2D(5, 3, padding="same", activation="relu", name="second"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(3, "softmax", name="classes"),
        size=(12, 9),
    )


def raw(values: object) -> RawMap:
    zero = np.zeros(1, np.float32)
    return RawMap("grad-cam", "conv", np.asarray(values, np.float32), zero, zero)


def test_a_map_is_like_itself_at_any_scale_and_unlike_its_opposite() -> None:
    values = np.random.default_rng(0).normal(size=(9, 8))
    same = similarity(raw(values), raw(3 * values), (9, 8))
    assert same.rank_correlation == pytest.approx(1, abs=1e-4)
    assert same.structure == pytest.approx(1, abs=1e-4)
    assert similarity(raw(values), raw(-values), (9, 8)).rank_correlation == pytest.approx(-1)


def test_small_inputs_and_blank_maps_are_compared_too() -> None:
    found = similarity(raw([[0.0]]), raw([[1.0]]), (1, 3))
    assert found.rank_correlation == 0
    assert -1 <= found.structure <= 1


def test_the_cascade_compares_what_networks_with_random_weights_see() -> None:
    network, image = deep(), picture(12, 9)
    depths = randomised_layers(network)
    before = [weight.copy() for weight in network.model.get_weights()]
    states = list(cascade_states(network, image, TARGET, depths=depths, seeds=(0, 3)))
    assert [one.done for one in states] == list(range(1, 2 * len(depths) + 1))
    assert {one.total for one in states} == {2 * len(depths)}
    # What has been found stays; one more comes with each state.
    for one, other in pairwise(states):
        assert sum(map(len, other.runs)) == sum(map(len, one.runs)) + 1
        assert other.runs[0][: len(one.runs[0])] == one.runs[0]
    trained = maps.raw_map(network, image, TARGET)
    for seed, run in zip((0, 3), states[-1].runs, strict=True):
        for depth, found in zip(depths, run, strict=True):
            one = with_random_weights(network, seed=seed, down_to=depth)
            expected = similarity(trained, maps.raw_map(one, image, TARGET), (12, 9))
            assert found.rank_correlation == pytest.approx(expected.rank_correlation, abs=1e-3)
            assert found.structure == pytest.approx(expected.structure, abs=1e-3)
    for mine, now in zip(before, network.model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, now)


def test_a_layer_without_weights_is_refused_before_the_work() -> None:
    with pytest.raises(ValueError, match="down_to must be a layer with trained"):
        next(cascade_states(deep(), picture(12, 9), TARGET, depths=("relu",), seeds=(0,)))
