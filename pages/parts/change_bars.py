"""What a network says before and after, as bars with names: the new one over the old one."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from cnnviz_core.inspection.predictions import Change
from pages.parts.prediction_bars import percent
from pages.parts.texts import _


def show_changes(changes: Sequence[Change], title: str) -> None:
    """A row a class: its name, both probabilities, and a bar for each."""
    rows = "".join(_row(one) for one in changes)
    key = (
        f'<span class="change-before">{escape(_("before"))}</span>'
        f'<span class="change-after">{escape(_("now"))}</span>'
    )
    st.html(
        f'<div class="change-title"><b>{escape(title)}</b> <span class="change-key">{key}</span>'
        f'</div><div class="change-rows">{rows}</div>'
    )


def _row(one: Change) -> str:
    before, after = one.before.probability, one.after.probability
    mark = " change-asked" if one.is_asked else ""
    was, now = percent(before), percent(after)
    chances = now if was == now else f"{was} → {now}"
    return (
        f'<div class="change-row{mark}"><span class="change-name">{escape(_(one.before.name))}'
        f'</span><span class="change-chance">{escape(chances)}</span>'
        '<div class="change-track">'
        f'<div class="change-bar change-before" style="width:{before:.3%}"></div>'
        f'<div class="change-bar change-after" style="width:{after:.3%}"></div></div></div>'
    )
