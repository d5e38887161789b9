"""Scores and their derivatives, for many pictures, classes and threads at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from cnnviz_core import images, networks
from cnnviz_core.heatmaps import class_scores
from cnnviz_core.heatmaps.class_gradients import score_weights
from cnnviz_core.inspection import predictions
from cnnviz_core.networks import Network, from_keras

SIZE = (6, 5)


@cache
def classifier(units: int, activation: str | None = "softmax") -> Network:
    import keras

    keras.utils.set_random_seed(2)
    layers = keras.layers
    stack = [
        keras.Input((*SIZE, 3)),
        layers.Conv2D(4, 3, activation="tanh"),
        layers.BatchNormalization(),
        layers.Dropout(0.5),
        layers.Flatten(),
        layers.Dense(units, activation),
    ]
    return from_keras(keras.Sequential(stack), title=f"{units} classes")


def pictures(count: int) -> Any:
    return np.random.default_rng(1).random((count, *SIZE, 3), np.float32)


def test_logits_of_many_pictures_are_those_of_each():
    network = classifier(3)
    assert network.run_logits is not None
    batch = pictures(5)
    each = [np.asarray(network.run_logits(batch[index : index + 1]))[0] for index in range(5)]
    np.testing.assert_allclose(class_scores.logits_of(network, batch), each, atol=1e-6)


def test_derivatives_are_what_small_changes_of_the_input_do():
    network, batch = classifier(3), pictures(2)
    logit_weights = np.array([0.5, -2, 1], np.float32)
    scores, gradients = class_scores.input_gradients(network, batch, logit_weights)
    np.testing.assert_allclose(
        scores, class_scores.logits_of(network, batch) @ logit_weights, atol=1e-5
    )
    step = 1e-2
    for place in np.ndindex(*SIZE, 3):
        moved = [batch.copy(), batch.copy()]
        moved[0][:, *place] -= step
        moved[1][:, *place] += step
        below, above = (class_scores.logits_of(network, one) @ logit_weights for one in moved)
        np.testing.assert_allclose(gradients[:, *place], (above - below) / (2 * step), atol=1e-3)


def test_another_class_or_number_of_pictures_traces_nothing():
    network = classifier(3)
    for count in (1, 2, 5):
        for index in range(3):
            class_scores.input_gradients(
                network, pictures(count), class_scores.one_class(network, index)
            )
            class_scores.logits_of(network, pictures(count))
    for kept in (class_scores._traced_gradients, class_scores._traced_logits):
        assert kept(network).experimental_get_tracing_count() == 1


def test_few_networks_are_kept():
    network = classifier(3)
    others = [replace(network) for _ in range(class_scores.KEPT_NETWORKS)]
    for kept in (class_scores._traced_gradients, class_scores._traced_logits):
        first = kept(network)
        for other in others[1:]:
            kept(other)
        assert kept(network) is first
        for other in others:
            kept(other)
        assert kept(network) is not first


def test_networks_of_one_key_are_not_mixed_up():
    import keras

    def constant(value: float) -> Network:
        bias = keras.initializers.Constant(value)
        stack = [keras.Input((2, 2, 3)), keras.layers.Flatten()]
        stack.append(keras.layers.Dense(2, kernel_initializer="zeros", bias_initializer=bias))
        return from_keras(keras.Sequential(stack), title="same")

    first = constant(1)
    second = replace(constant(2), key=first.key)
    batch = np.zeros((1, 2, 2, 3), np.float32)
    assert class_scores.logits_of(first, batch).tolist() == [[1, 1]]
    assert class_scores.logits_of(second, batch).tolist() == [[2, 2]]


def test_threads_get_their_own_answers_from_one_trace():
    network, batch = replace(classifier(4)), pictures(8)
    all_weights = [class_scores.one_class(network, index % 4) for index in range(8)]
    alone = [
        class_scores.input_gradients(classifier(4), batch[[index]], all_weights[index])[1]
        for index in range(8)
    ]
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(
            lambda index: class_scores.input_gradients(network, batch[[index]], all_weights[index])[
                1
            ],
            range(8),
        )
        np.testing.assert_allclose(list(found), alone, atol=1e-6)
    assert class_scores._traced_gradients(network).experimental_get_tracing_count() == 1


def test_a_mixture_asks_for_one_class_or_for_the_difference_of_two():
    network = classifier(3)
    assert class_scores.one_class(network, 1).tolist() == [0, 1, 0]
    assert score_weights(network, 2, 0).tolist() == [-1, 0, 1]


def test_a_single_sigmoid_output_speaks_for_one_and_against_zero():
    network = classifier(1, "sigmoid")
    assert predictions.num_classes(network) == 2
    assert class_scores.one_class(network, 1).tolist() == [1]
    assert class_scores.one_class(network, 0).tolist() == [-1]
    # The first class scores zero in `predictions`, so that the difference is the logit itself.
    assert score_weights(network, 1, 0).tolist() == [1]
    assert score_weights(network, 0, 1).tolist() == [-1]


def test_scores_are_the_logits_of_predictions(cat: Any) -> None:
    network = networks.load("efficientnet-lite0")
    scores = class_scores.logits_of(network, network.preprocess(cat))[0]
    np.testing.assert_allclose(scores, predictions.logits(network, cat), atol=1e-3)


@pytest.mark.parametrize("index", [-1, 3, 1.0, None])
def test_no_such_class(index: Any):
    with pytest.raises(ValueError, match="index must be"):
        class_scores.one_class(classifier(3), index)


def test_a_class_does_not_differ_from_itself():
    with pytest.raises(ValueError, match="against must be another class"):
        score_weights(classifier(3), 1, 1)


@pytest.mark.parametrize("logit_weights", [[1], [1, 0, 0, 0], [[1, 0, 0]], [np.nan, 0, 0]])
def test_a_mixture_that_does_not_fit_is_refused(logit_weights: Any):
    with pytest.raises(ValueError, match="logit_weights must be 3 finite numbers"):
        class_scores.input_gradients(classifier(3), pictures(1), np.array(logit_weights))


def test_a_network_without_a_classifier_is_refused():
    network = networks.load("lenet-cat")
    with pytest.raises(ValueError, match="feature maps only"):
        class_scores.logits_of(network, network.preprocess(images.sample("cat")))


def test_what_goes_through_together_is_bounded():
    assert class_scores.chunk_size(classifier(3)) == class_scores.MAX_CHUNK
    lite = networks.load("efficientnet-lite0")
    values = sum(int(np.prod(layer.output_shape)) for layer in lite.layers)
    assert 1 <= class_scores.chunk_size(lite) <= class_scores.MAX_VALUES / values


@pytest.mark.parametrize("size", [(12, 10), (3, 5), (7, 4), (1, 1)])
def test_a_map_comes_back_with_its_center_in_place(size: tuple[int, int]):
    rows, columns = np.indices(SIZE)
    slope = (0.5 + rows) / SIZE[0] + 10 * (0.5 + columns) / SIZE[1]
    found = class_scores.at_picture_size(slope.astype(np.float32), np.zeros((*size, 3), np.uint8))
    down, across = np.indices(size)
    expected = (0.5 + down) / size[0] + 10 * (0.5 + across) / size[1]
    assert found.shape == size
    assert found.mean() == pytest.approx(5.5, abs=1e-5)
    inside = found[1:-1, 1:-1], expected[1:-1, 1:-1]
    np.testing.assert_allclose(*inside, atol=1e-5)
