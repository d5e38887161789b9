"""Votes add up to the logit, and a silenced channel takes its vote along."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from cnnviz_core import images, networks
from cnnviz_core.heatmaps.votes import (
    ablated_logits,
    ablated_logits_of_each,
    strongest_votes,
    votes,
)
from cnnviz_core.inspection import predictions
from cnnviz_core.inspection.layer_roles import pooled_classifier
from cnnviz_core.networks import Network
from tests.tiny_networks import network_of, picture, pooled, residual

LITE = "efficientnet-lite0"


@pytest.mark.parametrize(
    "name",
    [
        one if one in ("cat", "rocket") else pytest.param(one, marks=pytest.mark.slow)
        for one in images.sample_names()
    ],
)
def test_votes_and_bias_are_the_logit_of_the_trained_network(name: str) -> None:
    network, image = networks.load(LITE), images.sample(name)
    logits = predictions.logits(network, image)
    for target in (None, 285, 0, 999):
        found = votes(network, image, target)
        index = logits.argmax() if target is None else target
        assert found.bias is not None
        # A sum of 1280 numbers in float32, up to 16: ten units in the last place.
        assert found.total == pytest.approx(logits[index], abs=1e-5)
        assert found.total == pytest.approx(found.values.sum(dtype=float) + found.bias, abs=1e-6)


def test_votes_between_two_classes_are_the_difference_of_their_logits() -> None:
    network, cat = networks.load(LITE), images.sample("cat")
    logits = predictions.logits(network, cat)
    found = votes(network, cat, 285, against=281)
    assert found.total == pytest.approx(logits[285] - logits[281], abs=1e-5)
    single = votes(network, cat, 285).values - votes(network, cat, 281).values
    np.testing.assert_allclose(found.values, single, atol=1e-6)


def test_votes_are_weights_times_means() -> None:
    network = pooled()
    kernel, bias = network.model.get_layer("classes").get_weights()
    found = votes(network, picture(), 2)
    np.testing.assert_array_equal(found.weights, kernel[:, 2])
    np.testing.assert_allclose(found.means, found.activations.mean((0, 1)), atol=1e-6)
    np.testing.assert_array_equal(found.values, found.weights * found.means)
    assert found.bias == pytest.approx(bias[2])


def test_elsewhere_votes_follow_the_derivatives_and_claim_no_sum() -> None:
    found = votes(residual(), picture(), 1, layer="inside")
    assert found.bias is None
    assert found.values.any()


def test_derivatives_would_find_the_weights_of_the_classifier() -> None:
    # The same layer, but behind the pooling something that hides the simple end.
    import keras

    network = pooled()
    layers = keras.layers
    veiled = network_of(
        layers.Conv2D(4, 3, padding="same", activation="relu", name="conv"),
        layers.GlobalAveragePooling2D(),
        layers.Activation("linear"),
        layers.Dense(3),
    )
    veiled.model.set_weights(network.model.get_weights())
    plain, derived = (votes(one, picture(), 1) for one in (network, veiled))
    assert derived.bias is None
    np.testing.assert_allclose(derived.weights, plain.weights, atol=1e-6)


def test_the_strongest_voters_come_first_on_both_sides() -> None:
    network, cat = networks.load(LITE), images.sample("cat")
    found = votes(network, cat)
    pro, contra = strongest_votes(found, 5)
    assert [vote.vote for vote in pro] == sorted(found.values, reverse=True)[:5]
    assert [vote.vote for vote in contra] == sorted(found.values)[:5]
    for vote in (*pro, *contra):
        assert vote.vote == pytest.approx(vote.weight * vote.mean, rel=1e-6)
        assert vote.mean == pytest.approx(vote.values.mean(), rel=1e-5)
        np.testing.assert_array_equal(vote.values, found.activations[..., vote.channel])


def test_who_abstains_is_on_no_side() -> None:
    network = pooled()
    layer = network.model.get_layer("classes")
    kernel, bias = layer.get_weights()
    kernel[:, 0] = [1, 0, -1, 2]
    layer.set_weights([kernel, bias])
    found = votes(network, picture(), 0)
    pro, contra = strongest_votes(found, 99)
    assert {vote.channel for vote in pro} == set(np.flatnonzero(found.values > 0))
    assert {vote.channel for vote in contra} == set(np.flatnonzero(found.values < 0))


def test_a_silenced_channel_takes_its_vote_along() -> None:
    network, cat = networks.load(LITE), images.sample("cat")
    before = predictions.logits(network, cat)
    pro, contra = strongest_votes(votes(network, cat, 285), 3)
    channels = [vote.channel for vote in (*pro, *contra)]
    after = ablated_logits(network, cat, channels)
    taken = sum(vote.vote for vote in (*pro, *contra))
    assert before[285] - after[285] == pytest.approx(taken, abs=1e-5)
    np.testing.assert_allclose(ablated_logits(network, cat, []), before, atol=1e-5)


def test_with_all_channels_silent_only_biases_speak() -> None:
    network = pooled()
    _, bias = network.model.get_layer("classes").get_weights()
    np.testing.assert_allclose(ablated_logits(network, picture(), range(4)), bias, atol=1e-6)


@pytest.mark.parametrize("channels", [[4], [0, -1], [1.5]])
def test_channels_that_are_none_are_refused(channels: Any) -> None:
    with pytest.raises(ValueError, match="channels must be"):
        ablated_logits(pooled(), picture(), channels)


def test_a_network_without_classes_has_no_votes() -> None:
    network = networks.load("vgg16-edges")
    for call in (
        lambda: votes(network, picture()),
        lambda: ablated_logits(network, picture(), []),
    ):
        with pytest.raises(ValueError, match="must end in class scores"):
            call()


def ends(*layers: Any) -> Network:
    import keras

    return network_of(keras.layers.Conv2D(4, 3, activation="relu", name="conv"), *layers)


@cache
def simple_ends() -> list[Network]:
    """Ends that are one weighted sum of means, whatever layers they are made of."""
    import keras

    layers, pool = keras.layers, keras.layers.GlobalAveragePooling2D
    return [
        ends(pool(), layers.Dense(3)),
        ends(pool(), layers.Dense(3, use_bias=False), layers.Softmax()),
        ends(layers.SpatialDropout2D(0.5), pool(), layers.Dropout(0.5), layers.Dense(3, "softmax")),
        ends(pool(keepdims=True), layers.Conv2D(3, 1), layers.Flatten(), layers.Softmax()),
        ends(pool(keepdims=True), layers.Flatten(), layers.Dense(3), layers.Activation("sigmoid")),
        ends(layers.Conv2D(3, 1, name="last"), pool(), layers.Activation("softmax")),
        ends(layers.MaxPooling2D(), pool(), layers.Dense(3)),
    ]


@pytest.mark.parametrize("place", range(7))
def test_simple_ends_are_found(place: int) -> None:
    network = simple_ends()[place]
    found = votes(network, picture(), 1)
    assert found.bias is not None
    assert found.total == pytest.approx(found.score, abs=1e-6)
    bare = ablated_logits(network, picture(), range(len(found.values)))
    assert bare @ found.logit_weights == pytest.approx(found.bias, abs=1e-6)


@cache
def other_ends() -> list[Network]:
    import keras

    layers, pool = keras.layers, keras.layers.GlobalAveragePooling2D
    return [
        ends(layers.Flatten(), layers.Dense(3)),
        ends(layers.GlobalMaxPooling2D(), layers.Dense(3)),
        ends(pool(), layers.Dense(3, "relu"), layers.Softmax()),
        ends(pool(), layers.Dense(5), layers.Dense(3)),
        ends(pool(), layers.BatchNormalization(), layers.Dense(3)),
    ]


@pytest.mark.parametrize("place", range(5))
def test_other_ends_are_not_taken_for_simple_ones(place: int) -> None:
    assert pooled_classifier(other_ends()[place]) is None


def test_many_choices_at_once_are_as_each_alone() -> None:
    network, chance = pooled(), np.random.default_rng(9)
    # More than one batch of them.
    choices = [chance.permutation(4)[: chance.integers(5)].tolist() for _ in range(70)]
    together = ablated_logits_of_each(network, picture(), choices)
    alone = [ablated_logits(network, picture(), one) for one in choices]
    np.testing.assert_allclose(together, alone, atol=1e-5)
