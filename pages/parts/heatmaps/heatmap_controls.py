"""What the heatmaps page asks: which maps, of which class, by which method, shown in which way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from cnnviz_core.heatmaps.maps import Evidence
from cnnviz_core.heatmaps.methods import INTEGRATED_STEPS, METHODS
from cnnviz_core.heatmaps.overlays import OverlayColors
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
from pages.parts import controls, layer_controls
from pages.parts.class_controls import (
    CLASS,
    OTHER_CLASS,
    choose_class,
    choose_other_class,
)
from pages.parts.declarations import Choice, Number, Switch, plain
from pages.parts.network_controls import NETWORK
from pages.parts.texts import N_, _

HeatView = Literal["one", "methods", "classes", "depth", "random"]
# The empty name stands for the network's own last or first layer, which every network has.
OWN = ""

VIEW: Choice[HeatView] = Choice(
    key="heat_view",
    label=N_("Show"),
    options={
        "one": N_("One map"),
        "methods": N_("All methods"),
        "classes": N_("Two classes"),
        "depth": N_("Layer by layer"),
        "random": N_("Trained and random"),
    },
    default="one",
    help=N_(
        "One large map, or several side by side: every method, two classes, one method at several "
        "layers, or the network beside one that has learned nothing."
    ),
)
METHOD: Choice[str] = Choice(
    key="heat_method",
    label=N_("Method"),
    options={name: method.title for name, method in METHODS.items()},
    default="grad-cam",
    help=N_(
        "The CAM methods add up the maps of a layer, each with a weight; the others rate each "
        "pixel. Score-CAM, Ablation-CAM, SmoothGrad, integrated gradients and occlusion need many "
        "passes through the network: their maps grow before your eyes."
    ),
)
LAYER: Choice[str] = Choice(
    key="heat_layer",
    label=N_("Layer, from first to last"),
    options={},
    default=OWN,
    help=N_(
        "The layer whose maps are added up. The last layers know most about classes but have few "
        "positions; the first have many but know little. A new layer takes a moment."
    ),
)
RANDOM_FROM: Choice[str] = Choice(
    key="heat_random_from",
    label=N_("Random from this layer on"),
    options={},
    default=OWN,
    help=N_(
        "This layer and all after it get random weights; those before keep what they have "
        "learned. All the way to the left, the network forgets everything."
    ),
)
STEPS = Choice(
    key="heat_steps",
    label=N_("Steps of integrated gradients"),
    options=plain(INTEGRATED_STEPS),
    default=INTEGRATED_STEPS[0],
    help=N_("How many lead from gray to the picture. More steps are more exact, but take longer."),
)
EVIDENCE: Choice[Evidence] = Choice(
    key="heat_evidence",
    label=N_("Evidence"),
    options={"for": N_("For it"), "against": N_("Against it"), "both": N_("Both")},
    default="for",
    help=N_(
        "What raises the score of the class, what lowers it, or both: red raises, blue lowers."
    ),
)
COLORS: Choice[OverlayColors] = Choice(
    key="heat_colors",
    label=N_("Color map"),
    options={"sequential": N_("Black to yellow"), "diverging": N_("Blue to red")},
    default="sequential",
    help=N_("Both are safe for color-blind eyes. The bars show what the colors stand for."),
)
OPACITY = Number(
    key="heat_opacity",
    label=N_("Opacity, %"),
    low=0,
    high=100,
    default=50,
    help=N_("0 shows only the picture, 100 only the colors."),
)
THRESHOLD = Number(
    key="heat_threshold",
    label=N_("Threshold, %"),
    low=0,
    high=100,
    default=0,
    help=N_(
        "Where the map is below this percentage of the scale's maximum, the picture stays as it is."
    ),
)
CLIP = Switch(
    key="heat_clip",
    label=N_("Clip the strongest 1%"),
    default=True,
    help=N_(
        "A few extreme pixels would leave all others black. With this, the strongest 1% share the "
        "last color of the scale."
    ),
)
HEATMAP_CONTROLS = (
    NETWORK,
    CLASS,
    OTHER_CLASS,
    VIEW,
    METHOD,
    LAYER,
    RANDOM_FROM,
    STEPS,
    EVIDENCE,
    COLORS,
    OPACITY,
    THRESHOLD,
    CLIP,
)

# What one map is, but for its class, which the network names.
MAP_CONTROLS = (NETWORK, METHOD, LAYER, STEPS, EVIDENCE, COLORS, OPACITY, THRESHOLD, CLIP)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the controls say: the maps to compute, of which class or two, and how to show them."""

    view: HeatView
    classes: tuple[int, ...]
    questions: tuple[HeatQuestion, ...]
    look: HeatLook


def choose_view(network: Network) -> HeatView:
    """Draw the switch between one map and the comparisons."""
    offered = [view for view in VIEW.options if view != "random" or not is_untrained(network)]
    return controls.choice(VIEW, options=offered)


def ask(network: Network, picture: Picture, view: HeatView) -> Asked:
    """Draw the controls that this view needs, and give what they say."""
    classes: tuple[int, ...] = (choose_class(network, picture),)
    if view == "classes":
        classes = (*classes, choose_other_class(network, picture, classes[0]))
    methods = offered_methods(network) if view == "methods" else (_choose_method(network, view),)
    layer = None if view == "depth" else _choose_layer(network, methods)
    random_from = None
    if view == "random":
        random_from = controls.snap(RANDOM_FROM, options=forgetting_layers(network))
    steps = controls.snap(STEPS) if "integrated-gradients" in methods else STEPS.default
    look = _choose_look(methods)
    per_method = tuple(
        HeatQuestion(
            method=name, target=classes[0], layer=layer if _has_layer(name) else None, steps=steps
        )
        for name in methods
    )
    return Asked(view, classes, _compared(network, view, classes, per_method, random_from), look)


def _compared(
    network: Network,
    view: HeatView,
    classes: tuple[int, ...],
    per_method: tuple[HeatQuestion, ...],
    random_from: str | None,
) -> tuple[HeatQuestion, ...]:
    """Return the questions of a view, from those that one map of each method would ask."""
    one = per_method[0]
    match view:
        case "classes":
            return one, replace(one, target=classes[1]), replace(one, against=classes[1])
        case "depth":
            return tuple(replace(one, layer=name) for name in depths(network))
        case "random":
            return one, replace(one, random_from=random_from)
        case _:
            return per_method


def _choose_method(network: Network, view: HeatView) -> str:
    methods = [
        name
        for name in offered_methods(network)
        if view != "depth" or (name == "eigen-cam" or _has_layer(name))
    ]
    return controls.pick(METHOD, options=methods)


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
    return layer_controls.choose_layer(LAYER, network, offered, first=offered[-1])


def _choose_look(methods: Sequence[str]) -> HeatLook:
    # One below the other: side by side, their names have no room.
    alpha = controls.slider(OPACITY)
    least = controls.slider(THRESHOLD)
    evidence = controls.choice(EVIDENCE)
    colors: OverlayColors = "diverging" if evidence == "both" else controls.choice(COLORS)
    is_clipped = CLIP.default
    if any(METHODS[name].kind == "pixel attribution" for name in methods):
        is_clipped = controls.switch(CLIP)
    return HeatLook(evidence, colors, alpha / 100, least / 100, is_clipped)


def _has_layer(method: str) -> bool:
    """Whether a method weighs the maps of any layer; CAM takes those that are averaged."""
    return METHODS[method].kind == "class activation" and method != "cam"
