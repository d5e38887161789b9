"""The convolution page's program, and what can be saved of it."""

from typing import Any

from cnnviz_core.layers.kernels import EditedKernel, KernelChoice, NamedKernel
from cnnviz_core.layers.windows import Padding
from cnnviz_core.snippets import convolution
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.convolution import convolved, convolved_maps
from cnnviz_core.views.files import Saved, name_of, source
from cnnviz_core.views.sharing import Picture


def program(
    picture: Picture,
    choice: KernelChoice,
    *,
    stride: int,
    padding: Padding,
    dilation: int,
    down: int,
    across: int,
    filter_index: int,
) -> Program:
    """Return the program of `convolution.convolved`, which ends in a value it shows.

    `down` and `across` are those of `convolution.convolution_place`; errors as there.
    """
    maps = convolved_maps(picture, choice, stride, padding, dilation)
    row, column = (
        percent * (side - 1) // 100
        for percent, side in zip((down, across), maps.shape[:2], strict=True)
    )
    return convolution.program(
        source(picture),
        choice,
        maps,
        (row, column, filter_index),
        stride=stride,
        padding=padding,
        dilation=dilation,
    )


def saved(
    picture: Picture,
    choice: KernelChoice,
    *,
    stride: int,
    padding: Padding,
    dilation: int,
    **display: Any,
) -> Saved:
    """Return the maps that `convolution.convolved` shows; the arguments are its own."""
    sliding: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    view = convolved(picture, choice, **sliding, **display)
    height, width = view.weights.shape[:2]
    match choice:
        case NamedKernel(name):
            kind: str = name
        case EditedKernel():
            kind = "by-hand"
        case _:
            kind = "random"
    return Saved(
        name=name_of(
            picture,
            "convolution",
            kind,
            f"{height}x{width}",
            f"stride{stride}" if stride > 1 else None,
        ),
        picture=view.after,
        values=convolved_maps(picture, choice, stride, padding, dilation),
        formulas=(view.height_formula, view.width_formula),
    )
