"""Somebody's own network, from the bytes of a `.keras` or `.h5` file, without trusting them.

Keras' loader is not used. The weights are copied by a process of its own (see `plain_h5`). The
configuration is cleaned (see `model_config`), built without allocating anything to see how large it
would be, and only then built for good and given the numbers of the file.
"""

import hashlib
import io
import json
import math
import tempfile
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnnviz_core.networks.fingerprint import NUM_DIGITS
from cnnviz_core.networks.flattening import flatten
from cnnviz_core.networks.graph import (
    DEFAULT_INPUT_SIZE,
    default_scaling,
    network_from_graph,
)
from cnnviz_core.networks.model_config import MAX_LENGTH, cleaned
from cnnviz_core.networks.network import Network
from cnnviz_core.networks.plain_h5 import plain_copy

SIZE_LIMIT = 100 * 10**6

# Larger pictures, or maps of more values in all, would take a gigabyte for one forward pass.
MAX_SIDE = 1024
MAX_ACTIVATIONS = 100 * 10**6

HDF5_MAGIC = b"\x89HDF"
ZIP_MAGIC = b"PK"


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    config: dict[str, Any]
    weights: bytes
    weights_name: str  # by its ending, Keras tells how the numbers are laid out


def load(
    data: bytes,
    *,
    title: str,
    class_names: Sequence[str] | None = None,
    size_limit: int = SIZE_LIMIT,
) -> Network:
    """Make a network of an uploaded file.

    Parameters
    ----------
    data : bytes
        A `.keras` file, or an `.h5` file with the whole model, of Keras 2 or 3.
    title : str
        For people.
    class_names : sequence of str, optional
        One name for each output; two for a single sigmoid output.
    size_limit : int
        Bytes of the file, and of the weights in it.

    Raises
    ------
    ValueError
        If the file is too large, is not such a file, or holds anything but known layers.
    """
    if len(data) > size_limit:
        raise ValueError(
            f"The file must have at most {size_limit / 1e6:.0f} MB, "
            f"but has {len(data) / 1e6:.1f} MB."
        )
    parts = _take_apart(data, size_limit)
    _require_size(parts.config, size_limit)
    model = flatten(_with_weights(parts))
    return network_from_graph(
        model,
        key=key_of(data, class_names),
        title=title,
        scaling=default_scaling(model),
        class_names=class_names,
    )


def key_of(data: bytes, class_names: Sequence[str] | None = None) -> str:
    """Return a key that is the same for the same file and names, and different for others."""
    digest = hashlib.sha256(data)
    if class_names is not None:
        digest.update(repr(tuple(class_names)).encode())
    return f"upload:{digest.hexdigest()[:NUM_DIGITS]}"


def _take_apart(data: bytes, size_limit: int) -> _Parts:
    if data.startswith(HDF5_MAGIC):
        copy = plain_copy(data, size_limit)
        return _Parts(_config_of_h5(copy), copy, "model.h5")
    if not data.startswith(ZIP_MAGIC):
        raise ValueError("The file must be a .keras or .h5 file, but is neither.")
    limits = {
        "config.json": min(MAX_LENGTH, size_limit),
        "model.weights.h5": size_limit,
    }
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            config, weights = (_begin(archive, name, limits[name] + 1) for name in limits)
    except Exception as error:  # what a damaged archive raises has no common base
        raise ValueError(f"The file is not a whole .keras file ({error}).") from error
    for (name, limit), content in zip(limits.items(), (config, weights), strict=True):
        if len(content) > limit:
            raise ValueError(f"{name} in the file unpacks to more than {limit / 1e6:.0f} MB.")
    return _Parts(cleaned(config), plain_copy(weights, size_limit), "model.weights.h5")


def _begin(archive: zipfile.ZipFile, name: str, count: int) -> bytes:
    # The size that an archive declares may be a lie, so count what comes out.
    with archive.open(name) as file:
        return file.read(count)


def _config_of_h5(data: bytes) -> dict[str, Any]:
    import h5py

    with h5py.File(io.BytesIO(data), "r") as file:
        config = file.attrs.get("model_config")
    if not isinstance(config, str | bytes):
        raise ValueError(
            "The .h5 file holds weights only. Save the whole model: model.save('model.keras')."
        )
    return cleaned(config)


def _require_size(config: dict[str, Any], size_limit: int) -> None:
    # Within a stateless scope, Keras notes the shapes of variables without making them. They stay
    # noted for whoever ends the next scope of the same thread, hence a thread that ends here.
    with ThreadPoolExecutor(1) as thread:
        num_parameters, input_shape, activations = thread.submit(_sizes, config).result()
    if len(input_shape) == 4 and max(side or 0 for side in input_shape[1:3]) > MAX_SIDE:
        raise ValueError(f"The model must take pictures of at most {MAX_SIDE} pixels a side.")
    if 4 * num_parameters > size_limit:
        raise ValueError(
            f"The model has {num_parameters:,} parameters, which is more than "
            f"{size_limit / 1e6:.0f} MB hold."
        )
    if activations > MAX_ACTIVATIONS:
        raise ValueError(f"The model's layers produce {activations:,} values, which is too many.")


def _sizes(config: dict[str, Any]) -> tuple[int, tuple[int | None, ...], int]:
    import keras

    with keras.StatelessScope(initialize_variables=False):
        model = _built(config)
    # Of a Sequential one without input, Keras gives an `AttributeError`.
    if not getattr(model, "inputs", None):
        raise ValueError("The model must know its input shape. Give its first layer an Input.")
    return model.count_params(), tuple(model.inputs[0].shape), _count_values(model)


def _count_values(model: Any) -> int:
    total = 0
    for layer in model.layers:
        if hasattr(layer, "layers"):
            total += _count_values(layer)
        else:
            # A side that depends on the picture is counted as that of the usual input.
            total += math.prod(side or DEFAULT_INPUT_SIZE[0] for side in layer.output.shape[1:])
    return total


def _built(config: dict[str, Any]) -> Any:
    import keras

    try:
        return keras.models.model_from_json(json.dumps(config))
    except Exception as error:
        # A wrong configuration fails in any way, deep inside Keras: all mean the same.
        raise ValueError(f"Keras cannot build the model: {error}") from error


def _with_weights(parts: _Parts) -> Any:
    model = _built(parts.config)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, parts.weights_name)
        path.write_bytes(parts.weights)
        try:
            model.load_weights(path)
        except Exception as error:
            raise ValueError(f"The weights do not fit the model: {error}") from error
    return model
