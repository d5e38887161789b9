"""How pooling is done, and which window is looked at."""

from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.specs import Pooling
from pages.parts import controls
from pages.parts.layers.layer_controls import Place, choose_place
from pages.parts.texts import _

POOLING_DEFAULTS = {
    "pool_mode": "max",
    "pool_size": 5,
    "pool_touch": True,
    "pool_stride": 1,
    "pool_padding": "valid",
}
MODES: dict[PoolMode, str] = {"max": "Maximum", "average": "Average"}
PADDINGS: dict[PoolPadding, str] = {"valid": "None", "same": "Same"}
MAX_WINDOW = 10
# In the order of a picture's channels, and of the three maps shown as one picture.
CHANNELS = ("Red", "Green", "Blue")


def choose_pooling(most: int) -> Pooling:
    """Draw the controls of a layer whose window has at most `most` rows and columns; give it."""
    mode = controls.choice(
        _("Keep from each window"),
        "pool_mode",
        list(MODES),
        show=lambda name: _(MODES[name]),
        help=_("Its largest value, or the mean of all its values."),
    )
    size = controls.slider(
        _("Window size"),
        "pool_size",
        1,
        min(MAX_WINDOW, most),
        5,
        help=_("Number of rows and columns. All values in the window become one."),
    )
    stride = None
    if not controls.switch(
        _("Windows touch"),
        "pool_touch",
        True,
        help=_("The stride is the window's size: no gap, no overlap. Switch off to choose it."),
    ):
        stride = controls.slider(
            _("Stride"),
            "pool_stride",
            1,
            MAX_WINDOW,
            1,
            help=_("Pixels from one window to the next. Below the size, windows overlap."),
        )
    padding = controls.choice(
        _("Padding"),
        "pool_padding",
        list(PADDINGS),
        show=lambda name: _(PADDINGS[name]),
        help=_(
            "None (“valid”): a window that does not fit is dropped. Same: windows may reach beyond "
            "the edge, and what lies there does not count."
        ),
    )
    return Pooling(size, stride, mode, padding)


def choose_window(num_channels: int) -> tuple[Place, int]:
    """Draw the controls of the framed window; give its place, and the channel to look into."""
    place = choose_place("pool_")
    if num_channels == 1:
        return place, 0
    name = controls.choice(
        _("Show numbers for"),
        "pool_channel",
        CHANNELS,
        show=_,
        help=_("Pooling treats each channel separately. These are the numbers of one of them."),
    )
    return place, CHANNELS.index(name)
