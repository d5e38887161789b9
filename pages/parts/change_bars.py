"""What changes from before to now, as bars with names."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from cnnviz_core.inspection.predictions import Change
from cnnviz_core.number_format import percent, short_number
from cnnviz_core.views.comparison import Change as Difference
from pages.parts import bars
from pages.parts.texts import _


def show_changes(changes: Sequence[Change], title: str) -> None:
    """Show a row a class: its name, both probabilities, the new one's bar over the old one's."""
    key = bars.words("change-before", _("before")) + bars.words("change-after", _("now"))
    st.html(
        f'<div class="change-title"><b>{escape(title)}</b> <span class="change-key">{key}</span>'
        f"</div>{bars.group('change-rows', *map(_row, changes))}"
    )


def show_differences(changes: Sequence[Difference], quantity: str) -> None:
    """Show a row a number: its name, both values, and a bar from the middle for what lies between.

    The largest difference, which stands first, reaches the end.
    """
    reach = abs(changes[0].now - changes[0].pinned)
    rows = (_difference(one, (one.now - one.pinned) / reach) for one in changes)
    title = bars.group(
        "change-title", bars.words("change-name", f"{_('Now − pinned')}: {quantity}")
    )
    st.html(title + bars.group("change-rows", *rows))


def _difference(one: Difference, share: float) -> str:
    low, high = sorted((0.5, 0.5 + share / 2))
    return bars.group(
        "change-row",
        bars.words("change-name", _(one.name)),
        bars.words("change-chance", f"{short_number(one.pinned)} → {short_number(one.now)}"),
        bars.group(
            "change-track",
            bars.stretch("change-bar change-after", low, high),
            bars.mark("change-middle", 0.5),
        ),
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
