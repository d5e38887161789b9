"""A network split in two answers as the whole does, is traced once, and stays as it was."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnnviz_core.heatmaps import split_network
from cnnviz_core.heatmaps.class_gradients import class_gradients, score_weights
from cnnviz_core.heatmaps.split_network import split_at
from cnnviz_core.networks import Network, from_keras
from tests.tiny_networks import network_of, picture, pooled, residual


def whole(network: Network) -> Any:
    assert network.run_logits is not None
    return np.asarray(network.run_logits(network.preprocess(picture())))[0]


@pytest.mark.parametrize("layer", ["stem", "inside", "sum", "concat"])
def test_both_halves_together_are_the_network(layer: str) -> None:
    network = residual()
    split = split_at(network, layer)
    tensors = split.activations(network.preprocess(picture()))
    untouched = np.ones((5, tensors[0].shape[-1]), np.float32)
    logits = np.asarray(split.head(tensors, untouched))
    np.testing.assert_allclose(logits, np.tile(whole(network), (5, 1)), atol=1e-6)


def test_operations_that_are_no_layers_are_run_too() -> None:
    import keras

    inputs = keras.Input((6, 5, 3))
    maps = keras.layers.Conv2D(4, 1, name="conv")(inputs)
    means = keras.ops.mean(2.0 * maps + keras.ops.relu(maps), axis=(1, 2))
    model = keras.Model(inputs, keras.layers.Dense(2)(means))
    network = from_keras(model, title="operations")
    found = class_gradients(network, picture(), 0, layer="conv")
    kernel = model.layers[-1].get_weights()[0][:, 0]
    expected = kernel * (2 + (found.activations > 0)) / 30
    np.testing.assert_allclose(found.gradients, expected, atol=1e-6)
    np.testing.assert_allclose(found.logits, whole(network), atol=1e-6)


def test_operations_of_a_nested_model_are_taken_from_the_right_graph() -> None:
    # Flattened, they are shared with the original model, where they take other tensors.
    import keras

    layers = keras.layers
    inside = keras.Input((6, 5, 4))
    inner = keras.Model(inside, layers.Conv2D(4, 1, name="conv")(inside) * 2.0 + inside)
    inputs = keras.Input((6, 5, 3))
    maps = inner(layers.Conv2D(4, 1, name="stem")(inputs))
    model = keras.Model(inputs, layers.Dense(2)(layers.GlobalAveragePooling2D()(maps)))
    network = from_keras(model, title="nested operations")
    for layer in ("stem", "conv"):
        split = split_at(network, layer)
        tensors = split.activations(network.preprocess(picture()))
        logits = np.asarray(split.head(tensors, np.ones((1, 4), np.float32)))[0]
        np.testing.assert_allclose(logits, whole(network), atol=1e-6)


def test_a_path_around_the_layer_is_kept() -> None:
    tensors = split_at(residual(), "inside").activations(residual().preprocess(picture()))
    # The layer, the stem that is added to it, and the picture that is set beside both.
    assert sorted(tensor.shape[-1] for tensor in tensors) == [3, 4, 4]


@pytest.mark.parametrize("layer", ["stem", "inside", "concat"])
def test_derivatives_are_what_small_steps_find(layer: str) -> None:
    network = residual()
    found = class_gradients(network, picture(), 2, against=0, layer=layer)
    split = split_at(network, layer)
    tensors = split.activations(network.preprocess(picture()))
    ones = np.ones((1, found.activations.shape[2]), np.float32)

    def score(values: Any) -> float:
        logits = np.asarray(split.head([values, *tensors[1:]], ones), np.float64)[0]
        return float(logits[2] - logits[0])

    step = 1e-2
    for place in [(0, 0, 0), (3, 2, 1), (5, 4, 3)]:
        moved = [np.array(tensors[0]) for _ in range(2)]
        moved[0][(0, *place)] += step
        moved[1][(0, *place)] -= step
        slope = (score(moved[0]) - score(moved[1])) / (2 * step)
        assert found.gradients[place] == pytest.approx(slope, abs=1e-4)


def test_factors_scale_channels() -> None:
    network = pooled(activation="linear")
    split = split_at(network, "conv")
    tensors = split.activations(network.preprocess(picture()))
    factors = np.float32([[1, 1, 1, 1], [0, 1, 2, 1]])
    means = np.asarray(tensors[0])[0].mean((0, 1))
    kernel, bias = network.model.get_layer("classes").get_weights()
    expected = (factors * means) @ kernel + bias
    np.testing.assert_allclose(np.asarray(split.head(tensors, factors)), expected, atol=1e-6)


def test_another_class_another_picture_and_more_copies_trace_nothing() -> None:
    network = residual()
    split = split_at(network, "inside")
    for target, against in ((None, None), (0, None), (1, 2), (None, 1)):
        batch = network.preprocess(picture(9, 9, seed=7))
        split.gradients(batch, score_weights(network, target, against), target is None)
    tensors = split.activations(network.preprocess(picture()))
    for copies in (1, 2, 7):
        split.head(tensors, np.ones((copies, 4), np.float32))
    assert split_at(network, "inside") is split
    for call in (split.activations, split.gradients, split.head):
        assert call.experimental_get_tracing_count() == 1  # type: ignore[attr-defined]


def test_the_default_layer_and_its_name_are_one_split() -> None:
    network = pooled()
    assert split_at(network) is split_at(network, "conv")


def test_few_splits_are_kept() -> None:
    network = pooled()
    kept = [replace(network) for _ in range(split_network.MAX_LAYERS + 1)]
    splits = [split_at(one) for one in kept]
    assert split_at(kept[-1]) is splits[-1]
    assert split_at(kept[0]) is not splits[0]


def test_many_threads_share_one_split() -> None:
    network = pooled(seed=9)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: class_gradients(network, picture(), 1), range(16)))
        assert len(set(map(id, pool.map(lambda _: split_at(network), range(16))))) == 1
    for one in found:
        np.testing.assert_array_equal(one.gradients, found[0].gradients)


def test_nothing_is_changed() -> None:
    network = residual()
    weights = [value.copy() for value in network.model.get_weights()]
    before = [
        (layer.name, len(layer._inbound_nodes), len(layer._outbound_nodes), layer.trainable)
        for layer in network.model.layers
    ]
    image = picture()
    answer = whole(network)
    class_gradients(network, image, layer="inside")
    tensors = split_at(network, "inside").activations(network.preprocess(image))
    split_at(network, "inside").head(tensors, np.zeros((2, 4), np.float32))
    after = [
        (layer.name, len(layer._inbound_nodes), len(layer._outbound_nodes), layer.trainable)
        for layer in network.model.layers
    ]
    assert after == before
    for now, then in zip(network.model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(now, then)
    np.testing.assert_array_equal(whole(network), answer)
    np.testing.assert_array_equal(image, picture())


def test_random_layers_are_still_as_when_the_network_answers() -> None:
    import keras

    layers = keras.layers
    network = network_of(
        layers.Conv2D(2, 3, name="conv"),
        layers.RandomFlip(),
        layers.Dropout(0.9),
        layers.Flatten(),
        layers.Dense(3),
    )
    found = class_gradients(network, picture(), layer="conv")
    np.testing.assert_allclose(found.logits, whole(network), atol=1e-6)


def test_layers_that_cannot_be_explained_are_refused() -> None:
    with pytest.raises(ValueError, match="layer must answer with maps"):
        split_at(pooled(), "pool")
    with pytest.raises(ValueError, match="layer must be a layer of"):
        split_at(pooled(), "nowhere")


def test_a_network_without_convolutions_has_no_default_layer() -> None:
    import keras

    dense = network_of(keras.layers.Flatten(), keras.layers.Dense(2))
    with pytest.raises(ValueError, match="must have a convolutional layer"):
        split_at(dense)
