"""What the votes come to, in words and as a formula."""

import streamlit as st

from cnnviz_core.cached import VoteCounts, VotesView, short_number
from pages.parts.texts import _


def show_facts(view: VotesView, counts: VoteCounts, num_silent: int, name: str) -> None:
    """The sum with this moment's numbers, how many are on either side, and what silence does."""
    if view.is_exact:
        text = _("Score of *{name}*, the sum of weight × mean of all channels, plus the bias:")
        st.markdown(text.format(name=name) + rf" $z = \sum_k w_k \bar{{A}}_k + b = {view.formula}$")
    else:
        text = _("Votes for *{name}*, the sum of weight × mean of all channels:")
        st.markdown(text.format(name=name) + rf" $\sum_k w_k \bar{{A}}_k = {view.formula}$")
        st.info(
            _(
                "Here the votes are not the score: they come to {total}, the score is {score}. "
                "Behind *{layer}* this network does more than weigh and add, so a weight only "
                "says how the score would move if the channel grew a little."
            ).format(
                total=short_number(view.total), score=short_number(view.score), layer=counts.layer
            ),
            icon=":material/info:",
        )
    lines = [
        _(
            "**{num_for} of {count} channels** of *{layer}* vote for it, {num_against} against "
            "it; {num_abstaining} abstain."
        ).format(
            num_for=f"{counts.num_for:,}",
            count=f"{counts.num_channels:,}",
            layer=counts.layer,
            num_against=f"{counts.num_against:,}",
            num_abstaining=f"{counts.num_abstaining:,}",
        )
    ]
    if num_silent:
        lines.append(
            _("Silenced: {count}. The score goes from {before} to {now}.").format(
                count=f"{num_silent:,}",
                before=short_number(view.score_before),
                now=short_number(view.score),
            )
        )
    st.markdown(" ".join(lines))
