"""Whether a heatmap shows what the network uses, as the occlusion page shows it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnnviz_core import faithfulness, faithfulness_figure, heatmaps, images, predictions
from cnnviz_core.arrays import FloatArray
from cnnviz_core.cached._heat_jobs import offered_methods
from cnnviz_core.cached._jobs import Job, latest, problem_of
from cnnviz_core.cached._networks import logits
from cnnviz_core.cached._pictures import MAX_VIEWS, Picture, sample_names, shared
from cnnviz_core.deleted_pictures import without_hottest
from cnnviz_core.encoding import encode_png
from cnnviz_core.faithfulness import CurveState, Drop
from cnnviz_core.faithfulness_figure import ShareCurve, ShareLine
from cnnviz_core.heatmaps import METHODS
from cnnviz_core.networks import Network
from cnnviz_core.prediction_changes import Change, changes
from cnnviz_core.random_heat import random_heat
from cnnviz_core.rendering import PICTURE_SCALE, Rendered
from cnnviz_core.step_ink import Theme
from cnnviz_core.target_layers import default_layer

# A heatmap takes 0.5 MB.
MAX_HEATS = 16

# A curve's last state holds a picture of 1.5 MB.
MAX_CURVES = 24

# Points of a curve, less one.
STEPS = 32


@dataclass(frozen=True, slots=True, eq=False)
class DeletedView:
    """The picture without its hottest pixels, and what the network says of it."""

    picture: Rendered
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, eq=False)
class HeatCurves:
    """The work of measuring a heatmap: hot pixels deleted and inserted; and by random heat."""

    deletion: Job[CurveState]
    insertion: Job[CurveState]
    random_deletion: Job[CurveState]
    random_insertion: Job[CurveState]

    @property
    def jobs(self) -> tuple[Job[CurveState], ...]:
        """All four."""
        return self.deletion, self.insertion, self.random_deletion, self.random_insertion

    @property
    def random_areas(self) -> tuple[float, float] | None:
        """The areas below the curves by random heat, deleted and inserted; None until both are."""
        states = latest(self.random_deletion), latest(self.random_insertion)
        if any(one is None or one.done < one.total for one in states):
            return None
        deleted, inserted = (one.area for one in states if one is not None)
        return deleted, inserted


@dataclass(frozen=True, slots=True)
class AverageDrop:
    """Of `count` sample pictures so far: the average drop, and in how many confidence rose."""

    share: float
    num_rises: int
    count: int
    total: int


def quick_methods(network: Network) -> tuple[str, ...]:
    """The methods that explain a network in one pass."""
    return tuple(name for name in offered_methods(network) if METHODS[name].cost == "one pass")


def is_blank(network: Network, picture: Picture, target: int, method: str) -> bool:
    """Whether a heatmap shows nothing.

    Raises
    ------
    ValueError
        As `heatmaps.heatmap`.
    """
    return not _heat(network, picture, target, method).any()


@shared(MAX_VIEWS)
def deleted(
    network: Network, picture: Picture, target: int, method: str, percent: int
) -> DeletedView:
    """The picture without so many percent of its hottest pixels; they are black.

    Raises
    ------
    ValueError
        As `heatmaps.heatmap`.
    """
    left = without_hottest(picture.pixels, _heat(network, picture, target, method), percent / 100)
    before, after = logits(network, picture), predictions.logits(network, left)
    shown = np.asarray(np.rint(left), np.uint8)
    low, high = float(shown.min()), float(shown.max())
    return DeletedView(
        Rendered(encode_png(shown), shown.shape, low, high, PICTURE_SCALE),
        changes(network, before, after, target),
    )


def heat_curves(network: Network, picture: Picture, target: int, method: str) -> HeatCurves:
    """The work of measuring a heatmap; what somebody measured before is finished.

    Random heat has the grain of the layer whose maps are weighed, or of single pixels.
    """
    height, width = picture.pixels.shape[:2]
    grain = (height, width)
    if METHODS[method].kind == "class activation":
        height, width = network.layer(default_layer(network)).output_shape[:2]
        grain = (height, width)
    return HeatCurves(
        _curve(network, picture, target, method, is_deletion=True),
        _curve(network, picture, target, method, is_deletion=False),
        _curve(network, picture, target, grain, is_deletion=True),
        _curve(network, picture, target, grain, is_deletion=False),
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
    """The curves so far as SVG, marked at a share in percent; None before the first point.

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
        if (problem := problem_of(job)) is not None:
            raise ValueError(problem)
    pairs = (
        (curves.deletion, curves.random_deletion),
        (curves.insertion, curves.random_insertion),
    )
    lines = []
    for label, (job, random_job) in zip(labels, pairs, strict=True):
        state, by_chance = latest(job), latest(random_job)
        if state is not None:
            compared = None if by_chance is None else _curve_so_far(by_chance)
            area = f"{state.area:.2f}"
            lines.append(ShareLine(label.format(area=area), _curve_so_far(state), compared))
    if not lines:
        return None
    return faithfulness_figure.share_curves(
        lines, theme=theme, x_label=x_label, y_label=y_label, marked=percent / 100
    )


@shared(MAX_HEATS)
def single_drop(network: Network, picture: Picture, target: int, method: str) -> Drop:
    """What is left of a class when only the hot parts of a picture are shown."""
    return faithfulness.drop(
        network, picture.pixels, _heat(network, picture, target, method), target
    )


@shared(MAX_CURVES)
def average_drop_job(network: Network, method: str) -> Job[AverageDrop]:
    """The work of measuring the average drop of all sample pictures, each for its first class."""

    def begin() -> Iterator[AverageDrop]:
        drops: list[Drop] = []
        for name in sample_names():
            image = images.sample(name)
            target = predictions.top_classes(network, image, 1)[0].index
            heat = heatmaps.heatmap(network, image, target, method=method)
            drops.append(faithfulness.drop(network, image, heat, target))
            share, rises = faithfulness.average_drop(drops)
            count = len(drops)
            yield AverageDrop(share, round(rises * count), count, len(sample_names()))

    return Job(begin, is_long=True)


def average_drop(job: Job[AverageDrop]) -> AverageDrop | None:
    """The average drop so far; None before the first, and where it cannot be measured."""
    return latest(job)


@shared(MAX_HEATS)
def _heat(network: Network, picture: Picture, target: int, method: str) -> FloatArray:
    return heatmaps.heatmap(network, picture.pixels, target, method=method)


@shared(MAX_CURVES)
def _curve(
    network: Network,
    picture: Picture,
    target: int,
    source: str | tuple[int, int],
    *,
    is_deletion: bool,
) -> Job[CurveState]:
    """By the heatmap of a method, or by random heat of a grain."""

    def begin() -> Iterator[CurveState]:
        height, width = picture.pixels.shape[:2]
        heat = (
            _heat(network, picture, target, source)
            if isinstance(source, str)
            else random_heat((height, width), source)
        )
        states = faithfulness.deletion_states if is_deletion else faithfulness.insertion_states
        return states(network, picture.pixels, heat, target, steps=STEPS)

    return Job(begin, is_long=True)


def _curve_so_far(state: CurveState) -> ShareCurve:
    return ShareCurve(state.shares, state.probabilities)
