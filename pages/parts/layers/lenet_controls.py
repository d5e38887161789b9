"""Controls for every layer of LeNet, and for how the pictures after them are shown."""

from typing import TypedDict

import streamlit as st

from cnnviz_core.layers.activation import activation_names
from cnnviz_core.layers.kernels import MAX_SIZE
from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.specs import Activation, Convolution, Layer, Pooling
from cnnviz_core.layers.windows import Padding
from cnnviz_core.views.maps import Display, ScaleSharing, SizeOnScreen
from pages.parts import old_controls as controls
from pages.parts.layers.activation_controls import DEFAULT_SLOPE, SLOPES
from pages.parts.layers.activation_names import ACTIVATION_TITLES
from pages.parts.layers.map_controls import DISPLAYS, SIZES
from pages.parts.seeds import seed
from pages.parts.texts import _

MAX_FILTERS = 16
MAX_STRIDE = 4
MAX_DILATION = 3
MAX_WINDOW = 10
PADDINGS: dict[Padding, str] = {
    "valid": "None",
    "same": "Same",
    **{zeros: str(zeros) for zeros in range(1, 8)},
}
POOL_MODES: dict[PoolMode, str] = {"max": "Maximum", "average": "Average"}
POOL_PADDINGS: dict[PoolPadding, str] = {"valid": "None", "same": "Same"}
# The pooling stride that follows the window.
AS_WINDOW = 0
THREE_MAPS: tuple[Display, ...] = ("composite", "tiles")
SHARING: dict[ScaleSharing, str] = {
    "zero": "Zero is black",
    "shared": "One per row",
    "own": "One for each",
}

# The article's last LeNet cat.
SEED = seed("lenet_seed", 47)
POOL_SIZES = {1: 3, 2: 2}
LENET_DEFAULTS: dict[str, object] = {
    SEED.key: SEED.default,
    "lenet_maps": "composite",
    "lenet_enlarge": "enlarged",
    "lenet_scale": "zero",
}
for _block in POOL_SIZES:
    LENET_DEFAULTS |= {
        f"lenet_filters{_block}": 3,
        f"lenet_size{_block}": 3,
        f"lenet_stride{_block}": 1,
        f"lenet_dilation{_block}": 1,
        f"lenet_padding{_block}": "valid",
        f"lenet_function{_block}": "relu",
        f"lenet_mode{_block}": "max",
        f"lenet_slope{_block}": DEFAULT_SLOPE,
        f"lenet_window{_block}": POOL_SIZES[_block],
        f"lenet_pool_stride{_block}": AS_WINDOW,
        f"lenet_pool_padding{_block}": "valid",
    }


class LenetLook(TypedDict):
    """The arguments of `cached.lenet` that say how stages are shown."""

    display: Display
    size: SizeOnScreen
    sharing: ScaleSharing


def choose_layers() -> tuple[Layer, ...]:
    """Draw the controls of both blocks, each in a tab of its own, and give their six layers."""
    first, second = st.tabs([_("First row"), _("Second row")])
    with first:
        layers = _choose_block(1)
    with second:
        return *layers, *_choose_block(2)


def _choose_block(block: int) -> tuple[Layer, ...]:
    with st.container(key=f"lenet-block{block}"):
        return _choose_convolution(block), _choose_activation(block), _choose_pooling(block)


def _choose_convolution(block: int) -> Convolution:
    left, right = st.columns(2, gap="small")
    with left:
        num_filters = controls.slider(
            _("Filters"),
            f"lenet_filters{block}",
            1,
            MAX_FILTERS,
            3,
            help=_("How many filters slide over the maps; each makes a new map."),
        )
        stride = controls.slider(
            _("Stride"),
            f"lenet_stride{block}",
            1,
            MAX_STRIDE,
            1,
            help=_("How many pixels a filter moves at a time."),
        )
    with right:
        size = controls.slider(
            _("Kernel size"),
            f"lenet_size{block}",
            1,
            MAX_SIZE,
            3,
            help=_("Number of rows and columns of each kernel."),
        )
        dilation = controls.slider(
            _("Dilation"),
            f"lenet_dilation{block}",
            1,
            MAX_DILATION,
            1,
            help=_("Pixels from one weight of a kernel to the next. From 2 on, it has gaps."),
        )
    padding = controls.pick(
        _("Padding"),
        f"lenet_padding{block}",
        list(PADDINGS),
        show=lambda name: _(PADDINGS[name]),
        help=_(
            "Zeros around the maps. None: the result shrinks. Same: it shrinks by the stride "
            "alone. A number: that many zeros on each side."
        ),
    )
    return Convolution(num_filters, size, stride, padding, dilation)


def _choose_activation(block: int) -> Activation:
    function = controls.pick(
        _("Activation"),
        f"lenet_function{block}",
        activation_names(),
        default="relu",
        show=lambda name: _(ACTIVATION_TITLES[name]),
        help=_("The function applied to each value after the convolution."),
    )
    if function != "leaky_relu":
        return Activation(function)
    return Activation(
        function,
        controls.snap(
            _("Slope of leaky ReLU"),
            f"lenet_slope{block}",
            SLOPES,
            DEFAULT_SLOPE,
            help=_("Multiplies negative values. With 0 it is ReLU, with 1 the identity."),
        ),
    )


def _choose_pooling(block: int) -> Pooling:
    mode = controls.pick(
        _("Pooling"),
        f"lenet_mode{block}",
        list(POOL_MODES),
        show=lambda name: _(POOL_MODES[name]),
        help=_("What to keep from each window: its largest value, or the mean of all its values."),
    )
    left, right = st.columns(2, gap="small")
    with left:
        window = controls.slider(
            _("Window"),
            f"lenet_window{block}",
            1,
            MAX_WINDOW,
            POOL_SIZES[block],
            help=_("Number of rows and columns that become one. 1 means no pooling."),
        )
    with right:
        stride = controls.snap(
            _("Pool stride"),
            f"lenet_pool_stride{block}",
            (AS_WINDOW, *range(1, MAX_WINDOW + 1)),
            AS_WINDOW,
            show=lambda pixels: str(pixels) if pixels else _("Window"),
            help=_(
                "Pixels from one window to the next. Window: the width of the window, so that "
                "windows touch. With fewer, they overlap."
            ),
        )
    padding = controls.pick(
        _("Pool padding"),
        f"lenet_pool_padding{block}",
        list(POOL_PADDINGS),
        show=lambda name: _(POOL_PADDINGS[name]),
        help=_(
            "None: a window that does not fit is dropped. Same: windows may reach beyond the "
            "edge, and what lies there does not count."
        ),
    )
    return Pooling(window, stride or None, mode, padding)


def choose_look(layers: tuple[Layer, ...]) -> LenetLook:
    """Draw the controls that have an effect on what these layers make, and give the choice."""
    has_three = any(isinstance(one, Convolution) and one.num_filters == 3 for one in layers)
    with st.container(horizontal=True, gap="medium"):
        display: Display = "tiles"
        if has_three:
            display = controls.choice(
                _("Three maps"),
                "lenet_maps",
                THREE_MAPS,
                show=lambda name: _(DISPLAYS[name]),
                help=_("Three maps can be the red, green and blue of one picture."),
            )
        size = controls.choice(
            _("Size on screen"),
            "lenet_enlarge",
            list(SIZES),
            default="enlarged",
            show=lambda name: _(SIZES[name]),
            help=_(
                "All equally large, so that single pixels show, or in proportion to the picture."
            ),
        )
        sharing = controls.choice(
            _("Color scale"),
            "lenet_scale",
            list(SHARING),
            show=lambda name: _(SHARING[name]),
            help=_(
                "Zero is black: what is never negative, as after ReLU, begins at black; where "
                "there are negative values, zero is in the middle of the scale. One per row: the "
                "same value has the same color in all pictures of a row, unless the activation "
                "squeezes the values. One for each: the most contrast."
            ),
        )
    return LenetLook(display=display, size=size, sharing=sharing)
