"""Ways from what a picture shows to the same on other pages: quiet links below the pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts import contents, controls, picker
from pages.parts.identifiers import identifier
from pages.parts.texts import _, literal

Query = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page: its name, what the link says, in English, and what it asks for."""

    page: str
    label: str
    query: Query


def show(name: str, links: Sequence[Link]) -> None:
    """Show links under what they lead to more of; nothing where there are none.

    `name` comes translated, and may be any text.
    """
    if not links:
        return
    page = "-".join(link.page for link in links)
    with st.container(key=f"cross-links {page} {name}", horizontal=True, gap="small"):
        st.caption(_("{name}, elsewhere:").format(name=literal(name)), width="content")
        for link in links:
            entry = contents.entry(link.page)
            st.page_link(
                entry.path,
                label=_(link.label),
                icon=entry.icon,
                help=_(entry.promise),
                query_params=_picture() | {key: _said(one) for key, one in link.query.items()},
                width="content",
            )


def _picture() -> dict[str, str]:
    """The picture, if it is none that every page begins with, and no visitor's own."""
    name = controls.value(picker.PICTURE)
    is_given = name not in (picker.PICTURE.default, picker.OWN_NAME)
    return {picker.PICTURE.key: name} if is_given else {}


def _said(option: object) -> str:
    return str(option).lower() if isinstance(option, bool) else identifier(option)
