"""The picture picker in the sidebar: samples, and the visitor's own picture."""

import json
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from cnnviz_core.views.sharing import (
    Picture,
    data_url,
    is_strip,
    part,
    sample_names,
    sample_picture,
    sample_title,
    thumbnail,
    uploaded_picture,
)
from pages.parts import controls, easel, uploads
from pages.parts.declarations import Choice, Number, plain
from pages.parts.texts import N_, _, literal

OWN_KEY = "own picture"
OWN_NAME = "your own"
PICTURE = Choice(
    key="picture",
    label=N_("Picture"),
    options=plain(sample_names()),
    default=sample_names()[0],
    help=N_("Every page works on the picture that you choose here."),
)
PART = Number(
    key="part",
    label=N_("Which part"),
    low=0,
    high=100,
    default=50,
    help=N_(
        "Your picture is long and narrow, so every page shows a part of it. 0 is its left or upper "
        "end, 100 the other end."
    ),
)
SOURCE: Choice[str | None] = Choice(
    key="source",
    label=N_("Use your own"),
    options={"Upload": N_("Upload"), "Camera": N_("Camera"), "Paint": N_("Paint")},
    default=None,
    help=N_("Your picture stays in the memory of this visit and is never stored."),
)
_FORGOTTEN = "own picture forgotten"
_REFUSAL = "refusal"
# What has been painted, and the picture below it.
_PAINTED = "painted"


def current() -> Picture:
    """The picture that the visitor looks at, on every page."""
    name = controls.value(PICTURE)
    if name == OWN_NAME:
        return part(st.session_state[OWN_KEY], controls.value(PART))
    return sample_picture(name)


def room() -> int:
    """Rows and columns that the picture has room for: its shorter side."""
    return int(min(current().pixels.shape[:2]))


def icon() -> bytes:
    """The cat, for the browser's tab."""
    return thumbnail(sample_picture(sample_names()[0]))


# On a phone the sidebar covers the page: a chosen picture is seen once it is closed.
_close_when_chosen: Any = st.components.v2.component(
    "cnnviz_close_when_chosen",
    html="<i></i>",
    js="""
export default function () {
  if (window.cnnvizClosesWhenChosen) return;
  window.cnnvizClosesWhenChosen = true;
  const isPhone = matchMedia("(max-width: 640px)");
  addEventListener("click", ({ target }) => {
    if (!isPhone.matches || !target.closest(".st-key-picture label")) return;
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  }, true);
}
""",
)


def pick() -> None:
    """Draw the picker; call it once a run, in the sidebar."""
    uploads.count()
    _close_when_chosen(key="close when chosen")
    own = st.session_state.get(OWN_KEY)
    if own is None and st.query_params.get(PICTURE.key) == OWN_NAME:
        st.session_state[_FORGOTTEN] = True
    chosen = controls.radio(PICTURE, [*PICTURE.options, *([OWN_NAME] if own else [])])
    st.html(_thumbnail_style([sample_picture(name) for name in sample_names()], own))
    st.html(_room_style(current()) + _way_here_style(current()))
    if own and chosen == OWN_NAME:
        st.caption(_("Your own picture"))
        if is_strip(own):
            _choose_part()
    else:
        st.caption(_(sample_title(chosen)))
    if st.session_state.get(_FORGOTTEN) and chosen == PICTURE.default:
        st.info(
            _(
                "A picture of your own lasts for one visit and is not part of the address. Choose "
                "it again below; until then, you see the cat."
            )
        )
    _own_picture()


def _choose_part() -> None:
    """Which part of a strip all pages show."""
    controls.slider(PART)
    st.caption(_("A part of a long, narrow picture: move it with the slider."))


def _own_picture() -> None:
    source = controls.unforced(SOURCE)
    if source == "Camera" and not allows_camera(st.context.url):
        st.info(_("Browsers allow the camera only over https: upload a photo here instead."))
        source = "Upload"
    # Above what was clicked: below it, many a screen ends.
    if refusal := st.session_state.get(_REFUSAL):
        st.error(literal(refusal), icon=":material/error:")
    if source == "Upload":
        st.file_uploader(
            _("A PNG, JPEG, GIF or WebP file"),
            type=["png", "jpg", "jpeg", "gif", "webp"],
            key="upload",
            on_change=_take_file,
            args=("upload",),
            help=_(
                "At most 20 MB and 24 million pixels (WebP: 18 million). Transparent areas become "
                "white; of an animation, only the first frame is used."
            ),
        )
    elif source == "Camera":
        st.camera_input(
            _("Take a photo"),
            key="camera",
            on_change=_take_file,
            args=("camera",),
            help=_("Your browser asks whether it may use the camera."),
        )
    elif source == "Paint":
        easel.show(_below_the_paint(), _take_painted)


def _below_the_paint() -> Picture:
    """The picture that the eraser brings back."""
    shown = current()
    painted, below = st.session_state.get(_PAINTED, (None, shown))
    return below if shown is painted else shown


def _take_painted(data: bytes) -> None:
    """Make what was painted the current picture."""
    below = _below_the_paint()
    if _take(data):
        st.session_state[_PAINTED] = st.session_state[OWN_KEY], below


def allows_camera(url: str | None) -> bool:
    """Return whether browsers give the camera to a page of this address, if that is known.

    They do over https, and where the server is the same machine (W3C, Secure Contexts, 2023).

    >>> allows_camera("http://192.168.0.7:8501/pooling"), allows_camera("http://localhost:8501")
    (False, True)
    """
    address = urlsplit(url or "")
    host = address.hostname or ""
    is_here = host.split(".")[-1] == "localhost" or host.startswith("127.") or host == "::1"
    return address.scheme != "http" or is_here


def _take_file(widget: str) -> None:
    """Make an uploaded file the current picture; keep the old one if it can't be read."""
    file = st.session_state[widget]
    if file is None:
        st.session_state[_REFUSAL] = None
        return
    try:
        data = uploads.content(file)
    except ValueError as problem:
        st.session_state[_REFUSAL] = str(problem)
    else:
        _take(data)


def _take(data: bytes) -> bool:
    """Make a file the current picture, and return whether it could be read."""
    st.session_state[_REFUSAL] = None
    try:
        st.session_state[OWN_KEY] = uploaded_picture(data)
    except ValueError as problem:
        st.session_state[_REFUSAL] = str(problem)
        return False
    controls.say(PICTURE, OWN_NAME)
    st.session_state[_FORGOTTEN] = False
    return True


def _thumbnail_style(samples: list[Picture], own: Picture | None) -> str:
    """A style sheet that lays a thumbnail over each radio button."""
    pictures = [*samples, part(own, controls.value(PART))] if own else samples
    rules = [
        f'.st-key-{PICTURE.key} [role="radiogroup"] > :nth-child({position}) label '
        f"{{ background-image: url({data_url(thumbnail(picture))}); }}"
        for position, picture in enumerate(pictures, start=1)
    ]
    return f"<style>{''.join(rules)}</style>"


def _room_style(picture: Picture) -> str:
    """A style sheet that keeps room for what has the picture's shape until its pixels are there.

    And until what draws pictures is there: what waits in a column without a key is a picture.
    """
    height, width, _channels = picture.pixels.shape
    return (
        '<style>[data-testid="stMain"] [data-testid="stImage"] img '
        f"{{ aspect-ratio: auto {width} / {height}; }} "
        '.st-key-in-view [data-testid="stColumn"] '
        '[data-testid="stElementContainer"]:not([class*="st-key-"]) '
        '> [data-testid="stSkeleton"] '
        f"{{ height: auto; aspect-ratio: {width} / {height}; }}</style>"
    )


def _way_here_style(picture: Picture) -> str:
    """A style sheet that gives the button of a phone's closed sidebar a picture and a name."""
    name = json.dumps(_("Picture and pages"), ensure_ascii=False)
    return (
        '<style>@media (max-width: 640px) { [data-testid="stExpandSidebarButton"]::before '
        f"{{ background-image: url({data_url(thumbnail(picture))}); }} "
        f'[data-testid="stExpandSidebarButton"]::after {{ content: {name}; }} }}</style>'
    )
