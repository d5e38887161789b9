"""The votes one after the other: each bar begins where the one before it ends."""

import streamlit as st

from cnnviz_core.number_format import short_number
from cnnviz_core.views.votes import VoteBar, VotesView
from pages.parts import bars
from pages.parts.texts import _


def show_sum(view: VotesView, name: str) -> None:
    """Show the way from zero to the score of the class called `name`, vote by vote."""
    rows = [_vote(one, view) for one in view.bars]
    total = _("Score of {name}").format(name=name) if view.is_exact else _("Sum of the votes")
    left, right = sorted((view.zero, view.sum))
    rows.append(_row(total, "total", left, right, short_number(view.total), view))
    st.html(bars.group("votes-sum", *rows))


def _vote(bar: VoteBar, view: VotesView) -> str:
    addend = bar.addend
    side = "against" if addend.vote < 0 else "for"
    written = ("+" if addend.vote >= 0 else "") + short_number(addend.vote)
    if addend.is_ablated:
        return _row(_label(bar), "silent", bar.left, bar.right, f"({written})", view)
    return _row(_label(bar), side, bar.left, bar.right, written, view)


def _label(bar: VoteBar) -> str:
    addend = bar.addend
    if addend.channel is not None:
        text = _("Channel {number}, silenced") if addend.is_ablated else _("Channel {number}")
        return text.format(number=f"{addend.channel + 1:,}")
    texts = {
        "others for": _("Others for it: {count}"),
        "others against": _("Others against it: {count}"),
        "bias": _("Bias"),
    }
    return texts[addend.kind].format(count=f"{addend.count:,}")


def _row(label: str, kind: str, left: float, right: float, written: str, view: VotesView) -> str:
    return bars.group(
        f"votes-row votes-{kind}",
        bars.words("votes-label", label),
        bars.group(
            "votes-track",
            bars.mark("votes-zero", view.zero),
            bars.mark("votes-before", view.before),
            bars.stretch("votes-bar", left, right),
        ),
        bars.words("votes-number", written),
    )
