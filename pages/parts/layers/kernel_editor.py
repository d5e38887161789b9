"""A kernel written by hand: cells to type, drag and paint; the same as text to paste or share."""

from typing import Any

import streamlit as st

from cnnviz_core.views.convolution import KernelRows, read_kernel, write_kernel
from pages.parts import controls
from pages.parts.declarations import Text
from pages.parts.live.live_pictures import palette
from pages.parts.modules import joined
from pages.parts.texts import N_, _, literal

WEIGHTS = Text(
    key="weights",
    label=N_("Weights, row by row"),
    default="-1 0 1; -2 0 2; -1 0 1",
    help=N_("Separate numbers with spaces, and rows with semicolons."),
)
CELLS = "weights cells"
_READ = "weights read"
_REFUSAL = "weights refusal"

_mount: Any = st.components.v2.component(
    "cnnviz_kernel_grid",
    html='<div class="cnnviz-weights"></div>',
    js=joined("kernel_grid"),
    isolate_styles=False,
)


def edit_kernel() -> KernelRows:
    """Draw cells and text, and give the rows: the last that could be read."""
    text = controls.text(WEIGHTS)
    try:
        rows = read_kernel(text)
    except ValueError as problem:
        st.error(literal(str(problem)), icon=":material/error:")
        st.caption(_("Until then, the pictures show the last kernel that could be read."))
        last: KernelRows = st.session_state.get(_READ, read_kernel(WEIGHTS.default))
        return last
    st.session_state[_READ] = rows
    _show_cells(text, rows)
    return rows


def _show_cells(text: str, rows: KernelRows) -> None:
    _mount(
        key=CELLS,
        data={
            "text": text,
            "rows": rows,
            "palette": palette("diverging"),
            "words": {"cell": _("Row {row}, column {column}"), "paint": _("Paint")},
        },
        on_weights_change=_take_cells,
    )
    st.caption(_("Drag a weight up or down, type over it, or choose a number and paint."))
    refused, reason = st.session_state.get(_REFUSAL, ("", ""))
    if refused == text:
        st.error(literal(reason), icon=":material/error:")


def _take_cells() -> None:
    """Write the cells into the text that they stand for, unless one of them is no number."""
    text = st.session_state[CELLS].weights
    # What comes from a browser may be anything.
    if not isinstance(text, str):
        return
    try:
        controls.say(WEIGHTS, write_kernel(read_kernel(text)))
    except ValueError as problem:
        st.session_state[_REFUSAL] = controls.value(WEIGHTS), str(problem)
    else:
        st.session_state.pop(_REFUSAL, None)
