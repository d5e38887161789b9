"""The grids and kernels that a window walks over: typed, or seven pixels of the picture a side."""

from typing import Literal

import streamlit as st

from cnnviz_core.views.stepping import picture_patch
from pages.parts import controls
from pages.parts.declarations import Choice, Control, Number, Text
from pages.parts.layers.layer_controls import PlaceControls, choose_place
from pages.parts.picker import current
from pages.parts.step_position import TEXTBOOK_GRID, TEXTBOOK_KERNEL
from pages.parts.texts import N_

MOST = 3
GRIDS_TEXT = (
    TEXTBOOK_GRID,
    "0 1 0 1 0\n1 0 1 0 1\n0 1 0 1 0\n1 0 1 0 1\n0 1 0 1 0",
    "0 0 2 2 2\n0 0 2 2 2\n0 0 2 2 2\n0 0 2 2 2\n0 0 2 2 2",
)
# For each filter, a kernel for each channel.
KERNELS_TEXT = (
    (TEXTBOOK_KERNEL, "0 1 0\n1 -1 1\n0 1 0", "-1 0 1\n-1 0 1\n-1 0 1"),
    ("1 1 1\n0 0 0\n-1 -1 -1", "0 0 0\n0 1 0\n0 0 0", "0 1 0\n0 1 0\n0 1 0"),
    ("0 0 0\n0 1 0\n0 0 0", "1 0 -1\n0 0 0\n-1 0 1", "1 1 1\n1 1 1\n1 1 1"),
)

SOURCE: Choice[Literal["typed", "picture"]] = Choice(
    key="step_source",
    label=N_("Numbers"),
    options={"typed": N_("Typed"), "picture": N_("From the picture")},
    default="typed",
    help=N_("Your own numbers, or seven rows and columns of the picture: red, green and blue."),
)
CHANNELS = Number(
    key="step_channels",
    label=N_("Channels"),
    low=1,
    high=MOST,
    default=1,
    help=N_("How many grids lie behind each other, as red, green and blue do in a picture."),
)
PLACE = PlaceControls(
    Number(
        key="step_down",
        label=N_("Down, in percent"),
        low=0,
        high=100,
        default=38,
        help=N_("Where in the picture the numbers come from."),
    ),
    Number(
        key="step_across",
        label=N_("Across, in percent"),
        low=0,
        high=100,
        default=36,
        help=N_("Where in the picture the numbers come from."),
    ),
)


def _suffix(*numbers: int) -> str:
    """Return what a key ends in; the first of all has the name that it had when it was alone."""
    return "" if set(numbers) == {0} else "".join(f"_{number + 1}" for number in numbers)


GRIDS = tuple(
    Text(
        key=f"step_grid{_suffix(channel)}",
        label=N_("Input"),
        default=text,
        help=N_(
            "Up to 12 rows of numbers with spaces between them. Click elsewhere to see the effect."
        ),
    )
    for channel, text in enumerate(GRIDS_TEXT)
)
KERNELS = tuple(
    tuple(
        Text(
            key=f"step_kernel{_suffix(filter_index, channel)}",
            label=N_("Kernel"),
            default=text,
            help=N_(
                "The window's weights. Each multiplies the number under it. Fractions such as 1/9 "
                "work, too."
            ),
        )
        for channel, text in enumerate(texts)
    )
    for filter_index, texts in enumerate(KERNELS_TEXT)
)
GRID, KERNEL = GRIDS[0], KERNELS[0][0]
SHOWN = Number(
    key="step_filter",
    label=N_("Kernels of filter"),
    low=1,
    high=MOST,
    default=1,
    help=N_("Which filter's kernels are written below."),
)
GRID_CONTROLS: tuple[Control[object], ...] = (
    SOURCE,
    CHANNELS,
    *PLACE,
    *GRIDS,
    *(kernel for kernels in KERNELS for kernel in kernels),
    SHOWN,
)


def choose_source() -> int:
    """Draw where the numbers come from, and return how many channels they have."""
    if controls.choice(SOURCE) == "picture":
        return MOST
    return controls.slider(CHANNELS)


def choose_grids(num_channels: int) -> tuple[str, ...]:
    """Draw the grids, and return their text."""
    if num_channels == MOST and controls.value(SOURCE) == "picture":
        return _of_picture()
    return tuple(controls.text_lines(grid) for grid in GRIDS[:num_channels])


def choose_grids_and_kernels(
    num_channels: int, num_filters: int, num_read: int
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Draw the grids, and beside them the kernels of one filter; return the text of all.

    Each filter has kernels for `num_read` channels.
    """
    is_picture = num_channels == MOST and controls.value(SOURCE) == "picture"
    shown = controls.slider(SHOWN, high=num_filters) - 1 if num_filters > 1 else 0
    grids = []
    for channel in range(max(num_read, 0 if is_picture else num_channels)):
        left, right = st.columns([3, 2], gap="small")
        if not is_picture:
            with left:
                grids.append(controls.text_lines(GRIDS[channel]))
        if channel < num_read:
            with right if not is_picture else left:
                controls.text_lines(KERNELS[shown][channel])
    # A control that is not drawn has no place in the address.
    with st.container(key="step-kernels-of-others"):
        for index in range(num_filters):
            for kernel in KERNELS[index][:num_read] if index != shown else ():
                controls.text_lines(kernel)
    kernels = tuple(
        tuple(controls.value(one) for one in KERNELS[index][:num_read])
        for index in range(num_filters)
    )
    return (_of_picture() if is_picture else tuple(grids)), kernels


def _of_picture() -> tuple[str, ...]:
    return picture_patch(current(), **choose_place(PLACE))
