"""The way from home to every page, and to every figure of the article."""

import streamlit as st

from pages.parts.contents import SECTIONS
from pages.parts.texts import _


def show_pages() -> None:
    """A card for each page: its title leads there, its promise stands below."""
    for section, entries in SECTIONS.items():
        st.subheader(_(section), anchor=False)
        for column, entry in zip(st.columns(len(entries)), entries, strict=True):
            with column.container(border=True, height="stretch"):
                st.page_link(entry.path, label=f"**{_(entry.title)}**", icon=entry.icon)
                st.caption(_(entry.promise))


def show_article() -> None:
    """TODO"""
