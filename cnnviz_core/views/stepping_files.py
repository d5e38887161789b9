"""The program of the step-by-step page."""

from cnnviz_core.layers.pooling import pool
from cnnviz_core.layers.typed_grids import parse_grid
from cnnviz_core.layers.upsampling import transposed_convolution
from cnnviz_core.snippets import stepping
from cnnviz_core.snippets.program import Program
from cnnviz_core.stepping.reading import read_biases, read_channels, read_kernels
from cnnviz_core.stepping.setups import (
    ConvolutionSetup,
    PoolingSetup,
    StepSetup,
    TransposedSetup,
    walk,
)
from cnnviz_core.stepping.stops import results


def has_program(setup: StepSetup) -> bool:
    """Return whether there is a program for what is shown."""
    if isinstance(setup, PoolingSetup):
        return setup.padding == "valid"
    return isinstance(setup, ConvolutionSetup | TransposedSetup)


def program(setup: StepSetup) -> Program:
    """Return the program that makes the whole result; `ValueError` as `setups.walk`."""
    if isinstance(setup, TransposedSetup):
        grid, kernel = parse_grid(setup.grid), parse_grid(setup.kernel, name="The kernel")
        layer = {"stride": setup.stride, "padding": setup.padding}
        painted = transposed_convolution(
            grid[..., None], kernel, **layer, output_padding=setup.output_padding
        )
        return stepping.transposed(grid, kernel, painted[..., 0], **layer)
    if isinstance(setup, PoolingSetup):
        channels = read_channels(setup.grids)
        stride = setup.size if setup.stride is None else setup.stride
        result = pool(channels, setup.size, stride=stride, mode=setup.mode)
        return stepping.pooling(channels, result, size=setup.size, stride=stride, mode=setup.mode)
    if isinstance(setup, ConvolutionSetup):
        return stepping.convolution(
            read_channels(setup.grids),
            read_kernels(setup.kernels),
            read_biases(setup.biases, len(setup.kernels)),
            results(walk(setup)),
            stride=setup.stride,
            padding=setup.padding,
            dilation=setup.dilation,
            groups=setup.groups,
        )
    raise ValueError("There is no program for this operation. Choose a convolution.")
