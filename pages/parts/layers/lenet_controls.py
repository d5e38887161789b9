"""Controls for every layer of LeNet, and for how the pictures after them are shown."""

from typing import NamedTuple, TypedDict

import streamlit as st

from cnnviz_core.layers.activation_facts import ActivationName
from cnnviz_core.layers.named_kernels import MAX_SIZE
from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.specs import Activation, Convolution, Layer, Pooling
from cnnviz_core.layers.windows import Padding
from cnnviz_core.views.maps import (
    Display,
    ScaleSharing,
    SizeOnScreen,
    largest_dilation,
    largest_kernel,
    room_after,
)
from cnnviz_core.views.sharing import Picture
from pages.parts import controls
from pages.parts.declarations import Choice, Number, plain
from pages.parts.layers.activation_names import ACTIVATION_TITLES, slope
from pages.parts.layers.layer_controls import (
    dilation_control,
    pool_mode_control,
    pool_padding_control,
    stride_control,
)
from pages.parts.layers.map_controls import DISPLAYS, SIZES
from pages.parts.seeds import seed
from pages.parts.texts import N_, _

# The article's last LeNet cat.
SEED = seed("lenet_seed", 47)
# The pooling stride that follows the window.
AS_WINDOW = 0
MAX_WINDOW = 10


class Block(NamedTuple):
    """The controls of a convolution, its activation and its pooling."""

    filters: Number
    size: Number
    stride: Number
    dilation: Number
    padding: Choice[Padding]
    function: Choice[ActivationName]
    slope: Choice[float]
    mode: Choice[PoolMode]
    window: Number
    pool_stride: Choice[int]
    pool_padding: Choice[PoolPadding]


def _block(number: int, window: int) -> Block:
    """Declare the controls of one block, whose pooling window is of this size at first."""
    return Block(
        filters=_filters_control(f"lenet_filters{number}"),
        size=_size_control(f"lenet_size{number}"),
        stride=stride_control(f"lenet_stride{number}"),
        dilation=dilation_control(f"lenet_dilation{number}"),
        padding=_padding_control(f"lenet_padding{number}"),
        function=Choice(
            key=f"lenet_function{number}",
            label=N_("Activation"),
            options=ACTIVATION_TITLES,
            default="relu",
            help=N_("The function applied to each value after the convolution."),
        ),
        slope=slope(f"lenet_slope{number}"),
        mode=pool_mode_control(f"lenet_mode{number}", N_("Pooling")),
        window=Number(
            key=f"lenet_window{number}",
            label=N_("Window"),
            low=1,
            high=MAX_WINDOW,
            default=window,
            help=N_("Number of rows and columns that become one. 1 means no pooling."),
        ),
        pool_stride=_pool_stride_control(f"lenet_pool_stride{number}"),
        pool_padding=pool_padding_control(f"lenet_pool_padding{number}", N_("Pool padding")),
    )


def _filters_control(key: str) -> Number:
    return Number(
        key=key,
        label=N_("Filters"),
        low=1,
        high=16,
        default=3,
        help=N_("How many filters slide over the maps; each makes a new map."),
    )


def _size_control(key: str) -> Number:
    return Number(
        key=key,
        label=N_("Kernel size"),
        low=1,
        high=MAX_SIZE,
        default=3,
        help=N_("Number of rows and columns of each kernel."),
    )


def _padding_control(key: str) -> Choice[Padding]:
    return Choice(
        key=key,
        label=N_("Padding"),
        options={"valid": N_("None"), "same": N_("Same"), **plain(range(1, 8))},
        default="valid",
        help=N_(
            "Zeros around the maps. None: the result shrinks. Same: it shrinks by the stride "
            "alone. A number: that many zeros on each side."
        ),
    )


def _pool_stride_control(key: str) -> Choice[int]:
    return Choice(
        key=key,
        label=N_("Pool stride"),
        options={AS_WINDOW: N_("Window"), **plain(range(1, MAX_WINDOW + 1))},
        default=AS_WINDOW,
        help=N_(
            "Pixels from one window to the next. Window: the width of the window, so that "
            "windows touch. With fewer, they overlap."
        ),
    )


FIRST, SECOND = _block(1, window=3), _block(2, window=2)
MAPS: Choice[Display] = Choice(
    key="lenet_maps",
    label=N_("Three maps"),
    options={one: DISPLAYS[one] for one in ("composite", "tiles")},
    default="composite",
    help=N_("Three maps can be the red, green and blue of one picture."),
)
SIZE: Choice[SizeOnScreen] = Choice(
    key="lenet_enlarge",
    label=N_("Size on screen"),
    options=SIZES,
    default="enlarged",
    help=N_("All equally large, so that single pixels show, or in proportion to the picture."),
)
SCALE: Choice[ScaleSharing] = Choice(
    key="lenet_scale",
    label=N_("Color scale"),
    options={
        "zero": N_("Zero is black"),
        "shared": N_("One per row"),
        "own": N_("One for each"),
    },
    default="zero",
    help=N_(
        "Zero is black: what is never negative, as after ReLU, begins at black; where there are "
        "negative values, zero is in the middle of the scale. One per row: the same value has the "
        "same color in all pictures of a row, unless the activation squeezes the values. One for "
        "each: the most contrast."
    ),
)
LENET_CONTROLS = (SEED, MAPS, SIZE, SCALE, *FIRST, *SECOND)


class LenetLook(TypedDict):
    """The arguments of `lenet.lenet` that say how stages are shown."""

    display: Display
    size: SizeOnScreen
    sharing: ScaleSharing


def choose_layers(picture: Picture) -> tuple[Layer, ...]:
    """Draw the controls of both blocks, each in a tab of its own, and give their six layers.

    No window is larger than what the layers before it leave over of the picture.
    """
    first, second = st.tabs([_("First row"), _("Second row")])
    with first, st.container(key="lenet-block1"):
        layers = _choose_block(FIRST, picture, ())
    with second, st.container(key="lenet-block2"):
        return _choose_block(SECOND, picture, layers)


def _choose_block(block: Block, picture: Picture, before: tuple[Layer, ...]) -> tuple[Layer, ...]:
    convolution = _choose_convolution(block, room_after(picture, before))
    layers = (*before, convolution, _choose_activation(block))
    return *layers, _choose_pooling(block, room_after(picture, layers))


def _choose_convolution(block: Block, room: int) -> Convolution:
    left, right = st.columns(2, gap="small")
    padding = controls.pick(block.padding)
    with left:
        num_filters = controls.slider(block.filters)
        stride = controls.slider(block.stride)
    with right:
        size = controls.slider(block.size, high=largest_kernel(room, padding))
        dilation = controls.slider(block.dilation, high=largest_dilation(room, size, padding))
    return Convolution(num_filters, size, stride, padding, dilation)


def _choose_activation(block: Block) -> Activation:
    function = controls.pick(block.function)
    if function != "leaky_relu":
        return Activation(function)
    return Activation(function, controls.snap(block.slope))


def _choose_pooling(block: Block, room: int) -> Pooling:
    mode = controls.pick(block.mode)
    left, right = st.columns(2, gap="small")
    with left:
        window = controls.slider(block.window, high=room)
    with right:
        stride = controls.snap(block.pool_stride)
    return Pooling(window, stride or None, mode, controls.pick(block.pool_padding))


def choose_look(layers: tuple[Layer, ...]) -> LenetLook:
    """Draw the controls that have an effect on what these layers make, and give the choice."""
    has_three = any(isinstance(one, Convolution) and one.num_filters == 3 for one in layers)
    with st.container(horizontal=True, gap="medium"):
        display = controls.choice(MAPS) if has_three else "tiles"
        size = controls.choice(SIZE)
        return LenetLook(display=display, size=size, sharing=controls.choice(SCALE))
