"""The strongest channels: what each adds, its map, and a button, all of it, that ablates it."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from cnnviz_core.number_format import short_number
from cnnviz_core.views.votes import ChannelsView, ChannelView
from pages.parts import pictures
from pages.parts.heatmaps.vote_controls import toggle_ablation
from pages.parts.pictures import color_bar
from pages.parts.texts import _, literal

CARD_PIXELS = 160


def show_channels(
    view: ChannelsView, strongest: Sequence[int], single: Sequence[int], name: str
) -> None:
    """Show both sides, the strongest first, and which channels are ablated, together or singly."""
    st.html(color_bar(view.scale))
    for key, title, channels in (
        ("votes-for", _("**The strongest for *{name}***"), view.pro),
        ("votes-against", _("**The strongest against *{name}***"), view.contra),
    ):
        st.markdown(title.format(name=literal(name)))
        if not channels:
            st.caption(_("No channel is on this side."))
        with st.container(horizontal=True, gap="small", key=key):
            for one in channels:
                _show_channel(one, strongest, single)


def _show_channel(view: ChannelView, strongest: Sequence[int], single: Sequence[int]) -> None:
    vote = view.vote
    with st.container(width=CARD_PIXELS, gap="xsmall", key=f"votes-card-{vote.channel}"):
        title = _("Channel {number}").format(number=f"{vote.channel + 1:,}")
        pictures.image(view.map, alt=title)
        weight, mean, product = map(short_number, (vote.weight, vote.mean, vote.vote))
        st.html(
            f'<div class="votes-card"><b>{escape(title)}</b>'
            f"<span>{weight} × {mean} ≈ <b>{product}</b></span></div>"
        )
        if view.kernel is not None:
            pictures.image(view.kernel, alt=_("Its kernel"))
        _ablate_button(vote.channel, vote.channel in strongest, single)


def _ablate_button(channel: int, is_strong: bool, single: Sequence[int]) -> None:
    is_single = channel in single
    is_ablated = is_strong or is_single
    st.button(
        _("Silenced") if is_ablated else _("Silence"),
        key=f"votes silence {channel}",
        icon=":material/volume_off:" if is_ablated else ":material/volume_up:",
        type="primary" if is_single else "secondary",
        on_click=toggle_ablation,
        args=(channel, tuple(single)),
        disabled=is_strong,
        width="stretch",
        help=_("The slider “Silence the strongest” has silenced it.")
        if is_strong
        else _("Set this channel to zero, or let it vote again."),
    )
