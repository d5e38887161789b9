"""Any Keras model becomes a flat network, and stays as it was."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.networks import preprocessing
from cnnviz_core.networks.graph import from_keras
from cnnviz_core.networks.network import Network

# Keras 3.15 copies variables in a way that NumPy 2 is to drop.
KERAS_SAVES_WITH_A_WARNING = pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"
)


def logits_of(network: Network, batch: Any) -> Any:
    assert network.run_logits is not None
    return np.asarray(network.run_logits(batch))[0]


def picture(height: int, width: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


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


@pytest.mark.parametrize("make", MODELS)
def test_in_a_flat_network_every_operation_has_one_place(make):
    model = from_keras(make(), title="theirs").model
    assert {len(operation._inbound_nodes) for operation in model.operations} == {1}


def test_lists_of_one_input_and_output_become_plain():
    import keras

    inputs = keras.Input((12, 12, 3))
    model = keras.Model([inputs], [keras.layers.Conv2D(2, 3)(inputs)])
    network = from_keras(model, title="theirs")
    batch = network.preprocess(picture(12, 12))
    np.testing.assert_allclose(network.run_layers(batch)[0], model([batch]), rtol=1e-5)


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


def test_a_layer_may_have_the_name_that_keras_gives_to_sums():
    import keras

    inputs = keras.Input((6, 6, 3))
    x = keras.layers.Conv2D(3, 3, padding="same", name="matmul")(inputs)
    x = keras.layers.Flatten()(keras.layers.Add(name="add")([x, inputs]))
    model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(x))
    keras.backend.clear_session()  # Keras counts names from the start again
    network = from_keras(model, title="theirs")
    batch = network.preprocess(picture(6, 6))
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


def test_a_cleared_keras_session_does_not_harm_a_network():
    import keras

    network = from_keras(nested_model(), title="kept")
    batch = network.preprocess(picture(12, 12))
    keras.backend.clear_session()
    before = logits_of(network, batch)
    keras.backend.clear_session()
    np.testing.assert_array_equal(logits_of(network, batch), before)
    np.testing.assert_allclose(
        softmax(before), np.asarray(network.run_layers(batch)[-1])[0], rtol=1e-5
    )


def test_threads_that_share_a_network_get_their_own_answers():
    network = from_keras(nested_model(), title="shared")
    batches = [network.preprocess(picture(12, 12, seed)) for seed in range(6)]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda batch: logits_of(network, batch), batches))
    for batch, answer in zip(batches, together, strict=True):
        np.testing.assert_allclose(answer, logits_of(network, batch), rtol=1e-5)


def test_a_network_that_nobody_holds_leaves_memory():
    network = from_keras(softmax_classifier(), title="dropped")
    batch = network.preprocess(picture(6, 6))
    network.run_layers(batch)
    logits_of(network, batch)
    model = weakref.ref(network.model)
    del network
    gc.collect()
    assert model() is None


def test_many_networks_do_not_look_like_retracing(caplog):
    for number in range(6):
        network = from_keras(softmax_classifier(), title=str(number))
        network.run_layers(network.preprocess(picture(6, 6)))
    assert "retracing" not in caplog.text


def test_a_network_of_one_layer_answers_with_a_list_of_one():
    import keras

    model = keras.Sequential([keras.Input((8, 9, 3)), keras.layers.Conv2D(4, 3)])
    network = from_keras(model, title="one layer")
    (maps,) = network.run_layers(network.preprocess(picture(8, 9)))
    assert maps.shape == (1, 6, 7, 4)


def key_of(model: Any, **more: Any) -> str:
    return from_keras(model, title="theirs", **more).key


def test_the_key_tells_models_of_one_title_apart_by_their_weights():
    model = sequential_model()
    before = key_of(model)
    assert before == key_of(model)
    assert before.startswith("keras:theirs:")
    kernel, bias = model.layers[-1].get_weights()
    kernel[-1, -1] += 1e-3
    model.layers[-1].set_weights([kernel, bias])
    after = key_of(model)
    assert after != before
    # The running statistics of a batch normalization are weights like others.
    *first, variance = model.layers[1].get_weights()
    model.layers[1].set_weights([*first, variance * 2])
    assert key_of(model) not in (before, after)


def test_using_a_model_does_not_change_its_key():
    import keras

    # Dropout keeps the state of its random numbers among the model's variables.
    model = dense_then(keras.layers.Dropout(0.5))
    before = key_of(model)
    model(np.zeros((1, 6, 6, 3), np.float32), training=True)
    network = from_keras(model, title="theirs")
    network.run_layers(network.preprocess(picture(6, 6)))
    assert key_of(model) == before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"activation": "relu"}, {"activation": "tanh"}),
        ({"strides": 1}, {"strides": 2}),
        ({"name": "first"}, {"name": "second"}),
    ],
)
def test_the_key_tells_graphs_apart_that_have_the_same_weights(one, other):
    import keras

    def key(options: dict[str, Any]) -> str:
        inputs = keras.Input((12, 12, 3), name="picture")
        options = {"name": "conv", "kernel_initializer": "ones", **options}
        outputs = keras.layers.Conv2D(2, 3, **options)(inputs)
        return key_of(keras.Model(inputs, outputs, name="small"))

    assert key(one) == key(dict(one))
    assert key(one) != key(other)


def test_the_key_tells_how_layers_are_connected():
    import keras

    def key(first: int) -> str:
        inputs = keras.Input((12, 12, 3), name="picture")
        layers = [
            keras.layers.Conv2D(3, 1, name=name, kernel_initializer="ones") for name in ("a", "b")
        ]
        x = layers[first](inputs)
        outputs = keras.layers.Add(name="sum")([layers[1 - first](x), x])
        return key_of(keras.Model(inputs, outputs, name="small"))

    assert key(0) == key(0)
    assert key(0) != key(1)


def test_the_key_tells_preprocessing_and_class_names_apart():
    model = softmax_classifier()
    keys = [
        key_of(model),
        key_of(model, preprocess=preprocessing.unchanged),
        key_of(model, preprocess=lambda values: values / 127.5 - 1),
        key_of(model, class_names=list("abcd")),
        key_of(model, class_names=list("abdc")),
    ]
    assert len(set(keys)) == 5
    assert key_of(model, preprocess=preprocessing.zero_to_one) == keys[0]
    assert key_of(model, class_names=tuple("abcd")) == keys[3]


def test_a_layer_that_keeps_its_configuration_to_itself_makes_every_key_new():
    import keras

    class Secret(cast(Any, keras.layers.Layer)):  # type: ignore[misc]
        def __init__(self, function: Any) -> None:
            super().__init__()
            self.function = function

        def call(self, inputs: Any) -> Any:
            return self.function(inputs)

        def get_config(self) -> Any:
            raise NotImplementedError

    model = keras.Sequential([keras.Input((6, 6, 3)), Secret(abs)])
    assert key_of(model) != key_of(model)


def test_bundled_networks_keep_their_keys():
    for key in ("efficientnet-lite0", "vgg16-edges"):
        assert networks.load(key).key == key
