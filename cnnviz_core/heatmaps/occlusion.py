"""What the network says when a part of the picture is covered.

Zeiler and Fergus, *Visualizing and Understanding Convolutional Networks* (2014), section 4.2.
Patches are squares of the picture's own pixels; each covered picture goes through the whole
preprocessing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.heatmaps.baselines import Baseline, baseline_picture
from cnnviz_core.heatmaps.class_scores import chunk_size, logits_of, require_logit_weights
from cnnviz_core.heatmaps.records import chunks
from cnnviz_core.images import ImageArray, as_picture
from cnnviz_core.networks.network import Network

# Of the patch, in parts of the picture's shorter side; and of the stride, in parts of the patch.
PATCHES_PER_SIDE = 5
STRIDES_PER_PATCH = 2


@dataclass(frozen=True, slots=True, eq=False)
class OcclusionState:
    """An occlusion map after some of its patches.

    Attributes
    ----------
    done, total : int
        Patches.
    values : float32 (H, W)
        How far the score drops where a pixel is covered, the mean over all patches so far that
        cover it; signed. Zero where no patch has been yet.
    top, left : int
        The upper left corner of the last patch.
    sums : float64 (H, W)
        Of the drops, what `values` are the means of: to go on from here.
    """

    done: int
    total: int
    values: FloatArray
    top: int
    left: int
    sums: npt.NDArray[np.float64] = field(repr=False)


def occlusion_states(
    network: Network,
    image: ImageArray,
    logit_weights: FloatArray,
    *,
    size: int | None = None,
    stride: int | None = None,
    baseline: Baseline = "gray",
    resume: OcclusionState | None = None,
) -> Iterator[OcclusionState]:
    """Slide a patch over the picture, row by row, and note how far the score drops.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    logit_weights : float32 (classes,)
        The score is the sum of the logits weighed with it; see `class_scores`.
    size : int, optional
        The side of the patch in pixels, at least 1; a fifth of the shorter side by default. A patch
        reaches as far as the picture does.
    stride : int, optional
        Pixels from one patch to the next, from 1 to `size`, so that no pixel is left out; half of
        `size` by default. The last patch of a row or column ends at the border.
    baseline : "gray", "mean", "blur" or "black"
        What the patch shows; see `baselines.baseline_picture`.
    resume : OcclusionState, optional
        Go on from here, all else being the same.

    Yields
    ------
    OcclusionState
        After every few patches; the last one has them all. Taking the next one goes on with the
        work, leaving the iterator stops it.

    Raises
    ------
    ValueError
        If the network has no classifier or gives NaN, `logit_weights` does not fit, an argument is
        out of range, or `image` is no picture; at the call, not at the first state, but for NaN.
    """
    weights = require_logit_weights(network, logit_weights)
    picture = as_picture(image)
    shorter = min(picture.shape[:2])
    side = max(1, shorter // PATCHES_PER_SIDE) if size is None else size
    require_whole(side, "size", low=1)
    step = max(1, side // STRIDES_PER_PATCH) if stride is None else stride
    require_whole(step, "stride", low=1, high=side)
    patch = baseline_picture(picture, baseline)
    rows, columns = (_starts(length, side, step) for length in picture.shape[:2])
    corners = [(top, left) for top in rows for left in columns]
    return _states(network, picture, weights, patch, corners, side, resume)


def _states(
    network: Network,
    picture: FloatArray,
    logit_weights: FloatArray,
    patch: FloatArray,
    corners: list[tuple[int, int]],
    size: int,
    resume: OcclusionState | None,
) -> Iterator[OcclusionState]:
    whole = logits_of(network, network.preprocess(picture))[0] @ logit_weights
    score_drops, counts = np.zeros(picture.shape[:2]), np.zeros(picture.shape[:2])
    num_made = 0
    if resume is not None:
        score_drops, num_made = resume.sums.copy(), resume.done
        for top, left in corners[:num_made]:
            counts[top : top + size, left : left + size] += 1
    for part in chunks(len(corners), chunk_size(network)):
        if part.stop <= num_made:
            continue
        some = corners[part.start : part.stop]
        covered = (with_patch(picture, patch, top, left, size) for top, left in some)
        batch = np.concatenate([network.preprocess(one) for one in covered])
        scores = logits_of(network, batch) @ logit_weights
        for (top, left), score in zip(some, scores, strict=True):
            score_drops[top : top + size, left : left + size] += whole - score
            counts[top : top + size, left : left + size] += 1
        values = (score_drops / np.maximum(counts, 1)).astype(np.float32)
        top, left = some[-1]
        yield OcclusionState(
            done=part.stop,
            total=len(corners),
            values=values,
            top=top,
            left=left,
            sums=score_drops.copy(),
        )


def _starts(length: int, size: int, stride: int) -> list[int]:
    """Return where patches begin along a side, the last one ending at the border.

    >>> _starts(10, 4, 4), _starts(3, 4, 2)
    ([0, 4, 6], [0])
    """
    end = max(length - size, 0)
    return [*range(0, end, stride), end]


def with_patch(
    picture: FloatArray, patch: FloatArray, top: int, left: int, size: int
) -> FloatArray:
    """Return a picture that shows a patch's pixels in a square; what lies outside is cut off."""
    covered = picture.copy()
    place = square(top, left, size)
    covered[place] = patch[place]
    return covered


def square(top: int, left: int, size: int) -> tuple[slice, slice]:
    """Return where a square's rows and columns lie; above and left of the picture, nothing does."""
    return slice(max(top, 0), top + size), slice(max(left, 0), left + size)
