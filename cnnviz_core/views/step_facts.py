"""What the step-by-step page says beside a stop: sizes, costs, a step of learning."""

import math
from dataclasses import dataclass, replace

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing.rendering import Scale, value_scale
from cnnviz_core.layers.formulas import (
    output_size_formula,
    total_formula,
    transposed_size_formula,
)
from cnnviz_core.layers.typed_grids import format_grid, parse_grid
from cnnviz_core.layers.windows import output_size
from cnnviz_core.stepping.reading import read_channels, read_kernels, read_mixing
from cnnviz_core.stepping.setups import (
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
    result_sides,
    walk,
)
from cnnviz_core.stepping.stops import results
from cnnviz_core.views.costs import CostsView, layer_costs


@dataclass(frozen=True, slots=True)
class WalkView:
    """What the step-by-step page shows beside the picture of a stop.

    The formulas are those of the result's size, where that is not the input's.
    `bias_gradient` is what is handed back to a bias, where that is asked.
    """

    num_stops: int
    height_formula: str = ""
    width_formula: str = ""
    costs: CostsView | None = None
    bias_gradient: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LearningStep:
    """Kernel, result and loss before and after a step of gradient descent, each on one scale."""

    kernel: FloatArray
    new_kernel: FloatArray
    kernel_scale: Scale
    result: FloatArray
    new_result: FloatArray
    result_scale: Scale
    loss: float
    new_loss: float


def walk_view(setup: StepSetup) -> WalkView:
    """Return how many stops there are, and why; `ValueError` if it can't be or not fit."""
    num_stops = walk(setup).num_stops
    if isinstance(setup, TransposedSetup):
        kernel = parse_grid(setup.kernel).shape
        sides = zip(parse_grid(setup.grid).shape, kernel, strict=True)
        layer = setup.stride, setup.padding, setup.output_padding
        rows, columns = (transposed_size_formula(*side, *layer) for side in sides)
        return WalkView(num_stops, rows, columns)
    if isinstance(setup, CausalSetup | BatchSetup | ChainSetup | GlobalPoolingSetup):
        return WalkView(num_stops)
    if isinstance(setup, GradientSetup):
        forwards = walk_view(setup.forwards)
        total = float(read_gradient(setup).sum()) if setup.towards == "kernel" else None
        return replace(forwards, num_stops=num_stops, bias_gradient=total)
    source = read_channels(setup.grids).shape
    if isinstance(setup, SeparableSetup):
        return _separable_view(setup, num_stops)
    if isinstance(setup, PoolingSetup):
        stride = setup.size if setup.stride is None else setup.stride
        rows, columns = (
            output_size_formula(side, setup.size, stride, setup.padding) for side in source[:2]
        )
        return WalkView(num_stops, rows, columns)
    window = read_kernels(setup.kernels).shape
    rows, columns = (
        output_size_formula(side, kernel, setup.stride, setup.padding, setup.dilation)
        for side, kernel in zip(source[:2], window[:2], strict=True)
    )
    costs = None
    if source[2] > 1 or window[3] > 1 or setup.biases:
        height, width, _, num_filters = window
        places = num_stops // num_filters
        costs = layer_costs(places, height, width, source[2], num_filters, setup.groups)
    return WalkView(num_stops, rows, columns, costs)


def _separable_view(setup: SeparableSetup, num_stops: int) -> WalkView:
    """Return what both acts cost together, and beside it what a dense layer does."""
    num_channels = len(setup.grids)
    num_filters = read_mixing(setup.mixing, num_channels).shape[3]
    sides = read_channels(setup.grids).shape[:2]
    height, width = read_kernels([(one,) for one in setup.kernels]).shape[:2]
    axes = (sides[0], height), (sides[1], width)
    layer = setup.stride, setup.padding
    places = math.prod(output_size(*axis, *layer) for axis in axes)
    mixing = num_channels * num_filters
    costs = CostsView(
        total_formula((height * width + 1) * num_channels, mixing + num_filters),
        total_formula(places * height * width * num_channels, places * mixing),
        dense=layer_costs(places, height, width, num_channels, num_filters),
    )
    rows, columns = (output_size_formula(*axis, *layer) for axis in axes)
    return WalkView(num_stops, rows, columns, costs)


def learning_step(setup: GradientSetup, rate: float) -> LearningStep:
    """Return what a step of gradient descent makes of the kernel; `ValueError` as `setups.walk`.

    The loss is the one that has the setup's gradient: each cell of the result times its own, added
    up.
    """
    forwards = setup.forwards
    if not isinstance(forwards, ConvolutionSetup):
        raise ValueError("A kernel learns, but this layer has none: choose a convolution.")
    upstream = read_gradient(setup)
    kernel = read_kernels(forwards.kernels)[:, :, 0, 0]
    gradient = results(walk(setup))[..., 0]
    new_kernel = (kernel - np.float32(rate) * gradient).astype(np.float32)
    after = replace(forwards, kernels=((format_grid(new_kernel),),))
    result, new_result = (results(walk(one))[..., 0] for one in (forwards, after))
    return LearningStep(
        kernel=kernel,
        new_kernel=new_kernel,
        kernel_scale=value_scale(kernel, new_kernel),
        result=result,
        new_result=new_result,
        result_scale=value_scale(result, new_result),
        loss=float((result * upstream).sum()),
        new_loss=float((new_result * upstream).sum()),
    )


def num_results(setup: ConvolutionSetup | PoolingSetup) -> int:
    """Return how many cells the result has; 1 as long as there is none."""
    try:
        return math.prod(result_sides(setup))
    except ValueError:
        return 1
