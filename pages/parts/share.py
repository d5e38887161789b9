"""What one hands on of a view: its address, a QR code, a frame for another page."""

from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import segno
import streamlit as st

from pages.parts import actions, controls, picker
from pages.parts.network_controls import NETWORK, OWN
from pages.parts.texts import N_, _

DRAWER = actions.Drawer(
    key="share",
    label=N_("Share"),
    icon=":material/share:",
    help=N_("The address of exactly this view, as a link, a QR code, or a frame for a page."),
    title=N_("Share this view"),
)
# A page of a course is as wide as its text; what a picture and its controls need below that width.
FRAME_HEIGHT = 900

_fields: Any = st.components.v2.component(
    "cnnviz_share",
    html='<div class="cnnviz-share"></div>',
    js=Path(__file__).with_name("share.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def offer() -> None:
    """Draw the button; nothing else is done until it is clicked."""
    actions.offer(DRAWER, _show)


def address() -> str:
    """Return the address of this view, as the visitor's browser shows it."""
    asked = {key: st.query_params.get_all(key) for key in st.query_params}
    return with_query(st.context.url or "", urlencode(asked, doseq=True))


def with_query(url: str, query: str) -> str:
    """Return an address that asks for this.

    >>> with_query("https://cnnviz.example/pooling", "pool_size=3")
    'https://cnnviz.example/pooling?pool_size=3'
    >>> with_query("https://cnnviz.example/", "")
    'https://cnnviz.example/'
    """
    return f"{url}?{query}" if query else url


def frame(shared: str, title: str) -> str:
    """Return HTML that shows a view inside another page, without the sidebar.

    >>> print(frame("https://cnnviz.example/pooling?pool_size=3", "Pooling"))
    <iframe src="https://cnnviz.example/pooling?pool_size=3&amp;embed=true" title="Pooling"
      width="100%" height="900" style="border: 0" loading="lazy"></iframe>
    """
    source = f"{shared}{'&' if '?' in shared else '?'}embed=true"
    return (
        f'<iframe src="{escape(source)}" title="{escape(title)}"\n'
        f'  width="100%" height="{FRAME_HEIGHT}" style="border: 0" loading="lazy"></iframe>'
    )


def qr_code(shared: str) -> str | None:
    """Return a picture of an address as a QR code, in SVG as a `data:` address.

    None if the address is longer than the code can hold.

    Dark on light with a quiet zone of four modules (ISO/IEC 18004:2024), on a page of any color.
    """
    try:
        code = segno.make_qr(shared, error="m")
    except segno.DataOverflowError:
        return None
    drawn: str = code.svg_data_uri(border=4, dark="#000", light="#fff", omitsize=True)
    return drawn


def _show() -> None:
    shared = address()
    if controls.value(picker.PICTURE) == picker.OWN_NAME:
        st.info(
            _("Your own picture does not travel with the address: whoever opens it sees the cat."),
            icon=":material/image:",
        )
    if st.session_state.get(NETWORK.key) == OWN:
        st.info(
            _("Your own network does not travel with the address, either."),
            icon=":material/network_node:",
        )
    texts = {
        _("Address of this view"): shared,
        _("For a page of your own"): frame(shared, _("cnnviz: what a network does to a picture")),
    }
    words = {
        "copy": _("Copy"),
        "copied": _("Copied"),
        "selected": _("Selected: press Ctrl+C or ⌘C"),
    }
    _fields(key="share fields", data={"texts": texts, "words": words})
    code = qr_code(shared)
    if code is None:
        st.caption(_("The address is too long for a QR code."))
    else:
        title = escape(_("QR code of the address"))
        st.html(f'<img class="cnnviz-qr" src="{escape(code)}" alt="{title}">')
