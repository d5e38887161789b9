"""Which window slides over which small grid: the controls of the step-by-step page."""

from typing import Literal

from cnnviz_core.layers.pooling import PoolMode
from cnnviz_core.stepping.setups import (
    Act,
    ChainSetup,
    ConvolutionSetup,
    GlobalPoolingSetup,
    PoolingSetup,
    SeparableSetup,
    StepSetup,
    TransposedSetup,
)
from pages.parts import controls
from pages.parts.declarations import Choice, Number, Switch, Text
from pages.parts.layers.layer_controls import (
    choose_padding,
    dilation_control,
    padding_controls,
    pool_padding_control,
    stride_control,
    touch_control,
)
from pages.parts.layers.step_gradients import (
    GRADIENT_CONTROLS,
    Direction,
    choose_direction,
    choose_gradient,
)
from pages.parts.layers.step_grids import (
    GRID_CONTROLS,
    MOST,
    choose_grids,
    choose_grids_and_kernels,
    choose_source,
)
from pages.parts.layers.step_rows import ROW_CONTROLS, choose_batch, choose_causal
from pages.parts.texts import N_

Operation = Literal[
    "convolution", "separable", "transposed", "causal", "max", "average", "batch", "chain"
]

OPERATION: Choice[Operation] = Choice(
    key="step_operation",
    label=N_("Operation"),
    options={
        "convolution": N_("Convolution"),
        "separable": N_("Depthwise, pointwise"),
        "transposed": N_("Transposed"),
        "causal": N_("In a row, causal"),
        "max": N_("Max"),
        "average": N_("Average"),
        "batch": N_("Batch normalization"),
        "chain": N_("There and back"),
    },
    default="convolution",
    help=N_(
        "Convolution multiplies the numbers under the window by weights and adds them up; "
        "transposed, each number paints the weights; causal, it sees the past alone. Max pooling "
        "keeps the largest, average pooling their mean. Batch normalization gives each channel a "
        "mean of 0 and a variance of 1. There and back: a network of four steps, and its gradients."
    ),
)
ACT: Choice[Act] = Choice(
    key="step_act",
    label=N_("Act"),
    options={"depthwise": N_("1: depthwise"), "pointwise": N_("2: pointwise")},
    default="depthwise",
    help=N_("First each channel is convolved alone, then the channels of each place are mixed."),
)
MIXING = Text(
    key="step_mixing",
    label=N_("Pointwise weights"),
    default="1 1 1\n1 0 -1",
    help=N_("A row for each filter, and in it a weight for each channel."),
)
WHOLE = Switch(
    key="step_whole",
    label=N_("Whole grid"),
    default=False,
    help=N_("Global pooling: the window is as large as the grid, and one number is left."),
)
OUTPUT_PADDING = Number(
    key="step_output_padding",
    label=N_("Output padding"),
    low=0,
    high=3,
    default=0,
    help=N_("Rows and columns that are added at the end of the result, fewer than the stride."),
)
CUT = Number(
    key="step_cut",
    label=N_("Padding"),
    low=0,
    high=3,
    default=0,
    help=N_("Rows and columns that are cut away at each side of the result."),
)
FILTERS = Number(
    key="step_filters",
    label=N_("Filters"),
    low=1,
    high=MOST,
    default=1,
    help=N_("Each has kernels of its own, and writes a grid of its own."),
)
GROUPS: Choice[int] = Choice(
    key="step_groups",
    label=N_("Groups"),
    options={},
    default=1,
    help=N_(
        "1: each filter reads all channels. As many as there are channels: each reads one alone, "
        "which is called depthwise."
    ),
)
BIASES = Text(
    key="step_biases",
    label=N_("Biases"),
    default="",
    placeholder=N_("none"),
    help=N_("What each filter adds to its sums: a number for each, with spaces between them."),
)
STRIDE = stride_control("step_stride")
# More zeros would leave no room for the numbers.
PADDING = padding_controls("step_", most=3)
DILATION = dilation_control("step_dilation")
SIZE = Number(
    key="step_size",
    label=N_("Window size"),
    low=1,
    high=5,
    default=2,
    help=N_("Number of rows and columns that become one number."),
)
TOUCH = touch_control("step_touch")
POOL_STRIDE = stride_control("step_pool_stride")
POOL_PADDING = pool_padding_control("step_pool_padding", N_("Padding"))
STEP_CONTROLS = (
    OPERATION,
    *GRID_CONTROLS,
    FILTERS,
    GROUPS,
    BIASES,
    STRIDE,
    *PADDING,
    DILATION,
    SIZE,
    TOUCH,
    POOL_STRIDE,
    POOL_PADDING,
    *GRADIENT_CONTROLS,
    CUT,
    OUTPUT_PADDING,
    ACT,
    MIXING,
    WHOLE,
    *ROW_CONTROLS,
)


def choose_setup() -> tuple[StepSetup, Operation, Direction]:
    """Draw the controls and give the choice, its texts still unread."""
    operation = controls.choice(OPERATION)
    match operation:
        case "convolution" | "max" | "average":
            setup, direction = _choose_there_or_back(operation)
            return setup, operation, direction
        case "transposed":
            return _choose_transposed(), operation, "forwards"
        case "separable":
            return _choose_separable(), operation, "forwards"
        case "causal":
            return choose_causal(), operation, "forwards"
        case "batch":
            return choose_batch(), operation, "forwards"
        case "chain":
            (grid,), ((kernel,),) = choose_grids_and_kernels(1, 1, 1)
            return ChainSetup(grid, kernel), operation, "forwards"


def _choose_there_or_back(
    operation: Literal["convolution", "max", "average"],
) -> tuple[StepSetup, Direction]:
    direction = choose_direction(has_kernel=operation == "convolution")
    if direction != "forwards":
        forwards = (
            _choose_convolution(1, is_forwards=False)
            if operation == "convolution"
            else _choose_pooling(operation, 1)
        )
        return choose_gradient(forwards, direction), direction
    num_channels = choose_source()
    if operation == "convolution":
        return _choose_convolution(num_channels, is_forwards=True), direction
    if controls.switch(WHOLE):
        return GlobalPoolingSetup(choose_grids(num_channels), operation), direction
    return _choose_pooling(operation, num_channels), direction


def _choose_transposed() -> TransposedSetup:
    (grid,), ((kernel,),) = choose_grids_and_kernels(1, 1, 1)
    stride = controls.slider(STRIDE)
    output_padding = controls.slider(OUTPUT_PADDING, high=stride - 1) if stride > 1 else 0
    return TransposedSetup(grid, kernel, stride, controls.slider(CUT), output_padding)


def _choose_separable() -> SeparableSetup:
    num_channels = choose_source()
    act = controls.choice(ACT)
    grids, kernels = choose_grids_and_kernels(num_channels, num_channels, 1)
    mixing = controls.text_lines(MIXING)
    stride = controls.slider(STRIDE)
    return SeparableSetup(
        grids=grids,
        kernels=tuple(one for (one,) in kernels),
        mixing=mixing,
        act=act,
        stride=stride,
        padding=choose_padding(PADDING),
    )


def _choose_convolution(num_channels: int, is_forwards: bool) -> ConvolutionSetup:
    num_filters = controls.slider(FILTERS) if is_forwards else 1
    groups = _choose_groups(num_channels, num_filters)
    grids, kernels = choose_grids_and_kernels(num_channels, num_filters, num_channels // groups)
    biases = controls.text(BIASES) if num_channels > 1 or num_filters > 1 else ""
    stride = controls.slider(STRIDE)
    padding = choose_padding(PADDING)
    dilation = controls.slider(DILATION) if is_forwards else 1
    return ConvolutionSetup(
        grids=grids,
        kernels=kernels,
        biases=biases,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )


def _choose_groups(num_channels: int, num_filters: int) -> int:
    """Draw the groups that split channels and filters evenly, if there is a choice."""
    offered = [one for one in range(1, num_channels + 1) if not num_channels % one]
    offered = [one for one in offered if not num_filters % one]
    if len(offered) == 1:
        return 1
    controls.fall_back(GROUPS, offered, 1)
    return controls.snap(GROUPS, options=offered)


def _choose_pooling(mode: PoolMode, num_channels: int) -> PoolingSetup:
    grids = choose_grids(num_channels)
    size = controls.slider(SIZE)
    stride = None if controls.switch(TOUCH) else controls.slider(POOL_STRIDE)
    return PoolingSetup(grids, size, mode, stride, controls.choice(POOL_PADDING))
