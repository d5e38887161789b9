"""Score-CAM and Ablation-CAM against passes made one by one."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnnviz_core import images, networks
from cnnviz_core.heatmaps import channel_scoring
from cnnviz_core.heatmaps.channel_scoring import ablation_cam_states, score_cam_states
from cnnviz_core.heatmaps.class_gradients import ClassGradients, class_gradients
from cnnviz_core.heatmaps.records import last
from cnnviz_core.heatmaps.votes import votes
from cnnviz_core.images import stretch
from cnnviz_core.networks import Network, from_keras
from tests.tiny_networks import network_of, picture, pooled, residual

LITE = "efficientnet-lite0"


def score(network: Network, batch: Any, logit_weights: Any) -> float:
    assert network.run_logits is not None
    return float(np.asarray(network.run_logits(batch), np.float64)[0] @ logit_weights)


def strided() -> Network:
    import keras

    keras.utils.set_random_seed(4)
    layers = keras.layers
    return network_of(
        layers.Conv2D(5, 3, 2, padding="same", activation="tanh", name="conv"),
        layers.Flatten(),
        layers.Dense(3, "softmax"),
        size=(8, 6),
    )


def score_cam_one_by_one(network: Network, image: Any, found: ClassGradients) -> Any:
    batch = network.preprocess(image)
    scores = []
    for channel in range(found.activations.shape[2]):
        mask = stretch(found.activations[..., [channel]], network.input_size)
        mask = (mask - mask.min()) / (mask.max() - mask.min())
        scores.append(score(network, batch * mask, found.logit_weights))
    weights = np.exp(scores) / np.exp(scores).sum()
    return found.activations @ weights


@pytest.mark.parametrize("make", [pooled, residual, strided])
def test_score_cam_masks_one_channel_after_the_other(make: Any) -> None:
    network = make()
    found = class_gradients(network, picture(), 1, against=2)
    state = last(score_cam_states(network, picture(), found))
    assert (state.done, state.total) == (found.activations.shape[2],) * 2
    expected = score_cam_one_by_one(network, picture(), found)
    np.testing.assert_allclose(state.values, expected, rtol=1e-4, atol=1e-6)


def without_channel(channel: int) -> Network:
    """`strided` whose convolution never sees one of its patterns."""
    import keras

    network = strided()
    model = keras.models.clone_model(network.model)
    model.set_weights(network.model.get_weights())
    conv = model.get_layer("conv")
    kernel, bias = conv.get_weights()
    kernel[..., channel] = 0
    conv.set_weights([kernel, bias])
    return from_keras(model, title="without")


def test_ablation_cam_is_what_networks_without_a_channel_say() -> None:
    network = strided()
    found = class_gradients(network, picture(), 1)
    batch = network.preprocess(picture())
    expected = np.zeros(found.activations.shape[:2])
    for channel in range(5):
        loss = score(network, batch, found.logit_weights) - score(
            without_channel(channel), batch, found.logit_weights
        )
        expected += loss * found.activations[..., channel]
    state = last(ablation_cam_states(network, picture(), found))
    np.testing.assert_allclose(state.values, expected, atol=1e-5)


@pytest.mark.slow
def test_what_a_linear_end_loses_without_a_channel_is_its_vote() -> None:
    network, cat = networks.load(LITE), images.sample("cat")
    found = class_gradients(network, cat, 285)
    state = last(ablation_cam_states(network, cat, found))
    expected = found.activations @ votes(network, cat, 285).values
    # Losses are differences of logits near 10, so they are known to about 1e-6 each.
    np.testing.assert_allclose(state.values, expected, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize("states", [score_cam_states, ablation_cam_states])
def test_maps_grow_and_can_be_left(states: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_scoring, "chunk_size", lambda _: 2)
    monkeypatch.setattr(channel_scoring, "batch_size", lambda _: 2)
    network = pooled()
    found = class_gradients(network, picture())
    grown = list(states(network, picture(), found))
    assert [(state.done, state.total) for state in grown] == [(2, 4), (4, 4)]
    assert not np.array_equal(grown[0].values, grown[1].values)
    begun = states(network, picture(), found)
    np.testing.assert_array_equal(next(begun).values, grown[0].values)
    begun.close()
    # However many are tried together.
    monkeypatch.undo()
    together = last(states(network, picture(), found))
    np.testing.assert_allclose(together.values, grown[1].values, atol=1e-6)


def test_few_channels_are_those_that_promise_most() -> None:
    network = pooled()
    found = class_gradients(network, picture(), 0)
    varying = found.activations.std((0, 1)).argmax()
    state = last(score_cam_states(network, picture(), found, max_channels=1))
    np.testing.assert_allclose(state.values, found.activations[..., varying], rtol=1e-6)
    ballot = votes(network, picture(), 0).values
    loudest = np.abs(ballot).argmax()
    state = last(ablation_cam_states(network, picture(), found, max_channels=1))
    expected = found.activations[..., loudest] * ballot[loudest]
    np.testing.assert_allclose(state.values, expected, atol=1e-5)


def test_score_cam_prefers_channels_that_vary_to_bright_ones() -> None:
    found = class_gradients(pooled(), picture(), 0)
    maps = np.zeros((6, 5, 4), np.float32)
    maps[..., 1] = 9
    maps[2, 2, 1] = 9.5
    maps[:3, :, 3] = 2
    state = last(
        score_cam_states(pooled(), picture(), replace(found, activations=maps), max_channels=1)
    )
    np.testing.assert_array_equal(state.values, maps[..., 3])


@pytest.mark.parametrize("states", [score_cam_states, ablation_cam_states])
def test_without_a_channel_that_says_anything_the_map_is_zero(states: Any) -> None:
    import keras

    never = keras.initializers.Constant(-999)
    layers = keras.layers
    network = network_of(
        layers.Conv2D(2, 1, activation="relu", bias_initializer=never),
        layers.Flatten(),
        layers.Dense(2),
    )
    found = class_gradients(network, picture())
    state = last(states(network, picture(), found))
    assert (state.done, state.total) == (0, 0)
    np.testing.assert_array_equal(state.values, np.zeros((6, 5)))


@pytest.mark.parametrize("states", [score_cam_states, ablation_cam_states])
@pytest.mark.parametrize("count", [0, -1, 1.5, True])
def test_no_channels_are_refused_at_once(states: Any, count: Any) -> None:
    found = class_gradients(pooled(), picture())
    with pytest.raises(ValueError, match="max_channels must be"):
        states(pooled(), picture(), found, max_channels=count)
