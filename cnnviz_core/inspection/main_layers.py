"""Which layers of a network are worth a look: those that end a step, not those inside it."""

from typing import Any

from cnnviz_core.networks.network import Network


def main_layers(network: Network) -> tuple[str, ...]:
    """Return the names of the layers that end a step, from the input to the output.

    A step is what is said in one breath, "convolution, normalisation, ReLU": its values count once
    they have been through the activation function. So these are the layers with an activation
    function, and those that pool. A network that has neither shows all of its layers.
    """
    names = tuple(
        layer.name for layer in network.layers if _ends_step(network.model.get_layer(layer.name))
    )
    return names or tuple(layer.name for layer in network.layers)


def main_maps(network: Network) -> tuple[str, ...]:
    """Return those of `main_layers` that answer with maps of more than one position."""
    spatial = {layer.name for layer in network.layers if layer.is_spatial}
    return tuple(name for name in main_layers(network) if name in spatial)


# Activation functions that Keras has as layers of their own.
_FUNCTIONS = ("ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax")


def _ends_step(layer: Any) -> bool:
    kind = type(layer).__name__
    if kind in _FUNCTIONS or "Pooling" in kind:
        return True
    function = getattr(getattr(layer, "activation", None), "__name__", "linear")
    return function != "linear"
