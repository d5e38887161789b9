"""Whether a heatmap shows what the network uses, as the occlusion page shows it."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from cnnviz_core import heatmaps
from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import PICTURE_SCALE
from cnnviz_core.heatmaps import confidence_drops
from cnnviz_core.heatmaps.baselines import HoleBaseline
from cnnviz_core.heatmaps.confidence_drops import AverageDrop, Drop
from cnnviz_core.heatmaps.faithfulness import without_hottest
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.inspection import predictions
from cnnviz_core.inspection.predictions import Change, changes
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views.heat_jobs import offered_methods
from cnnviz_core.views.networks import logits
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared

# A heatmap takes 0.5 MB.
MAX_HEATS = 16

# Work that has begun holds a picture of 1.5 MB.
MAX_CURVES = 24


@dataclass(frozen=True, slots=True, eq=False)
class DeletedView:
    """The picture without its hottest pixels, and what the network says of it."""

    picture: Rendered
    changes: tuple[Change, ...]


def quick_methods(network: Network) -> tuple[str, ...]:
    """Return the methods that explain a network in one pass."""
    return tuple(name for name in offered_methods(network) if METHODS[name].cost == "one pass")


def is_blank(network: Network, picture: Picture, target: int, method: str) -> bool:
    """Whether a heatmap shows nothing.

    Raises
    ------
    ValueError
        As `heatmaps.heatmap`.
    """
    return not heat_of(network, picture, target, method).any()


@shared(MAX_VIEWS)
def deleted(
    network: Network,
    picture: Picture,
    target: int,
    method: str,
    percent: int,
    baseline: HoleBaseline,
) -> DeletedView:
    """Return the picture without so many percent of its hottest pixels; a baseline replaces them.

    Raises
    ------
    ValueError
        As `heatmaps.heatmap`.
    """
    heat = heat_of(network, picture, target, method)
    left = without_hottest(picture.pixels, heat, percent / 100, baseline=baseline)
    before, after = logits(network, picture), predictions.logits(network, left)
    shown = np.asarray(np.rint(left), np.uint8)
    return DeletedView(
        rendered(shown, shown, PICTURE_SCALE),
        changes(network, before, after, target),
    )


@shared(MAX_HEATS)
def single_drop(network: Network, picture: Picture, target: int, method: str) -> Drop:
    """Return what is left of a class when only the hot parts of a picture are shown."""
    return confidence_drops.drop(
        network, picture.pixels, heat_of(network, picture, target, method), target
    )


@shared(MAX_CURVES)
def average_drop_job(network: Network, method: str) -> Job[AverageDrop]:
    """Return the work of measuring the average drop of all samples, each for its first class."""
    return Job(
        begin=partial(confidence_drops.average_drop_states, network, method=method),
        name=f"average drop of {method} in {network.key}",
        is_portable=True,
        can_resume=True,
    )


@shared(MAX_HEATS)
def heat_of(network: Network, picture: Picture, target: int, method: str) -> FloatArray:
    """Return a heatmap, float32 (H, W); as `heatmaps.heatmap`."""
    return heatmaps.heatmap(network, picture.pixels, target, method=method)
