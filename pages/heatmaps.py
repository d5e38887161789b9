"""Heatmaps: where a network finds its evidence for a class, by every method there is."""

from functools import partial

import streamlit as st

from cnnviz_core import cached
from pages.parts import layout, picker, presets
from pages.parts.class_controls import CLASS, OTHER_CLASS, class_name
from pages.parts.heatmap_controls import HEATMAP_DEFAULTS, METHOD, VIEW, ask, choose_view
from pages.parts.heatmap_facts import show_blank, show_facts, show_hint
from pages.parts.heatmap_pictures import show_maps
from pages.parts.heatmap_progress import jobs_of, show_growing
from pages.parts.network_controls import choose_network
from pages.parts.picker import current
from pages.parts.prediction_controls import offer_classifier
from pages.parts.presets import Preset
from pages.parts.texts import _

DEFAULTS = {**HEATMAP_DEFAULTS, picker.KEY: "cat"}
EGYPTIAN_CAT, TABBY, GIANT_PANDA = 285, 281, 388
PRESETS = (
    Preset("Heatmap", "The article: Grad-CAM of the last convolution, on the cat.", {}),
    Preset(
        "Egyptian or tabby?",
        "Why Egyptian cat and not tabby: both maps, and what tells them apart.",
        {VIEW: "classes", CLASS: EGYPTIAN_CAT, OTHER_CLASS: TABBY},
    ),
    Preset(
        "Panda?",
        "Where is the giant panda? Nowhere: all there is speaks against it.",
        {CLASS: GIANT_PANDA},
    ),
    Preset("Every method", "Fourteen ways to ask the same.", {VIEW: "methods"}),
    Preset(
        "Deeper",
        "LayerCAM from the first layers to the last.",
        {VIEW: "depth", METHOD: "layer-cam"},
    ),
    Preset("Does it know?", "The same map with nothing learnt.", {VIEW: "random"}),
    Preset("Which pixels?", "Integrated gradients, growing.", {METHOD: "integrated-gradients"}),
    Preset(
        "Astronaut",
        "There is no class for people: what did it find instead?",
        {picker.KEY: "astronaut"},
    ),
    Preset("Coffee", "Is it the cup, or what is in it?", {picker.KEY: "coffee"}),
)


@st.fragment
def heatmaps() -> None:
    """Everything that a moved control changes: the rest of the page is left alone."""
    switch = st.container()
    left, right = layout.controls_and_pictures()
    picture = current()
    with left:
        network = choose_network()
    if network is None:
        right.info(_("As soon as the network is there, its heatmaps are shown here."))
        return
    if not cached.num_classes(network):
        with right:
            offer_classifier(network)
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
        if view != "methods":
            show_facts(asked, jobs)
        show_hint(view, network)


layout.heading("heatmaps")
presets.row(PRESETS, DEFAULTS)
heatmaps()
