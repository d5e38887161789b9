"""Curves of a heatmap's hot pixels deleted and inserted, as the occlusion page shows them."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from cnnviz_core.drawing import share_lines
from cnnviz_core.drawing.share_lines import ShareBand, ShareCurve, ShareLine
from cnnviz_core.heatmaps import chance_curves, faithfulness
from cnnviz_core.heatmaps.baselines import HoleBaseline
from cnnviz_core.heatmaps.chance_curves import ChanceState, Verdict
from cnnviz_core.heatmaps.faithfulness import CurveState
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.inspection.layer_roles import default_layer
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.theme import Theme
from cnnviz_core.views.faithfulness import MAX_CURVES, heat_of, is_blank
from cnnviz_core.views.sharing import Picture, shared

# Points of a curve, less one: one for each 5 % of the pixels.
STEPS = 20

# Maps that a heatmap must do better than. Of five, one like them is the best one time in six.
NUM_RANDOM = 5

# RISE deletes to black and inserts into a blurred picture, for the edges of single pixels on black
# are evidence of their own; else what is not there looks the same for both.
INSERTION_BASELINES: dict[HoleBaseline, HoleBaseline] = {"black": "blur"}


@dataclass(frozen=True, slots=True)
class AreaVerdict:
    """The area under a heatmap's curve, the extremes of those of random maps, and who is better."""

    area: float
    low: float
    high: float
    verdict: Verdict


@dataclass(frozen=True, slots=True, eq=False)
class HeatCurves:
    """The work of measuring a heatmap: hot pixels deleted and inserted; and by random maps."""

    deletion: Job[CurveState]
    insertion: Job[CurveState]
    random_deletion: Job[ChanceState]
    random_insertion: Job[ChanceState]

    @property
    def jobs(self) -> tuple[Job[Any], ...]:
        """Return all four."""
        return self.deletion, self.insertion, self.random_deletion, self.random_insertion

    @property
    def num_random(self) -> int:
        """Return how many random maps have both curves by now."""
        states = self.random_deletion.state, self.random_insertion.state
        return min(0 if one is None else one.done for one in states)

    @property
    def verdicts(self) -> tuple[AreaVerdict, AreaVerdict] | None:
        """Return those of deletion and insertion; None until all is measured."""
        pairs = (
            (self.deletion.state, self.random_deletion.state),
            (self.insertion.state, self.random_insertion.state),
        )
        found = [
            _area_verdict(curve, by_chance, is_deletion=number == 0)
            for number, (curve, by_chance) in enumerate(pairs)
            if curve is not None
            and by_chance is not None
            and curve.done == curve.total
            and by_chance.done == by_chance.total
        ]
        return (found[0], found[1]) if len(found) == len(pairs) else None


def heat_curves(
    network: Network, picture: Picture, target: int, method: str, baseline: HoleBaseline
) -> HeatCurves:
    """Return the work of measuring a heatmap; what somebody measured before is finished.

    Random maps have the grain of the layer whose maps are weighed, or of single pixels; so has the
    random order in which a blank heatmap deletes.

    Parameters
    ----------
    baseline : "black", "blur" or "inpainting"
        What deleted pixels show, and those not inserted yet, but for `INSERTION_BASELINES`.

    Raises
    ------
    ValueError
        As `heatmaps.heatmap`.
    """
    height, width = picture.pixels.shape[:2]
    is_coarse = METHODS[method].kind == "class activation"
    if is_coarse and not is_blank(network, picture, target, method):
        height, width = network.layer(default_layer(network)).output_shape[:2]
    inserted = INSERTION_BASELINES.get(baseline, baseline)
    return HeatCurves(
        _curve(network, picture, target, method, baseline, is_deletion=True),
        _curve(network, picture, target, method, inserted, is_deletion=False),
        _by_chance(network, picture, target, (height, width), baseline, is_deletion=True),
        _by_chance(network, picture, target, (height, width), inserted, is_deletion=False),
    )


def heat_curves_figure(
    curves: HeatCurves,
    percent: int,
    *,
    labels: tuple[str, str],
    x_label: str,
    y_label: str,
    theme: Theme,
) -> str | None:
    """Draw the curves so far as SVG, marked at a share in percent; None before the first point.

    Parameters
    ----------
    labels : (str, str)
        For deleted and inserted; "{area}" becomes the area below the curve.

    Raises
    ------
    ValueError
        What the work raised.
    """
    for job in curves.jobs:
        if job.problem is not None:
            raise ValueError(job.problem)
    pairs = (
        (curves.deletion, curves.random_deletion),
        (curves.insertion, curves.random_insertion),
    )
    lines = []
    for label, (job, random_job) in zip(labels, pairs, strict=True):
        state = job.state
        if state is not None:
            written = label.format(area=f"{state.area:.2f}")
            curve = ShareCurve(state.shares, state.probabilities)
            lines.append(ShareLine(written, curve, _band(random_job.state)))
    if not lines:
        return None
    return share_lines.share_curves(
        lines, theme=theme, x_label=x_label, y_label=y_label, marked=percent / 100
    )


@shared(MAX_CURVES)
def _curve(
    network: Network,
    picture: Picture,
    target: int,
    method: str,
    baseline: HoleBaseline,
    *,
    is_deletion: bool,
) -> Job[CurveState]:
    heat = heat_of(network, picture, target, method)
    states = faithfulness.deletion_states if is_deletion else faithfulness.insertion_states
    return Job(
        begin=partial(
            states, network, picture.pixels, heat, target, steps=STEPS, baseline=baseline
        ),
        name=f"{method} by deletion or insertion in {network.key}",
        is_portable=True,
        can_resume=True,
    )


@shared(MAX_CURVES)
def _by_chance(
    network: Network,
    picture: Picture,
    target: int,
    grain: tuple[int, int],
    baseline: HoleBaseline,
    *,
    is_deletion: bool,
) -> Job[ChanceState]:
    begin = partial(
        chance_curves.chance_states,
        network,
        picture.pixels,
        target,
        grain,
        baseline=baseline,
        is_deletion=is_deletion,
        count=NUM_RANDOM,
        steps=STEPS,
    )
    name = f"chance by deletion or insertion in {network.key}"
    return Job(begin=begin, name=name, is_portable=True, can_resume=True)


def _band(state: ChanceState | None) -> ShareBand | None:
    """Return the band from the least to the largest of all random maps so far."""
    if state is None or not state.done:
        return None
    return ShareBand(state.shares, state.probabilities.min(0), state.probabilities.max(0))


def _area_verdict(state: CurveState, by_chance: ChanceState, *, is_deletion: bool) -> AreaVerdict:
    verdict = chance_curves.compare(state.area, by_chance.areas, is_deletion=is_deletion)
    return AreaVerdict(state.area, min(by_chance.areas), max(by_chance.areas), verdict)
