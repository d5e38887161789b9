"""How pooling is done, and which window is looked at."""

from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.specs import Pooling
from pages.parts import controls
from pages.parts.declarations import Choice, Number, Switch
from pages.parts.layers.input_controls import input_controls
from pages.parts.layers.layer_controls import Place, choose_place, place_controls
from pages.parts.pictures import CHANNELS
from pages.parts.texts import N_

INPUT = input_controls("pool", (1, 3), "picture")
RELU = Switch(
    key="pool_relu",
    label=N_("ReLU before pooling"),
    help=N_("Negative values become zero first, as in most networks."),
)
MODE: Choice[PoolMode] = Choice(
    key="pool_mode",
    label=N_("Keep from each window"),
    options={"max": N_("Maximum"), "average": N_("Average")},
    default="max",
    help=N_("Its largest value, or the mean of all its values."),
)
SIZE = Number(
    key="pool_size",
    label=N_("Window size"),
    low=1,
    high=10,
    default=5,
    help=N_("Number of rows and columns. All values in the window become one."),
)
TOUCH = Switch(
    key="pool_touch",
    label=N_("Windows touch"),
    default=True,
    help=N_("The stride is the window's size: no gap, no overlap. Switch off to choose it."),
)
STRIDE = Number(
    key="pool_stride",
    label=N_("Stride"),
    low=1,
    high=10,
    default=1,
    help=N_("Pixels from one window to the next. Below the size, windows overlap."),
)
PADDING: Choice[PoolPadding] = Choice(
    key="pool_padding",
    label=N_("Padding"),
    options={"valid": N_("None"), "same": N_("Same")},
    default="valid",
    help=N_(
        "None (“valid”): a window that does not fit is dropped. Same: windows may reach beyond "
        "the edge, and what lies there does not count."
    ),
)
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
