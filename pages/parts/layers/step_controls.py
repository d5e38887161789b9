"""Which window slides over which small grid: the controls of the step-by-step page."""

from typing import get_args

import streamlit as st

from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.step_setup import ConvolutionSetup, PoolingSetup, StepSetup
from cnnviz_core.layers.stepping import Operation
from pages.parts import old_controls as controls
from pages.parts.layers.layer_controls import choose_padding, padding_controls
from pages.parts.texts import _

# The example that most courses share.
TEXTBOOK_GRID = "1 1 1 0 0\n0 1 1 1 0\n0 0 1 1 1\n0 0 1 1 0\n0 1 1 0 0"
TEXTBOOK_KERNEL = "1 0 1\n0 1 0\n1 0 1"
MAX_STRIDE = 4
MAX_DILATION = 3
MAX_POOL_SIZE = 5
# More zeros would leave no room for the numbers.
PADDING = padding_controls("step_", most=3)

STEP_DEFAULTS = {
    "step_operation": "convolution",
    "step_grid": TEXTBOOK_GRID,
    "step_kernel": TEXTBOOK_KERNEL,
    "step_stride": 1,
    **{one.key: one.default for one in PADDING},
    "step_dilation": 1,
    "step_size": 2,
    "step_touch": True,
    "step_pool_stride": 1,
    "step_pool_padding": "valid",
}
OPERATIONS: dict[Operation, str] = {
    "convolution": "Convolution",
    "max": "Max",
    "average": "Average",
}
POOL_PADDINGS: dict[PoolPadding, str] = {"valid": "None", "same": "Same"}


def choose_setup() -> StepSetup:
    """Draw the controls and give the choice, its texts still unread."""
    operation = controls.choice(
        _("Operation"),
        "step_operation",
        get_args(Operation),
        show=lambda name: _(OPERATIONS[name]),
        help=_(
            "Convolution multiplies the numbers under the window by weights and adds them up. "
            "Max pooling keeps the largest, average pooling their mean."
        ),
    )
    if operation == "convolution":
        return _choose_convolution()
    return _choose_pooling(operation)


def _choose_convolution() -> ConvolutionSetup:
    left, right = st.columns([3, 2], gap="small")
    with left:
        grid = _grid()
    with right:
        kernel = _numbers(
            _("Kernel"),
            "step_kernel",
            TEXTBOOK_KERNEL,
            _(
                "The window's weights. Each multiplies the number under it. Fractions such as 1/9 "
                "work, too."
            ),
        )
    stride = controls.slider(
        _("Stride"),
        "step_stride",
        1,
        MAX_STRIDE,
        1,
        help=_("How many cells the window moves from one stop to the next."),
    )
    padding = choose_padding(PADDING)
    dilation = controls.slider(
        _("Dilation"),
        "step_dilation",
        1,
        MAX_DILATION,
        1,
        help=_("Cells from one weight to the next. From 2 on, the window has gaps."),
    )
    return ConvolutionSetup(grid, kernel, stride, padding, dilation)


def _choose_pooling(mode: PoolMode) -> PoolingSetup:
    grid = _grid()
    size = controls.slider(
        _("Window size"),
        "step_size",
        1,
        MAX_POOL_SIZE,
        2,
        help=_("Number of rows and columns that become one number."),
    )
    stride = None
    if not controls.switch(
        _("Windows touch"),
        "step_touch",
        True,
        help=_("The stride is the window's size: no gap, no overlap. Switch off to choose it."),
    ):
        stride = controls.slider(
            _("Stride"),
            "step_pool_stride",
            1,
            MAX_STRIDE,
            1,
            help=_("Cells from one window to the next. Below the size, windows overlap."),
        )
    padding = controls.choice(
        _("Padding"),
        "step_pool_padding",
        list(POOL_PADDINGS),
        show=lambda name: _(POOL_PADDINGS[name]),
        help=_(
            "None: the window stays inside the grid. Same: it may reach beyond the edge, "
            "and what lies there does not count."
        ),
    )
    return PoolingSetup(grid, size, mode, stride, padding)


def _grid() -> str:
    return _numbers(
        _("Input"),
        "step_grid",
        TEXTBOOK_GRID,
        _("Up to 12 rows of numbers with spaces between them. Click elsewhere to see the effect."),
    )


def _numbers(label: str, key: str, default: str, help: str) -> str:
    return st.text_area(label, default, key=key, bind="query-params", height="content", help=help)
