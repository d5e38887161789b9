"""What is said of a heatmap: its formula, why it is blank, whether it adds up, what to look for."""

from collections.abc import Sequence

import streamlit as st

from cnnviz_core.cached import (
    METHODS,
    Completeness,
    HeatFacts,
    HeatJob,
    Network,
    heat_facts,
    is_untrained,
)
from pages.parts.heatmap_controls import EVIDENCE, Asked, HeatView
from pages.parts.texts import _

HINTS: dict[HeatView, str] = {
    "one": (
        "Look for what lies under the brightest spot: is it the animal, or what stands around it? "
        "Then choose another class by its name, and see where the network would find that."
    ),
    "methods": (
        "Look for what most methods agree on. Those called CAM are coarse and calm; those that ask "
        "every pixel are sharp and noisy. No two measure the same, so each has its own colour bar."
    ),
    "classes": (
        "The first two share one scale. The third asks for the difference of both scores: red "
        "speaks for the first class rather than the second, blue the other way round."
    ),
    "depth": (
        "Look from first to last: early layers answer to edges everywhere, late ones to few places "
        "that mean the class. Each map has as many cells as its layer has places."
    ),
    "random": (
        "A map that explains what was learnt must fall apart when it is forgotten. Where both look "
        "alike, the method shows the picture's edges rather than the network's reasons."
    ),
}


def show_facts(asked: Asked, jobs: Sequence[HeatJob]) -> None:
    """The formula of the method with its numbers, and whether they add up if they must."""
    # What tells two classes apart comes last, and so does the last layer.
    one = jobs[-1] if asked.view in ("classes", "depth") else jobs[0]
    facts = heat_facts(one)
    _show_formula(one, facts)
    if facts is not None and facts.completeness is not None:
        _show_completeness(facts.completeness, facts.completeness_formula or "")


def show_blank(asked: Asked, one: HeatJob, name: str) -> None:
    """Why there is nothing to see on a map, and a way to something."""
    facts = heat_facts(one)
    if facts is None or not one.is_finished:
        return
    if facts.blank == "not finite":
        st.warning(
            _("Some of the network's numbers overflow here: those places are left cold."),
            icon=":material/warning:",
        )
    elif asked.look.evidence == "for" and facts.blank == "negative":
        st.info(
            _("Nothing speaks for “{name}” here: all evidence is against it.").format(name=name),
            icon=":material/visibility_off:",
        )
        _offer("against", _("Show what speaks against it"))
    elif facts.blank == "zero":
        st.info(
            _(
                "This map is zero everywhere: at this layer nothing that the network sees moves "
                "the score of “{name}”. Another layer or method may say more."
            ).format(name=name),
            icon=":material/visibility_off:",
        )
    elif asked.look.evidence == "against" and facts.is_one_sided:
        st.info(
            _("Nothing speaks against “{name}” here: the map has no value below 0.").format(
                name=name
            ),
            icon=":material/visibility_off:",
        )
        _offer("for", _("Show what speaks for it"))


def _show_formula(one: HeatJob, facts: HeatFacts | None) -> None:
    method = METHODS[one.question.method]
    st.markdown(
        _("**{method}** ({paper}):").format(method=_(method.title), paper=_(method.paper))
        + f" $\\;{method.equation}$"
    )
    if facts is not None:
        size = f",\\quad {facts.size}" if facts.size else ""
        st.markdown(f"${facts.score}{size}$")
    if not method.asks_class:
        st.caption(_("This method asks for no class: its map is the same for every one."))


def show_hint(view: HeatView, network: Network) -> None:
    """What to look for, in two sentences."""
    if is_untrained(network):
        st.caption(
            _("This network has learnt nothing yet: its maps say where random weights look.")
        )
    else:
        st.caption(_(HINTS[view]))


def _show_completeness(complete: Completeness, formula: str) -> None:
    st.markdown(
        _("**Complete?** All pixels together must come to what the picture has more than grey:")
        + f"  \n${formula}$"
    )
    if complete.error > 0.1:
        st.caption(
            _("That is {error} off: take more steps before you believe the map.").format(
                error=f"{complete.error:.0%}"
            )
        )


def _offer(evidence: str, label: str) -> None:
    st.button(
        label,
        key=f"heat offer {evidence}",
        icon=":material/contrast:",
        on_click=_choose_evidence,
        args=(evidence,),
        help=_("The other side of the same map."),
    )


def _choose_evidence(evidence: str) -> None:
    st.session_state[EVIDENCE] = evidence
