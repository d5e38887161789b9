"""What a network says before and after, as bars with names: the new one over the old one."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from cnnviz_core.inspection.predictions import Change
from cnnviz_core.number_format import percent
from pages.parts import bars
from pages.parts.texts import _


def show_changes(changes: Sequence[Change], title: str) -> None:
    """Show a row a class: its name, both probabilities, and a bar for each."""
    key = bars.words("change-before", _("before")) + bars.words("change-after", _("now"))
    st.html(
        f'<div class="change-title"><b>{escape(title)}</b> <span class="change-key">{key}</span>'
        f"</div>{bars.group('change-rows', *map(_row, changes))}"
    )


def _row(one: Change) -> str:
    before, after = one.before.probability, one.after.probability
    mark = " change-asked" if one.is_asked else ""
    was, now = percent(before), percent(after)
    chances = now if was == now else f"{was} → {now}"
    return bars.group(
        f"change-row{mark}",
        bars.words("change-name", _(one.before.name)),
        bars.words("change-chance", chances),
        bars.group(
            "change-track",
            bars.stretch("change-bar change-before", 0, before),
            bars.stretch("change-bar change-after", 0, after),
        ),
    )
