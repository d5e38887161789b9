"""Attributions against networks whose derivatives are known, and on real pictures."""

import math
from collections.abc import Callable
from functools import cache, partial
from itertools import islice
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from cnnviz_core import images, networks
from cnnviz_core.heatmaps.class_gradients import score_weights
from cnnviz_core.heatmaps.class_scores import one_class
from cnnviz_core.heatmaps.occlusion import occlusion_states
from cnnviz_core.heatmaps.pixel_attribution import (
    IntegratedState,
    _spread,
    gradient_times_input,
    integrated_gradients_states,
    saliency,
    smoothgrad_states,
)
from cnnviz_core.heatmaps.records import last
from cnnviz_core.networks import Network, from_keras
from cnnviz_core.networks.preprocessing import bgr_minus_mean, unchanged

SIZE = (6, 5)
Array = npt.NDArray[np.float32]
Method = Callable[[Network, Any, Array], Array]


def smoothgrad(*given: Any, **options: Any) -> Array:
    return last(smoothgrad_states(*given, **options)).values


def integrated_gradients(*given: Any, **options: Any) -> IntegratedState:
    return last(integrated_gradients_states(*given, **options))


def occlusion(*given: Any, **options: Any) -> Array:
    return last(occlusion_states(*given, **options)).values


def integrated(network: Network, image: Any, logit_weights: Array) -> Array:
    return integrated_gradients(network, image, logit_weights, steps=8).values


METHODS: dict[str, Method] = {
    "saliency": saliency,
    "gradient × input": gradient_times_input,
    "smoothgrad": lambda *given: smoothgrad(*given, samples=8),
    "integrated gradients": integrated,
    "occlusion": occlusion,
}


def sequential(*layers: Any, size: tuple[int, int] = SIZE) -> Network:
    import keras

    model = keras.Sequential([keras.Input((*size, 3)), *layers])
    return from_keras(model, title="small", preprocess=unchanged)


@cache
def linear() -> tuple[Network, Array]:
    """A network that is one matrix, and that matrix as (h, w, 3, classes)."""
    import keras

    keras.utils.set_random_seed(3)
    network = sequential(keras.layers.Flatten(), keras.layers.Dense(4, "softmax", name="classes"))
    weights = network.model.get_layer("classes").get_weights()[0]
    return network, weights.reshape(*SIZE, 3, 4)


@cache
def curved() -> Network:
    import keras

    keras.utils.set_random_seed(4)
    layers = keras.layers
    return sequential(
        layers.Rescaling(1 / 255),
        layers.Conv2D(5, 3, activation="tanh"),
        layers.Flatten(),
        layers.Dense(3, "softmax"),
    )


def summing(*layers: Any, size: tuple[int, int] = SIZE) -> Network:
    """What `layers` make of a picture, summed up to one score."""
    import keras

    dense = keras.layers.Dense(1, kernel_initializer="ones")
    return sequential(*layers, keras.layers.Flatten(), dense, size=size)


def noise(size: tuple[int, int] = SIZE) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (*size, 3)).astype(np.uint8)


ONE = np.ones(1, np.float32)


def test_the_saliency_of_a_linear_network_is_its_weights():
    network, weights = linear()
    for index in range(4):
        found = saliency(network, noise(), one_class(network, index))
        np.testing.assert_allclose(found, np.abs(weights[..., index]).max(-1), rtol=1e-5)


def test_two_classes_differ_by_their_weights():
    network, weights = linear()
    expected = np.abs(weights[..., 3] - weights[..., 1]).max(-1)
    found = saliency(network, noise(), score_weights(network, 3, 1))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_gradient_times_input_splits_the_logit_of_a_linear_network():
    network, weights = linear()
    found = gradient_times_input(network, noise(), one_class(network, 2))
    np.testing.assert_allclose(found, (weights[..., 2] * noise()).sum(-1), rtol=1e-4, atol=1e-3)


def test_without_noise_smoothgrad_is_saliency():
    network = curved()
    logit_weights = one_class(network, 1)
    found = smoothgrad(network, noise(), logit_weights, samples=20, noise=0)
    np.testing.assert_allclose(found, saliency(network, noise(), logit_weights), rtol=1e-4)


def test_smoothgrad_of_a_kink_is_how_often_the_noise_is_beyond_it():
    # The derivative of ReLU(x − 100) is 1 where x is above 100: of noise of the deviation σ, the
    # mean is Φ((x − 100) / σ).
    import keras

    shift = keras.layers.Rescaling(1, -100)
    network = summing(shift, keras.layers.ReLU())
    image = np.repeat(noise()[..., :1], 3, axis=2)
    deviation = 0.2 * np.ptp(image)
    found = smoothgrad(network, image, ONE, samples=3000, noise=0.2)
    above = (image[..., 0].astype(float) - 100) / deviation
    expected = [[(1 + math.erf(x / math.sqrt(2))) / 2 for x in row] for row in above]
    # The largest of three channels' means, each within four deviations of 0.5 / √3000.
    np.testing.assert_allclose(found, expected, atol=0.037)


def test_integrated_gradients_of_a_linear_network_are_exact_in_one_step():
    network, weights = linear()
    logit_weights = one_class(network, 0)
    found = integrated_gradients(network, noise(), logit_weights, steps=1, baseline="black")
    np.testing.assert_allclose(
        found.values, (weights[..., 0] * noise()).sum(-1), rtol=1e-4, atol=1e-3
    )
    assert found.attributed == pytest.approx(found.difference, rel=1e-4)


def test_integrated_gradients_of_squares_are_the_differences_of_squares():
    # ∂x²/∂x is linear along the way, where the middle of each step is exact.
    import keras

    inputs = keras.Input((*SIZE, 3))
    squares = keras.layers.Multiply()([inputs, inputs])
    total = keras.layers.Dense(1, kernel_initializer="ones")(keras.layers.Flatten()(squares))
    network = from_keras(keras.Model(inputs, total), title="squares", preprocess=unchanged)
    found = integrated_gradients(network, noise(), ONE, steps=5, baseline="gray")
    expected = (noise().astype(float) ** 2 - 127.5**2).sum(-1)
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=2)


@pytest.mark.parametrize("baseline", ["gray", "mean", "blur", "black"])
def test_integrated_gradients_add_up_to_the_difference_of_logits(baseline: Any):
    network = curved()
    for index in range(3):
        logit_weights = one_class(network, index)
        found = integrated_gradients(network, noise(), logit_weights, steps=64, baseline=baseline)
        assert found.attributed == pytest.approx(found.difference, abs=1e-3)
        assert found.values.sum() == pytest.approx(found.attributed, abs=1e-3)


@pytest.mark.slow
def test_on_the_cat_they_add_up_too(cat: Any) -> None:
    network = networks.load("efficientnet-lite0")
    found = integrated_gradients(network, cat, one_class(network, 285), steps=32)
    assert found.difference > 8
    assert found.attributed == pytest.approx(found.difference, rel=0.1)


@pytest.mark.parametrize("steps", [1, 2, 3, 8, 13, 32])
def test_steps_lie_in_the_middle_of_equal_parts_and_spread_early(steps: int):
    places = _spread(steps)
    np.testing.assert_allclose(np.sort(places), (np.arange(steps) + 0.5) / steps, rtol=1e-6)
    half = places[: (steps + 1) // 2]
    assert abs(half.mean() - 0.5) <= 0.5 / len(half)


def test_states_grow_to_what_the_function_returns():
    network, logit_weights = curved(), np.array([1, 0, 0], np.float32)
    smooth = list(smoothgrad_states(network, noise(), logit_weights, samples=40))
    assert [state.done for state in smooth] == [16, 32, 40]
    assert {state.total for state in smooth} == {40}
    whole = smoothgrad(network, noise(), logit_weights, samples=40)
    np.testing.assert_array_equal(smooth[-1].values, whole)
    steps = list(integrated_gradients_states(network, noise(), logit_weights, steps=20))
    assert [(state.done, state.total) for state in steps] == [(16, 20), (20, 20)]
    np.testing.assert_array_equal(
        steps[-1].values, integrated_gradients(network, noise(), logit_weights, steps=20).values
    )


def test_a_state_is_the_map_of_as_many_samples():
    network, logit_weights = curved(), np.array([1, 0, 0], np.float32)
    states = smoothgrad_states(network, noise(), logit_weights, samples=64, seed=5)
    (first,) = islice(states, 1)
    fewer = smoothgrad(network, noise(), logit_weights, samples=first.done, seed=5)
    np.testing.assert_array_equal(first.values, fewer)
    assert [state.done for state in states][-1] == 64, "and goes on where it stopped"


def test_an_early_state_already_estimates_the_whole():
    # After 16 of 17 steps in their order along the way, the last and largest would be missing.
    network, logit_weights = curved(), np.array([1, 0, 0], np.float32)
    first, whole = integrated_gradients_states(network, noise(), logit_weights, steps=17)
    gap = np.abs(first.values - whole.values).max()
    assert gap < 0.1 * np.abs(whole.values).max()


def test_the_noise_follows_its_seed():
    network, logit_weights = curved(), np.array([1, 0, 0], np.float32)
    runs = [smoothgrad(network, noise(), logit_weights, samples=2, seed=seed) for seed in (0, 0, 1)]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert np.abs(runs[0] - runs[2]).max() > 0


@pytest.mark.parametrize("method", METHODS)
def test_neither_network_nor_picture_changes(method: str):
    network, image = curved(), noise()
    weights = [weight.copy() for weight in network.model.get_weights()]
    layers = [(layer.name, layer.trainable) for layer in network.model.layers]
    METHODS[method](network, image, one_class(network, 0))
    np.testing.assert_array_equal(image, noise())
    assert [(layer.name, layer.trainable) for layer in network.model.layers] == layers
    assert all(len(layer._inbound_nodes) == 1 for layer in network.model.layers)
    for before, after in zip(weights, network.model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("key", "image"),
    [
        ("lenet-5", np.full((30, 40, 3), 9, np.uint8)),
        ("lenet-5", noise((1, 1))),
        ("lenet-5", noise((9, 3))),
        pytest.param("efficientnet-lite0", noise((9, 3)), marks=pytest.mark.slow),
    ],
)
def test_any_picture_gets_a_map_of_its_size(method: str, key: str, image: Any):
    network = networks.load(key)
    found = METHODS[method](network, image, one_class(network, 3))
    assert found.shape == image.shape[:2]
    assert found.dtype == np.float32
    assert np.isfinite(found).all()


@pytest.mark.parametrize("method", ["gradient × input", "integrated gradients", "occlusion"])
def test_what_speaks_for_one_speaks_against_zero(method: str):
    import keras

    network = sequential(keras.layers.Flatten(), keras.layers.Dense(1, "sigmoid"))
    for_one, for_zero = (
        METHODS[method](network, noise(), one_class(network, index)) for index in (1, 0)
    )
    np.testing.assert_allclose(for_one, -for_zero, rtol=1e-5)
    assert for_one.min() < 0 < for_one.max()


@pytest.mark.parametrize("method", METHODS)
def test_without_a_classifier_there_is_nothing_to_explain(method: str):
    with pytest.raises(ValueError, match="feature maps only"):
        METHODS[method](networks.load("vgg16-edges"), noise(), ONE)


@pytest.mark.parametrize("method", METHODS)
def test_a_network_that_gives_nan_is_named(method: str):
    import keras

    bias = keras.initializers.Constant(math.nan)
    network = sequential(keras.layers.Flatten(), keras.layers.Dense(1, bias_initializer=bias))
    with pytest.raises(ValueError, match="“small” gave NaN"):
        METHODS[method](network, noise(), ONE)


@pytest.mark.parametrize("method", METHODS)
def test_a_silent_network_gives_zeros(method: str):
    import keras

    network = summing(keras.layers.Rescaling(1, -999), keras.layers.ReLU())
    assert not METHODS[method](network, noise(), ONE).any()


@pytest.mark.parametrize(
    ("states", "wrong"),
    [
        (smoothgrad_states, {"samples": 0}),
        (smoothgrad_states, {"noise": -0.1}),
        (smoothgrad_states, {"noise": math.nan}),
        (smoothgrad_states, {"seed": -1}),
        (integrated_gradients_states, {"steps": 0}),
        (integrated_gradients_states, {"baseline": "pink"}),
    ],
)
def test_wrong_numbers_are_refused_before_any_work(states: Any, wrong: dict[str, Any]):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be"):
        states(curved(), noise(), np.array([1, 0, 0], np.float32), **wrong)


@pytest.mark.parametrize("states", [smoothgrad_states, integrated_gradients_states])
def test_what_is_no_picture_is_refused_before_any_work(states: Any):
    with pytest.raises(ValueError, match="image must have three channels"):
        states(curved(), noise()[..., :1], np.array([1, 0, 0], np.float32))


def test_a_network_like_vgg_splits_its_logit_too():
    # ReLU and max pooling have kinks, so that this takes many steps. The differences go up to 24.
    import keras

    keras.utils.set_random_seed(7)
    layers = keras.layers
    stack = [
        keras.Input((32, 32, 3)),
        layers.Conv2D(8, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(16, activation="relu"),
        layers.Dense(5),
        layers.Activation("softmax"),
    ]
    network = from_keras(keras.Sequential(stack), title="vgg", preprocess=bgr_minus_mean)
    for index in range(5):
        logit_weights = score_weights(network, index, (index + 1) % 5)
        found = integrated_gradients(network, noise((50, 70)), logit_weights, steps=256)
        assert found.attributed == pytest.approx(found.difference, abs=0.05)


def beside(left: str, right: str) -> npt.NDArray[np.uint8]:
    squares = [
        cv2.resize(images.sample(name), (320, 320), interpolation=cv2.INTER_AREA)
        for name in (left, right)
    ]
    return np.concatenate(squares, axis=1).astype(np.uint8)


def left_share(values: Array) -> float:
    heat = np.maximum(values, 0, dtype=np.float64)
    return float(heat[:, :320].sum() / heat.sum())


EGYPTIAN_CAT, MOPED = 285, 665


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_asked_for_the_cat_the_heat_lies_on_the_cat(method: str) -> None:
    # Seen, as the share of heat on the cat's half asked for the cat, and for the moped: saliency
    # 0.6 and 0.4, SmoothGrad 0.7 and 0.4, integrated gradients 0.6 and 0.2, occlusion 0.8 and 0.2.
    # Gradient × input, 0.5 and 0.3, is loud wherever the picture is far from gray.
    network = networks.load("efficientnet-lite0")
    explain = METHODS[method]
    if method == "occlusion":
        explain = partial(occlusion, size=64, stride=64)
    for image, side in ((beside("cat", "motorcycle"), 0), (beside("motorcycle", "cat"), 1)):
        shares = [
            abs(side - left_share(explain(network, image, one_class(network, index))))
            for index in (EGYPTIAN_CAT, MOPED)
        ]
        assert shares[0] - shares[1] > 0.1
        assert shares[0] > (0.45 if method == "gradient × input" else 0.5)
