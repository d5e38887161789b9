"""A short digest of all that decides what a network answers, for the keys of caches."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from typing import Any

import numpy as np

from cnnviz_core.networks.preprocessing import Scaling

# 128 bits: nobody meets two alike by chance.
NUM_DIGITS = 32


def fingerprint(
    model: Any, scaling: Scaling, input_size: tuple[int, int], class_names: Sequence[str] | None
) -> str:
    """Return a digest of a model's layers and weights, its preprocessing and its class names.

    Reading the weights is most of the work: about a second for each gigabyte. A function of
    somebody's own inside a layer counts by what Keras writes of it, which for a plain function is
    its name.

    Parameters
    ----------
    model : keras.Model
        Functional.
    scaling : callable
        Known by what it makes of one picture of noise, for a function cannot be compared.
    input_size : (int, int)
        Height and width of that picture.

    Returns
    -------
    str
        Hexadecimal. Of a model with a layer that does not tell its configuration, another one each
        time.
    """
    digest = hashlib.sha256(_description(model).encode())
    for weight in model.weights:
        digest.update(f"{weight.dtype}{tuple(weight.shape)}".encode())
        digest.update(np.ascontiguousarray(weight).data)
    noise = np.random.default_rng(0).integers(0, 256, (*input_size, 3)).astype(np.float32)
    scaled = np.ascontiguousarray(scaling(noise))
    digest.update(f"{scaled.dtype}{scaled.shape}{class_names}".encode())
    digest.update(scaled.data)
    return digest.hexdigest()[:NUM_DIGITS]


def _description(model: Any) -> str:
    try:
        return json.dumps(model.get_config(), sort_keys=True, default=repr)
    except NotImplementedError:
        return uuid.uuid4().hex
