"""Uploaded models: those that people have work, and those that attackers make are refused."""

import io
import json
import os
import pickle
import zipfile
from functools import cache
from typing import Any

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core import networks
from cnnviz_core.inspection import feature_maps, predictions
from cnnviz_core.networks import model_config
from tests.nasty_models import (
    LAMBDA_CODE,
    archive,
    empty_h5,
    functional_model,
    nested_model,
    saved,
    sequential_config,
    sequential_model,
    unnamed_input_model,
)

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 copies variables in a way that NumPy 2 is to drop.
    "ignore:__array__ implementation:DeprecationWarning"
)


HDF5_START = b"\x89HDF\r\n\x1a\n"


def picture(seed: int = 0) -> Any:
    return np.random.default_rng(seed).integers(0, 256, (40, 30, 3), dtype=np.uint8)


MODELS = (sequential_model, functional_model, nested_model, unnamed_input_model)


@pytest.mark.parametrize(
    ("make", "ending"),
    [
        *zip(MODELS, (".keras", ".h5", ".keras", ".h5"), strict=True),
        *(
            pytest.param(*one, marks=pytest.mark.slow)
            for one in zip(MODELS, (".h5", ".keras", ".h5", ".keras"), strict=True)
        ),
    ],
)
def test_an_uploaded_model_answers_like_the_original(make, ending, tmp_path):
    import keras

    keras.utils.set_random_seed(4)
    model = make()
    model.compile(optimizer="rmsprop", loss="mse")
    network = networks.from_upload(saved(model, tmp_path, ending), title=f"{make}{ending}")
    batch = network.preprocess(picture())
    answer = np.asarray(network.run_layers(batch)[-1])
    np.testing.assert_allclose(answer, model(batch, training=False), rtol=1e-4, atol=1e-6)


def test_the_same_file_is_loaded_once(tmp_path):
    data = saved(sequential_model(), tmp_path, ".keras")
    assert networks.from_upload(data, title="a") is networks.from_upload(data, title="a")


def test_other_weights_or_other_names_make_another_key(tmp_path):
    model = sequential_model()
    data = saved(model, tmp_path, ".keras")
    model.layers[-1].set_weights([weight + 1 for weight in model.layers[-1].get_weights()])
    keys = [
        networks.from_upload(data, title="a").key,
        networks.from_upload(saved(model, tmp_path, ".keras"), title="a").key,
        networks.from_upload(data, title="a", class_names=["x", "y", "z"]).key,
        networks.from_upload(data, title="a", class_names=["x", "z", "y"]).key,
    ]
    assert len(set(keys)) == 4
    assert all(key.startswith("upload:") for key in keys)
    assert networks.from_upload(data, title="b").title == "b"


def keras_2_layer(kind: str, name: str, **config: Any) -> dict[str, Any]:
    initializer = {
        "class_name": "VarianceScaling",
        "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None},
    }
    if kind in ("Conv2D", "Dense"):
        config |= {
            "use_bias": True,
            "kernel_initializer": initializer,
            "bias_initializer": {"class_name": "Zeros", "config": {}},
            "kernel_regularizer": None,
            "bias_regularizer": None,
            "activity_regularizer": None,
            "kernel_constraint": None,
            "bias_constraint": None,
        }
    return {"class_name": kind, "config": {"name": name, "trainable": True, **config}}


def conv(name: str, filters: int, **first: Any) -> dict[str, Any]:
    return keras_2_layer(
        "Conv2D",
        name,
        filters=filters,
        kernel_size=[3, 3],
        strides=[1, 1],
        padding="valid",
        data_format="channels_last",
        dilation_rate=[1, 1],
        activation="relu",
        **first,
    )


def pool(name: str) -> dict[str, Any]:
    return keras_2_layer(
        "MaxPooling2D",
        name,
        pool_size=[2, 2],
        padding="valid",
        strides=[2, 2],
        data_format="channels_last",
    )


@cache
def cats_and_dogs() -> tuple[bytes, dict[str, Any]]:
    """Write the book's second cats-and-dogs model as Keras 2.0.8 did, with random numbers."""
    layers = [
        conv("conv2d_5", 32, batch_input_shape=[None, 150, 150, 3], dtype="float32"),
        pool("max_pooling2d_5"),
        conv("conv2d_6", 64),
        pool("max_pooling2d_6"),
        conv("conv2d_7", 128),
        pool("max_pooling2d_7"),
        conv("conv2d_8", 128),
        pool("max_pooling2d_8"),
        keras_2_layer("Flatten", "flatten_2"),
        keras_2_layer("Dropout", "dropout_1", rate=0.5, noise_shape=None, seed=None),
        keras_2_layer("Dense", "dense_3", units=512, activation="relu"),
        keras_2_layer("Dense", "dense_4", units=1, activation="sigmoid"),
    ]
    shapes = {
        "conv2d_5": (3, 3, 3, 32),
        "conv2d_6": (3, 3, 32, 64),
        "conv2d_7": (3, 3, 64, 128),
        "conv2d_8": (3, 3, 128, 128),
        "dense_3": (6272, 512),
        "dense_4": (512, 1),
    }
    random = np.random.default_rng(8)
    kernels = {n: random.normal(0, 0.05, s).astype(np.float32) for n, s in shapes.items()}
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.attrs["keras_version"] = b"2.0.8"
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = json.dumps(
            {"class_name": "Sequential", "config": layers}
        ).encode()
        file.attrs["training_config"] = b'{"loss": "binary_crossentropy"}'
        group = file.create_group("model_weights")
        names = [layer["config"]["name"] for layer in layers]
        group.attrs["layer_names"] = [name.encode() for name in names]
        for name in names:
            part = group.create_group(name)
            parts = [f"{name}/kernel:0", f"{name}/bias:0"] if name in kernels else []
            part.attrs["weight_names"] = [item.encode() for item in parts]
            if name in kernels:
                part.create_dataset(parts[0], data=kernels[name])
                part.create_dataset(parts[1], data=np.zeros(kernels[name].shape[-1], np.float32))
    return buffer.getvalue(), kernels


def test_the_books_own_cats_and_dogs_file_works():
    data, kernels = cats_and_dogs()
    network = networks.from_upload(data, title="cats and dogs", class_names=("cat", "dog"))
    assert network.input_size == (150, 150)
    assert sum(layer.num_parameters for layer in network.layers) == 3_453_121
    for name, kernel in kernels.items():
        np.testing.assert_array_equal(network.model.get_layer(name).get_weights()[0], kernel)
    white = np.full((9, 9, 3), 255, np.uint8)
    np.testing.assert_array_equal(network.preprocess(white), 1)
    found = predictions.top_classes(network, picture())
    assert {prediction.name for prediction in found} == {"cat", "dog"}
    assert feature_maps.feature_maps(network, picture(), "conv2d_8").shape == (15, 15, 128)


def test_keras_2s_depthwise_groups_and_axis_lists_are_read():
    layers = [
        keras_2_layer("InputLayer", "in", batch_input_shape=[None, 8, 8, 3], ragged=False),
        keras_2_layer("DepthwiseConv2D", "depth", kernel_size=[3, 3], groups=1),
        keras_2_layer("BatchNormalization", "norm", axis=[3]),
    ]
    config = {"class_name": "Sequential", "config": {"name": "s", "layers": layers}}
    known = model_config.cleaned(json.dumps(config))["config"]["layers"]
    assert known[0]["config"]["batch_shape"] == [None, 8, 8, 3]
    assert "groups" not in known[1]["config"]
    assert known[2]["config"]["axis"] == 3


def refused(data: bytes, reason: str, **options: Any) -> None:
    with pytest.raises(ValueError, match=reason):
        networks.from_upload(data, title="theirs", **options)


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        ({"class_name": "Lambda", "config": {"function": LAMBDA_CODE}}, "'Lambda'"),
        ({"class_name": "TorchModuleWrapper", "config": {}}, "'TorchModuleWrapper'"),
        ({"class_name": "TFSMLayer", "config": {"filepath": "/tmp"}}, "'TFSMLayer'"),  # noqa: S108
        ({"class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd"}}, "StringLookup"),
        ({"module": "os", "class_name": "system", "config": {}}, "'system'"),
        ({"class_name": ["Dense"], "config": {}}, "not among the known"),
        (
            {"class_name": "Dense", "config": {"units": 1, "activation": LAMBDA_CODE}},
            "which is not a known one",
        ),
        (
            {
                "class_name": "Activation",
                "config": {
                    "activation": {
                        "module": "builtins",
                        "class_name": "function",
                        "config": "eval",
                    }
                },
            },
            "'eval', which is not a known one",
        ),
        ({"class_name": "Rescaling", "config": {"scale": LAMBDA_CODE}}, "__lambda__"),
        (
            {"class_name": "Rescaling", "config": {"scale": 1, "offset": [[LAMBDA_CODE]]}},
            "__lambda__",
        ),
        (
            {"class_name": "ReLU", "config": {}, "inbound_nodes": [{"args": [LAMBDA_CODE]}]},
            "__lambda__",
        ),
        ({"class_name": "Dense", "config": {"units": 1, "nonsense": 2}}, "cannot build"),
        ({"class_name": "Dense", "config": {"units": -1}}, "cannot build"),
        ({"class_name": "Dense", "config": None}, "incomplete"),
    ],
)
def test_layers_that_could_carry_code_are_refused(layer, reason):
    refused(archive(sequential_config(layer)), reason)


def test_modules_and_registered_names_in_the_file_are_not_looked_at():
    layer = {
        "module": "antigravity",
        "class_name": "ReLU",
        "registered_name": "os>system",
        "config": {},
        "build_config": {"input_shape": [10**9]},
    }
    known = model_config.cleaned(json.dumps(sequential_config(layer)))["config"]["layers"][1]
    assert known["module"] == "keras.layers"
    assert known["registered_name"] is None
    assert "build_config" not in known


@pytest.mark.filterwarnings("ignore:.*Lambda.*")
@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_a_lambda_saved_by_keras_is_refused(tmp_path, ending):
    import keras

    model = keras.Sequential(
        [keras.Input((4, 4, 3)), keras.layers.Lambda(lambda x: x * 2, output_shape=(4, 4, 3))]
    )
    refused(saved(model, tmp_path, ending), "Lambda and custom layers carry code")


def test_a_pickle_is_refused_and_not_run(tmp_path):
    target = tmp_path / "written"

    class Payload:
        def __reduce__(self) -> Any:
            return os.system, (f"touch {target}",)

    refused(pickle.dumps(Payload()), "neither")
    assert not target.exists()


def test_a_model_that_would_not_fit_into_memory_is_refused_before_it_is_built():
    flat = {"class_name": "Flatten", "config": {}}
    dense = {"class_name": "Dense", "config": {"units": 10**9}}
    refused(archive(sequential_config(flat, dense)), "192,000,000,000|193,000,000,000 parameters")


def test_a_model_with_enormous_maps_is_refused():
    layer = {"class_name": "UpSampling2D", "config": {"size": [1000, 1000]}}
    refused(archive(sequential_config(layer)), "192,000,192 values|192,000,000 values")


def test_a_model_for_enormous_pictures_is_refused():
    layer = {"class_name": "ReLU", "config": {}}
    refused(archive(sequential_config(layer, side=5000)), "at most 1024 pixels")


def test_a_file_over_the_limit_is_refused():
    refused(b"PK" + bytes(2000), "at most 0 MB", size_limit=1000)


def test_a_zip_that_unpacks_to_more_than_the_limit_is_refused():
    data = archive(" " * 10**7)
    assert len(data) < 10**5
    refused(data, "unpacks to more than", size_limit=10**5)


def test_weights_that_unpack_to_more_than_the_limit_are_refused():
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.create_dataset("a", (10**9,), "f4", chunks=(10**6,), compression="gzip")
    refused(archive(sequential_config(), buffer.getvalue()), "take more than")


@pytest.mark.parametrize("kind", ["external link", "soft link", "external data", "virtual data"])
def test_weights_that_refer_elsewhere_are_refused(kind, tmp_path):
    path, other = tmp_path / "weights.h5", str(tmp_path / "other")
    with h5py.File(path, "w") as file:
        if kind == "external link":
            file["a"] = h5py.ExternalLink(other, "/")
        elif kind == "soft link":
            file["a"] = h5py.SoftLink("/elsewhere")
        elif kind == "external data":
            file.create_dataset("a", (10,), "u1", external=[(other, 0, 10)])
        else:
            layout = h5py.VirtualLayout((10,), "u1")
            layout[:] = h5py.VirtualSource(other, "a", (10,))
            file.create_virtual_dataset("a", layout)
    refused(archive(sequential_config(), path.read_bytes()), "refers to")


def test_a_file_of_weights_only_is_refused_with_the_remedy(tmp_path):
    refused(empty_h5(), r"model\.save")


def test_weights_of_another_model_are_refused(tmp_path):
    data = saved(functional_model(), tmp_path, ".keras")
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        weights = file.read("model.weights.h5")
    dense = {"class_name": "Dense", "config": {"units": 2}}
    refused(archive(sequential_config(dense), weights), "do not fit")


@pytest.mark.parametrize(
    "config",
    [
        "no json",
        "[" * 100_000,
        [],
        {},
        {"class_name": "Sequential"},
        {"class_name": "Sequential", "config": {"layers": []}},
        {"class_name": "Sequential", "config": {"layers": [3]}},
        {"class_name": "Sequential", "config": {"layers": [{}] * 1001}},
        {"class_name": "Functional", "config": {"layers": [{"class_name": "ReLU", "config": {}}]}},
    ],
)
def test_broken_descriptions_are_refused(config):
    refused(archive(config), "The |cannot build")


def test_models_nested_too_deeply_are_refused():
    config: dict[str, Any] = {"class_name": "ReLU", "config": {}}
    for _ in range(50):
        config = {"class_name": "Sequential", "config": {"layers": [config]}}
    refused(archive(config), "deep")


@settings(deadline=None, max_examples=60)
@given(junk=st.binary(max_size=80), start=st.sampled_from([b"", b"PK\x03\x04"]))
def test_junk_is_refused(junk, start):
    with pytest.raises(ValueError, match="The "):
        networks.from_upload(start + junk, title="junk")


# What begins like HDF5 is read in a process of its own, which takes its time to start.
@settings(deadline=None, max_examples=10)
@given(st.binary(max_size=80))
def test_junk_that_begins_like_hdf5_is_refused(junk):
    with pytest.raises(ValueError, match="The "):
        networks.from_upload(HDF5_START + junk, title="junk")


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=80))
def test_much_junk_that_begins_like_hdf5_is_refused(junk):
    with pytest.raises(ValueError, match="The "):
        networks.from_upload(HDF5_START + junk, title="junk")


@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_a_file_cut_short_is_refused(ending, tmp_path):
    data = saved(sequential_model(), tmp_path, ending)
    for share in (0.2, 0.5, 0.9):
        with pytest.raises(ValueError, match="The "):
            networks.from_upload(data[: int(len(data) * share)], title="cut")
