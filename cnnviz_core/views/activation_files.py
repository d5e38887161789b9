"""The activation page's program, and what can be saved of it."""

from typing import Any

from cnnviz_core.layers.activation_facts import ACTIVATIONS
from cnnviz_core.layers.specs import Activation, Layer
from cnnviz_core.snippets import layer_rows
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.activation import activated, activated_maps
from cnnviz_core.views.files import Saved, name_of, source
from cnnviz_core.views.maps import Brightest
from cnnviz_core.views.sharing import Picture


def program(
    picture: Picture, layers: tuple[Layer, ...], seed: int, brightest: Brightest, layer: Activation
) -> Program:
    """Return the program of `activation.activated`; it ends in the value in the middle."""
    maps = activated_maps(picture, layers, seed, brightest, layer)
    return layer_rows.program(
        "activation",
        "An activation function: every value goes through it alone.",
        source(picture),
        (*layers, layer),
        seed,
        maps,
        (maps.shape[0] // 2, maps.shape[1] // 2, 0),
        brightest=brightest,
    )


def saved(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    brightest: Brightest,
    layer: Activation,
    **look: Any,
) -> Saved:
    """Return the maps after the function of `activation.activated`; the arguments are its own."""
    asked = picture, layers, seed, brightest, layer
    name = name_of(picture, "activation", layer.name)
    return Saved(
        name,
        activated(*asked, **look).after,
        activated_maps(*asked),
        formulas=(f"$f(x) = {ACTIVATIONS[layer.name].formula}$",),
    )
