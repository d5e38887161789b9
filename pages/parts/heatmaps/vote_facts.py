"""What the votes come to, in words and as a formula."""

from html import escape

import streamlit as st

from cnnviz_core.number_format import percent, short_number
from cnnviz_core.views.votes import VoteCounts, VotesView
from pages.parts.texts import _, literal


def show_ablation(view: VotesView, num_ablated: int) -> None:
    """Say how many channels are ablated, and what that does to the score."""
    text = silenced_text(num_ablated).format(
        count=f"{num_ablated:,}",
        before=short_number(view.score_before),
        now=short_number(view.score),
    )
    st.html(f'<div class="votes-silenced">{escape(text)}</div>')


def silenced_text(num_ablated: int) -> str:
    """Return what is said of so many ablated channels, numbers left out."""
    if num_ablated:
        return _("Silenced: {count}. The score goes from {before} to {now}.")
    return _("All channels vote. The score is {now}.")


def show_facts(view: VotesView, counts: VoteCounts, name: str) -> None:
    """Say the sum with this moment's numbers, and how many are on each side."""
    _show_score(view, counts.layer, literal(name))
    st.markdown(
        _(
            "Votes of the {count} channels of *{layer}*: **{num_for} for it**, "
            "{num_against} against it, {num_abstaining} abstaining."
        ).format(
            num_for=f"{counts.num_for:,}",
            count=f"{counts.num_channels:,}",
            layer=counts.layer,
            num_against=f"{counts.num_against:,}",
            num_abstaining=f"{counts.num_abstaining:,}",
        )
    )


def _show_score(view: VotesView, layer: str, name: str) -> None:
    """Say what the votes add up to, and why that is not the score where it is not."""
    if view.is_exact:
        text = _("Score of *{name}*, the sum of weight × mean of all channels, plus the bias:")
        st.markdown(text.format(name=name) + rf" $z = \sum_k w_k \bar{{A}}_k + b = {view.formula}$")
    else:
        text = _("Votes for *{name}*, the sum of weight × mean of all channels:")
        st.markdown(text.format(name=name) + rf" $\sum_k w_k \bar{{A}}_k = {view.formula}$")
        st.info(
            _(
                "Here the votes are not the score: they add up to {total}, while the score is "
                "{score}. After *{layer}*, this network does more than multiply and add, so a "
                "weight only says how the score would change if the channel grew a little."
            ).format(total=short_number(view.total), score=short_number(view.score), layer=layer),
            icon=":material/info:",
        )


def show_captions(view: VotesView, num_ablated: int, name: str, *, is_difference: bool) -> None:
    """Say what these votes have decided, what softmax makes of them, and how to read the map."""
    lines = [
        _what_decided(view, num_ablated),
        "" if view.common_rise is None else _what_counts(view, num_ablated, is_difference),
        _(
            "On the map, red places raise the score of *{name}* and blue ones lower it; it does "
            "not show what the network “sees”."
        ).format(name=literal(name)),
    ]
    st.caption(" ".join(filter(None, lines)))


def _what_decided(view: VotesView, num_ablated: int) -> str:
    if not num_ablated:
        votes = [one.addend.vote for one in view.bars if one.addend.kind in ("for", "others for")]
        if not votes:
            return ""
        share = percent(votes[0] / sum(votes))
        text = _(
            "The strongest channel casts {share} of all votes for it. Silence it, then more: how "
            "few does it take before another class comes first?"
        )
        return text.format(share=share)
    before, now = _(view.first_before), _(view.first)
    if before == now:
        text = (
            _("Without this channel *{now}* still comes first: this vote alone does not decide.")
            if num_ablated == 1
            else _("Without these {count} channels *{now}* still comes first.")
        )
    else:
        text = (
            _("This one channel decides: without it *{now}* comes first instead of *{before}*.")
            if num_ablated == 1
            else _(
                "These {count} channels decide: without them *{now}* comes first instead of "
                "*{before}*."
            )
        )
    return text.format(count=f"{num_ablated:,}", before=before, now=now)


def _what_counts(view: VotesView, num_ablated: int, is_difference: bool) -> str:
    if is_difference:
        return _(
            "Softmax ignores what all classes gain alike, but not this difference: the ratio of "
            "the two probabilities is e to the power of it."
        )
    if not num_ablated:
        return _(
            "Softmax ignores what all classes gain alike, and a channel may vote for many classes "
            "at once: *Rather than another class* shows what tells two of them apart."
        )
    rise = view.common_rise or 0.0
    text = (
        _("Silencing raises the scores of all classes by {mean} on average: softmax ignores that.")
        if rise >= 0
        else _(
            "Silencing lowers the scores of all classes by {mean} on average: softmax ignores that."
        )
    )
    return text.format(mean=short_number(abs(rise)))
