"""Votes: each channel of the last convolution votes for a class, or against it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.views import votes as votes_view
from pages.parts import change_bars, class_controls, cross_links, layout, picker, pictures, presets
from pages.parts.heatmaps.vote_bars import show_sum
from pages.parts.heatmaps.vote_controls import (
    COUNT,
    SIDE,
    VERSUS,
    VOTE_CONTROLS,
    choose_ablated,
    choose_channels,
    choose_classes,
)
from pages.parts.heatmaps.vote_facts import show_ablation, show_captions, show_facts
from pages.parts.heatmaps.vote_live import say_stops
from pages.parts.heatmaps.vote_pictures import show_channels
from pages.parts.live import live_pictures
from pages.parts.network_controls import NETWORK
from pages.parts.prediction_controls import choose_classifier
from pages.parts.presets import Preset
from pages.parts.references import show_references
from pages.parts.refusals import fragment, or_reason
from pages.parts.texts import N_, _

CONTROLS = (*VOTE_CONTROLS, picker.PICTURE)
EGYPTIAN_CAT, TABBY = 285, 281
PRESETS = (
    Preset(N_("Who says cat?"), N_("Of 1,280 channels, 310 vote for the Egyptian cat."), {}),
    Preset(
        N_("Silence the loudest"),
        N_("One of 1,280 channels is set to zero: the Egyptian cat falls from 65% to 58%."),
        {COUNT: 1},
    ),
    Preset(
        N_("Silence twenty"),
        N_("With twenty channels silenced, even the most probable class has only 10%."),
        {COUNT: 20},
    ),
    Preset(
        N_("Silence the doubters"),
        N_("Without the ten strongest votes against its class, the network is surer than before."),
        {COUNT: 10, SIDE: "against"},
    ),
    Preset(
        N_("Tabby instead"),
        N_("Silence the ten that favor the Egyptian cat over the tabby most, and it is a tabby."),
        {
            class_controls.CLASS: EGYPTIAN_CAT,
            VERSUS: True,
            class_controls.OTHER_CLASS: TABBY,
            COUNT: 10,
        },
    ),
    Preset(
        N_("One vote decides"),
        N_(
            "Are galaxies worms or bubbles? Without one channel of 1,280 the network changes its "
            "mind."
        ),
        {picker.PICTURE: "hubble", COUNT: 1},
    ),
    Preset(
        N_("No simple sum"),
        N_("In LeNet-5, more than a weighted sum follows the maps."),
        {NETWORK: "lenet-5"},
    ),
)


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
        cross_links.show_class(network, target, target_name, here="votes")
        for channel in ablated[:1]:
            cross_links.show_layer(network, counts.layer, channel, here="votes")
        show_facts(view, counts, name)
        show_captions(view, len(ablated), name, is_difference=against is not None)
        show_sum(view, name)
        count, display = choose_channels()
        channels = votes_view.channel_views(network, picture, target, against, count, display)
        show_channels(channels, strongest, single, name)
    say_stops(network, picture, target, against, counts, single, view)


layout.heading("votes")
presets.row(PRESETS, CONTROLS)
votes(*layout.controls_and_pictures())
live_pictures.follow()
show_references("votes", "cam", "grad-cam")
