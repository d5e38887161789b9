"""What the occlusion page shows of a picture that is covered in part."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz_core import images
from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import montage, outlines, rendering
from cnnviz_core.drawing.encoding import encode_jpeg
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.heatmaps import occlusion
from cnnviz_core.heatmaps.baselines import Fill, fill_picture
from cnnviz_core.heatmaps.class_scores import one_class
from cnnviz_core.heatmaps.occlusion import OcclusionState, TriedPlaces
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
FILL_PIXELS = 100

# The little map on a screen of high density.
TRIED_PIXELS = 300

# The share of the colors where a map lies over the picture, and of its light where none does.
MAP_ALPHA = 0.65
UNTRIED_LIGHT = 0.45

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
    fall : float
        How far the score of the class falls.
    """

    patch: Patch
    changes: tuple[Change, ...]
    fall: float


@dataclass(frozen=True, slots=True)
class FallMap:
    """A map of how far a score falls, over the picture, after `done` of `total` patches.

    `url` holds the bytes themselves, as JPEG: a map that grows ten times a second is gone before
    a browser could ask for it. `low` and `high` are the extremes.
    """

    url: str
    scale: Scale
    low: float
    high: float
    done: int
    total: int


def patch_on(picture: Picture, down: int, across: int, percent: int) -> Patch:
    """The patch at a place: percent of the way down and across, and of the shorter side.

    Halves are rounded up, as in the browser that draws the patch.
    """
    height, width = picture.pixels.shape[:2]
    return Patch(
        int(down * (height - 1) / 100 + 0.5),
        int(across * (width - 1) / 100 + 0.5),
        max(1, int(min(height, width) * percent / 100 + 0.5)),
    )


def stride_of(size: int, parts: int) -> int:
    """How far a patch slides that stops in every one of `parts` of its own size."""
    return max(1, size // parts)


def covered(
    network: Network, picture: Picture, target: int, patch: Patch, fill: Fill
) -> CoveredView:
    """What the network says of the covered picture; one pass, for the same patch none.

    Raises
    ------
    ValueError
        As `occlusion.cover`, or if the network does not answer with finite numbers.
    """
    before, after = logits(network, picture), _covered_logits(network, picture, patch, fill)
    require_finite(network, before, after)
    fall = float((before - after).astype(np.float64) @ one_class(network, target))
    shown = changes(network, before, after, target, count=NUM_CLASSES)
    return CoveredView(patch, shown, fall)


@shared(MAX_VIEWS)
def fill_background(picture: Picture, fill: Fill) -> str:
    """What a patch shows, as the background of an element that lies over the whole picture."""
    filled = np.asarray(np.rint(fill_picture(picture.pixels, fill)), np.uint8)
    if fill != "blur":
        red, green, blue = filled[0, 0]
        return f"rgb({red}, {green}, {blue})"
    return f"center / 100% 100% url({_url(images.fit(filled, FILL_PIXELS))})"


def nothing_tried(picture: Picture) -> TriedPlaces:
    """The map of a picture on which no place was covered yet."""
    height, width = picture.pixels.shape[:2]
    return occlusion.no_places((height, width))


def with_place(tried: TriedPlaces, view: CoveredView) -> TriedPlaces:
    """The map with one more place; the same one if that place was tried before."""
    patch = view.patch
    return occlusion.try_place(tried, patch.row, patch.column, patch.size, view.fall)


def tried_map(picture: Picture, tried: TriedPlaces) -> FallMap:
    """How far the score fell where a hand covered the picture; the rest is darker."""
    drawn, scale = _drawn_falls(picture.pixels, tried.values, tried.counts > 0)
    count = len(tried.places)
    small = montage.fit_width(drawn, TRIED_PIXELS)
    low, high = rendering.value_range(tried.values)
    return FallMap(url=_url(small), scale=scale, low=low, high=high, done=count, total=count)


@shared(MAX_JOBS)
def sliding_job(
    network: Network, picture: Picture, target: int, size: int, stride: int, fill: Fill
) -> Job[OcclusionState]:
    """The work of sliding a patch over the whole picture; `size` and `stride` are in pixels."""

    def begin() -> Iterator[OcclusionState]:
        logit_weights = one_class(network, target)
        return occlusion.occlusion_states(
            network, picture.pixels, logit_weights, size=size, stride=stride, fill=fill
        )

    return Job(begin)


def sliding_map(picture: Picture, job: Job[OcclusionState], size: int) -> FallMap:
    """The map so far, with a frame around the last patch until it is done.

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
        drawn, scale = _drawn_falls(picture.pixels, nothing, nothing != 0)
        return FallMap(url=_url(drawn), scale=scale, low=0.0, high=0.0, done=0, total=0)
    drawn, scale = _drawn_falls(picture.pixels, state.values, state.values != 0)
    if state.done < state.total:
        drawn = outlines.outline(drawn, state.top, state.left, state.top + size, state.left + size)
    low, high = rendering.value_range(state.values)
    return FallMap(
        url=_url(drawn), scale=scale, low=low, high=high, done=state.done, total=state.total
    )


@shared(MAX_COVERED)
def _covered_logits(network: Network, picture: Picture, patch: Patch, fill: Fill) -> FloatArray:
    return occlusion.cover(
        network, picture.pixels, patch.row, patch.column, size=patch.size, fill=fill
    ).logits


def _drawn_falls(
    pixels: ByteArray, values: FloatArray, is_tried: npt.NDArray[np.bool_]
) -> tuple[ByteArray, Scale]:
    scale = overlays.heat_scale(_reach(values), "diverging")
    colored = overlays.draw_overlay(pixels, values, scale, alpha=MAP_ALPHA)
    dark = np.asarray(pixels * np.float32(UNTRIED_LIGHT), np.uint8)
    return np.where(is_tried[..., np.newaxis], colored, dark), scale


def _reach(values: FloatArray) -> float:
    """Where the scale of a map ends.

    >>> _reach(np.float32([0.3, -3])), _reach(np.float32([0]))
    (4.0, 0.25)
    """
    largest = max(float(np.abs(values).max()), LEAST_REACH)
    return float(2 ** np.ceil(np.log2(largest)))


def _url(drawn: ByteArray) -> str:
    return data_url(encode_jpeg(drawn))
