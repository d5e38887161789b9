"""What a layer does and where it stands, said by the network's architecture and not by its name.

Names follow the Keras models that most readers meet: `block4a_depthwise_relu` is what ReLU makes of
the depthwise convolution in the first unit, "a", of the fourth block.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cnnviz_core.networks.graph_nodes import node_of, only_node
from cnnviz_core.networks.layer_types import layer_type
from cnnviz_core.networks.network import LayerInfo, Network

Part = Literal["stem", "head"]

# What follows an operation and belongs to the same step.
FOLLOWING = ("normalization", "activation")

# Several of them in one place are told apart by counting.
_COUNTED = ("convolution", "max pooling", "average pooling")
_PLACE = re.compile(r"block_?(?P<block>\d+)(?P<unit>[a-z]?)_|(?P<part>stem|head)_")


@dataclass(frozen=True, slots=True)
class LayerOperation:
    """One thing that is done with the values.

    Attributes
    ----------
    kind : str
        "convolution", "depthwise convolution", "normalization", …; a Keras class where it is none
        of those that have a word here.
    function : str
        Of an activation: "relu", "relu6", "tanh", …
    num_inputs, num_outputs : int
        Channels that a convolution of 1×1 reads and makes, and units of a dense layer; else 0.
    number, count : int
        Which one of how many of its kind in the same place; 0 and 0 if it is alone there.
    """

    kind: str
    function: str = ""
    num_inputs: int = 0
    num_outputs: int = 0
    number: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class LayerDescription:
    """Where a layer stands, and what has been done with the values since the step began.

    Attributes
    ----------
    part : "stem", "head" or None
        What stands before the first block and after the last.
    block, num_blocks, unit, num_units : int
        Counted from 1; 0 where the network has none.
    operations : tuple of LayerOperation
        From the first to that of the layer itself.
    """

    part: Part | None
    block: int
    num_blocks: int
    unit: int
    num_units: int
    operations: tuple[LayerOperation, ...]


def describe_layer(network: Network, name: str) -> LayerDescription:
    """Return where the layer called `name` stands, and what it does.

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    part, block, unit = _place(network.layer(name).name)
    places = [_place(layer.name) for layer in network.layers]
    return LayerDescription(
        part=part,
        block=block,
        num_blocks=max(one[1] for one in places),
        unit=unit,
        num_units=max(one[2] for one in places if one[1] == block) if unit else 0,
        operations=tuple(
            operation for one in _step(network, name) for operation in _operations(network, one)
        ),
    )


def _place(name: str) -> tuple[Part | None, int, int]:
    """Return part, block and unit, as far as a name tells.

    >>> _place("block4b_add"), _place("block5_conv3"), _place("stem_bn"), _place("conv1")
    ((None, 4, 2), (None, 5, 0), ('stem', 0, 0), (None, 0, 0))
    """
    found = _PLACE.match(name)
    if found is None:
        return None, 0, 0
    part: Part | None = "stem" if found["part"] == "stem" else "head" if found["part"] else None
    unit = ord(found["unit"]) - ord("a") + 1 if found["unit"] else 0
    return part, int(found["block"] or 0), unit


def _step(network: Network, name: str) -> list[LayerInfo]:
    """Return the layer and those before it, back to the operation that began the step."""
    known = {layer.name: layer for layer in network.layers}
    step = [known[name]]
    while layer_type(step[0].type).kind in FOLLOWING:
        tensors = only_node(network.model.get_layer(step[0].name)).input_tensors
        source = known.get(node_of(tensors[0]).operation.name)
        if source is None:
            break
        step.insert(0, source)
    return step


def _operations(network: Network, layer: LayerInfo) -> list[LayerOperation]:
    keras_layer = network.model.get_layer(layer.name)
    kind = layer_type(layer.type).kind or layer.type
    if kind == "activation":
        return [LayerOperation(kind=kind, function=_function(keras_layer))]
    operations = [_counted(network, layer, kind)]
    if kind == "dense":
        operations = [LayerOperation(kind=kind, num_outputs=layer.output_shape[-1])]
    elif kind == "convolution" and tuple(keras_layer.kernel_size) == (1, 1):
        operations = [
            LayerOperation(
                kind="pointwise convolution",
                num_inputs=int(keras_layer.kernel.shape[2]),
                num_outputs=layer.output_shape[-1],
            )
        ]
    function = getattr(getattr(keras_layer, "activation", None), "__name__", "linear")
    if function != "linear":
        operations.append(LayerOperation(kind="activation", function=function))
    return operations


def _function(layer: Any) -> str:
    """Return the function of an activation layer, under the name that Keras has for it."""
    if type(layer).__name__ == "ReLU" and layer.max_value == 6:
        return "relu6"
    if type(layer).__name__ == "Activation":
        return str(layer.activation.__name__)
    return {"LeakyReLU": "leaky_relu"}.get(type(layer).__name__, type(layer).__name__.lower())


def _counted(network: Network, layer: LayerInfo, kind: str) -> LayerOperation:
    alike = _alike(network.layers, layer)
    if kind not in _COUNTED or len(alike) == 1:
        return LayerOperation(kind=kind)
    return LayerOperation(kind=kind, number=alike.index(layer.name) + 1, count=len(alike))


def _alike(layers: Sequence[LayerInfo], layer: LayerInfo) -> list[str]:
    """Return the names of all layers of the same type in the same place."""
    place = _place(layer.name)
    return [one.name for one in layers if one.type == layer.type and _place(one.name) == place]
