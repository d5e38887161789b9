"""The picture, to paint on with mouse or finger."""

from base64 import b64decode
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from cnnviz_core.views.sharing import Picture, original
from pages.parts import pictures
from pages.parts.modules import joined
from pages.parts.texts import _

KEY = "easel"
START = "data:image/png;base64,"
# A picture as large as any that pages work on, of noise.
MAX_LENGTH = 4_000_000

_mount: Any = st.components.v2.component(
    "cnnviz_easel",
    html='<div class="cnnviz-easel"></div>',
    js=joined("easel"),
    isolate_styles=False,
)


def show(below: Picture, take: Callable[[bytes], None]) -> None:
    """Show a picture to paint on; `take` gets a file of what is painted after each stroke."""
    with st.container(key="easel-below"):
        pictures.image(original(below), alt="")
    _mount(
        key=KEY,
        data={
            "below": below.key,
            "words": {
                "picture": _("The picture, to paint on with mouse or finger"),
                "brush": _("Brush"),
                "eraser": _("Eraser"),
                "color": _("Color"),
                "size": _("Thickness"),
                "undo": _("Undo"),
                "fill": _("Fill"),
            },
        },
        on_painted_change=partial(_take, take),
    )


def _take(take: Callable[[bytes], None]) -> None:
    painted = st.session_state[KEY].painted
    # What comes from a browser may be anything.
    if not isinstance(painted, str) or len(painted) > MAX_LENGTH or not painted.startswith(START):
        return
    try:
        data = b64decode(painted.removeprefix(START), validate=True)
    except ValueError:
        return
    take(data)
