"""Activation functions as curves: what comes out for each value that goes in."""

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.layers.activation import DEFAULT_SLOPE, ActivationName, activate, derivative


def curve(
    x: npt.ArrayLike,
    name: ActivationName,
    *,
    slope: float = DEFAULT_SLOPE,
    num_channels: int = 1,
) -> tuple[FloatArray, FloatArray]:
    """Evaluate a function and its derivative along an axis.

    Parameters
    ----------
    x : array_like (N,)
    name, slope
        As in `activation.activate`.
    num_channels : int
        For "softmax", at least 1: one channel has the value x, the others are 0, and the curve is
        the share of the one. Every other function looks at one value alone.

    Returns
    -------
    float32 (N,), float32 (N,)
        The values of the function, and of its derivative by x.

    Raises
    ------
    ValueError
        As `activation.activate`, or if there is no channel.

    Examples
    --------
    >>> curve([-1.0, 2.0], "relu")
    (array([0., 2.], dtype=float32), array([0., 1.], dtype=float32))
    >>> curve([0.0], "softmax", num_channels=4)[0]
    array([0.25], dtype=float32)
    """
    num_channels = require_whole(num_channels, "num_channels", low=1)
    places = np.asarray(x)
    channels = np.zeros((*places.shape, num_channels), np.float32)
    channels[..., 0] = places
    return (
        activate(channels, name, slope=slope)[..., 0],
        derivative(channels, name, slope=slope)[..., 0],
    )
