"""A picture enlarged by a transposed convolution, beside the way without checkerboards."""

import streamlit as st

from cnnviz_core.stepping.setups import TransposedSetup
from cnnviz_core.views.upsampling import upsampled
from pages.parts import pictures
from pages.parts.picker import current
from pages.parts.texts import _


def show_upsampled(setup: TransposedSetup) -> None:
    """Show what painting makes of the picture, and what resizing before a convolution does."""
    if setup.stride == 1:
        st.caption(_("With a stride of 2 or more, the picture is enlarged here in the same way."))
        return
    view = upsampled(current(), setup)
    if view is None:
        st.caption(
            _(
                "With weights that add up to more than 0, the picture is enlarged here in the same "
                "way: these would leave nothing of its brightness."
            )
        )
        return
    st.markdown(f"#### {_('The same with the picture')}")
    pictures.side_by_side(
        (_("Before"), view.before),
        (_("Transposed convolution"), view.transposed),
        (_("Resized first"), view.resized),
    )
    st.markdown(
        _(
            "Both ways make {times} times as many rows and columns. Where paintings overlap "
            "unevenly, a checkerboard lies over the picture. Where pixels are repeated first and "
            "the same kernel slides over them, each cell is made of as many terms as any other. "
            "Both are brought back to the brightness of the picture."
        ).format(times=setup.stride)
    )
