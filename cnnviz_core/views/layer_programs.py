"""The programs that make what the pages of the building blocks show."""

from cnnviz_core import images
from cnnviz_core.layers.kernels import KernelChoice
from cnnviz_core.layers.windows import Padding
from cnnviz_core.snippets import convolution
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.convolution import convolved_maps
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
