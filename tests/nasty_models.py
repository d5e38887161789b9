"""Model files that nobody should have to open, and small models to make them of.

Each function gives the bytes of a file, or a model.
"""

import io
import json
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import h5py

LAMBDA_CODE = {"class_name": "__lambda__", "config": {"value": ["4wEAAAA=", None, None]}}


def saved(model: Any, folder: Path, ending: str) -> bytes:
    path = folder / f"model{ending}"
    model.save(path)
    return path.read_bytes()


def sequential_model() -> Any:
    import keras

    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Conv2D(4, 3, activation="relu", kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax"),
        ]
    )


def functional_model() -> Any:
    import keras

    layers = keras.layers
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 3, padding="same")(inputs)
    x = layers.LeakyReLU()(layers.Add()([x, layers.Conv2D(4, 1)(inputs)]))
    x = layers.Concatenate()([layers.DepthwiseConv2D(3, padding="same")(x), x])
    outputs = layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, outputs)


def nested_model() -> Any:
    import keras

    layers = keras.layers
    augment = keras.Sequential([layers.RandomFlip(), layers.RandomRotation(0.1)], name="augment")
    base = keras.Model(
        base_in := keras.Input((16, 16, 3)), layers.Conv2D(4, 3)(base_in), name="base"
    )
    inputs = keras.Input((16, 16, 3))
    x = layers.Rescaling(1 / 127.5, offset=-1)(augment(inputs))
    x = layers.Flatten()(base(x, training=False))
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))


def unnamed_input_model() -> Any:
    import keras

    model = keras.Sequential([keras.layers.Conv2D(2, 3), keras.layers.GlobalAveragePooling2D()])
    model.build((None, 16, 16, 3))
    return model


def archive(config: Any, weights: bytes = b"", **others: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("config.json", config if isinstance(config, str) else json.dumps(config))
        file.writestr("model.weights.h5", weights or empty_h5())
        for name, content in others.items():
            file.writestr(name, content)
    return buffer.getvalue()


def empty_h5() -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.create_group("layers")
    return buffer.getvalue()


def sequential_config(*layers: dict[str, Any], side: int = 8) -> dict[str, Any]:
    first = {"class_name": "InputLayer", "config": {"batch_shape": [None, side, side, 3]}}
    return {"class_name": "Sequential", "config": {"name": "s", "layers": [first, *layers]}}


def refused(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Return files that are to be refused, by what they are, each with a part of the reason."""
    whole = saved(sequential_model(), folder, ".keras")
    dense = {"class_name": "Dense", "config": {"units": 1}}
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    return {
        "pickle": (pickle.dumps(Command(folder / "written")), "neither"),
        "pickle in place of weights": (
            archive(sequential_config(), pickle.dumps(Command(folder / "written"))),
            "damaged",
        ),
        "pickle in place of a configuration": (
            archive(pickle.dumps(Command(folder / "written"), 0).decode("latin-1")),
            "not readable JSON",
        ),
        "custom layer": (
            archive(sequential_config({"class_name": "Mine", "registered_name": "os>system"})),
            "'Mine', which is not among the known ones",
        ),
        "configuration that unpacks to 90 MB": (archive(" " * 90 * 10**6), "unpacks to more than"),
        "weights that unpack to 400 MB": (
            archive(sequential_config(), bytes(400 * 10**6)),
            "unpacks to more than 100 MB",
        ),
        "configuration of a million lists": (archive(f"[{'[],' * 10**6}[]]"), "Sequential"),
        "configuration of deep lists": (
            archive(sequential_config({"class_name": "ReLU", "config": {"negative_slope": deep}})),
            "nested too deeply",
        ),
        "weights of a million parts": (archive(sequential_config(dense), many_parts()), "parts"),
        "model of 1,000 layers": (archive(sequential_config(*[dense] * 1000)), "from 1 to"),
        "old Sequential in a Sequential": (
            archive({"class_name": "Sequential", "config": [inner_sequential()]}),
            "input shape",
        ),
        "build configuration that is none": (
            archive({"class_name": "Sequential", "config": [dense], "build_config": ["x"]}),
            "input shape",
        ),
        "normalization along two axes": (
            archive(
                sequential_config({"class_name": "BatchNormalization", "config": {"axis": [1, 2]}})
            ),
            "normalizes along 2 axes",
        ),
        "archive with a damaged stream": (damaged_stream(), "not a whole .keras file"),
        "archive cut short": (whole[: len(whole) // 2], "not a whole .keras file"),
    }


class Command:
    """What would write a file if a pickle of it were ever read."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> Any:
        return os.system, (f"touch {self.target}",)


def inner_sequential() -> dict[str, Any]:
    """Return a Sequential model as Keras wrote it before version 2.2.3: a list of layers."""
    return {"class_name": "Sequential", "config": [{"class_name": "ReLU", "config": {}}]}


def many_parts(count: int = 30_000) -> bytes:
    """Return weights in so many groups, none of which holds anything."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", libver="latest") as file:
        for number in range(count):
            file.create_group(str(number))
    return buffer.getvalue()


def damaged_stream() -> bytes:
    """Return an archive whose configuration cannot be unpacked."""
    data = bytearray(archive({"class_name": "Sequential", "config": ["layer"] * 100}))
    start = data.index(b"config.json") + len(b"config.json")
    data[start : start + 20] = b"\xff" * 20
    return bytes(data)


def with_members_outside(folder: Path) -> bytes:
    """Return a good model, whose archive has files for places outside of it."""
    data = io.BytesIO(saved(sequential_model(), folder, ".keras"))
    with zipfile.ZipFile(data, "a") as file:
        for name in ("../outside", "/tmp/outside", "assets/../../outside", "..\\outside"):  # noqa: S108
            file.writestr(name, b"outside")
    return data.getvalue()
