"""What the name of a layer means, in a sentence."""

from cnnviz_core.inspection.layer_descriptions import LayerOperation
from cnnviz_core.networks import Network
from cnnviz_core.views.networks import describe_layer
from pages.parts.texts import _

PARTS = {"stem": "Stem, before the first block", "head": "Head, after the last block"}
KINDS = {
    "convolution": "convolution",
    "depthwise convolution": "depthwise convolution",
    "separable convolution": "separable convolution",
    "transposed convolution": "transposed convolution",
    "normalization": "batch normalization",
    "max pooling": "max pooling",
    "average pooling": "average pooling",
    "global average pooling": "global average pooling",
    "global max pooling": "global max pooling",
    "flatten": "flattening into one list",
    "sum": "sum of two paths (skip connection)",
    "concatenation": "concatenation of several paths",
}
FUNCTIONS = {
    "relu": "ReLU",
    "relu6": "ReLU6, that is ReLU capped at 6",
    "leaky_relu": "leaky ReLU",
    "prelu": "PReLU",
    "elu": "ELU",
    "silu": "SiLU",
    "swish": "SiLU",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "softmax": "softmax",
}


def explain_layer(network: Network, name: str) -> str:
    """Return a sentence that says where the layer called `name` stands and what it does."""
    role = describe_layer(network, name)
    steps = _(", then ").join(map(_operation, role.operations))
    places = [_(PARTS[role.part])] if role.part else []
    if role.block:
        places.append(
            _("Block {number} of {count}").format(number=role.block, count=role.num_blocks)
        )
    if role.unit:
        places.append(_("unit {number} of {count}").format(number=role.unit, count=role.num_units))
    if not places:
        return f"{steps[0].upper()}{steps[1:]}."
    return f"{', '.join(places)}: {steps}."


def _operation(one: LayerOperation) -> str:
    if one.kind == "activation":
        return _(FUNCTIONS[one.function]) if one.function in FUNCTIONS else one.function
    if one.kind == "dense":
        text = (
            _("dense layer with 1 unit")
            if one.num_outputs == 1
            else _("dense layer with {count} units")
        )
        return text.format(count=f"{one.num_outputs:,}")
    if one.kind == "pointwise convolution":
        text = (
            _("1×1 convolution from {before} to 1 channel")
            if one.num_outputs == 1
            else _("1×1 convolution from {before} to {after} channels")
        )
        return text.format(before=f"{one.num_inputs:,}", after=f"{one.num_outputs:,}")
    if one.kind not in KINDS:
        return one.kind
    if not one.count:
        return _(KINDS[one.kind])
    return _("{kind} {number} of {count}").format(
        kind=_(KINDS[one.kind]), number=one.number, count=one.count
    )
