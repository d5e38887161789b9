"""How pooling is done, and which window is looked at."""

from cnnviz_core.layers.specs import Pooling
from pages.parts import controls
from pages.parts.declarations import Choice, Number, Switch
from pages.parts.layers.input_controls import input_controls
from pages.parts.layers.layer_controls import (
    Place,
    choose_place,
    place_controls,
    pool_mode_control,
    pool_padding_control,
    stride_control,
    touch_control,
)
from pages.parts.pictures import CHANNELS
from pages.parts.texts import N_

INPUT = input_controls("pool", (1, 3), "picture")
RELU = Switch(
    key="pool_relu",
    label=N_("ReLU before pooling"),
    help=N_("Negative values become zero first, as in most networks."),
)
MODE = pool_mode_control("pool_mode", N_("Keep from each window"))
SIZE = Number(
    key="pool_size",
    label=N_("Window size"),
    low=1,
    high=10,
    default=5,
    help=N_("Number of rows and columns. All values in the window become one."),
)
TOUCH = touch_control("pool_touch")
STRIDE = stride_control("pool_stride", SIZE.high)
PADDING = pool_padding_control("pool_padding", N_("Padding"))
PLACE = place_controls("pool_")
CHANNEL = Choice(
    key="pool_channel",
    label=N_("Show numbers for"),
    options={name: name for name in CHANNELS},
    default=CHANNELS[0],
    help=N_("Pooling treats each channel separately. These are the numbers of one of them."),
)


def choose_pooling(most: int) -> Pooling:
    """Draw the controls of a layer whose window has at most `most` rows and columns; give it."""
    mode = controls.choice(MODE)
    size = controls.slider(SIZE, high=most)
    stride = None if controls.switch(TOUCH) else controls.slider(STRIDE)
    return Pooling(size, stride, mode, controls.choice(PADDING))


def choose_window(num_channels: int) -> tuple[Place, int]:
    """Draw the controls of the framed window; give its place, and the channel to look into."""
    place = choose_place(PLACE)
    if num_channels == 1:
        return place, 0
    return place, CHANNELS.index(controls.choice(CHANNEL))
