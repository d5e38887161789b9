"""How pooling is done, and which window is looked at."""

from typing import TypedDict

import streamlit as st

from cnnviz_core.cached import Pooling, PoolMode, PoolPadding
from pages.parts import controls
from pages.parts.texts import _


class Place(TypedDict):
    """The arguments of `cached.pooled` that say which window is looked at."""

    down: int
    across: int


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
# In percent: the edge of the sample cat's pupil, with light and dark close together.
EYE = Place(down=38, across=36)
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
    rows, columns = st.columns(2, gap="medium")
    with rows:
        down = controls.slider(
            _("Window: down, in percent"),
            "pool_down",
            0,
            100,
            EYE["down"],
            help=_(
                "Moves the framed window between the top of the picture, 0, and the bottom, 100."
            ),
        )
    with columns:
        across = controls.slider(
            _("Window: across, in percent"),
            "pool_across",
            0,
            100,
            EYE["across"],
            help=_("Moves the framed window between the left side, 0, and the right side, 100."),
        )
    place = Place(down=down, across=across)
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
