"""A map that grows with every place that somebody covers by hand."""

from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import FloatArray, require_whole


@dataclass(frozen=True, slots=True, eq=False)
class TriedPlaces:
    """How far a score fell at the places tried so far.

    Attributes
    ----------
    falls : float32 (H, W)
        The sum over all patches that cover a pixel.
    counts : float32 (H, W)
        How many patches do.
    places : frozenset of (int, int)
        The middles of the patches: row, column.
    """

    falls: FloatArray
    counts: FloatArray
    places: frozenset[tuple[int, int]]

    @property
    def values(self) -> FloatArray:
        """The mean fall where a pixel was covered, float32 (H, W); 0 where it never was."""
        return np.asarray(self.falls / np.maximum(self.counts, 1), np.float32)


def no_places(size: tuple[int, int]) -> TriedPlaces:
    """Return the map of a picture of this height and width on which nothing was tried yet."""
    return TriedPlaces(np.zeros(size, np.float32), np.zeros(size, np.float32), frozenset())


def try_place(tried: TriedPlaces, row: int, column: int, size: int, fall: float) -> TriedPlaces:
    """Return the map with one more patch, placed as `occlusion.cover` does.

    A place that was tried before changes nothing.

    Parameters
    ----------
    row, column : int
        The pixel in the middle of the patch.
    size : int
        The side of the patch in pixels, at least 1.
    fall : float
        How far the score fell.

    Raises
    ------
    ValueError
        If the middle is outside the picture, or `size` below 1.

    Examples
    --------
    >>> tried = try_place(no_places((2, 4)), 1, 1, 2, 3.0)
    >>> try_place(tried, 1, 2, 2, 1.0).values
    array([[3., 2., 1., 0.],
           [3., 2., 1., 0.]], dtype=float32)
    """
    height, width = tried.falls.shape
    require_whole(row, "row", low=0, high=height - 1)
    require_whole(column, "column", low=0, high=width - 1)
    require_whole(size, "size", low=1)
    if (row, column) in tried.places:
        return tried
    falls, counts = tried.falls.copy(), tried.counts.copy()
    top, left = row - size // 2, column - size // 2
    place = slice(max(top, 0), top + size), slice(max(left, 0), left + size)
    falls[place] += np.float32(fall)
    counts[place] += 1
    return TriedPlaces(falls, counts, tried.places | {(row, column)})
