"""The picture picker in the sidebar: samples, and the visitor's own picture."""

import io

import streamlit as st
from PIL import Image

from cnnviz_core.cached import (
    Picture,
    data_url,
    sample_names,
    sample_picture,
    sample_title,
    thumbnail,
    uploaded_picture,
)
from pages.parts.texts import _

KEY = "picture"
OWN_KEY = "own picture"
OWN_NAME = "your own"


def current() -> Picture:
    """The picture that the visitor looks at, on every page."""
    name = st.session_state.get(KEY)
    if name == OWN_NAME:
        own: Picture = st.session_state[OWN_KEY]
        return own
    return sample_picture(name or sample_names()[0])


def room() -> int:
    """Rows and columns that the picture has room for: its shorter side."""
    return min(current().pixels.shape[:2])


@st.cache_resource(max_entries=1, show_spinner=False)
def icon() -> Image.Image:
    """The cat, for the browser's tab."""
    return Image.open(io.BytesIO(thumbnail(sample_picture(sample_names()[0]))))


def pick() -> None:
    """Draw the picker; call it once a run, in the sidebar."""
    own = st.session_state.get(OWN_KEY)
    names = [*sample_names(), OWN_NAME] if own else [*sample_names()]
    chosen = st.radio(
        _("Picture"),
        names,
        key=KEY,
        bind="query-params",
        help=_("Every page works on the picture that you choose here."),
    )
    st.html(_thumbnail_style([sample_picture(name) for name in sample_names()], own))
    st.html(_room_style(current()))
    st.caption(_("Your own picture") if chosen == OWN_NAME else _(sample_title(chosen)))
    _own_picture()


def _own_picture() -> None:
    source = st.segmented_control(
        _("Use your own"),
        ["Upload", "Camera"],
        format_func=_,
        key="source",
        bind="query-params",
        help=_("Your picture stays in the memory of this session and is never stored."),
    )
    if source == "Upload":
        st.file_uploader(
            _("A picture file"),
            type=["png", "jpg", "jpeg", "gif", "webp"],
            key="upload",
            on_change=_take,
            args=("upload",),
            help=_("PNG, JPEG, GIF or WebP, at most 20 MB and 24 million pixels."),
        )
    elif source == "Camera":
        st.camera_input(
            _("Take a photo"),
            key="camera",
            on_change=_take,
            args=("camera",),
            help=_("Your browser asks whether it may use the camera."),
        )
    if refusal := st.session_state.get("refusal"):
        st.error(refusal, icon=":material/error:")


def _take(widget: str) -> None:
    """Make an uploaded file the current picture; keep the old one if it can't be read."""
    st.session_state["refusal"] = None
    file = st.session_state[widget]
    if file is None:
        return
    try:
        st.session_state[OWN_KEY] = uploaded_picture(file.getvalue())
    except ValueError as problem:
        st.session_state["refusal"] = str(problem)
    else:
        st.session_state[KEY] = OWN_NAME


def _thumbnail_style(samples: list[Picture], own: Picture | None) -> str:
    """A style sheet that lays a thumbnail over each radio button."""
    pictures = [*samples, own] if own else samples
    rules = [
        f'.st-key-{KEY} [role="radiogroup"] > :nth-child({position}) label '
        f"{{ background-image: url({data_url(thumbnail(picture), 'jpeg')}); }}"
        for position, picture in enumerate(pictures, start=1)
    ]
    return f"<style>{''.join(rules)}</style>"


def _room_style(picture: Picture) -> str:
    """A style sheet that keeps room for what has the picture's shape until its pixels are there."""
    height, width, _channels = picture.pixels.shape
    return (
        '<style>[data-testid="stMain"] [data-testid="stImage"] img '
        f"{{ aspect-ratio: auto {width} / {height}; }}</style>"
    )
