"""The pooling page's program, and what can be saved of it."""

from cnnviz_core.layers.specs import Layer, Pooling
from cnnviz_core.snippets import layer_rows
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.files import Saved, name_of, source
from cnnviz_core.views.pooling import pooled, pooled_maps
from cnnviz_core.views.sharing import Picture


def program(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    layer: Pooling,
    *,
    down: int,
    across: int,
) -> Program:
    """Return the program of `pooling.pooled`; it ends in the value of the framed window."""
    maps = pooled_maps(picture, layers, seed, layer)
    return layer_rows.program(
        "pooling",
        "Pooling: one number is kept from each window.",
        source(picture),
        (*layers, layer),
        seed,
        maps,
        (down * (maps.shape[0] - 1) // 100, across * (maps.shape[1] - 1) // 100, 0),
    )


def saved(
    picture: Picture, layers: tuple[Layer, ...], seed: int, layer: Pooling, **place: int
) -> Saved:
    """Return what is left after the pooling of `pooling.pooled`; the arguments are its own."""
    view = pooled(picture, layers, seed, layer, **place)
    sides = f"{layer.size}x{layer.size}"
    step = None if layer.stride is None else f"stride{layer.stride}"
    name = name_of(picture, "pooling", layer.mode, sides, step)
    return Saved(
        name=name,
        picture=view.after,
        values=pooled_maps(picture, layers, seed, layer),
        formulas=(view.height_formula, view.width_formula),
    )
