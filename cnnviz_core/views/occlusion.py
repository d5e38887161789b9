"""What the occlusion page shows of a picture that is covered in part."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from cnnviz_core import images
from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import montage, outlines
from cnnviz_core.drawing.encoding import encode_jpeg
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.heatmaps import manual_occlusion, occlusion
from cnnviz_core.heatmaps.baselines import Baseline, baseline_picture
from cnnviz_core.heatmaps.class_scores import one_class
from cnnviz_core.heatmaps.manual_occlusion import ManualOcclusionMap
from cnnviz_core.heatmaps.occlusion import OcclusionState
from cnnviz_core.inspection.predictions import Change, changes, require_finite
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views import overlays
from cnnviz_core.views.networks import logits
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, data_url, shared

# As many bars as fit beside the picture, with the map of places below them.
NUM_CLASSES = 4

# Logits of a thousand classes take 4 KB; a hand that moves asks ten times a second.
MAX_COVERED = 1024

# A map takes 0.6 MB, and the work on it three pictures more.
MAX_JOBS = 16

# A blurred picture of so many pixels, enlarged by the browser, looks like the large one.
BASELINE_PIXELS = 100

# The little map on a screen of high density.
MANUAL_MAP_PIXELS = 300

# The share of the colors where a map lies over the picture, and of its light where none does.
MAP_ALPHA = 0.65
UNCOVERED_LIGHT = 0.45

# A scale ends at a power of two, and not lower: so colors stay while a map grows.
LEAST_REACH = 0.25


@dataclass(frozen=True, slots=True)
class Patch:
    """A square patch: its middle and its side, in pixels of a picture."""

    row: int
    column: int
    size: int


@dataclass(frozen=True, slots=True)
class CoveredView:
    """What a network says of a picture with a patch on it.

    Attributes
    ----------
    patch : Patch
    changes : tuple of Change
        The classes that stand out, without and with the patch.
    score_drop : float
        How far the score of the class drops.
    """

    patch: Patch
    changes: tuple[Change, ...]
    score_drop: float


@dataclass(frozen=True, slots=True)
class OcclusionMapView:
    """A map of how far a score drops, over the picture, after `done` of `total` patches.

    `url` holds the bytes themselves, as JPEG: a map that grows ten times a second is gone before
    a browser could ask for it.
    """

    url: str
    scale: Scale
    done: int
    total: int


def patch_on(picture: Picture, down: int, across: int, percent: int) -> Patch:
    """Return the patch at a place: percent of the way down and across, and of the shorter side.

    Halves are rounded up, as in the browser that draws the patch.
    """
    height, width = picture.pixels.shape[:2]
    return Patch(
        int(down * (height - 1) / 100 + 0.5),
        int(across * (width - 1) / 100 + 0.5),
        max(1, int(min(height, width) * percent / 100 + 0.5)),
    )


def stride_of(size: int, parts: int) -> int:
    """Return how far a patch slides that stops in every one of `parts` of its own size."""
    return max(1, size // parts)


def covered(
    network: Network, picture: Picture, target: int, patch: Patch, baseline: Baseline
) -> CoveredView:
    """Return what the network says of the covered picture; one pass, for the same patch none.

    Raises
    ------
    ValueError
        As `manual_occlusion.cover`, or if the network does not answer with finite numbers.
    """
    before, after = logits(network, picture), covered_logits(network, picture, patch, baseline)
    require_finite(network, before, after)
    score_drop = float((before - after).astype(np.float64) @ one_class(network, target))
    shown = changes(network, before, after, target, count=NUM_CLASSES)
    return CoveredView(patch, shown, score_drop)


@shared(MAX_VIEWS)
def baseline_background(picture: Picture, baseline: Baseline) -> str:
    """Return what a patch shows, as the background of an element over the whole picture."""
    shown = np.asarray(np.rint(baseline_picture(picture.pixels, baseline)), np.uint8)
    if baseline != "blur":
        red, green, blue = shown[0, 0]
        return f"rgb({red}, {green}, {blue})"
    return f"center / 100% 100% url({_url(images.fit(shown, BASELINE_PIXELS))})"


def empty_manual_map(picture: Picture) -> ManualOcclusionMap:
    """Return the map of a picture on which no place was covered yet."""
    height, width = picture.pixels.shape[:2]
    return manual_occlusion.empty_map((height, width))


def with_patch(found: ManualOcclusionMap, view: CoveredView) -> ManualOcclusionMap:
    """Return the map with one more place; the same one if that place was covered before."""
    patch = view.patch
    return manual_occlusion.add_patch(found, patch.row, patch.column, patch.size, view.score_drop)


def manual_map_view(picture: Picture, found: ManualOcclusionMap) -> OcclusionMapView:
    """Draw how far the score dropped where a hand covered the picture; the rest is darker."""
    drawn, scale = drawn_drops(picture.pixels, found.values, found.counts > 0)
    count = len(found.places)
    small = montage.fit_width(drawn, MANUAL_MAP_PIXELS)
    return OcclusionMapView(_url(small), scale, count, count)


@shared(MAX_JOBS)
def sliding_job(
    network: Network, picture: Picture, target: int, size: int, stride: int, baseline: Baseline
) -> Job[OcclusionState]:
    """Return the work of sliding a patch over the picture; `size` and `stride` are in pixels."""
    begin = partial(
        occlusion.occlusion_states,
        network,
        picture.pixels,
        one_class(network, target),
        size=size,
        stride=stride,
        baseline=baseline,
    )
    name = f"occlusion map of {network.key}"
    return Job(begin=begin, name=name, is_portable=True, can_resume=True)


def sliding_map(picture: Picture, job: Job[OcclusionState], size: int) -> OcclusionMapView:
    """Draw the map so far, with an outline around the last patch until it is done.

    Before the first patch nothing is done, of as many as nobody knows yet.

    Raises
    ------
    ValueError
        What the work raised.
    """
    if job.problem is not None:
        raise ValueError(job.problem)
    state = job.state
    if state is None:
        nothing = np.zeros(picture.pixels.shape[:2], np.float32)
        drawn, scale = drawn_drops(picture.pixels, nothing, nothing != 0)
        return OcclusionMapView(_url(drawn), scale, 0, 0)
    drawn, scale = drawn_drops(picture.pixels, state.values, state.values != 0)
    if state.done < state.total:
        drawn = outlines.outline(drawn, state.top, state.left, state.top + size, state.left + size)
    return OcclusionMapView(_url(drawn), scale, state.done, state.total)


@shared(MAX_COVERED)
def covered_logits(
    network: Network, picture: Picture, patch: Patch, baseline: Baseline
) -> FloatArray:
    """Return what the network says of the covered picture, float32 (classes,); errors as there."""
    return manual_occlusion.cover(
        network, picture.pixels, patch.row, patch.column, size=patch.size, baseline=baseline
    )


def drawn_drops(
    pixels: ByteArray, values: FloatArray, is_covered: npt.NDArray[np.bool_]
) -> tuple[ByteArray, Scale]:
    """Return how far a score drops over the picture, uint8 (H, W, 3), and its colors."""
    scale = overlays.heat_scale(_reach(values), "diverging")
    colored = overlays.draw_overlay(pixels, values, scale, alpha=MAP_ALPHA)
    dark = np.asarray(pixels * np.float32(UNCOVERED_LIGHT), np.uint8)
    return np.where(is_covered[..., np.newaxis], colored, dark), scale


def _reach(values: FloatArray) -> float:
    """Return where the scale of a map ends.

    >>> _reach(np.float32([0.3, -3])), _reach(np.float32([0]))
    (4.0, 0.25)
    """
    largest = max(float(np.abs(values).max()), LEAST_REACH)
    return float(2 ** np.ceil(np.log2(largest)))


def _url(drawn: ByteArray) -> str:
    return data_url(encode_jpeg(drawn))
