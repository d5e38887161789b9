"""The programs that make what the pages of the building blocks show."""

from cnnviz_core import images
from cnnviz_core.layers import pipeline
from cnnviz_core.layers.kernels import KernelChoice
from cnnviz_core.layers.specs import Activation, Layer, Pooling
from cnnviz_core.layers.windows import Padding
from cnnviz_core.snippets import convolution, layer_rows
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.activation import activated_maps
from cnnviz_core.views.convolution import convolved_maps
from cnnviz_core.views.maps import Brightest
from cnnviz_core.views.pooling import pooled_maps
from cnnviz_core.views.sharing import Picture


def source(picture: Picture) -> Source:
    """Return where a program finds a picture; a visitor's own is known to them alone."""
    height, width = picture.pixels.shape[:2]
    sample = picture.key if picture.key in images.sample_names() else None
    return Source(sample, height, width)


def convolution_program(
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


def activation_program(
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


def pooling_program(
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


def lenet_program(picture: Picture, layers: tuple[Layer, ...], seed: int) -> Program:
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
