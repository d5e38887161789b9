"""The LeNet page's program, and what can be saved of it."""

from typing import Any

from cnnviz_core.layers import pipeline
from cnnviz_core.layers.specs import Layer
from cnnviz_core.snippets import layer_rows
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.files import Saved, name_of, source
from cnnviz_core.views.lenet import lenet
from cnnviz_core.views.sharing import Picture


def program(picture: Picture, layers: tuple[Layer, ...], seed: int) -> Program:
    """Return the program of `lenet.lenet`; it ends in the value in the middle of the last maps."""
    maps = pipeline.run(picture.pixels, layers, seed)[-1].values
    return layer_rows.program(
        "lenet",
        "LeNet: convolution, activation and pooling, twice (LeCun et al., 1998).",
        source(picture),
        layers,
        seed,
        maps,
        (maps.shape[0] // 2, maps.shape[1] // 2, 0),
    )


def saved(picture: Picture, layers: tuple[Layer, ...], seed: int, **look: Any) -> Saved:
    """Return the last maps of `lenet.lenet`; the arguments are its own."""
    view = lenet(picture, layers, seed, **look)
    values = pipeline.run(picture.pixels, layers, seed)[-1].values
    counted = (*view.convolution_formulas, view.hidden_formula)
    return Saved(
        name=name_of(picture, "lenet"),
        picture=view.stages[-1].picture,
        values=values,
        formulas=tuple(f"${one}$" for one in counted),
    )
