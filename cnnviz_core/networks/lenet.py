"""Two small untrained networks: one after LeNet-5, and the one the article runs its cat through.

Their weights are random numbers, so that "untrained" can be compared with "trained".
"""

from collections.abc import Callable
from typing import Any

from cnnviz_core.networks.graph import network_from_graph
from cnnviz_core.networks.network import Network, NetworkInfo
from cnnviz_core.networks.preprocessing import gray, unchanged, zero_to_one

LENET_5 = NetworkInfo(
    key="lenet-5",
    title="After LeNet-5 (untrained)",
    source="after LeCun et al. (1998), with random numbers",
    license="none needed",
    input_size=(32, 32),
    num_parameters=61_706,
    has_classifier=True,
    download_size=0,
    is_ready=True,
)
LENET_CAT = NetworkInfo(
    key="lenet-cat",
    title="The article's LeNet (untrained)",
    source="random numbers",
    license="none needed",
    input_size=(320, 400),
    num_parameters=168,
    has_classifier=False,
    download_size=0,
    is_ready=True,
)
DIGITS = tuple("0123456789")


def is_untrained(key: str) -> bool:
    """Return whether a network's key is that of one of these, with any seed.

    Examples
    --------
    >>> is_untrained("lenet-5"), is_untrained("lenet-5:3"), is_untrained("vgg16-edges")
    (True, True, False)
    """
    return key.partition(":")[0] in (LENET_5.key, LENET_CAT.key)


def load_lenet_5(seed: int = 0) -> Network:
    """Build a network after LeNet-5 with random weights.

    LeCun, Bottou, Bengio and Haffner, *Gradient-Based Learning Applied to Document Recognition*
    (1998), section II.B: six and sixteen 5×5 filters, each followed by averaging over 2×2, then
    layers of 120, 84 and 10. As is usual today, every filter of the second convolution sees all six
    maps (2,416 parameters where LeNet-5 has 1,516), averaging has no parameters (LeNet-5: 12 and
    32), and the output is a softmax (850; LeNet-5 compares with fixed patterns). So 61,706
    parameters stand where LeNet-5 has 60,000.
    """
    import keras

    layers = keras.layers
    random = _random(seed)
    inputs = keras.Input((32, 32, 1), name="picture")
    x = layers.Conv2D(6, 5, activation="tanh", kernel_initializer=random(), name="conv1")(inputs)
    x = layers.AveragePooling2D(2, name="pool1")(x)
    x = layers.Conv2D(16, 5, activation="tanh", kernel_initializer=random(), name="conv2")(x)
    x = layers.AveragePooling2D(2, name="pool2")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(120, activation="tanh", kernel_initializer=random(), name="hidden1")(x)
    x = layers.Dense(84, activation="tanh", kernel_initializer=random(), name="hidden2")(x)
    outputs = layers.Dense(10, activation="softmax", kernel_initializer=random(), name="digits")(x)
    return network_from_graph(
        keras.Model(inputs, outputs, name="lenet_5"),
        key=_key(LENET_5, seed),
        title=LENET_5.title,
        scaling=lambda picture: gray(zero_to_one(picture)),
        class_names=DIGITS,
    )


def load_lenet_cat(seed: int = 0) -> Network:
    """Build the article's LeNet with random weights: 320×400×3 becomes 52×65×3.

    Twice three 3×3 filters and ReLU, with max pooling over 3×3 and then 2×2. The article feeds it
    the cat's pixels as they are, 0..255.
    """
    import keras

    layers = keras.layers
    random = _random(seed)
    inputs = keras.Input((320, 400, 3), name="picture")
    x = layers.Conv2D(3, 3, kernel_initializer=random(), name="conv1")(inputs)
    x = layers.ReLU(name="relu1")(x)
    x = layers.MaxPooling2D(3, name="pool1")(x)
    x = layers.Conv2D(3, 3, kernel_initializer=random(), name="conv2")(x)
    x = layers.ReLU(name="relu2")(x)
    outputs = layers.MaxPooling2D(2, name="pool2")(x)
    return network_from_graph(
        keras.Model(inputs, outputs, name="lenet_cat"),
        key=_key(LENET_CAT, seed),
        title=LENET_CAT.title,
        scaling=unchanged,
        class_names=None,
    )


def _key(info: NetworkInfo, seed: int) -> str:
    # Other weights, another network: caches must tell them apart.
    return info.key if seed == 0 else f"{info.key}:{seed}"


def _random(seed: int) -> Callable[[], Any]:
    # Glorot's uniform numbers, Keras' default, with a seed of its own for each layer.
    import keras

    seeds = iter(range(100 * seed, 100 * seed + 100))
    return lambda: keras.initializers.GlorotUniform(next(seeds))
