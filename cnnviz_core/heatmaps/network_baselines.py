"""What "nothing" is to a network: the gray that heatmaps start from, and the color of its zero."""

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.heatmaps.baselines import MIDDLE_GREY
from cnnviz_core.networks.network import Network

WHITE = 255.0

# Of the range of the network's input: preprocessing that is not a scaling and a shift is further
# off, where it has no such color at all.
_TOLERANCE = 1e-3


def gray_input(network: Network) -> tuple[float, ...]:
    """Return what a network's preprocessing makes of middle gray, one number a channel.

    Integrated gradients and occlusion start from it.

    Examples
    --------
    >>> from cnnviz_core.networks import load
    >>> gray_input(load("efficientnet-lite0"))
    (0.00390625, 0.00390625, 0.00390625)
    """
    return tuple(_channels(network, (MIDDLE_GREY,) * 3).tolist())


def zero_color(network: Network) -> tuple[int, int, int] | None:
    """Return the color that a network's preprocessing turns to zeros: where x = 0 begins.

    Gradient × input takes it for "nothing there".

    Returns
    -------
    (int, int, int) or None
        RGB, 0..255, rounded; None if there is no such color.

    Examples
    --------
    >>> from cnnviz_core.networks import load
    >>> zero_color(load("efficientnet-lite0"))
    (127, 127, 127)
    """
    black, white = (_channels(network, (level,) * 3) for level in (0.0, WHITE))
    primaries = [_channels(network, color) for color in (WHITE * np.eye(3)).tolist()]
    # The change of each channel of the input per unit of red, green and blue.
    slopes = np.stack([one - black for one in primaries], axis=1) / WHITE
    color, *_ = np.linalg.lstsq(slopes, -black, rcond=None)
    color = np.clip(color, 0, WHITE)
    is_zero = np.abs(_channels(network, color)) <= _TOLERANCE * np.ptp([black, white])
    red, green, blue = (round(float(level)) for level in color)
    return (red, green, blue) if is_zero.all() else None


def _channels(network: Network, color: object) -> FloatArray:
    picture = np.full((2, 2, 3), color, np.float32)
    channels: FloatArray = network.preprocess(picture)[0].mean((0, 1), dtype=np.float64)
    return channels
