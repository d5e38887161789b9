"""Predictions: what a classifier sees in the picture, and how sure it is."""

from functools import partial
from typing import Any

import streamlit as st

from cnnviz_core.views import predictions as predictions_view
from cnnviz_core.views import predictions_files as take_home
from cnnviz_core.views import sharing
from pages.parts import (
    code_drawer,
    controls,
    layout,
    network_links,
    picker,
    pictures,
    presets,
    results,
)
from pages.parts.inspection.prediction_details import show_all, show_logits, show_weighed
from pages.parts.inspection.prediction_live import say_scores
from pages.parts.live import live_pictures
from pages.parts.network_controls import NETWORK, choose_network
from pages.parts.prediction_bars import explain, show_top
from pages.parts.prediction_controls import (
    COUNT,
    TEMPERATURE,
    choose_count,
    offer_classifier,
)
from pages.parts.presets import Preset
from pages.parts.references import show_references
from pages.parts.refusals import fragment, or_reason
from pages.parts.texts import N_, _

CONTROLS = (NETWORK, COUNT, TEMPERATURE, picker.PICTURE)
PRESETS = (
    Preset(N_("Cat"), N_("Three kinds of cat come first."), {}),
    Preset(N_("Cup of coffee"), N_("It names what is in the cup."), {picker.PICTURE: "coffee"}),
    Preset(
        N_("Rocket"),
        N_("There is no class for rockets: what comes closest?"),
        {picker.PICTURE: "rocket"},
    ),
    Preset(
        N_("Astronaut"), N_("There is no class for people at all."), {picker.PICTURE: "astronaut"}
    ),
    Preset(
        N_("Unsure"),
        N_("The cat at a temperature of 4: the same order, far less sure."),
        {TEMPERATURE: 4.0},
    ),
    Preset(
        N_("Too sure"),
        N_("The cat at a temperature of ¼: nearly all the probability on one guess."),
        {TEMPERATURE: 0.25},
    ),
    Preset(
        N_("Untrained"),
        N_("Ask a network with random weights which digit the cat is."),
        {NETWORK: "lenet-5"},
        group="network",
    ),
)


@fragment
def predictions() -> None:
    """Show what a moved control changes."""
    left, right = layout.controls_and_pictures()
    picture = picker.current()
    theme = layout.page_theme()
    with left:
        network = choose_network()
        classifier = network if network and predictions_view.num_classes(network) else None
        if classifier:
            count = choose_count(classifier)
            temperature = controls.snap(TEMPERATURE)
    with right:
        shown, answers = layout.in_view().columns([4, 5], gap="medium")
        with shown:
            pictures.show(sharing.original(picture), _("The picture"))
        if network and not classifier:
            with answers:
                offer_classifier(network)
        if classifier:
            asked: dict[str, Any] = {"count": count, "temperature": temperature}
            ask = partial(predictions_view.predicted, classifier, picture, **asked)
        view = or_reason(ask) if classifier else None
        if classifier and view:
            with answers:
                st.markdown(_("**What the network says**"))
                show_top(view.top)
            first = view.top[0]
            network_links.show_class(classifier, first.index, _(first.name), here="predictions")
            explain(view, classifier, temperature)
            code_drawer.tell(partial(take_home.program, classifier, picture, **asked))
            results.say(
                _("Predictions"), partial(take_home.saved, classifier, picture, **asked), CONTROLS
            )
            say_scores(classifier, picture, view)
            show_logits(view.top, temperature)
            show_all(classifier, picture, temperature, theme)
            show_weighed(classifier, picture, theme)


layout.heading("predictions")
presets.row(PRESETS, CONTROLS)
predictions()
live_pictures.inspect()
code_drawer.offer()
results.offer()
show_references("predict", "temperature", "calibration")
