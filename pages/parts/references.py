"""Where what a page shows comes from: authors, year, title, and an address."""

import streamlit as st

from cnnviz_core.references import REFERENCES, Reference
from pages.parts.texts import _


def show_references(prefix: str, *names: str) -> None:
    """Draw a list that opens, of the references of these names; the last thing on a page.

    `prefix` is that of the page's keys.
    """
    opened = st.expander(
        _("Reference"),
        icon=":material/menu_book:",
        key=f"{prefix}_references",
        bind="query-params",
    )
    if opened.open:
        opened.markdown("\n".join(f"- {_line(REFERENCES[name])}" for name in names))


def _line(one: Reference) -> str:
    identifier = f"[{one.identifier}]({one.address})" if one.address else one.identifier
    return f"{one.authors} ({one.year}): *{one.title}*. {identifier}"
