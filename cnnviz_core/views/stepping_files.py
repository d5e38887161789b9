"""The program of the step-by-step page."""

from typing import TypedDict

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.typed_grids import parse_grid
from cnnviz_core.layers.windows import Padding
from cnnviz_core.snippets import step_backwards, step_rows, stepping
from cnnviz_core.snippets.program import Program
from cnnviz_core.stepping.reading import read_biases, read_channels, read_kernels, read_mixing
from cnnviz_core.stepping.setups import (
    MOST_PAINTED,
    MOST_SAMPLES,
    BatchSetup,
    CausalSetup,
    ChainSetup,
    ConvolutionSetup,
    GlobalPoolingSetup,
    GradientSetup,
    PoolingSetup,
    SeparableSetup,
    StepSetup,
    TransposedSetup,
    read_gradient,
    walk,
)
from cnnviz_core.stepping.stops import Grid, Name, Walk, results


def program(setup: StepSetup) -> Program:
    """Return the program that makes the whole result; `ValueError` as `setups.walk`."""
    walked = walk(setup)
    match setup:
        case ConvolutionSetup() | SeparableSetup() | TransposedSetup():
            return _convolution(setup, walked)
        case PoolingSetup() | GlobalPoolingSetup():
            return _pooling(setup, walked)
        case GradientSetup():
            return _backwards(setup, walked)
        case CausalSetup():
            row = parse_grid(setup.row, limit=MOST_PAINTED)[0]
            # A walk goes layer by layer.
            values = [walked.at(position).value for position in range(walked.num_stops)]
            layers = np.array(values, np.float32).reshape(setup.num_layers, -1).T
            return step_rows.causal(row, parse_grid(setup.kernel)[0], layers)
        case BatchSetup():
            batch, result = parse_grid(setup.batch, limit=MOST_SAMPLES), _written(walked, "result")
            return step_rows.normalized(batch, result, scale=setup.scale, shift=setup.shift)
        case ChainSetup():
            grid, kernel = parse_grid(setup.grid), parse_grid(setup.kernel)
            result = _written(walked, "kernel_gradient")
            return step_backwards.chain(grid, kernel, _written(walked, "pooled"), result)


def _convolution(
    setup: ConvolutionSetup | SeparableSetup | TransposedSetup, walked: Walk
) -> Program:
    if isinstance(setup, TransposedSetup):
        return stepping.transposed(
            parse_grid(setup.grid),
            parse_grid(setup.kernel),
            _written(walked, "result"),
            stride=setup.stride,
            padding=setup.padding,
        )
    channels = read_channels(setup.grids)
    if isinstance(setup, ConvolutionSetup):
        return stepping.convolution(
            channels,
            read_kernels(setup.kernels),
            read_biases(setup.biases, len(setup.kernels)),
            results(walked),
            stride=setup.stride,
            padding=setup.padding,
            dilation=setup.dilation,
            groups=setup.groups,
        )
    kernels = read_kernels([(one,) for one in setup.kernels])
    sliding: _Sliding = {"stride": setup.stride, "padding": setup.padding}
    if setup.act == "pointwise":
        mixing = read_mixing(setup.mixing, len(setup.grids))[0, 0].T
        return stepping.separable(channels, kernels, mixing, results(walked), **sliding)
    groups = len(setup.grids)
    return stepping.convolution(
        channels, kernels, None, results(walked), **sliding, dilation=1, groups=groups
    )


def _pooling(setup: PoolingSetup | GlobalPoolingSetup, walked: Walk) -> Program:
    channels = read_channels(setup.grids)
    # Each channel is pooled in an act of its own.
    grids = [act.items[-1] for act in walked.at(walked.num_stops - 1).acts]
    result = np.stack([one.values for one in grids if isinstance(one, Grid)], axis=-1)
    if isinstance(setup, GlobalPoolingSetup):
        return stepping.global_pooling(channels, result, mode=setup.mode)
    return stepping.pooling(
        channels,
        result,
        size=setup.size,
        stride=setup.size if setup.stride is None else setup.stride,
        mode=setup.mode,
        padding=setup.padding,
    )


def _backwards(setup: GradientSetup, walked: Walk) -> Program:
    forwards, gradient = setup.forwards, read_gradient(setup)
    grid = parse_grid(forwards.grids[0])
    if isinstance(forwards, PoolingSetup):
        return step_backwards.pooling_gradient(
            grid,
            gradient,
            _written(walked, "input_gradient"),
            size=forwards.size,
            stride=forwards.size if forwards.stride is None else forwards.stride,
            mode=forwards.mode,
            padding=forwards.padding,
        )
    sliding: _Sliding = {"stride": forwards.stride, "padding": forwards.padding}
    if setup.towards == "kernel":
        result = results(walked)[..., 0]
        return step_backwards.kernel_gradient(grid, gradient, result, **sliding)
    kernel, result = parse_grid(forwards.kernels[0][0]), _written(walked, "input_gradient")
    return step_backwards.input_gradient(kernel, gradient, result, **sliding)


class _Sliding(TypedDict):
    stride: int
    padding: Padding


def _written(walked: Walk, name: Name) -> FloatArray:
    """Return a grid as it is at the last stop, without what is cut away."""
    items = walked.at(walked.num_stops - 1).whole.items
    (grid,) = (one for one in items if isinstance(one, Grid) and one.name == name)
    is_cut = np.isin(grid.looks, ("padding", "window_padding"))
    return grid.values[~is_cut].reshape(grid.inside)
