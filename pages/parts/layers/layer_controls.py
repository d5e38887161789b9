"""Controls that several kinds of layers have in common."""

from typing import NamedTuple, TypedDict

import streamlit as st

from cnnviz_core.layers.windows import Padding
from pages.parts import controls
from pages.parts.declarations import Choice, Number
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
