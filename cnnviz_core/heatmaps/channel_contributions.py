"""What each channel of a layer contributes to the single values of a map."""

import math

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.heatmaps.records import StrongestChannels

# Of so many values at most, a page can name the channels: with three each, some ten thousand bytes.
# Maps of early layers have more.
MAX_VALUES = 16**2


def strongest_channels(
    activations: FloatArray, weights: FloatArray, count: int = 3
) -> StrongestChannels | None:
    """Find the channels that contribute most to each value of a weighted sum, for or against.

    Parameters
    ----------
    activations : float32 (h, w, C)
    weights : float32 (C,) or (h, w, C)
        As in `class_activation.weighted_sum`.
    count : int
        At least 1; so many of each value, or all channels if there are fewer.

    Returns
    -------
    StrongestChannels or None
        None where a map has more than `MAX_VALUES`, or numbers that are not finite.

    Examples
    --------
    >>> found = strongest_channels(np.float32([[[1, 2, 3]]]), np.float32([1, -4, 2]), count=2)
    >>> found.channels.tolist(), found.contributions.tolist()
    ([[[1, 2]]], [[[-8.0, 6.0]]])
    """
    if math.prod(activations.shape[:2]) > MAX_VALUES:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        products = activations * weights
    if not np.isfinite(products).all():
        return None
    sizes = np.abs(products)
    count = min(count, products.shape[2])
    largest = np.argpartition(-sizes, count - 1, axis=2)[..., :count]
    order = np.argsort(-np.take_along_axis(sizes, largest, axis=2), axis=2, kind="stable")
    channels = np.take_along_axis(largest, order, axis=2)
    return StrongestChannels(channels, np.take_along_axis(products, channels, axis=2))
