"""Controls that several kinds of layers have in common."""

from typing import TypedDict

import streamlit as st

from cnnviz_core.layers.windows import Padding
from pages.parts import controls
from pages.parts.texts import _


class Place(TypedDict):
    """The arguments of views that say which window is looked at, in percent of the way."""

    down: int
    across: int


# The edge of the sample cat's pupil, with light and dark close together.
PLACE_DEFAULTS = Place(down=38, across=36)
PADDING_DEFAULTS = {"padding": "valid", "zeros": 1}
PADDINGS = {"valid": "None", "same": "Same", "zeros": "Zeros"}
MAX_ZEROS = 7


def choose_padding(prefix: str = "", most: int = MAX_ZEROS) -> Padding:
    """No padding, as much as keeps the size, or a number of zeros on each side, `most` at most.

    `prefix` stands before the keys of the controls.
    """
    padding = controls.choice(
        _("Padding"),
        f"{prefix}padding",
        list(PADDINGS),
        show=lambda name: _(PADDINGS[name]),
        help=_(
            "Zeros around the picture. None: the result is smaller than the picture. Same: only "
            "the stride makes it smaller. Zeros: as many on each side as you choose."
        ),
    )
    if padding == "zeros":
        return controls.slider(
            _("Zeros on each side"),
            f"{prefix}zeros",
            0,
            most,
            1,
            help=_("Rows and columns of zeros added on each side of the picture."),
        )
    return "same" if padding == "same" else "valid"


def choose_place(prefix: str = "") -> Place:
    """Draw the controls of the framed window and give its place; `prefix` is that of their keys."""
    rows, columns = st.columns(2, gap="medium")
    with rows:
        down = controls.slider(
            _("Frame: down, in percent"),
            f"{prefix}down",
            0,
            100,
            PLACE_DEFAULTS["down"],
            help=_("Moves the frame between the top of the picture, 0, and the bottom, 100."),
        )
    with columns:
        across = controls.slider(
            _("Frame: across, in percent"),
            f"{prefix}across",
            0,
            100,
            PLACE_DEFAULTS["across"],
            help=_("Moves the frame between the left side, 0, and the right side, 100."),
        )
    return Place(down=down, across=across)
