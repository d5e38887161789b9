"""A kernel written by hand: a grid to click into, and the same as text to paste or share."""

import pandas as pd
import streamlit as st

from cnnviz_core.views.convolution import KernelRows, read_kernel, write_kernel
from pages.parts import controls
from pages.parts.declarations import Text
from pages.parts.texts import N_, _, literal

WEIGHTS = Text(
    key="weights",
    label=N_("Weights, row by row"),
    default="-1 0 1; -2 0 2; -1 0 1",
    help=N_("Separate numbers with spaces, and rows with semicolons."),
)


def edit_kernel() -> KernelRows:
    """Draw grid and text, and give the rows: the last that could be read."""
    key = WEIGHTS.key
    text = controls.text(WEIGHTS)
    try:
        rows = read_kernel(text)
    except ValueError as problem:
        st.error(literal(str(problem)), icon=":material/error:")
        st.caption(_("Until then, the pictures show the last kernel that could be read."))
        last: KernelRows = st.session_state.get(_read_key(key), read_kernel(WEIGHTS.default))
        return last
    st.session_state[_read_key(key)] = rows
    _show_cells(key, text, rows)
    return rows


def _show_cells(key: str, text: str, rows: KernelRows) -> None:
    """Show the grid to click into. It starts anew only when the text was changed elsewhere."""
    shown = st.session_state.get(_shown_key(key))
    if shown is None or shown["text"] != text:
        version = shown["version"] + 1 if shown else 0
        weights = pd.DataFrame(rows, columns=[str(number) for number in range(1, len(rows[0]) + 1)])
        shown = {"text": text, "weights": weights, "version": version, "refusal": None}
        st.session_state[_shown_key(key)] = shown
    st.data_editor(
        shown["weights"],
        key=_cells_key(key, shown["version"]),
        hide_index=True,
        width="stretch",
        column_config={
            name: st.column_config.NumberColumn(width="small") for name in shown["weights"]
        },
        on_change=_take_cells,
        args=(key,),
    )
    if shown["refusal"]:
        st.error(literal(shown["refusal"]), icon=":material/error:")


def _take_cells(key: str) -> None:
    """Write the edited cells into the text that they stand for, unless one is blank."""
    shown = st.session_state[_shown_key(key)]
    edits = st.session_state[_cells_key(key, shown["version"])]["edited_rows"]
    weights = shown["weights"].copy()
    for row, cells in edits.items():
        for column, weight in cells.items():
            weights.loc[row, column] = weight
    blank = weights.isna().to_numpy().nonzero()
    if len(blank[0]):
        shown["refusal"] = _(
            "Row {row}, column {column} is blank. Write a number there, perhaps 0."
        ).format(row=blank[0][0] + 1, column=blank[1][0] + 1)
        return
    try:
        text = write_kernel(weights.to_numpy())
    except ValueError as problem:
        shown["refusal"] = str(problem)
        return
    shown.update(text=text, refusal=None)
    st.session_state[key] = text


def _read_key(key: str) -> str:
    return f"{key} read"


def _shown_key(key: str) -> str:
    return f"{key} shown"


def _cells_key(key: str, version: int) -> str:
    return f"{key} cells {version}"
