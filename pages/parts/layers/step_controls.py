"""Which window slides over which small grid: the controls of the step-by-step page."""

import streamlit as st

from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.stepping import ConvolutionSetup, Operation, PoolingSetup, StepSetup
from pages.parts import controls
from pages.parts.declarations import Choice, Number, Switch, Text
from pages.parts.layers.layer_controls import choose_padding, padding_controls
from pages.parts.step_position import TEXTBOOK_GRID, TEXTBOOK_KERNEL
from pages.parts.texts import N_

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
GRID = Text(
    key="step_grid",
    label=N_("Input"),
    default=TEXTBOOK_GRID,
    help=N_(
        "Up to 12 rows of numbers with spaces between them. Click elsewhere to see the effect."
    ),
)
KERNEL = Text(
    key="step_kernel",
    label=N_("Kernel"),
    default=TEXTBOOK_KERNEL,
    help=N_(
        "The window's weights. Each multiplies the number under it. Fractions such as 1/9 work, "
        "too."
    ),
)
STRIDE = Number(
    key="step_stride",
    label=N_("Stride"),
    low=1,
    high=4,
    default=1,
    help=N_("How many cells the window moves from one stop to the next."),
)
# More zeros would leave no room for the numbers.
PADDING = padding_controls("step_", most=3)
DILATION = Number(
    key="step_dilation",
    label=N_("Dilation"),
    low=1,
    high=3,
    default=1,
    help=N_("Cells from one weight to the next. From 2 on, the window has gaps."),
)
SIZE = Number(
    key="step_size",
    label=N_("Window size"),
    low=1,
    high=5,
    default=2,
    help=N_("Number of rows and columns that become one number."),
)
TOUCH = Switch(
    key="step_touch",
    label=N_("Windows touch"),
    default=True,
    help=N_("The stride is the window's size: no gap, no overlap. Switch off to choose it."),
)
POOL_STRIDE = Number(
    key="step_pool_stride",
    label=N_("Stride"),
    low=1,
    high=4,
    default=1,
    help=N_("Cells from one window to the next. Below the size, windows overlap."),
)
POOL_PADDING: Choice[PoolPadding] = Choice(
    key="step_pool_padding",
    label=N_("Padding"),
    options={"valid": N_("None"), "same": N_("Same")},
    default="valid",
    help=N_(
        "None: the window stays inside the grid. Same: it may reach beyond the edge, "
        "and what lies there does not count."
    ),
)
STEP_CONTROLS = (
    OPERATION,
    GRID,
    KERNEL,
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
    if operation == "convolution":
        return _choose_convolution()
    return _choose_pooling(operation)


def _choose_convolution() -> ConvolutionSetup:
    left, right = st.columns([3, 2], gap="small")
    with left:
        grid = controls.text_lines(GRID)
    with right:
        kernel = controls.text_lines(KERNEL)
    stride = controls.slider(STRIDE)
    padding = choose_padding(PADDING)
    return ConvolutionSetup(grid, kernel, stride, padding, controls.slider(DILATION))


def _choose_pooling(mode: PoolMode) -> PoolingSetup:
    grid = controls.text_lines(GRID)
    size = controls.slider(SIZE)
    stride = None if controls.switch(TOUCH) else controls.slider(POOL_STRIDE)
    return PoolingSetup(grid, size, mode, stride, controls.choice(POOL_PADDING))
