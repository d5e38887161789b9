"""The strongest voters: what each adds, where it answers, and a button that silences it."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from cnnviz_core.number_format import short_number
from cnnviz_core.views.votes import VotersView, VoterView
from pages.parts import pictures
from pages.parts.heatmaps.vote_controls import toggle_silence
from pages.parts.pictures import color_bar
from pages.parts.texts import _

CARD_PIXELS = 160


def show_voters(view: VotersView, loudest: Sequence[int], single: Sequence[int], name: str) -> None:
    """Both sides, the strongest first; which of them are silenced, together or by themselves."""
    st.html(color_bar(view.scale))
    for key, title, voters in (
        ("votes-for", _("**The strongest for *{name}***"), view.pro),
        ("votes-against", _("**The strongest against *{name}***"), view.contra),
    ):
        st.markdown(title.format(name=name))
        if not voters:
            st.caption(_("No channel is on this side."))
        with st.container(horizontal=True, gap="small", key=key):
            for one in voters:
                _show_voter(one, loudest, single)


def _show_voter(view: VoterView, loudest: Sequence[int], single: Sequence[int]) -> None:
    voter = view.voter
    with st.container(width=CARD_PIXELS, gap="xsmall"):
        title = _("Channel {number}").format(number=f"{voter.channel + 1:,}")
        pictures.image(view.map, alt=title)
        weight, mean, vote = map(short_number, (voter.weight, voter.mean, voter.vote))
        st.html(
            f'<div class="votes-card"><b>{escape(title)}</b>'
            f"<span>{weight} × {mean} ≈ <b>{vote}</b></span></div>"
        )
        if view.kernel is not None:
            pictures.image(view.kernel, alt=_("Its kernel"))
        _silence_button(voter.channel, voter.channel in loudest, single)


def _silence_button(channel: int, is_loudest: bool, single: Sequence[int]) -> None:
    is_single = channel in single
    is_ablated = is_loudest or is_single
    st.button(
        _("Silenced") if is_ablated else _("Silence"),
        key=f"votes silence {channel}",
        icon=":material/volume_off:" if is_ablated else ":material/volume_up:",
        type="primary" if is_single else "secondary",
        on_click=toggle_silence,
        args=(channel, tuple(single)),
        disabled=is_loudest,
        width="stretch",
        help=_("The slider “Silence the strongest” has silenced it.")
        if is_loudest
        else _("Set this channel to zero, or let it vote again."),
    )
