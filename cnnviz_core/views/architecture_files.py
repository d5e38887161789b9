"""The architecture page's program, and what can be saved of it."""

import numpy as np

from cnnviz_core.inspection.architecture import unit_at
from cnnviz_core.inspection.receptive_fields import fields
from cnnviz_core.networks import Network
from cnnviz_core.snippets import architecture
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.architecture import network_architecture, receptive_field
from cnnviz_core.views.files import Saved, name_of, source
from cnnviz_core.views.sharing import Picture


def program(network: Network, picture: Picture, layer: str, *, down: int, across: int) -> Program:
    """Return the program of `architecture.receptive_field`; it ends in what the unit sees.

    Raises
    ------
    ValueError
        If it is not known what the layer sees, or the network is a visitor's own.
    """
    field = fields(network)[layer]
    if field is None:
        raise ValueError(
            f"There is no program for the layer {layer!r}: it may look anywhere in the picture. "
            "Choose one before it."
        )
    unit = unit_at(network, layer, down, across)
    return architecture.program(network, source(picture), layer, unit, field)


def saved(network: Network, picture: Picture, layer: str, **place: int) -> Saved:
    """Return the frame of `architecture.receptive_field`, and the layers in numbers."""
    view = receptive_field(network, picture, layer, **place)
    rows = network_architecture(network).layers
    numbers = [(one.num_parameters, one.multiply_adds, *_sides(one.output_shape)) for one in rows]
    quantities = "parameters", "multiply-adds", "height", "width", "channels"
    formulas = [one for one in (view.size_formula, view.jump_formula) if one is not None]
    return Saved(
        name=name_of(picture, "architecture", network.key, layer),
        picture=view.framed,
        values=np.array(numbers, np.float32),
        axes=("layer", "quantity"),
        formulas=tuple(f"${one}$" for one in formulas),
        labels={"layer": tuple(one.name for one in rows), "quantity": quantities},
    )


def _sides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return height, width and channels of a layer's output; a list is one place."""
    return shape if len(shape) == 3 else (1, 1, *shape)
