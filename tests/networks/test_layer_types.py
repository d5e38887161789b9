"""The table of layer types holds true of Keras' own layers."""

import inspect

import pytest

from cnnviz_core.networks.layer_types import LAYER_TYPES, layer_type


@pytest.mark.parametrize("name", LAYER_TYPES)
def test_keras_has_each_type_with_what_the_table_says_of_it(name: str) -> None:
    import keras

    layer, known = getattr(keras.layers, name), LAYER_TYPES[name]
    arguments = inspect.signature(layer).parameters
    assert ("pool_size" in arguments) is (known.family == "pooling")
    has_window = {"pool_size", "kernel_size"} & set(arguments)
    assert bool(has_window) is (known.family in ("pooling", "convolution"))
    assert ("rate" in arguments or "stddev" in arguments) is (known.family == "dropout")
    assert name.startswith("Random") is (known.family == "augmentation")
    assert ("Pooling" in name) is known.pools


@pytest.mark.parametrize("name", ["Lambda", "TorchModuleWrapper", "TFSMLayer", "JaxLayer"])
def test_what_carries_code_is_not_in_the_table(name: str) -> None:
    assert name not in LAYER_TYPES
    assert layer_type(name).reach == "unknown"


@pytest.mark.parametrize("name", [name for name in LAYER_TYPES if LAYER_TYPES[name].hands_on])
def test_what_hands_on_gives_the_values_that_it_gets(name: str) -> None:
    import keras
    import numpy as np

    needed = {"Reshape": {"target_shape": (4, 2)}, "GaussianNoise": {"stddev": 1.0}}
    settings = needed.get(name, {"rate": 0.5} if LAYER_TYPES[name].family == "dropout" else {})
    layer = getattr(keras.layers, name)(**settings)
    values = np.arange(8, dtype=np.float32).reshape(1, 2, 2, 2)
    takes_training = "training" in inspect.signature(layer.call).parameters
    given = np.asarray(layer(values, training=False) if takes_training else layer(values))
    assert np.array_equal(given.ravel(), values.ravel())
