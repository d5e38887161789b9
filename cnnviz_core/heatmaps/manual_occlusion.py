"""What the network says when a patch is placed on the picture by hand."""

from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.heatmaps.baselines import Baseline, baseline_picture
from cnnviz_core.heatmaps.occlusion import square, with_patch
from cnnviz_core.images import ImageArray, as_picture
from cnnviz_core.inspection.predictions import logits
from cnnviz_core.networks.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class ManualOcclusionMap:
    """How far a score dropped where a patch was placed by hand, over all places so far.

    Attributes
    ----------
    score_drops : float32 (H, W)
        The sum over all patches that cover a pixel.
    counts : float32 (H, W)
        How many patches do.
    places : frozenset of (int, int)
        The middles of the patches: row, column.
    """

    score_drops: FloatArray
    counts: FloatArray
    places: frozenset[tuple[int, int]]

    @property
    def values(self) -> FloatArray:
        """Return the mean drop where a pixel was covered, float32 (H, W); 0 where it never was."""
        return np.asarray(self.score_drops / np.maximum(self.counts, 1), np.float32)


def cover(
    network: Network,
    image: ImageArray,
    row: int,
    column: int,
    *,
    size: int,
    baseline: Baseline = "gray",
) -> FloatArray:
    """Cover a square of the picture and ask the network again: one forward pass.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    row, column : int
        The pixel in the middle of the patch. What lies outside the picture is cut off.
    size : int
        The side of the patch in pixels, at least 1. A patch of even size has one pixel more above
        and to the left of its middle.
    baseline : "gray", "mean", "blur" or "black"
        What the patch shows; see `baselines.baseline_picture`.

    Returns
    -------
    float32 (classes,)
        The logits.

    Raises
    ------
    ValueError
        If the network has no classifier, the middle is outside the picture, another argument is out
        of range, or `image` is no picture.
    """
    return logits(network, covered_picture(image, row, column, size=size, baseline=baseline))


def covered_picture(
    image: ImageArray, row: int, column: int, *, size: int, baseline: Baseline = "gray"
) -> FloatArray:
    """Return the picture that `cover` shows to a network, float32 (H, W, 3); as for `cover`."""
    picture = as_picture(image)
    height, width = picture.shape[:2]
    require_whole(row, "row", low=0, high=height - 1)
    require_whole(column, "column", low=0, high=width - 1)
    require_whole(size, "size", low=1)
    corner = row - size // 2, column - size // 2
    return with_patch(picture, baseline_picture(picture, baseline), *corner, size)


def empty_map(size: tuple[int, int]) -> ManualOcclusionMap:
    """Return the map of a picture of this height and width that was not covered yet."""
    return ManualOcclusionMap(np.zeros(size, np.float32), np.zeros(size, np.float32), frozenset())


def add_patch(
    found: ManualOcclusionMap, row: int, column: int, size: int, score_drop: float
) -> ManualOcclusionMap:
    """Return the map with one more patch, placed as `cover` does.

    A place that was covered before changes nothing.

    Parameters
    ----------
    row, column : int
        The pixel in the middle of the patch.
    size : int
        The side of the patch in pixels, at least 1.
    score_drop : float
        How far the score dropped.

    Raises
    ------
    ValueError
        If the middle is outside the picture, or `size` below 1.

    Examples
    --------
    >>> found = add_patch(empty_map((2, 4)), 1, 1, 2, 3.0)
    >>> add_patch(found, 1, 2, 2, 1.0).values
    array([[3., 2., 1., 0.],
           [3., 2., 1., 0.]], dtype=float32)
    """
    height, width = found.score_drops.shape
    require_whole(row, "row", low=0, high=height - 1)
    require_whole(column, "column", low=0, high=width - 1)
    require_whole(size, "size", low=1)
    if (row, column) in found.places:
        return found
    score_drops, counts = found.score_drops.copy(), found.counts.copy()
    top, left = row - size // 2, column - size // 2
    place = square(top, left, size)
    score_drops[place] += np.float32(score_drop)
    counts[place] += 1
    return ManualOcclusionMap(score_drops, counts, found.places | {(row, column)})
