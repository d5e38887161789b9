"""Controls that several kinds of layers have in common."""

from typing import NamedTuple, TypedDict

import streamlit as st

from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.windows import Padding
from pages.parts import controls
from pages.parts.declarations import Choice, Number, Switch
from pages.parts.texts import N_


class PaddingControls(NamedTuple):
    """The kind of padding, and how many zeros where that is to be chosen."""

    kind: Choice[str]
    zeros: Number


class PlaceControls(NamedTuple):
    """Where a frame lies, in percent of the way."""

    down: Number
    across: Number


class Place(TypedDict):
    """The arguments of views that say which window is looked at, in percent of the way."""

    down: int
    across: int


def padding_controls(prefix: str = "", most: int = 7) -> PaddingControls:
    """Declare the padding of one page, of at most `most` zeros; `prefix` is that of the keys."""
    return PaddingControls(
        Choice(
            key=f"{prefix}padding",
            label=N_("Padding"),
            options={"valid": N_("None"), "same": N_("Same"), "zeros": N_("Zeros")},
            default="valid",
            help=N_(
                "Zeros around the picture. None: the result is smaller than the picture. Same: "
                "only the stride makes it smaller. Zeros: as many on each side as you choose."
            ),
        ),
        Number(
            key=f"{prefix}zeros",
            label=N_("Zeros on each side"),
            low=0,
            high=most,
            default=1,
            help=N_("Rows and columns of zeros added on each side of the picture."),
        ),
    )


def stride_control(key: str, most: int = 4) -> Number:
    """Declare a stride."""
    return Number(
        key=key,
        label=N_("Stride"),
        low=1,
        high=most,
        default=1,
        help=N_(
            "How many cells the window moves at a time. With 1, it stops everywhere; with 2, at "
            "every other cell."
        ),
    )


def dilation_control(key: str) -> Number:
    """Declare a dilation."""
    return Number(
        key=key,
        label=N_("Dilation"),
        low=1,
        high=3,
        default=1,
        help=N_(
            "Cells from one weight to the next. From 2 on, the kernel has gaps and spans more."
        ),
    )


def pool_mode_control(key: str, label: str) -> Choice[PoolMode]:
    """Declare what becomes of a window."""
    return Choice(
        key=key,
        label=label,
        options={"max": N_("Maximum"), "average": N_("Average")},
        default="max",
        help=N_("What to keep from each window: its largest value, or the mean of all its values."),
    )


def pool_padding_control(key: str, label: str) -> Choice[PoolPadding]:
    """Declare what happens to a window that does not fit."""
    return Choice(
        key=key,
        label=label,
        options={"valid": N_("None"), "same": N_("Same")},
        default="valid",
        help=N_(
            "None: a window that does not fit is dropped. Same: windows may reach beyond the "
            "edge, and what lies there does not count."
        ),
    )


def touch_control(key: str) -> Switch:
    """Declare whether windows lie side by side."""
    return Switch(
        key=key,
        label=N_("Windows touch"),
        default=True,
        help=N_("The stride is the window's size: no gap, no overlap. Switch off to choose it."),
    )


def place_controls(prefix: str = "") -> PlaceControls:
    """Declare the place of one page's frame; `prefix` is that of the keys."""
    # The edge of the sample cat's pupil, with light and dark close together.
    return PlaceControls(
        Number(
            key=f"{prefix}down",
            label=N_("Frame: down, in percent"),
            low=0,
            high=100,
            default=38,
            help=N_("Moves the frame between the top of the picture, 0, and the bottom, 100."),
        ),
        Number(
            key=f"{prefix}across",
            label=N_("Frame: across, in percent"),
            low=0,
            high=100,
            default=36,
            help=N_("Moves the frame between the left side, 0, and the right side, 100."),
        ),
    )


def choose_padding(declared: PaddingControls) -> Padding:
    """Choose no padding, as much as keeps the size, or a number of zeros on each side."""
    kind = controls.choice(declared.kind)
    if kind == "zeros":
        return controls.slider(declared.zeros)
    return "same" if kind == "same" else "valid"


def choose_place(declared: PlaceControls) -> Place:
    """Draw the controls of the framed window and give its place."""
    rows, columns = st.columns(2, gap="medium")
    with rows:
        down = controls.slider(declared.down)
    with columns:
        across = controls.slider(declared.across)
    return Place(down=down, across=across)


def move_place(declared: PlaceControls, down: int, across: int) -> None:
    """Move the framed window to where somebody has clicked, in percent of the way."""
    controls.say(declared.down, down)
    controls.say(declared.across, across)
