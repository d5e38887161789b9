"""What the browser needs to lay maps over pictures itself, while a slider is moved."""

from collections.abc import Sequence
from dataclasses import asdict

from cnnviz_core.heatmaps.records import StrongestChannels
from cnnviz_core.number_format import short_number
from cnnviz_core.views.heat_jobs import HeatJob
from cnnviz_core.views.heat_values import heat_values
from pages.parts.heatmaps.heatmap_controls import OPACITY, THRESHOLD, Asked
from pages.parts.heatmaps.heatmap_pictures import looks
from pages.parts.live import live_pictures


def say_maps(asked: Asked, jobs: Sequence[HeatJob]) -> None:
    """Give the browser all maps of the page, once they are finished."""
    # What failed is finished, and has no map.
    if not all(one.is_finished and one.state for one in jobs):
        return
    pngs, maps = [], []
    for one, (look, end) in zip(jobs, looks(asked, jobs), strict=True):
        if values := heat_values(one, look, end, is_tile=asked.view in ("methods", "depth")):
            pngs.append(values.data)
            scale = asdict(values.scale)
            told = {"reach": values.reach, "scale": scale, "evidence": look.evidence}
            maps.append({**told, "strongest": _told(values.strongest)})
    live_pictures.hide(pngs)
    live_pictures.say("heatmaps", (OPACITY, THRESHOLD), maps=maps)


def _told(strongest: StrongestChannels | None) -> list[list[list[tuple[int, str]]]] | None:
    """Return for each value of a map, row by row, the channels that it comes from, counted from 1.

    Each has its contribution, as it is written; what contributes nothing is left out.
    """
    if strongest is None:
        return None
    return [
        [
            [(channel + 1, short_number(part)) for channel, part in zip(*one, strict=True) if part]
            for one in zip(*row, strict=True)
        ]
        for row in zip(strongest.channels.tolist(), strongest.contributions.tolist(), strict=True)
    ]
