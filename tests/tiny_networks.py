"""Networks small enough to follow by hand."""

from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz_core.networks import Network, from_keras


def picture(height: int = 6, width: int = 5, seed: int = 0) -> npt.NDArray[np.uint8]:
    """Noise, uint8 (height, width, 3)."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def network_of(*layers: Any, size: tuple[int, int] = (6, 5), title: str = "tiny") -> Network:
    """A Sequential network of `layers` on pictures of `size`."""
    import keras

    return from_keras(keras.Sequential([keras.Input((*size, 3)), *layers]), title=title)


def pooled(classes: int = 3, activation: str = "softmax", seed: int = 1) -> Network:
    """Convolution and ReLU, pooled and weighed: the network that CAM was made for."""
    import keras

    keras.utils.set_random_seed(seed)
    layers = keras.layers
    return network_of(
        layers.Conv2D(4, 3, padding="same", activation="relu", name="conv"),
        layers.GlobalAveragePooling2D(name="pool"),
        layers.Dense(classes, activation, bias_initializer="random_normal", name="classes"),
    )


def residual(seed: int = 2) -> Network:
    """A path around the target layer `inside`, joined by adding and then by concatenating."""
    import keras

    keras.utils.set_random_seed(seed)
    layers = keras.layers
    inputs = keras.Input((6, 5, 3))
    stem = layers.Conv2D(4, 1, activation="tanh", name="stem")(inputs)
    inside = layers.Conv2D(4, 1, activation="tanh", name="inside")(stem)
    joined = layers.Add(name="sum")([layers.Rescaling(2.0)(inside), stem])
    joined = layers.Concatenate(name="concat")([joined, inputs])
    flat = layers.Flatten()(layers.Dropout(0.5)(layers.Conv2D(2, 3, activation="tanh")(joined)))
    return from_keras(keras.Model(inputs, layers.Dense(3, "softmax")(flat)), title="residual")
