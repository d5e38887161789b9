"""How much two heatmaps are alike: by the order of their pixels, and by their structure."""

import numpy as np
import numpy.typing as npt
from skimage import metrics

from cnnviz_core.arrays import FloatArray

# The side of the windows in which structure is compared.
WINDOW = 7


def rank_correlation(first: FloatArray, second: FloatArray) -> float:
    """Return Spearman's correlation of two maps: 1 where they order the pixels alike.

    Spearman, *The Proof and Measurement of Association between Two Things* (1904): the correlation
    of ranks, equal values sharing their mean rank.

    Parameters
    ----------
    first, second : float32 (H, W)

    Returns
    -------
    float
        −1..1, about 0 for maps that have nothing to do with each other; 0 where one of them is the
        same everywhere, and orders nothing.

    Raises
    ------
    ValueError
        If the shapes differ, or values are not finite.

    Examples
    --------
    >>> rank_correlation(np.float32([[0, 1, 2]]), np.float32([[5, 6, 99]]))
    1.0
    """
    _require_alike(first, second)
    a, b = _centred_ranks(first), _centred_ranks(second)
    norm = np.sqrt((a @ a) * (b @ b))
    return float(np.clip(a @ b / norm, -1, 1)) if norm > 0 else 0.0


def structural_similarity(first: FloatArray, second: FloatArray) -> float:
    """Return the mean structural similarity of two maps over windows of 7×7 pixels: 1 if equal.

    Wang, Bovik, Sheikh and Simoncelli, *Image Quality Assessment: From Error Visibility to
    Structural Similarity* (2004), equation 13.

    Parameters
    ----------
    first, second : float32 (H, W)
        0..1, at least 7 pixels a side.

    Returns
    -------
    float
        −1..1.

    Raises
    ------
    ValueError
        If the shapes differ, the maps are smaller, or values are outside 0..1.
    """
    _require_alike(first, second)
    if min(first.shape) < WINDOW:
        raise ValueError(
            f"first must have at least {WINDOW} pixels a side, but came with the shape "
            f"{first.shape}. Compare maps of the picture's size."
        )
    for values, name in ((first, "first"), (second, "second")):
        if values.min() < 0 or values.max() > 1:
            raise ValueError(
                f"{name} must lie in 0..1, but goes from {values.min():g} to {values.max():g}."
            )
    a, b = first.astype(np.float64), second.astype(np.float64)
    return float(metrics.structural_similarity(a, b, win_size=WINDOW, data_range=1.0))


def _centred_ranks(values: FloatArray) -> npt.NDArray[np.float64]:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places.reshape(-1)]
    return np.asarray(ranks - (values.size + 1) / 2)


def _require_alike(first: FloatArray, second: FloatArray) -> None:
    if first.ndim != 2 or first.shape != second.shape or first.size == 0:
        raise ValueError(
            "first and second must be two maps (height, width) of one shape, but came with the "
            f"shapes {first.shape} and {second.shape}."
        )
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("first and second must hold finite numbers, but some are not.")
