"""A network up to one layer, for pictures of any size, measured before the layer's nonlinearity.

The layers are the network's own and stay as they are: what differs, as a missing activation
function or another precision, is computed beside them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.filter_ascent.precision import Precision
from cnnviz_core.networks.graph_nodes import (
    graph_nodes,
    inferring_shapes,
    node_of,
    run_model,
    truncated_model,
)
from cnnviz_core.networks.layer_types import layer_type
from cnnviz_core.networks.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class TruncatedNetwork:
    """The part of a network that leads to a layer.

    Attributes
    ----------
    model : keras.Model
        Functional, shares the network's layers.
    target : keras.layers.Layer
        The last of them.
    scale : float32 (3, C), offset : float32 (C,)
        The network's scaling: `pixels @ scale + offset` of red, green and blue in 0..1.
    """

    model: Any
    target: Any
    scale: FloatArray
    offset: FloatArray


def truncate_at(network: Network, layer: str) -> TruncatedNetwork:
    """Cut a network off after the layer called `layer`.

    Raises
    ------
    ValueError
        If there is no such layer, or the network scales its pictures in a way that is not linear.
    """
    network.layer(layer)
    target = network.model.get_layer(layer)
    return TruncatedNetwork(truncated_model(network.model, layer), target, *linear_scaling(network))


def linear_scaling(network: Network) -> tuple[FloatArray, FloatArray]:
    """Return the network's scaling as a matrix (3, C) and an offset (C,), for pixels in 0..1.

    A network's preprocessing works on arrays, and has no gradient. It is a linear function of each
    pixel's colors in all that we know, so four colors tell it and a fifth proves it.

    Raises
    ------
    ValueError
        If it is not linear, or not the same at every pixel.
    """
    colors = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.25, 0.75, 0.5]], np.float32)
    means = []
    for color in 255 * colors:
        scaled = network.preprocess(np.full((*network.input_size, 3), color, np.float32))[0]
        if np.ptp(scaled, (0, 1)).max() > 1e-3:
            raise ValueError(_not_linear(network))
        means.append(scaled.mean((0, 1), dtype=np.float64))
    offset = means[0]
    matrix = np.stack(means[1:4]) - offset
    if not np.allclose(colors[4] @ matrix + offset, means[4], rtol=1e-3, atol=1e-3):
        raise ValueError(_not_linear(network))
    return matrix.astype(np.float32), offset.astype(np.float32)


def map_shape(truncated: TruncatedNetwork, size: tuple[int, int]) -> tuple[int, int, int]:
    """Return height, width and channels of the target's output for pictures of `size`.

    A vector counts as (1, 1, C).

    Raises
    ------
    ValueError
        If the layers do not take pictures of that size.
    """
    import keras

    picture = keras.KerasTensor((1, *size, truncated.model.inputs[0].shape[-1]))
    try:
        output = run_model(truncated.model, picture, inferring_shapes)
    except ValueError as error:
        raise ValueError(_wrong_size(truncated, size)) from error
    shape = tuple(output.shape[1:])
    if len(shape) not in (1, 3) or 0 in shape:
        raise ValueError(_wrong_size(truncated, size))
    return shape if len(shape) == 3 else (1, 1, *shape)


def best_precision(truncated: TruncatedNetwork, fastest: Callable[[], Precision]) -> Precision:
    """Return what to compute in: `fastest()` where all layers can, else float32.

    bfloat16 is for networks of plain convolutions; batch normalization loses too much in it, and
    depthwise convolutions gain nothing.
    """
    kinds = {type(layer).__name__ for layer in truncated.model.layers} - {"InputLayer", "Conv2D"}
    return fastest() if all(layer_type(kind).takes_any_precision for kind in kinds) else "float32"


def inputs_of(truncated: TruncatedNetwork, pictures: Any, precision: Precision) -> Any:
    """Scale pictures, tensor (N, H, W, 3) in 0..1, to what the first layer takes."""
    import tensorflow as tf

    return tf.cast(tf.linalg.matmul(pictures, truncated.scale) + truncated.offset, precision)


def target_activations(
    truncated: TruncatedNetwork, inputs: Any, precision: Precision, last: Callable[[Any, Any], Any]
) -> Any:
    """Run the layers, and for the target call `last(target, its inputs)`.

    Keras hands some layers masks, which pictures don't have.
    """
    import tensorflow as tf

    pooled = _pooled_before_relu(truncated)

    def calling(layer: Any) -> Callable[..., Any]:
        if layer is truncated.target:
            return lambda given, **_: last(layer, given)
        if layer in pooled:
            return lambda given, **_: convolved(layer, given)
        if layer in pooled.values():
            return lambda given, **_: tf.nn.relu(layer.call(given))
        if _is_plain_convolution(layer):
            return lambda given, **_: layer.activation(convolved(layer, given))
        # `call` alone leaves the precision of its input as it is.
        return layer if precision == "float32" else layer.call  # type: ignore[no-any-return]

    return run_model(truncated.model, inputs, calling)


def before_activation(layer: Any, inputs: Any) -> Any:
    """Return a layer's values before its activation function.

    A layer that is nothing but an activation function is measured before it: its input.
    """
    if layer_type(type(layer).__name__).family == "activation":
        return inputs
    if _is_plain_convolution(layer):
        return convolved(layer, inputs)
    return _without_activation(layer)(inputs)


def after_activation(layer: Any, inputs: Any) -> Any:
    """Return a layer's values."""
    if _is_plain_convolution(layer):
        return layer.activation(convolved(layer, inputs))
    return layer(inputs)


def convolved(layer: Any, inputs: Any, channel_weights: Any = None) -> Any:
    """Convolve as a Conv2D layer does, without its activation function.

    TensorFlow fuses this with the bias and a ReLU; Keras' own way through reshaping does not allow
    it (in bfloat16, about half the time of a step).

    Parameters
    ----------
    channel_weights : tensor (C, M), optional
        Weights of the layer's channels. The weighted sum of kernels gives the weighted
        sum of channels: M come out, and C are never computed.
    """
    import tensorflow as tf

    if channel_weights is None:
        # Out of the graph: converted once, when it is traced, and not at every step.
        with tf.init_scope():
            kernel, bias = _weights(layer, inputs.dtype)
    else:
        kernel, bias = _weights(layer, channel_weights.dtype)
        kernel = tf.cast(tf.tensordot(kernel, channel_weights, 1), inputs.dtype)
        bias = tf.cast(tf.linalg.matvec(channel_weights, bias, transpose_a=True), inputs.dtype)
    maps = tf.nn.conv2d(
        inputs, kernel, layer.strides, layer.padding.upper(), dilations=layer.dilation_rate
    )
    return tf.nn.bias_add(maps, bias)


def can_mix(truncated: TruncatedNetwork) -> bool:
    """Return whether the target can compute weighted sums of its channels; see `convolved`."""
    return _is_plain_convolution(truncated.target)


def _weights(layer: Any, dtype: Any) -> tuple[Any, Any]:
    import tensorflow as tf

    bias = layer.bias if layer.use_bias else tf.zeros(layer.filters)
    kernel, bias = (tf.convert_to_tensor(values) for values in (layer.kernel, bias))
    return tf.cast(kernel, dtype), tf.cast(bias, dtype)


def _pooled_before_relu(truncated: TruncatedNetwork) -> dict[Any, Any]:
    """Return the convolutions whose ReLU can wait for the max pooling behind, and that pooling.

    ReLU keeps the order, so the maximum of its values is its value of the maximum, and their
    gradients are the same; but after 2×2 pooling it has a quarter of the numbers to go through.
    Nothing else may take the convolution's output.
    """
    import keras

    takers: dict[Any, list[Any]] = {}
    for node in graph_nodes(truncated.model):
        for tensor in node.input_tensors:
            takers.setdefault(node_of(tensor).operation, []).append(node.operation)
    return {
        layer: behind[0]
        for layer, behind in takers.items()
        if len(behind) == 1
        and type(behind[0]).__name__ == "MaxPooling2D"
        and behind[0] is not truncated.target
        and _is_plain_convolution(layer)
        and layer.activation is keras.activations.relu
    }


def _is_plain_convolution(layer: Any) -> bool:
    return (
        type(layer).__name__ == "Conv2D"
        and layer.groups == 1
        and layer.data_format == "channels_last"
        and layer.padding in ("valid", "same")
    )


def _without_activation(layer: Any) -> Callable[[Any], Any]:
    # A second object with the same variables. Sessions share the layer itself, so its activation
    # must not be taken away, not even for a moment.
    import keras

    if getattr(layer, "activation", None) is None:
        return layer  # type: ignore[no-any-return]
    twin = object.__new__(type(layer))
    twin.__dict__.update(layer.__dict__)
    twin.__dict__["activation"] = keras.activations.linear
    return twin.call  # type: ignore[no-any-return]


def _not_linear(network: Network) -> str:
    return (
        f"The network must scale each pixel's colors by a weighted sum, but “{network.title}” does "
        "not, so its gradient is unknown. Scale in a layer of the model instead."
    )


def _wrong_size(truncated: TruncatedNetwork, size: tuple[int, int]) -> str:
    expected = truncated.model.inputs[0].shape[1:3]
    hint = f" Take {expected[0]}×{expected[1]}." if None not in expected else " Take a larger one."
    return (
        f"size must suit the layer {truncated.target.name!r}, but "
        f"{size[0]}×{size[1]} pixels do not."
        f"{hint}"
    )
