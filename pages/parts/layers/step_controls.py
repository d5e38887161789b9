"""Which window slides over which small grid: the controls of the step-by-step page."""

import streamlit as st

from cnnviz_core.layers.pooling import PoolMode
from cnnviz_core.layers.step_setups import ConvolutionSetup, PoolingSetup, StepSetup
from cnnviz_core.layers.stepping import Operation
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
