"""Heatmaps: which places raise the score of a class, by every method there is."""

from functools import partial

import streamlit as st

from cnnviz_core.views import heatmaps_files as take_home
from pages.parts import code_drawer, layout, network_links, picker, presets, results
from pages.parts.class_controls import class_name
from pages.parts.heatmaps.heatmap_cascade import show_cascade
from pages.parts.heatmaps.heatmap_controls import (
    HEATMAP_CONTROLS,
    MAP_CONTROLS,
    ask,
    choose_view,
)
from pages.parts.heatmaps.heatmap_facts import cited, show_blank, show_facts, show_hint
from pages.parts.heatmaps.heatmap_live import say_maps
from pages.parts.heatmaps.heatmap_pictures import show_maps
from pages.parts.heatmaps.heatmap_presets import PRESETS
from pages.parts.heatmaps.heatmap_progress import jobs_of, show_growing
from pages.parts.live import live_pictures
from pages.parts.picker import current
from pages.parts.prediction_controls import choose_classifier
from pages.parts.references import show_references
from pages.parts.refusals import fragment
from pages.parts.texts import _

CONTROLS = (*HEATMAP_CONTROLS, picker.PICTURE)


@fragment
def heatmaps() -> None:
    """Show everything that a moved control changes: the rest of the page is left alone."""
    switch = st.container()
    left, right = layout.controls_and_pictures()
    picture = current()
    network = choose_classifier(
        left, right, _("As soon as the network is loaded, its heatmaps appear here.")
    )
    if network is None:
        return
    with switch:
        view = choose_view(network)
    with left:
        asked = ask(network, picture, view)
    jobs = jobs_of(network, picture, asked.questions)
    with right:
        notice = st.container()
        with layout.in_view():
            show_growing(jobs, partial(show_maps, asked, network, picture, jobs))
        if view == "one":
            with notice:
                show_blank(asked, jobs[0], class_name(network, picture, asked.classes[0]))
        results.say(
            _("Heatmap"),
            partial(take_home.saved, jobs[0], asked.look),
            MAP_CONTROLS,
            (_("Class"), class_name(network, picture, asked.classes[0])),
        )
        for target in asked.classes:
            name = class_name(network, picture, target)
            network_links.show_class(network, target, name, here="heatmaps")
        if view != "methods":
            show_facts(asked, jobs)
        if view == "random" and all(one.is_finished for one in jobs):
            show_cascade(network, picture, asked.questions[0], theme)
        show_hint(view, network)
    code_drawer.tell(partial(take_home.program, jobs[0]))
    say_maps(asked, jobs)
    show_references("heat", *cited(asked))


layout.heading("heatmaps")
theme = layout.page_theme()
presets.row(PRESETS, CONTROLS)
heatmaps()
live_pictures.follow()
code_drawer.offer()
results.offer()
