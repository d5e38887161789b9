"""A network's layers as a table and a graph, and the kernels that they hold."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.inspection.receptive_fields import Field, Span, fields, seen_pixels
from cnnviz_core.layers.kernels import random_kernels
from cnnviz_core.networks.graph_nodes import node_of, only_node
from cnnviz_core.networks.layer_types import layer_type
from cnnviz_core.networks.network import LayerInfo, Network


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer in the table.

    Attributes
    ----------
    name, type : str
    inputs : tuple of str
        The layers it reads from: the edges of the graph. The first reads from the input layer.
    output_shape : tuple of int
        (H', W', C) or (C,).
    num_parameters : int
    multiply_adds : int
        Of convolutions and dense layers, for one picture. Everything else counts as free, as in
        published tables.
    field : Field or None
        What its units see of the input; None where it is not known.
    """

    name: str
    type: str
    inputs: tuple[str, ...]
    output_shape: tuple[int, ...]
    num_parameters: int
    multiply_adds: int
    field: Field | None


def layer_table(network: Network) -> tuple[LayerRow, ...]:
    """Return one row for each layer, from the input to the output."""
    seen = fields(network)
    listed = {layer.name for layer in network.layers} | {_input_name(network)}
    return tuple(
        LayerRow(
            name=info.name,
            type=info.type,
            inputs=_inputs(network.model.get_layer(info.name), listed),
            output_shape=info.output_shape,
            num_parameters=info.num_parameters,
            multiply_adds=_multiply_adds(network.model.get_layer(info.name), info),
            field=seen[info.name],
        )
        for info in network.layers
    )


def field_on_picture(
    network: Network, layer: str, row: int, column: int, picture_size: tuple[int, int]
) -> tuple[float, float, float, float] | None:
    """Return what one unit sees, in pixels of the picture that the network got.

    Parameters
    ----------
    layer : str
        The name of one of `network.layers`.
    row, column : int
        The unit's place in the feature map; 0, 0 for a layer that gives a vector.
    picture_size : (int, int)
        Height and width of the picture before preprocessing, which stretches it.

    Returns
    -------
    (top, left, bottom, right) or None
        Fractions of a pixel included; None where the field is not known.

    Raises
    ------
    ValueError
        If there is no such layer or no such unit.
    """
    shape = network.layer(layer).output_shape
    height, width = shape[:2] if len(shape) == 3 else (1, 1)
    if not (0 <= row < height and 0 <= column < width):
        raise ValueError(
            f"row and column must lie in the {height}×{width} units of {layer!r}, "
            f"but came as {row} and {column}."
        )
    field = fields(network)[layer]
    if field is None:
        return None
    top, left, bottom, right = seen_pixels(field, row, column, network.input_size)
    down = picture_size[0] / network.input_size[0]
    across = picture_size[1] / network.input_size[1]
    return top * down, left * across, bottom * down, right * across


def pixel_box(part: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    """Return all pixels that a part of a picture touches, fractions too."""
    top, left, bottom, right = part
    return int(top), int(left), math.ceil(bottom), math.ceil(right)


def layers_with_kernels(network: Network) -> tuple[str, ...]:
    """Return the names of the layers that `layer_kernels` knows, from the input to the output."""
    return tuple(layer.name for layer in network.layers if _has_kernels(layer))


def layer_kernels(network: Network, layer: str) -> FloatArray:
    """Return a copy of a convolution layer's kernels.

    Those of the first layer come in the order red, green, blue, whichever order the network's
    preprocessing has, so that they can be looked at as pictures.

    Parameters
    ----------
    layer : str
        One of `layers_with_kernels`.

    Returns
    -------
    float32 (kh, kw, in, out)
        A depthwise layer filters each channel alone: (kh, kw, 1, channels · multiplier). Of a
        separable one, these are the depthwise kernels.

    Raises
    ------
    ValueError
        If there is no such layer, or it has no kernels.
    """
    info = network.layer(layer)
    if not _has_kernels(info):
        raise ValueError(f"layer must have kernels, but {layer!r} is of type {info.type}.")
    kernels = np.array(network.model.get_layer(layer).get_weights()[0], np.float32)
    if info.type == "Conv2DTranspose":
        return kernels.transpose(0, 1, 3, 2)
    if info.type != "Conv2D":
        return kernels.reshape(*kernels.shape[:2], 1, -1)
    is_first = layer == layers_with_kernels(network)[0]
    if is_first and kernels.shape[2] == 3:
        return np.ascontiguousarray(kernels[:, :, _rgb_order(network)])
    return kernels


def untrained_kernels(shape: tuple[int, ...], seed: int) -> FloatArray:
    """Return kernels as Keras draws them for an untrained layer (Glorot and Bengio, 2010).

    Parameters
    ----------
    shape : (kh, kw, in, out)

    Returns
    -------
    float32 (kh, kw, in, out)
    """
    height, width, in_channels, num_filters = shape
    side = max(height, width)
    square = random_kernels(side, num_filters, in_channels, seed)
    # The fewer weights a kernel has, the farther Glorot's uniform numbers reach: by the root.
    reach = np.float32(side / math.sqrt(height * width))
    return np.multiply(square[:height, :width], reach)


def unit_at(network: Network, layer: str, down: int, across: int) -> tuple[int, int]:
    """Return row and column of the unit `down` and `across` percent of the way over a map."""
    return place_on_map(network.layer(layer).output_shape, down, across)


def unit_over(network: Network, layer: str, down: int, across: int) -> tuple[int, int]:
    """Return row and column of the unit whose receptive field has its middle nearest to a place.

    Parameters
    ----------
    down, across : int
        Where in the picture, in percent. Of the map instead where no field is known.
    """
    shape, field = network.layer(layer).output_shape, fields(network)[layer]
    if field is None or len(shape) != 3:
        return unit_at(network, layer, down, across)
    height, width = network.input_size
    return (
        _nearest(field.rows, down * (height - 1) / 100, shape[0]),
        _nearest(field.columns, across * (width - 1) / 100, shape[1]),
    )


def _nearest(span: Span, pixel: float, count: int) -> int:
    """Return which of `count` units along an axis has its middle nearest to a pixel."""
    if span.jump == 0:
        return 0
    ideal = round((pixel - (span.first + span.last) / 2) / span.jump)
    return min(max(ideal, 0), count - 1)


def place_on_map(map_shape: tuple[int, ...], down: int, across: int) -> tuple[int, int]:
    """Return row and column of the place so many percent down and across a feature map.

    What is no map has one place.

    Examples
    --------
    >>> place_on_map((9, 5, 64), 50, 100), place_on_map((10,), 50, 100)
    ((4, 4), (0, 0))
    """
    height, width = map_shape[:2] if len(map_shape) == 3 else (1, 1)
    return round(down * (height - 1) / 100), round(across * (width - 1) / 100)


def _has_kernels(layer: LayerInfo) -> bool:
    return layer_type(layer.type).family == "convolution"


def _rgb_order(network: Network) -> list[int]:
    # Which channel of the input answers to red, green and blue? Asked rather than declared, so that
    # it is also right for preprocessing that came with somebody's own network.
    def mean_input(color: list[int]) -> FloatArray:
        patch = np.full((2, 2, 3), color, np.uint8)
        return np.asarray(network.preprocess(patch)[0].mean((0, 1)), np.float32)

    black = mean_input([0, 0, 0])
    colors = ([255, 0, 0], [0, 255, 0], [0, 0, 255])
    order = [int(np.abs(mean_input(color) - black).argmax()) for color in colors]
    return order if sorted(order) == [0, 1, 2] else [0, 1, 2]


def _input_name(network: Network) -> str:
    return str(node_of(network.model.inputs[0]).operation.name)


def _inputs(operation: Any, listed: set[str]) -> tuple[str, ...]:
    # Operations that are no layers (x + y in the model's code) are passed through.
    sources = [node_of(tensor).operation for tensor in only_node(operation).input_tensors]
    names: list[str] = []
    for source in sources:
        names.extend((source.name,) if source.name in listed else _inputs(source, listed))
    return tuple(dict.fromkeys(names))


def _multiply_adds(layer: Any, info: LayerInfo) -> int:
    positions = math.prod(info.output_shape[:-1])
    match info.type:
        case "Conv2D" | "DepthwiseConv2D" | "Dense":
            # One for each number of the kernel and position: (kh, kw, in / groups, out).
            kernel = layer.kernel
        case "SeparableConv2D":
            return positions * (_size(layer.depthwise_kernel) + _size(layer.pointwise_kernel))
        case "Conv2DTranspose":
            # The window stands on each position of the input instead of the output.
            positions = math.prod(side or 0 for side in layer.input.shape[1:3])
            kernel = layer.kernel
        case _:
            return 0
    return positions * _size(kernel)


def _size(kernel: Any) -> int:
    return math.prod(int(side) for side in kernel.shape)
