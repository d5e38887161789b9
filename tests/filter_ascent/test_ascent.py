"""Ascents: what is measured, which way is up, and that nothing but the picture moves."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from cnnviz_core import networks
from cnnviz_core.arrays import FloatArray
from cnnviz_core.filter_ascent import ascent, scores, signatures, truncated_network
from cnnviz_core.filter_ascent import step as ascent_step
from cnnviz_core.filter_ascent.ascent import AscentState, ascend, measure
from cnnviz_core.filter_ascent.objectives import (
    Objective,
    channel,
    direction,
    neuron,
    objective_arrays,
    whole_layer,
)
from cnnviz_core.filter_ascent.settings import BOOK, DEFAULT, LIMITS, AscentSettings
from cnnviz_core.filter_ascent.transforms import draw_rotation, draw_shift, rotate
from cnnviz_core.networks import Network, from_keras
from tests.oracles import Array, convolve

PLAIN = AscentSettings(precision="float32", jitter=0, contrast=0, negative_slope=1)


@pytest.fixture(scope="module")
def small() -> Network:
    return small_network()


def small_network() -> Network:
    """Two convolutions with ReLU, pooling between, and four classes behind them."""
    import keras

    layers = keras.layers
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            layers.Conv2D(5, 3, activation="relu", bias_initializer="uniform", name="first"),
            layers.MaxPooling2D(2, name="pool"),
            layers.Conv2D(6, 3, padding="same", activation="relu", name="second"),
            layers.GlobalAveragePooling2D(name="mean"),
            layers.Dense(4, activation="softmax", name="classes"),
        ]
    )
    return from_keras(model, title="small")


def last(states: Iterator[AscentState]) -> AscentState:
    *_, state = states
    return state


def noise(count: int, size: tuple[int, int] = (18, 20)) -> FloatArray:
    return np.random.default_rng(1).random((count, *size, 3), np.float32)


def weights_of(network: Network) -> list[Array]:
    return [np.array(values) for values in network.model.get_weights()]


def maps_before_relu(network: Network, pictures: FloatArray) -> Array:
    """The second layer's values in plain loops, (N, H', W', 6)."""
    (first, first_bias), (second, second_bias) = (
        network.model.get_layer(name).get_weights() for name in ("first", "second")
    )
    found = []
    for picture in pictures.astype(np.float64):
        maps = np.maximum(convolve(picture, first, 1, "valid", 1) + first_bias, 0)
        rows, columns = maps.shape[0] // 2 * 2, maps.shape[1] // 2 * 2
        blocks = maps[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2, -1)
        found.append(convolve(blocks.max((1, 3)), second, 1, "same", 1) + second_bias)
    return np.array(found)


@pytest.mark.slow
def test_objectives_measure_before_the_nonlinearity(small: Network) -> None:
    pictures = noise(5)
    maps = maps_before_relu(small, pictures)
    asked = [
        channel(2),
        neuron(1, 3, 4),
        channel(0) - 2 * channel(5),
        direction((3, 4)),
        whole_layer() - channel(1),
    ]
    expected = [
        maps[0, ..., 2].mean(),
        maps[1, 3, 4, 1],
        maps[2, ..., 0].mean() - 2 * maps[2, ..., 5].mean(),
        np.sqrt(0.5) * (maps[3, ..., 3].mean() + maps[3, ..., 4].mean()),
        (maps[4] ** 2).mean() - maps[4, ..., 1].mean(),
    ]
    assert maps.min() < 0
    np.testing.assert_allclose(measure(small, "second", asked, pictures), expected, atol=1e-5)
    # Without the layer as a whole, only what is asked for is computed: another way to the same.
    few = measure(small, "second", asked[:4], pictures[:4])
    np.testing.assert_allclose(few, expected[:4], atol=1e-5)
    after = measure(small, "second", [2], pictures[:1], after_activation=True)
    np.testing.assert_allclose(after, [np.maximum(maps[0, ..., 2], 0).mean()], atol=1e-5)


@pytest.mark.parametrize("beside", [False, True])
def test_relu_waits_for_pooling_only_where_nothing_else_takes_it(beside: bool) -> None:
    import keras

    layers = keras.layers
    given = keras.Input((None, None, 3))
    first = layers.Conv2D(5, 3, activation="relu", bias_initializer="uniform")
    maps = first(given)
    found = layers.MaxPooling2D(2)(maps)
    if beside:
        found = layers.Concatenate()([found, layers.AveragePooling2D(2)(maps)])
    model = keras.Model(given, layers.Conv2D(2, 3, name="second")(found))
    network = from_keras(model, title="branches")
    truncated, _ = ascent_step.truncated_network_and_shape(network, "second", network.input_size)
    assert list(truncated_network._pooled_before_relu(truncated)) == ([] if beside else [first])
    pictures = noise(1, network.input_size)
    expected = np.asarray(model(network.preprocess(255 * pictures[0])))[..., 1].mean()
    np.testing.assert_allclose(measure(network, "second", [1], pictures), [expected], rtol=1e-4)


def test_what_lies_below_zero_counts_as_much_as_asked(small: Network) -> None:
    values = maps_before_relu(small, noise(1))[0, ..., 2]
    expected = np.where(values > 0, values, 0.3 * values).mean()
    found = measure(small, "second", [2], noise(1), negative_slope=0.3)
    np.testing.assert_allclose(found, [expected], atol=1e-5)


def test_a_class_is_measured_by_its_logit(small: Network) -> None:
    pictures = noise(4, small.input_size)
    scaled = [small.preprocess(255 * picture) for picture in pictures]
    assert small.run_logits is not None
    expected = [float(small.run_logits(one)[0, index]) for index, one in enumerate(scaled)]
    np.testing.assert_allclose(measure(small, "classes", range(4), pictures), expected, atol=1e-4)


@pytest.mark.parametrize(
    ("layer", "before"), [("stem_relu", "stem_bn"), ("block2a_expand_relu", "block2a_expand_bn")]
)
def test_a_layer_of_relu_alone_is_measured_before_it(cat: Any, layer: str, before: str) -> None:
    network = networks.load("efficientnet-lite0")
    picture = np.float32(cat[np.newaxis, :96, :96] / 255)
    both = [measure(network, name, [7], picture) for name in (layer, before)]
    np.testing.assert_array_equal(*both)


@pytest.mark.parametrize("count", [1, 3])
def test_a_turn_interpolates_as_scipy_does(count: int) -> None:
    pictures = noise(count, (11, 14))
    matrix = draw_rotation(40, 0.5, 3, 2)
    middle = np.array([5, 6.5])
    grid = np.indices((11, 14)).reshape(2, -1) - middle[:, np.newaxis]
    places = matrix @ grid + middle[:, np.newaxis]
    expected = [
        ndimage.map_coordinates(picture[..., color], places, order=1, mode="grid-wrap")
        for picture in pictures
        for color in range(3)
    ]
    found = np.asarray(rotate(pictures, matrix)).transpose(0, 3, 1, 2).reshape(len(expected), -1)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_a_turn_keeps_to_its_bounds_and_none_is_none() -> None:
    np.testing.assert_array_equal(draw_rotation(0, 0, 1, 1), np.eye(2))
    drawn = np.array([draw_rotation(30, 0.2, 0, step) for step in range(200)], np.float64)
    angles = np.rad2deg(np.arctan2(drawn[:, 1, 0], drawn[:, 0, 0]))
    zooms = 1 / np.sqrt(np.linalg.det(drawn))
    assert 25 < np.abs(angles).max() <= 30
    assert 1 / 1.2 - 1e-6 <= zooms.min() < 0.9 < 1.1 < zooms.max() <= 1.2 + 1e-6
    shifts = np.array([draw_shift(5, 0, step) for step in range(200)])
    assert (shifts.min(), shifts.max()) == (-5, 5)


@pytest.mark.parametrize(
    ("asked", "turned"),
    [
        ([1, 2], False),
        ([neuron(3, 2, 2), channel(0) - channel(1)], True),
        pytest.param([1, 2], True, marks=pytest.mark.slow),
        pytest.param([neuron(3, 2, 2), channel(0) - channel(1)], False, marks=pytest.mark.slow),
    ],
)
def test_the_gradient_agrees_with_central_differences(
    small: Network, asked: list[int | Objective], turned: bool
) -> None:
    _check_gradient(small, asked, replace(PLAIN, rotation=20.0 * turned, jitter=3))


@pytest.mark.slow
def test_so_does_the_gradient_of_a_layer_and_of_diversity(small: Network) -> None:
    # Diversity holds the objective's size fixed during an ascent; so does the difference.
    _check_gradient(small, [whole_layer(), whole_layer()], PLAIN)
    _check_gradient(small, [2, 2], replace(PLAIN, diversity=0.7))


def _check_gradient(
    network: Network, asked: list[int | Objective], settings: AscentSettings
) -> None:
    import tensorflow as tf

    objectives = ascent.as_objectives(asked)
    signature, arrays = signatures.signature_and_arrays(
        network, "second", objectives, (18, 20), settings
    )
    truncated, _ = ascent_step.truncated_network_and_shape(network, "second", (18, 20))
    numbers = {name: np.float32(getattr(settings, name)) for name in ascent_step.SLIDERS}
    draws = ascent._draws(settings, 5, 1)
    pictures = noise(2)

    def similarity(images: FloatArray) -> Any:
        maps = maps_before_relu(network, images)
        flat = [values.reshape(-1, values.shape[-1]) for values in maps]
        first, second = (values.T @ values for values in flat)
        return (first * second).sum() / np.linalg.norm(first) / np.linalg.norm(second)

    def score(images: FloatArray) -> Any:
        seen = tf.constant(images)
        found, _ = ascent_step.image_gradient(truncated, signature, seen, arrays, draws, numbers)
        total = float(tf.reduce_sum(found))
        if settings.diversity:
            total -= settings.diversity * sizes * similarity(images)
        return total

    activations, uphill = ascent_step.image_gradient(
        truncated, signature, tf.constant(pictures), arrays, draws, numbers
    )
    sizes = float(np.abs(activations).sum())
    uphill = np.asarray(uphill)
    np.testing.assert_allclose(np.sqrt((uphill**2).mean((1, 2, 3))), 1, rtol=1e-4)
    for index in range(2):
        # Along random ways, the slope is in proportion to the gradient's share of that way.
        random = np.random.default_rng(index)
        slopes, shares = [], []
        for _ in range(8):
            way = np.zeros_like(pictures)
            way[index] = random.choice((-1, 1), way[index].shape)
            low, high = (score(pictures + np.float32(sign * 2e-3) * way) for sign in (-1, 1))
            slopes.append((high - low) / 4e-3)
            shares.append((way * uphill).sum())
        assert np.corrcoef(slopes, shares)[0, 1] > 0.995


def test_zero_steps_return_the_start(small: Network, cat: Any) -> None:
    (noisy,) = ascend(small, "second", [1, 1], steps=0, size=32)
    assert noisy.step == 0
    assert noisy.images.shape == (2, 32, 32, 3)
    assert noisy.images.dtype == noisy.activations.dtype == np.float32
    assert np.abs(noisy.images[0] - noisy.images[1]).max() > 0.01
    (gray,) = ascend(small, "second", [1], steps=0, size=32, settings=AscentSettings(start="gray"))
    np.testing.assert_allclose(gray.images, 0.5)
    for settings in (DEFAULT, BOOK):
        (own,) = ascend(
            small, "second", [1], steps=0, size=(64, 80), settings=settings, picture=cat
        )
        stretched = ascent.stretch(cat.astype(np.float32), (64, 80)) / 255
        # In the Fourier basis they stay a little away from black and white.
        np.testing.assert_allclose(own.images[0], stretched, atol=0.021)


def test_same_seed_same_pictures_and_another_seed_others(small: Network) -> None:
    settings = replace(DEFAULT, rotation=10.0, scaling=0.1)

    def run(seed: int) -> AscentState:
        return last(ascend(small, "second", [0, 3], steps=4, size=32, seed=seed, settings=settings))

    one, again, other = run(0), run(0), run(1)
    np.testing.assert_array_equal(one.images, again.images)
    np.testing.assert_array_equal(one.activations, again.activations)
    assert np.abs(one.images - other.images).max() > 0.01


def test_a_run_taken_up_again_ends_where_it_would_have(small: Network) -> None:
    whole = last(ascend(small, "second", [0, 3], steps=6, size=32))
    half = last(ascend(small, "second", [0, 3], steps=2, size=32))
    states = list(ascend(small, "second", [0, 3], steps=4, size=32, resume=half))
    assert [state.step for state in states] == [2, 3, 4, 5, 6]
    np.testing.assert_array_equal(states[0].images, half.images)
    np.testing.assert_array_equal(states[-1].images, whole.images)


def test_every_picture_ascends_alone(small: Network) -> None:
    both = last(ascend(small, "second", [0, 3], steps=5, size=32, settings=PLAIN))
    alone = last(ascend(small, "second", [0], steps=5, size=32, settings=PLAIN))
    np.testing.assert_allclose(both.images[:1], alone.images, atol=1e-4)


@pytest.mark.parametrize("settings", [DEFAULT, PLAIN, replace(BOOK, after_activation=False)])
@pytest.mark.parametrize(
    "layer", [pytest.param("first", marks=pytest.mark.slow), "second", "classes"]
)
def test_the_objective_rises(small: Network, layer: str, settings: AscentSettings) -> None:
    states = list(ascend(small, layer, range(4), steps=30, size=32, settings=settings))
    assert (states[-1].activations > states[0].activations).all()


def test_weights_activations_and_graph_stay_as_they_are() -> None:
    small = small_network()  # that nothing has been traced before
    before = weights_of(small)
    layers = small.model.layers
    seen = [(layer.trainable, getattr(layer, "activation", None)) for layer in layers]
    nodes = [len(layer._inbound_nodes) for layer in layers]
    for layer in ("second", "classes"):
        last(ascend(small, layer, [0, whole_layer()], steps=3, size=32))
    for old, new in zip(before, weights_of(small), strict=True):
        np.testing.assert_array_equal(old, new)
    assert seen == [(layer.trainable, getattr(layer, "activation", None)) for layer in layers]
    assert nodes == [len(layer._inbound_nodes) for layer in layers]


def test_who_stops_asking_stops_the_work(small: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0
    step_of = ascent.step_of

    def counted(*arguments: Any) -> Any:
        run = step_of(*arguments)

        def step(*values: Any) -> Any:
            nonlocal count
            count += 1
            return run(*values)

        return step

    monkeypatch.setattr(ascent, "step_of", counted)
    states = ascend(small, "second", [0], steps=1000, size=32)
    assert count == 0
    list(islice(states, 3))
    states.close()  # type: ignore[attr-defined]
    assert count == 3
    assert list(states) == []


def test_a_moved_slider_traces_nothing_again(
    small: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    last(ascend(small, "second", [0, 1], steps=1, size=24))
    monkeypatch.delattr(ascent_step, "traced")
    others = AscentSettings(
        step_size=0.2, contrast=0.1, negative_slope=0.5, jitter=2, total_variation=1, l2=2, blur=1
    )
    last(ascend(small, "second", [channel(4), -channel(2)], steps=2, size=24, settings=others))
    last(ascend(small, "second", [neuron(1, 2, 3), 5], steps=2, size=24, seed=8))
    sides = signatures.require_sides(24, 2)
    objectives = ascent.as_objectives([0, 1])
    signature, _ = signatures.signature_and_arrays(small, "second", objectives, sides, DEFAULT)
    step: Any = ascent_step.step_of(small, signature)
    assert step.experimental_get_tracing_count() == 1


EXTREMES = [
    replace(DEFAULT, image=image, **{name: value})
    for image in ("fourier", "pixels")
    for name, limits in LIMITS.items()
    for value in limits
]


@pytest.mark.parametrize(
    "settings",
    [
        *(one for one in EXTREMES if one.image == DEFAULT.image),
        *(
            pytest.param(one, marks=pytest.mark.slow)
            for one in EXTREMES
            if one.image != DEFAULT.image
        ),
        replace(DEFAULT, image="pixels"),
        replace(DEFAULT, start="gray"),
        replace(DEFAULT, after_activation=True),
    ],
)
def test_pictures_stay_in_range_at_every_extreme(small: Network, settings: AscentSettings) -> None:
    for state in ascend(small, "second", [0, 0], steps=6, size=(24, 17), settings=settings):
        assert np.isfinite(state.activations).all()
        assert np.isfinite(state.images).all()
        assert state.images.min() >= 0
        assert state.images.max() <= 1


def test_a_silent_filter_has_no_gradient_after_relu_and_one_before() -> None:
    import keras

    dead = keras.layers.Conv2D(2, 3, activation="relu", name="dead")
    network = from_keras(keras.Sequential([keras.Input((None, None, 3)), dead]), title="dead")
    kernel, bias = dead.get_weights()
    dead.set_weights([kernel, bias - 100])
    after = replace(PLAIN, after_activation=True, image="pixels", step_size=0.02)
    states = list(ascend(network, "dead", [0], steps=5, size=24, settings=after))
    np.testing.assert_array_equal(states[0].images, states[-1].images)
    before = replace(after, after_activation=False)
    states = list(ascend(network, "dead", [0], steps=5, size=24, settings=before))
    assert states[-1].activations > states[0].activations


def test_diversity_drives_pictures_of_one_filter_apart(small: Network) -> None:
    def difference(diversity: float) -> float:
        settings = replace(DEFAULT, diversity=diversity)
        images = last(ascend(small, "second", [1, 1], steps=40, size=32, settings=settings)).images
        maps = maps_before_relu(small, images).astype(np.float32)
        return 1 - float(np.asarray(scores.similarities(maps))[0, 1])

    assert difference(5.0) > 2 * difference(0.0)


def test_regularizers_and_blur_do_what_they_say(small: Network) -> None:
    def images(**changes: Any) -> FloatArray:
        settings = replace(PLAIN, **changes)
        return last(ascend(small, "first", [0, 1], steps=30, size=32, settings=settings)).images

    def roughness(pictures: FloatArray) -> float:
        return float(np.abs(np.diff(pictures, axis=1)).mean())

    plain = images()
    assert roughness(images(total_variation=1.0)) < 0.8 * roughness(plain)
    assert roughness(images(blur=2.0)) < 0.5 * roughness(plain)
    assert np.abs(images(l2=5.0) - 0.5).mean() < np.abs(plain - 0.5).mean()


def test_contrast_is_at_least_what_is_asked_for(small: Network) -> None:
    def deviations(steps: int) -> FloatArray:
        settings = replace(DEFAULT, contrast=0.1)
        images = last(
            ascend(small, "first", [0, 1], steps=steps, size=32, settings=settings)
        ).images
        # Before the logistic function, where a mean color far from gray costs no contrast.
        logits = np.log(images / (1 - images))
        return np.sqrt(((logits - logits.mean((1, 2), keepdims=True)) ** 2).mean((1, 2, 3))) / 4

    np.testing.assert_allclose(deviations(0), 0.1, rtol=1e-3)
    assert (deviations(40) > 0.099).all()
    assert deviations(40).max() > 0.15


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layer": "third"}, "The names run from 'first' to 'classes'"),
        ({"filters": []}, "filters must name"),
        ({"filters": [6]}, "filters must be from 0 to 5"),
        ({"filters": [-1]}, "filters must be at least 0"),
        ({"filters": [0.5]}, "filters must be a whole number"),
        ({"filters": [neuron(0, 99, 0)]}, "row must be from"),
        ({"filters": [channel(0) - channel(0), Objective()]}, "ask for something"),
        ({"filters": [float("nan") * channel(0)]}, "finite weights"),
        ({"steps": -1}, "steps must be"),
        ({"size": 8}, "size must be"),
        ({"size": 600}, "size must be"),
        ({"filters": [0] * 5, "size": 500}, "Take fewer filters"),
        ({"seed": -1}, "seed must be"),
        ({"settings": replace(DEFAULT, jitter=65)}, "jitter must be"),
        ({"settings": replace(DEFAULT, step_size=float("nan"))}, "step_size must be"),
        ({"settings": AscentSettings(image="crayon")}, "'fourier', 'pixels'"),  # type: ignore[arg-type]
        ({"picture": np.zeros((5, 5), np.uint8)}, "image must have"),
    ],
)
def test_bad_arguments_are_refused_at_once(
    small: Network, arguments: dict[str, Any], message: str
) -> None:
    given: dict[str, Any] = {"layer": "second", "filters": [0], "steps": 1, "size": 32}
    given |= arguments
    with pytest.raises(ValueError, match=message):
        ascend(small, **given)


def test_a_state_of_other_pictures_cannot_be_taken_up(small: Network) -> None:
    (state,) = ascend(small, "second", [0], steps=0, size=32)
    with pytest.raises(ValueError, match="resume must be"):
        ascend(small, "second", [0, 1], steps=1, size=32, resume=state)


def test_pictures_must_suit_a_network_of_one_size() -> None:
    network = networks.load("lenet-5")
    state = last(ascend(network, "digits", [3], steps=3, size=32))
    assert state.images.shape == (1, 32, 32, 3)
    assert last(ascend(network, "conv2", [3], steps=1, size=48)).images.shape == (1, 48, 48, 3)
    with pytest.raises(ValueError, match="Take 32×32"):
        ascend(network, "digits", [3], steps=3, size=48)


def test_a_scaling_that_is_not_linear_is_refused(small: Network) -> None:
    squared = from_keras(
        small.model, title="squared", preprocess=lambda picture: (picture / 255) ** 2
    )
    with pytest.raises(ValueError, match="Scale in a layer of the model"):
        ascend(squared, "second", [0], steps=0, size=32)


def test_objectives_of_one_layer_know_their_pairs() -> None:
    arrays = objective_arrays([channel(1), channel(2), channel(1)], (4, 4, 5))
    np.testing.assert_array_equal(arrays.alike, [[0, 0, 1], [0, 0, 0], [1, 0, 0]])


@pytest.mark.slow
@pytest.mark.parametrize("block", range(1, 6))
def test_filters_of_vgg16_rise_and_none_stays_gray(block: int) -> None:
    network = networks.load("vgg16-edges")
    layer = f"block{block}_conv1"
    last_channel = network.layer(layer).output_shape[-1] - 1
    filters = np.linspace(0, last_channel, 4).round().astype(int).tolist()
    states = list(ascend(network, layer, filters, steps=8, size=64))
    assert (states[-1].activations > states[0].activations).all()
    assert (states[-1].images.std((1, 2, 3)) > 0.08).all()
    # No two pixels in three are alike: neither gray nor one color.
    neighbors = np.abs(np.diff(states[-1].images, axis=2)).max(-1)
    assert ((neighbors > 1 / 255).mean((1, 2)) > 2 / 3).all()


@pytest.mark.slow
def test_bfloat16_ascends_where_float32_does(record_property: Any) -> None:
    network = networks.load("vgg16-edges")
    filters = [0, 73, 146, 219]

    def run(precision: Any, steps: int) -> AscentState:
        settings = AscentSettings(precision=precision)
        return last(
            ascend(network, "block3_conv1", filters, steps=steps, size=48, settings=settings)
        )

    single, half = (run(precision, 0).activations for precision in ("float32", "bfloat16"))
    assert 0 < np.abs(single - half).max() < 0.02 * np.abs(single).max()
    negative_slope = DEFAULT.negative_slope
    single, half = (
        measure(
            network,
            "block3_conv1",
            filters,
            run(precision, 6).images,
            negative_slope=negative_slope,
        )
        for precision in ("float32", "bfloat16")
    )
    # Rounding takes another path to another picture, as another seed does, of the same worth.
    np.testing.assert_allclose(half.mean(), single.mean(), rtol=0.03)
    np.testing.assert_allclose(half, single, rtol=0.25)
    record_property("bfloat16 / float32 after 6 steps", (half / single).tolist())


@pytest.mark.slow
@pytest.mark.parametrize(
    "layer", ["stem_relu", "block3a_expand_relu", "block5b_add", "head_relu", "classes"]
)
def test_stages_of_efficientnet_rise(layer: str) -> None:
    network = networks.load("efficientnet-lite0")
    count = network.layer(layer).output_shape[-1]
    filters = np.linspace(0, count - 1, 4).round().astype(int).tolist()
    states = list(ascend(network, layer, filters, steps=16, size=64))
    rises = states[-1].activations > states[0].activations
    # Training has left a few channels with no weights: their value is the same for every picture.
    random = np.random.default_rng(0).random((4, 64, 64, 3), np.float32)
    dead = np.isclose(
        measure(network, layer, filters, random), measure(network, layer, filters, 1 - random)
    )
    assert dead.sum() <= 1
    assert (rises | dead).all()
