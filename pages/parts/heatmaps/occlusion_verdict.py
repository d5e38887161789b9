"""Whether a heatmap has told the truth, in words, from the numbers of this moment."""

import streamlit as st

from cnnviz_core.heatmaps.baselines import HoleBaseline
from cnnviz_core.heatmaps.chance_curves import Verdict
from cnnviz_core.inspection.predictions import Change
from cnnviz_core.number_format import percent
from cnnviz_core.views.faithfulness import DeletedView
from cnnviz_core.views.heat_curves import NUM_RANDOM, AreaVerdict, HeatCurves
from pages.parts.texts import _, literal

HOLES: dict[HoleBaseline, str] = {
    "black": "black holes",
    "blur": "blurred holes",
    "inpainting": "inpainted holes",
}
VERDICTS: dict[Verdict, str] = {
    "better": "better than chance",
    "chance": "no better than chance",
    "worse": "worse than chance",
}


def show_verdict(
    view: DeletedView, curves: HeatCurves, share: int, baseline: HoleBaseline, name: str
) -> None:
    """Say what the deleted pixels have changed, and how the curves compare with random maps."""
    asked = next(one for one in view.changes if one.is_asked)
    st.markdown(_what_happened(asked, share, name))
    found = curves.verdicts
    st.markdown(
        _("Would random maps do the same? Only the curves can tell: draw them.")
        if found is None
        else _areas(*found, baseline)
    )


def _what_happened(asked: Change, share: int, name: str) -> str:
    before, now = asked.before.probability, asked.after.probability
    was, has_become = percent(before), percent(now)
    if was == has_become:
        text = _("With {share}% of the pixels deleted, the probability of *{name}* is still {now}.")
    elif now < before:
        text = _(
            "With {share}% of the pixels deleted, the probability of *{name}* has fallen from "
            "{before} to {now}."
        )
    else:
        text = _(
            "With {share}% of the pixels deleted, the probability of *{name}* has **risen** from "
            "{before} to {now}: either the network does not need the hottest pixels here, or the "
            "holes themselves raise it."
        )
    return text.format(share=share, name=literal(name), before=was, now=has_become)


def _areas(deletion: AreaVerdict, insertion: AreaVerdict, baseline: HoleBaseline) -> str:
    return _(
        "On this picture, with {holes}, the area under the deletion curve is {deleted}: "
        "**{deletion}**. The area under the insertion curve is {inserted}: **{insertion}**."
    ).format(
        holes=_(HOLES[baseline]),
        deleted=_range(deletion),
        deletion=_(VERDICTS[deletion.verdict]),
        inserted=_range(insertion),
        insertion=_(VERDICTS[insertion.verdict]),
    )


def _range(one: AreaVerdict) -> str:
    return _("{area}, against {low} to {high} for {count} random maps").format(
        area=f"{one.area:.3f}", low=f"{one.low:.3f}", high=f"{one.high:.3f}", count=NUM_RANDOM
    )
