"""Votes: each channel of the last convolution votes for a class, or against it."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.views import votes as votes_view
from cnnviz_core.views import votes_files as take_home
from pages.parts import (
    change_bars,
    class_controls,
    code_drawer,
    layout,
    network_links,
    picker,
    pictures,
    presets,
    results,
)
from pages.parts.heatmaps.vote_bars import show_sum
from pages.parts.heatmaps.vote_controls import (
    VOTE_CONTROLS,
    choose_ablated,
    choose_channels,
    choose_classes,
)
from pages.parts.heatmaps.vote_facts import show_ablation, show_captions, show_facts
from pages.parts.heatmaps.vote_live import say_stops
from pages.parts.heatmaps.vote_pictures import show_channels
from pages.parts.heatmaps.vote_presets import PRESETS
from pages.parts.live import live_pictures
from pages.parts.prediction_controls import choose_classifier
from pages.parts.references import show_references
from pages.parts.refusals import fragment, or_reason
from pages.parts.texts import _

CONTROLS = (*VOTE_CONTROLS, picker.PICTURE)


@fragment
def votes(left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Show everything that a moved control changes."""
    picture = picker.current()
    network = choose_classifier(
        left, right, _("As soon as the network is loaded, its votes are counted here.")
    )
    if network is None:
        return
    with left:
        target, against = choose_classes(network, picture)
    with right:
        counts = or_reason(lambda: votes_view.vote_counts(network, picture, target, against))
    if counts is None:
        return
    with left:
        strongest, single = choose_ablated(network, picture, target, against, counts)
    ablated = tuple(sorted({*strongest, *single}))
    name = target_name = class_controls.class_name(network, picture, target)
    if against is not None:
        other = class_controls.class_name(network, picture, against)
        name = _("{name} rather than {other}").format(name=name, other=other)
    with right:
        view = votes_view.vote_view(network, picture, target, against, ablated)
        with layout.in_view():
            heat, bars = st.columns([4, 5], gap="medium")
            with heat:
                pictures.show(view.heat, _("Where the votes come from"))
            with bars:
                change_bars.show_changes(view.changes, _("What the network says"))
                show_ablation(view, len(ablated))
        results.say(
            _("Votes"),
            partial(take_home.saved, network, picture, target, against, ablated),
            VOTE_CONTROLS,
            (_("Class"), name),
        )
        network_links.show_class(network, target, target_name, here="votes")
        for channel in ablated[:1]:
            network_links.show_layer(network, counts.layer, channel, here="votes")
        show_facts(view, counts, name)
        show_captions(view, len(ablated), name, is_difference=against is not None)
        show_sum(view, name)
        count, display = choose_channels()
        channels = votes_view.channel_views(network, picture, target, against, count, display)
        show_channels(channels, strongest, single, name)
    code_drawer.tell(partial(take_home.program, network, picture, target, against, ablated))
    say_stops(network, picture, target, against, counts, single, view)


layout.heading("votes")
presets.row(PRESETS, CONTROLS)
votes(*layout.controls_and_pictures())
live_pictures.follow()
code_drawer.offer()
results.offer()
show_references("votes", "cam", "grad-cam")
