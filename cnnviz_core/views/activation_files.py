"""The activation page's program, and what can be saved of it."""

from typing import Any

from cnnviz_core.drawing.saving import as_csv
from cnnviz_core.layers.activation_facts import ACTIVATIONS, ActivationName
from cnnviz_core.layers.specs import Activation, Layer
from cnnviz_core.snippets import layer_rows
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.activation import activated, activated_maps, activation_curves, curve_points
from cnnviz_core.views.files import Saved, name_of, source
from cnnviz_core.views.maps import Brightest, num_channels
from cnnviz_core.views.sharing import Picture

# What a point of a curve is.
POINT = ("x", "f(x)", "f'(x)")


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
    labels: tuple[tuple[ActivationName, str], ...],
    **look: Any,
) -> Saved:
    """Return the maps after the function of `activation.activated`; the arguments are its own.

    `labels` are those of `activation.activation_curves`.
    """
    asked = picture, layers, seed, brightest, layer
    name = name_of(picture, "activation", layer.name)
    reach: dict[str, Any] = {"brightest": brightest, "num_channels": num_channels(layers)}
    return Saved(
        name=name,
        picture=activated(*asked, **look).after,
        values=activated_maps(*asked),
        formulas=(f"$f(x) = {ACTIVATIONS[layer.name].formula}$",),
        others={
            "curves as SVG": lambda: activation_curves(
                layer, labels, **reach, theme="light"
            ).encode(),
            "curves as CSV": lambda: as_csv(
                curve_points(layer, **reach), ("point", "quantity"), (), {"quantity": POINT}
            ),
        },
    )
