"""The step-by-step page's program, and what can be saved of it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypedDict

import numpy as np

from cnnviz_core.animations import webm_of
from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing.rendered import described
from cnnviz_core.drawing.rendering import value_scale
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
from cnnviz_core.theme import Theme
from cnnviz_core.views.files import MAPS_AXES, Other, Saved
from cnnviz_core.views.step_facts import walk_view
from cnnviz_core.views.stepping import (
    MAX_ANIMATED_STOPS,
    Words,
    animated_stops,
    stop_picture,
)

# Where a result is no stack of maps.
AXES: Mapping[type, tuple[str, ...]] = {
    CausalSetup: ("place", "layer"),
    BatchSetup: ("sample", "channel"),
}


def program(setup: StepSetup) -> Program:
    """Return the program that makes the whole result; `ValueError` as `setups.walk`."""
    result = _result(setup)
    match setup:
        case ConvolutionSetup() | SeparableSetup():
            return _convolution(setup, result)
        case TransposedSetup():
            return stepping.transposed(
                parse_grid(setup.grid),
                parse_grid(setup.kernel),
                result[..., 0],
                stride=setup.stride,
                padding=setup.padding,
            )
        case PoolingSetup() | GlobalPoolingSetup():
            return _pooling(setup, result)
        case GradientSetup():
            return _backwards(setup, result[..., 0])
        case CausalSetup():
            row = parse_grid(setup.row, limit=MOST_PAINTED)[0]
            return step_rows.causal(row, parse_grid(setup.kernel)[0], result)
        case BatchSetup():
            batch = parse_grid(setup.batch, limit=MOST_SAMPLES)
            return step_rows.normalized(batch, result, scale=setup.scale, shift=setup.shift)
        case ChainSetup():
            grid, kernel = parse_grid(setup.grid), parse_grid(setup.kernel)
            pooled = _written(walk(setup), "pooled")
            return step_backwards.chain(grid, kernel, pooled, result[..., 0])


def saved(setup: StepSetup, theme: Theme, words: Words) -> Saved:
    """Return the last stop, where the whole result stands, and that result.

    `theme` and `words` are those of `stepping.stop_picture`; errors are as of `setups.walk`.
    """
    walked, result = walk(setup), _result(setup)
    view = walk_view(setup)
    drawn = stop_picture(setup, walked.num_stops - 1, theme, words)
    others: dict[Other, Callable[[], bytes]] = {}
    if walked.num_stops <= MAX_ANIMATED_STOPS:
        animation = partial(animated_stops, setup, theme, words)
        others = {"GIF": animation, "WebM": lambda: webm_of(animation())}
    return Saved(
        name="step-by-step",
        picture=described(drawn, result, value_scale(result)),
        values=result,
        axes=AXES.get(type(setup), MAPS_AXES),
        formulas=tuple(one for one in (view.height_formula, view.width_formula) if one),
        others=others,
    )


def _result(setup: StepSetup) -> FloatArray:
    """Return what is there at the end, with an axis for each of `AXES`."""
    walked = walk(setup)
    match setup:
        case ConvolutionSetup() | SeparableSetup():
            return results(walked)
        case TransposedSetup():
            return _written(walked, "result")[..., np.newaxis]
        case PoolingSetup() | GlobalPoolingSetup():
            # Each channel is pooled in an act of its own.
            grids = [act.items[-1] for act in walked.at(walked.num_stops - 1).acts]
            return np.stack([one.values for one in grids if isinstance(one, Grid)], axis=-1)
        case GradientSetup():
            if setup.towards == "kernel":
                return results(walked)
            return _written(walked, "input_gradient")[..., np.newaxis]
        case CausalSetup():
            # A walk goes layer by layer.
            values = [walked.at(position).value for position in range(walked.num_stops)]
            return np.array(values, np.float32).reshape(setup.num_layers, -1).T
        case BatchSetup():
            return _written(walked, "result")
        case ChainSetup():
            return _written(walked, "kernel_gradient")[..., np.newaxis]


def _convolution(setup: ConvolutionSetup | SeparableSetup, result: FloatArray) -> Program:
    channels = read_channels(setup.grids)
    if isinstance(setup, ConvolutionSetup):
        return stepping.convolution(
            channels,
            read_kernels(setup.kernels),
            read_biases(setup.biases, len(setup.kernels)),
            result,
            stride=setup.stride,
            padding=setup.padding,
            dilation=setup.dilation,
            groups=setup.groups,
        )
    kernels = read_kernels([(one,) for one in setup.kernels])
    sliding: _Sliding = {"stride": setup.stride, "padding": setup.padding}
    if setup.act == "pointwise":
        mixing = read_mixing(setup.mixing, len(setup.grids))[0, 0].T
        return stepping.separable(channels, kernels, mixing, result, **sliding)
    groups = len(setup.grids)
    return stepping.convolution(
        channels, kernels, None, result, **sliding, dilation=1, groups=groups
    )


def _pooling(setup: PoolingSetup | GlobalPoolingSetup, result: FloatArray) -> Program:
    channels = read_channels(setup.grids)
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


def _backwards(setup: GradientSetup, result: FloatArray) -> Program:
    forwards, gradient = setup.forwards, read_gradient(setup)
    grid = parse_grid(forwards.grids[0])
    if isinstance(forwards, PoolingSetup):
        return step_backwards.pooling_gradient(
            grid,
            gradient,
            result,
            size=forwards.size,
            stride=forwards.size if forwards.stride is None else forwards.stride,
            mode=forwards.mode,
            padding=forwards.padding,
        )
    sliding: _Sliding = {"stride": forwards.stride, "padding": forwards.padding}
    if setup.towards == "kernel":
        return step_backwards.kernel_gradient(grid, gradient, result, **sliding)
    kernel = parse_grid(forwards.kernels[0][0])
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
