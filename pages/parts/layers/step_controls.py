"""Which window slides over which small grid: the controls of the step-by-step page."""

from typing import Literal

from cnnviz_core.layers.pooling import PoolMode
from cnnviz_core.stepping.setups import ConvolutionSetup, PoolingSetup, StepSetup
from pages.parts import controls
from pages.parts.declarations import Choice, Number, Text
from pages.parts.layers.layer_controls import (
    choose_padding,
    dilation_control,
    padding_controls,
    pool_padding_control,
    stride_control,
    touch_control,
)
from pages.parts.layers.step_grids import (
    GRID_CONTROLS,
    MOST,
    choose_grids,
    choose_grids_and_kernels,
    choose_source,
)
from pages.parts.texts import N_

Operation = Literal["convolution", "max", "average"]

OPERATION: Choice[Operation] = Choice(
    key="step_operation",
    label=N_("Operation"),
    options={
        "convolution": N_("Convolution"),
        "max": N_("Max"),
        "average": N_("Average"),
    },
    default="convolution",
    help=N_(
        "Convolution multiplies the numbers under the window by weights and adds them up. "
        "Max pooling keeps the largest, average pooling their mean."
    ),
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
)


def choose_setup() -> StepSetup:
    """Draw the controls and give the choice, its texts still unread."""
    operation = controls.choice(OPERATION)
    num_channels = choose_source()
    if operation == "convolution":
        return _choose_convolution(num_channels)
    return _choose_pooling(operation, num_channels)


def _choose_convolution(num_channels: int) -> ConvolutionSetup:
    num_filters = controls.slider(FILTERS)
    groups = _choose_groups(num_channels, num_filters)
    grids, kernels = choose_grids_and_kernels(num_channels, num_filters, num_channels // groups)
    biases = controls.text(BIASES) if num_channels > 1 or num_filters > 1 else ""
    stride = controls.slider(STRIDE)
    padding = choose_padding(PADDING)
    dilation = controls.slider(DILATION)
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
