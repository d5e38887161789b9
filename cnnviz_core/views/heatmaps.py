"""What the heatmaps page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import montage, rendering
from cnnviz_core.drawing.encoding import encode_jpeg
from cnnviz_core.drawing.rendered import Rendered, described, rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.heatmaps import baselines, formulas, maps
from cnnviz_core.heatmaps.maps import Evidence
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.heatmaps.overlays import OverlayColors
from cnnviz_core.heatmaps.records import Blankness, Completeness, RawMap
from cnnviz_core.heatmaps.sanity_checks import HeatSimilarity, similarity
from cnnviz_core.inspection import predictions
from cnnviz_core.inspection.predictions import Prediction
from cnnviz_core.networks import Network
from cnnviz_core.views import overlays
from cnnviz_core.views.heat_jobs import HeatJob, HeatQuestion
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared

# Small pictures in a row: enough for a high-density screen.
TILE_PIXELS = 360

# As many as fit beneath a picture.
NUM_PREDICTIONS = 3


@dataclass(frozen=True, slots=True)
class HeatLook:
    """How a map is shown: see `maps.shown` and `heatmaps.overlay`.

    `is_clipped`: maps of pixels have few extremes; the strongest 1 % share the last color.
    """

    evidence: Evidence = "for"
    color_map: OverlayColors = "sequential"
    alpha: float = 0.5
    threshold: float = 0.0
    is_clipped: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class HeatFacts:
    """What is said of a map: its formula's numbers, and what is strange about it.

    `size` is None where the formula has no further letters. `num_channels` are the layer's, 0
    without one; `num_parts` those of the whole work. `is_one_sided`: there is no evidence against
    the class.
    """

    score: str
    size: str | None
    num_channels: int
    num_parts: int
    blank: Blankness | None
    is_one_sided: bool
    completeness: Completeness | None
    completeness_formula: str | None
    top: tuple[Prediction, ...]


def heat_view(
    one: HeatJob, look: HeatLook, end: float | None = None
) -> tuple[Rendered, Rendered] | None:
    """Draw a map over its picture, and as it is; None before there is anything.

    Parameters
    ----------
    end : float, optional
        Where the colors over the picture end; see `heat_end`.

    Raises
    ------
    ValueError
        If `look` is out of range.
    """
    state = one.state
    if state is None:
        return None
    asked = one.network, one.picture, one.question, state.done
    return (
        _overlay(*asked, look, end, _raw=state),
        _raw_picture(*asked, look.is_clipped, _raw=state),
    )


def heat_tile(one: HeatJob, look: HeatLook) -> Rendered | None:
    """Draw a map over its picture, small; None before there is anything."""
    state = one.state
    if state is None:
        return None
    return _tile(one.network, one.picture, one.question, state.done, look, _raw=state)


def heat_end(jobs: Sequence[HeatJob], look: HeatLook) -> float:
    """Return where the colors of several maps end if they share a scale."""
    states = [one.state for one in jobs]
    values = [
        maps.on_picture(state, one.picture.pixels, look.evidence)
        for one, state in zip(jobs, states, strict=True)
        if state is not None
    ]
    percents = {_percent(one.question.method, look.is_clipped) for one in jobs}
    return maps.scale_end(*values, percent=min(percents, default=100.0))


def overlay_scale(
    question: HeatQuestion, look: HeatLook, end: float | None, values: FloatArray
) -> Scale:
    """Return the colors of a map over its picture; `end` as for `heat_view`."""
    percent = _percent(question.method, look.is_clipped)
    end = maps.scale_end(values, percent=percent) if end is None else end
    return overlays.heat_scale(end, "diverging" if look.evidence == "both" else look.color_map)


def heat_facts(one: HeatJob) -> HeatFacts | None:
    """Return what is said of a map; None before there is anything."""
    state = one.state
    if state is None:
        return None
    raw, complete = state, state.completeness
    num_channels = one.network.layer(raw.layer).output_shape[-1] if raw.layer else 0
    return HeatFacts(
        score=formulas.score_formula(raw),
        size=formulas.size_formula(raw, num_channels),
        num_channels=num_channels,
        num_parts=raw.total,
        blank=raw.blank,
        is_one_sided=not (raw.values < 0).any(),
        completeness=complete,
        completeness_formula=formulas.completeness_formula(complete.attributed, complete.difference)
        if complete
        else None,
        top=predictions.rank(one.network, raw.logits, NUM_PREDICTIONS),
    )


def shown_formula(evidence: Evidence) -> str:
    """Return what the picture shows of a map, as LaTeX."""
    return formulas.shown_formula(evidence)


def gray_input(network: Network) -> tuple[float, ...]:
    """Return what a network's preprocessing makes of middle gray, one number a channel."""
    return baselines.gray_input(network)


def zero_color(network: Network) -> tuple[int, int, int] | None:
    """Return the color that a network's preprocessing turns to zeros; None if there is none."""
    return baselines.zero_color(network)


def heat_similarity(one: HeatJob, other: HeatJob) -> HeatSimilarity | None:
    """Return how much two finished maps of a picture are alike; None before they are finished."""
    if not (one.is_finished and other.is_finished):
        return None
    states = one.state, other.state
    if states[0] is None or states[1] is None:
        return None
    return _similarity(
        one.network, one.picture, one.question, other.question,
        _one=states[0], _other=states[1],
    )  # fmt: skip


@shared(MAX_VIEWS)
def _overlay(
    network: Network,
    picture: Picture,
    question: HeatQuestion,
    done: int,
    look: HeatLook,
    end: float | None,
    *,
    _raw: RawMap,
) -> Rendered:
    drawn, values, scale = _drawn(picture, question, look, end, _raw)
    return rendered(drawn, values, scale)


@shared(MAX_VIEWS)
def _tile(
    network: Network,
    picture: Picture,
    question: HeatQuestion,
    done: int,
    look: HeatLook,
    *,
    _raw: RawMap,
) -> Rendered:
    drawn, values, scale = _drawn(picture, question, look, None, _raw)
    return described(encode_jpeg(montage.fit_width(drawn, TILE_PIXELS)), values, scale)


def _drawn(
    picture: Picture, question: HeatQuestion, look: HeatLook, end: float | None, raw: RawMap
) -> tuple[ByteArray, FloatArray, Scale]:
    values = maps.on_picture(raw, picture.pixels, look.evidence)
    scale = overlay_scale(question, look, end, values)
    drawn = overlays.draw_overlay(
        picture.pixels, values, scale, alpha=look.alpha, threshold=look.threshold
    )
    return drawn, values, scale


@shared(MAX_VIEWS)
def _raw_picture(
    network: Network,
    picture: Picture,
    question: HeatQuestion,
    done: int,
    is_clipped: bool,
    *,
    _raw: RawMap,
) -> Rendered:
    percent = _percent(question.method, is_clipped)
    end = maps.scale_end(np.nan_to_num(_raw.values), percent=percent)
    is_signed = rendering.value_scale(_raw.values).color_map == "diverging"
    scale = overlays.heat_scale(end, "diverging" if is_signed else "sequential")
    return overlays.rendered_cells(_raw.values, scale, picture.pixels)


@shared(MAX_VIEWS)
def _similarity(
    network: Network,
    picture: Picture,
    question: HeatQuestion,
    other_question: HeatQuestion,
    *,
    _one: RawMap,
    _other: RawMap,
) -> HeatSimilarity:
    return similarity(_one, _other, network.input_size)


def _percent(method: str, is_clipped: bool) -> float:
    is_of_pixels = METHODS[method].kind == "pixel attribution"
    return maps.CLIPPED_PERCENT if is_clipped and is_of_pixels else 100.0
