"""What the browser needs to say what a network says while the slider of silence is moved."""

from base64 import b64encode
from dataclasses import asdict
from html import escape

import numpy as np

from cnnviz_core.networks import Network
from cnnviz_core.number_format import short_number
from cnnviz_core.views import votes
from cnnviz_core.views.sharing import Picture
from cnnviz_core.views.vote_pictures import HEAT_ALPHA
from cnnviz_core.views.votes import AblationStop, VoteCounts, VotesView
from pages.parts import controls
from pages.parts.heatmaps.vote_controls import COUNT, SIDE, counts_up_to
from pages.parts.heatmaps.vote_facts import silenced_text
from pages.parts.live import live_pictures
from pages.parts.texts import _


def say_stops(
    network: Network,
    picture: Picture,
    target: int,
    against: int | None,
    counts: VoteCounts,
    single: tuple[int, ...],
    view: VotesView,
) -> None:
    """Give the browser what the network says at each stop of the slider, and the map of votes."""
    side = controls.value(SIDE)
    most = counts.num_for if side == "for" else counts.num_against
    stops = votes.ablation_stops(
        network, picture, target, against, side, counts_up_to(most), tuple(sorted(single))
    )
    shown = {change.before.index: change for stop in stops for change in stop.changes}
    classes = {
        index: {
            "name": escape(_(one.before.name)),
            "before": one.before.probability,
            "isAsked": one.is_asked,
        }
        for index, one in shown.items()
    }
    heats = np.stack([stop.heat for stop in stops])
    live_pictures.say(
        "votes",
        (COUNT,),
        stops=[_said(stop, short_number(view.score_before)) for stop in stops],
        classes=classes,
        heats=b64encode(heats.astype("<f4").tobytes()).decode(),
        heatShape=heats.shape[1:],
        scale=asdict(view.heat.scale),
        alpha=HEAT_ALPHA,
    )


def _said(stop: AblationStop, score_before: str) -> dict[str, object]:
    text = silenced_text(stop.num_ablated).format(
        count=f"{stop.num_ablated:,}", before=score_before, now=short_number(stop.score)
    )
    return {
        "count": stop.count,
        "chances": [(one.after.index, one.after.probability) for one in stop.changes],
        "text": escape(text),
    }
