"""A stranger's model configuration, reduced to layers we know and plain numbers.

Keras' own safe mode refuses code, but still imports what a configuration names, and has had holes.
Here nothing of the file is passed on that isn't understood: `cleaned` writes a new configuration
of known layers, known activations, numbers and strings, and refuses the rest. What only matters for
training (initializers, regularizers, compilation) is left out. On the way, what Keras 2 wrote is
put as Keras 3 expects it.
"""

import json
import re
from typing import Any

from cnnviz_core.networks.layer_types import LAYER_TYPES

MODELS = ("Sequential", "Functional", "Model")

# fmt: off
ACTIVATIONS = (
    "elu", "exponential", "gelu", "hard_sigmoid", "hard_silu", "hard_swish", "leaky_relu",
    "linear", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "softmax",
    "softplus", "softsign", "swish", "tanh",
)
# fmt: on
TRAINING_SUFFIXES = ("_initializer", "_regularizer", "_constraint")
MAX_LAYERS = 1000
# 1,000 layers take 1.5 MB. What is made of JSON takes up to 25 times its length.
MAX_LENGTH = 4 * 10**6
MAX_NESTING = 5
_NAME = re.compile(r"[A-Za-z0-9._/-]{1,100}")


def cleaned(text: str | bytes) -> dict[str, Any]:
    """Return a model's configuration with nothing in it but what is known to be harmless.

    Parameters
    ----------
    text : str or bytes
        JSON, as in a `.keras` or `.h5` file.

    Raises
    ------
    ValueError
        If it is no configuration, or holds anything not known.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(
            f"The file's description of the model has more than {MAX_LENGTH / 1e6:.0f} MB."
        )
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("The file's description of the model is not readable JSON.") from error
    if not isinstance(config, dict) or config.get("class_name") not in MODELS:
        raise ValueError("The file must hold a Sequential or functional Keras model.")
    try:
        return _model(config, nesting=0)
    except RecursionError as error:
        raise ValueError("The file's description of the model is nested too deeply.") from error


def _model(entry: dict[str, Any], *, nesting: int) -> dict[str, Any]:
    if nesting > MAX_NESTING:
        raise ValueError(f"The model has models inside each other more than {MAX_NESTING} deep.")
    body = entry.get("config")
    # Before version 2.2.3, Keras wrote a Sequential model as a bare list of layers.
    config = {"layers": body} if isinstance(body, list) else _require_dict(body)
    layers = config.get("layers")
    if not isinstance(layers, list) or not 0 < len(layers) <= MAX_LAYERS:
        raise ValueError(f"The model must have from 1 to {MAX_LAYERS} layers.")
    is_sequential = entry["class_name"] == "Sequential"
    known = [_layer(_require_dict(layer), nesting=nesting) for layer in layers]
    if is_sequential:
        shape = _first_shape(entry, config, layers[0])
        return _entry("Sequential", {**_name(config), "layers": _with_input(known, shape)})
    ends = {key: _plain(config.get(key)) for key in ("input_layers", "output_layers")}
    return _entry("Model", {**_name(config), "layers": known, **ends})


def _layer(entry: dict[str, Any], *, nesting: int) -> dict[str, Any]:
    kind = entry.get("class_name")
    nodes = {"inbound_nodes": _plain(entry.get("inbound_nodes", []))}
    names = _name_in(entry)
    if kind in MODELS:
        return {**_model(entry, nesting=nesting + 1), **nodes, **names}
    if not isinstance(kind, str) or kind not in LAYER_TYPES:
        raise ValueError(
            f"The model has a layer of the type {kind!r}, which is not among the known ones. "
            "Lambda and custom layers carry code, and are refused."
        )
    config = {
        key: _activation(value) if key == "activation" else _plain(value)
        for key, value in _require_dict(entry.get("config")).items()
        if not key.endswith(TRAINING_SUFFIXES) and key not in ("dtype", "quantization_config")
    }
    _name_in(config)
    return {**_entry(kind, _modernized(kind, config)), **nodes, **names}


def _modernized(kind: str, config: dict[str, Any]) -> dict[str, Any]:
    # What Keras 2 wrote and Keras 3 does not read.
    shape = config.pop("batch_input_shape", None)
    if kind == "InputLayer":
        config.pop("ragged", None)
        return config if shape is None else {**config, "batch_shape": shape}
    if kind == "DepthwiseConv2D":
        config.pop("groups", None)
    if kind == "BatchNormalization" and isinstance(config.get("axis"), list):
        config["axis"] = _only(config["axis"])
    return config


def _only(axes: list[Any]) -> Any:
    if len(axes) != 1:
        raise ValueError(f"The model normalizes along {len(axes)} axes, but only one is known.")
    return axes[0]


def _first_shape(entry: dict[str, Any], config: dict[str, Any], first: Any) -> Any:
    # Where a Sequential model without an input layer keeps the shape of its input, by version.
    places = [
        (first.get("config"), "batch_input_shape"),
        (config, "build_input_shape"),
        (entry.get("build_config"), "input_shape"),
    ]
    found = (place.get(key) for place, key in places if isinstance(place, dict))
    return next(filter(None, found), None)


def _with_input(layers: list[dict[str, Any]], shape: Any) -> list[dict[str, Any]]:
    if layers[0]["class_name"] == "InputLayer" or shape is None:
        return layers
    return [_entry("InputLayer", {"batch_shape": _plain(shape)}), *layers]


def _entry(kind: str, config: dict[str, Any]) -> dict[str, Any]:
    module = "keras" if kind in MODELS else "keras.layers"
    return {"module": module, "class_name": kind, "config": config, "registered_name": None}


def _name(config: dict[str, Any]) -> dict[str, str]:
    return {"name": "model", **_name_in(config)}


def _name_in(entry: dict[str, Any]) -> dict[str, str]:
    name = entry.get("name")
    if not isinstance(name, str):
        return {}
    # Whatever else there is in a name, TensorFlow refuses once the layer is called.
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"The model has the name {name[:40]!r} in it. Names of layers may have up to 100 "
            "letters from A to Z, digits, dots, hyphens and underscores. Rename it."
        )
    return {"name": name}


def _activation(value: object) -> str | None:
    if isinstance(value, dict) and value.get("class_name") == "function":
        value = value.get("config")
    if value is not None and value not in ACTIVATIONS:
        raise ValueError(f"The model has the activation {value!r}, which is not a known one.")
    return None if value is None else str(value)


def _plain(value: Any) -> Any:
    # Objects hide in dictionaries with a class name. Only references between layers are known.
    if isinstance(value, dict):
        if value.get("class_name", "__keras_tensor__") != "__keras_tensor__":
            raise ValueError(f"The model holds an object of the type {value['class_name']!r}.")
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _require_dict(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("The file's description of the model is incomplete.")
    return value
