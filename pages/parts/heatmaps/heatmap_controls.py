"""What the heatmaps page asks: which maps, of which class, by which method, shown in which way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from cnnviz_core.heatmaps.maps import EVIDENCES, Evidence
from cnnviz_core.heatmaps.methods import INTEGRATED_STEPS, METHODS
from cnnviz_core.heatmaps.overlays import OVERLAY_COLORS, OverlayColors
from cnnviz_core.networks import Network
from cnnviz_core.views.heat_jobs import (
    HeatQuestion,
    depths,
    explained_layers,
    forgetting_layers,
    offered_methods,
)
from cnnviz_core.views.heatmaps import HeatLook
from cnnviz_core.views.predictions import is_untrained
from cnnviz_core.views.sharing import Picture
from pages.parts import old_controls as controls
from pages.parts.class_controls import (
    CLASS_DEFAULTS,
    OTHER_CLASS_DEFAULTS,
    choose_class,
    choose_other_class,
)
from pages.parts.network_controls import NETWORK_DEFAULTS
from pages.parts.texts import _

HeatView = Literal["one", "methods", "classes", "depth", "random"]
VIEWS: dict[HeatView, str] = {
    "one": "One map",
    "methods": "All methods",
    "classes": "Two classes",
    "depth": "Layer by layer",
    "random": "Trained and random",
}
EVIDENCE_TITLES: dict[Evidence, str] = {"for": "For it", "against": "Against it", "both": "Both"}
COLOR_TITLES: dict[OverlayColors, str] = {
    "sequential": "Black to yellow",
    "diverging": "Blue to red",
}

VIEW = "heat_view"
METHOD = "heat_method"
LAYER = "heat_layer"
EVIDENCE = "heat_evidence"
RANDOM_FROM = "heat_random_from"
# Stands for the network's own last or first layer, which every network has.
OWN = ""

HEATMAP_DEFAULTS: dict[str, object] = {
    **NETWORK_DEFAULTS,
    **CLASS_DEFAULTS,
    **OTHER_CLASS_DEFAULTS,
    VIEW: "one",
    METHOD: "grad-cam",
    LAYER: OWN,
    RANDOM_FROM: OWN,
    "heat_steps": INTEGRATED_STEPS[0],
    EVIDENCE: "for",
    "heat_colors": "sequential",
    "heat_opacity": 50,
    "heat_threshold": 0,
    "heat_clip": True,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the controls say: the maps to compute, of which class or two, and how to show them."""

    view: HeatView
    classes: tuple[int, ...]
    questions: tuple[HeatQuestion, ...]
    look: HeatLook


def choose_view(network: Network) -> HeatView:
    """Draw the switch between one map and the comparisons."""
    offered = [view for view in VIEWS if view != "random" or not is_untrained(network)]
    controls.fall_back(VIEW, offered, "one")
    return controls.choice(
        _("Show"),
        VIEW,
        offered,
        show=lambda view: _(VIEWS[view]),
        help=_(
            "One large map, or several side by side: every method, two classes, one method at "
            "several layers, or the network beside one that has learned nothing."
        ),
    )


def ask(network: Network, picture: Picture, view: HeatView) -> Asked:
    """Draw the controls that this view needs, and give what they say."""
    classes: tuple[int, ...] = (choose_class(network, picture),)
    if view == "classes":
        classes = (*classes, choose_other_class(network, picture, classes[0]))
    methods = offered_methods(network) if view == "methods" else (_choose_method(network, view),)
    layer = None if view == "depth" else _choose_layer(network, methods)
    random_from = _choose_forgetting(network) if view == "random" else None
    steps = _choose_steps() if "integrated-gradients" in methods else INTEGRATED_STEPS[0]
    look = _choose_look(methods)
    plain = tuple(
        HeatQuestion(name, classes[0], layer=layer if _has_layer(name) else None, steps=steps)
        for name in methods
    )
    return Asked(view, classes, _compared(network, view, classes, plain, random_from), look)


def _compared(
    network: Network,
    view: HeatView,
    classes: tuple[int, ...],
    plain: tuple[HeatQuestion, ...],
    random_from: str | None,
) -> tuple[HeatQuestion, ...]:
    """The questions of a view, from those that one map of each method would ask."""
    one = plain[0]
    match view:
        case "classes":
            return one, replace(one, target=classes[1]), replace(one, against=classes[1])
        case "depth":
            return tuple(replace(one, layer=name) for name in depths(network))
        case "random":
            return one, replace(one, random_from=random_from)
        case _:
            return plain


def _choose_method(network: Network, view: HeatView) -> str:
    methods = [
        name
        for name in offered_methods(network)
        if view != "depth" or (name == "eigen-cam" or _has_layer(name))
    ]
    controls.fall_back(METHOD, methods, methods[0])
    return controls.pick(
        _("Method"),
        METHOD,
        methods,
        show=lambda name: _(METHODS[name].title),
        help=_(
            "The CAM methods add up the maps of a layer, each with a weight; the others rate "
            "each pixel. Score-CAM, Ablation-CAM, SmoothGrad, integrated gradients and occlusion "
            "need many passes through the network: their maps grow before your eyes."
        ),
    )


def _choose_layer(network: Network, methods: Sequence[str]) -> str | None:
    if not any(map(_has_layer, methods)):
        st.caption(
            _(
                "There is no layer to choose here: this method uses the last maps, or the pixels "
                "themselves."
            )
        )
        return None
    offered = explained_layers(network)
    if len(offered) == 1:
        return offered[0]
    controls.fall_back(LAYER, offered, offered[-1])
    return controls.snap(
        _("Layer, from first to last"),
        LAYER,
        offered,
        offered[-1],
        help=_(
            "The layer whose maps are added up. The last layers know most about classes but have "
            "few positions; the first have many but know little. A new layer takes a moment."
        ),
    )


def _choose_forgetting(network: Network) -> str:
    offered = forgetting_layers(network)
    controls.fall_back(RANDOM_FROM, offered, offered[0])
    return controls.snap(
        _("Random from this layer on"),
        RANDOM_FROM,
        offered,
        offered[0],
        help=_(
            "This layer and all after it get random weights; those before keep what they have "
            "learned. All the way to the left, the network forgets everything."
        ),
    )


def _choose_steps() -> int:
    return controls.snap(
        _("Steps of integrated gradients"),
        "heat_steps",
        INTEGRATED_STEPS,
        INTEGRATED_STEPS[0],
        help=_(
            "How many lead from gray to the picture. More steps are more exact, but take longer."
        ),
    )


def _choose_look(methods: Sequence[str]) -> HeatLook:
    # One below the other: side by side, their names have no room.
    alpha = controls.slider(
        _("Opacity, %"),
        "heat_opacity",
        0,
        100,
        50,
        help=_("0 shows only the picture, 100 only the colors."),
    )
    least = controls.slider(
        _("Threshold, %"),
        "heat_threshold",
        0,
        100,
        0,
        help=_(
            "Where the map is below this percentage of the scale's maximum, the picture stays "
            "as it is."
        ),
    )
    evidence = controls.choice(
        _("Evidence"),
        EVIDENCE,
        list(EVIDENCES),
        show=lambda name: _(EVIDENCE_TITLES[name]),
        help=_(
            "What raises the score of the class, what lowers it, or both: red raises, blue lowers."
        ),
    )
    colors: OverlayColors = "diverging"
    if evidence != "both":
        colors = controls.choice(
            _("Color map"),
            "heat_colors",
            list(OVERLAY_COLORS),
            show=lambda name: _(COLOR_TITLES[name]),
            help=_("Both are safe for color-blind eyes. The bars show what the colors stand for."),
        )
    is_clipped = True
    if any(METHODS[name].kind == "pixel attribution" for name in methods):
        is_clipped = controls.switch(
            _("Clip the strongest 1%"),
            "heat_clip",
            True,
            help=_(
                "A few extreme pixels would leave all others black. With this, the strongest 1% "
                "share the last color of the scale."
            ),
        )
    return HeatLook(evidence, colors, alpha / 100, least / 100, is_clipped)


def _has_layer(method: str) -> bool:
    """Whether a method weighs the maps of any layer; CAM takes those that are averaged."""
    return METHODS[method].kind == "class activation" and method != "cam"
