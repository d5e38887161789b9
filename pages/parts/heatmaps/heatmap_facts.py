"""What is said of a heatmap: why it is blank, whether it adds up, what to look for."""

from collections.abc import Sequence

import streamlit as st

from cnnviz_core.heatmaps.maps import Evidence
from cnnviz_core.heatmaps.records import Completeness
from cnnviz_core.networks import Network
from cnnviz_core.number_format import percent
from cnnviz_core.views.heat_jobs import HeatJob
from cnnviz_core.views.heatmaps import heat_facts
from cnnviz_core.views.predictions import is_untrained
from pages.parts import controls
from pages.parts.heatmaps.heatmap_controls import EVIDENCE, Asked, HeatView
from pages.parts.heatmaps.heatmap_formulas import show_formula
from pages.parts.texts import _, literal

HINTS: dict[HeatView, str] = {
    "one": (
        "Look at what lies under the strongest spot: the thing that the class names, or something "
        "around it? Then choose another class, and see which places raise its score."
    ),
    "methods": (
        "Look for places that most methods agree on: the CAM methods are coarse and smooth, those "
        "that rate each pixel are sharp and noisy. No two measure the same thing, so each has "
        "its own color bar."
    ),
    "classes": (
        "The first two maps share one scale. The third explains the difference between the two "
        "scores: red places raise the first class above the second, blue ones do the opposite."
    ),
    "depth": (
        "Look from first to last: early layers respond to edges everywhere, late ones to a few "
        "places that raise the class. Each map has as many cells as its layer has positions."
    ),
    "random": (
        "A map that explains what was learned must change when the weights are random. Where both "
        "maps look alike, the method shows the picture's edges rather than what was learned."
    ),
}

CAUTION = (
    "Read it with care: a heatmap says, by the rule of its method, which places raise the score of "
    "a class. It does not say where the object is, nor why the network decides as it does."
)


def show_facts(asked: Asked, jobs: Sequence[HeatJob]) -> None:
    """Show the formula of the method with its numbers, and whether they add up if they must."""
    # What tells two classes apart comes last, and so does the last layer.
    one = jobs[-1] if asked.view in ("classes", "depth") else jobs[0]
    facts = heat_facts(one)
    shown = "both" if asked.view == "classes" else asked.look.evidence
    show_formula(one.network, one, facts, shown)
    if facts is not None and facts.completeness is not None:
        _show_completeness(facts.completeness, facts.completeness_formula or "")


def show_blank(asked: Asked, one: HeatJob, name: str) -> None:
    """Say why there is nothing to see on a map, and show a way to something."""
    facts = heat_facts(one)
    if facts is None or not one.is_finished:
        return
    if facts.blank == "not finite":
        st.warning(
            _("Some of the network's numbers overflow here: those places stay cold."),
            icon=":material/warning:",
        )
    elif asked.look.evidence == "for" and facts.blank == "negative":
        st.info(
            _("Nothing speaks for “{name}” here: all evidence is against it.").format(
                name=literal(name)
            ),
            icon=":material/visibility_off:",
        )
        _offer("against", _("Show what speaks against it"))
    elif facts.blank == "zero":
        st.info(
            _(
                "All values of this map are 0: nothing at this layer moves the score of “{name}”. "
                "Another layer or method may say more."
            ).format(name=literal(name)),
            icon=":material/visibility_off:",
        )
    elif asked.look.evidence == "against" and facts.is_one_sided:
        st.info(
            _("Nothing speaks against “{name}” here: the map has no value below 0.").format(
                name=literal(name)
            ),
            icon=":material/visibility_off:",
        )
        _offer("for", _("Show what speaks for it"))


def show_hint(view: HeatView, network: Network) -> None:
    """Say what to look for, in two sentences; and what not to read into a heatmap."""
    hint = (
        _("This network has learned nothing yet: its maps say what raises a score by chance.")
        if is_untrained(network)
        else _(HINTS[view])
    )
    st.markdown(f"{hint} {_(CAUTION)}")


def cited(asked: Asked) -> tuple[str, ...]:
    """Return the names of the papers behind what is shown."""
    methods = dict.fromkeys(one.method for one in asked.questions)
    papers = ["visualizing" if method == "occlusion" else method for method in methods]
    if "score-cam" in methods:
        papers.append("faster-score-cam")
    of_views: dict[HeatView, tuple[str, ...]] = {
        "classes": ("contrastive",),
        "random": ("sanity-checks", "similarity", "he-initialization"),
    }
    return (*papers, *of_views.get(asked.view, ()))


def _show_completeness(complete: Completeness, formula: str) -> None:
    st.markdown(
        _(
            "**Completeness:** the attributions must add up to the score of the picture minus that "
            "of the gray baseline:"
        )
        + f"  \n${formula}$"
    )
    if complete.error > 0.1:
        st.markdown(
            _("That is {error} off: take more steps before you trust the map.").format(
                error=percent(complete.error)
            )
        )


def _offer(evidence: Evidence, label: str) -> None:
    st.button(
        label,
        key=f"heat offer {evidence}",
        icon=":material/contrast:",
        on_click=controls.say,
        args=(EVIDENCE, evidence),
        help=_("Show the other side of the same map."),
    )
