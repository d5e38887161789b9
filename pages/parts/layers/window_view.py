"""What one window becomes: its numbers, and the one that is kept."""

import streamlit as st

from cnnviz_core.layers.pooling import PoolMode
from cnnviz_core.views.pooling import PoolingView
from pages.parts.number_grid import number_grids
from pages.parts.texts import _


def show_window(view: PoolingView, mode: PoolMode, channel: int) -> None:
    """Show the framed window's values in one channel, and the formula that makes one of them."""
    values, result = view.window[:, :, channel], view.pooled[:, :, channel]
    marked = result.item() if mode == "max" else None
    grids = {_("The framed window"): values, _("Becomes"): result}
    st.html(number_grids(grids, view.scale, marked=marked))
    where = _("Row {row}, column {column} of the result:").format(
        row=view.row + 1, column=view.column + 1
    )
    st.markdown(f"{where} ${view.formulas[channel]}$")
    if view.num_outside:
        st.caption(
            _(
                "Outside the picture, and not counted: {count} of the window's {total} cells."
            ).format(count=view.num_outside, total=view.num_outside + values.size)
        )
