"""How much of its receptive field a unit really uses, measured by gradients."""

import numpy as np

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.networks.network import Network, Picture

# Each takes one backward pass; the shape of the field no longer changes with more.
PROBES = 4


def effective_field(
    network: Network, image: Picture, layer: str, row: int, column: int, *, seed: int = 0
) -> FloatArray:
    """Return how strongly each pixel moves a unit, all its channels together.

    With J the derivatives of the unit's channels with respect to a pixel's colours, this is the
    root of the sum of their squares, ‖J‖, divided by the largest of all pixels. It is estimated
    from a few random mixtures of the channels: for random signs v, the mean of ‖vJ‖² is ‖J‖²
    (Hutchinson, *A Stochastic Estimator of the Trace of the Influence Matrix*, 1990). What it
    shows was first described by Luo, Li, Urtasun and Zemel, *Understanding the Effective Receptive
    Field in Deep Convolutional Neural Networks* (2016).

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size. Which paths are open depends on it.
    layer : str
        The name of one of `network.layers`.
    row, column : int
        The unit's place in the feature map; 0, 0 for a layer that answers with a vector.
    seed : int
        Of the random signs.

    Returns
    -------
    float32 (h, w)
        For each pixel of the network's input, 0..1; all zeros where no pixel moves the unit, as
        where a ReLU is silent in all channels.

    Raises
    ------
    ValueError
        If there is no such layer or no such unit, or `image` is no picture.
    """
    import keras
    import tensorflow as tf

    shape = network.layer(layer).output_shape
    height, width = shape[:2] if len(shape) == 3 else (1, 1)
    require_whole(row, "row", low=0, high=height - 1)
    require_whole(column, "column", low=0, high=width - 1)
    part = keras.Model(network.model.inputs, network.model.get_layer(layer).output)
    batch = tf.constant(network.preprocess(image))
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(batch)
        answer = part(batch, training=False)
        unit = answer[0, row, column] if len(shape) == 3 else tf.reshape(answer, [-1])
        signs = np.random.default_rng(seed).choice((-1.0, 1.0), (PROBES, unit.shape[0]))
        mixtures = [tf.reduce_sum(unit * one) for one in signs.astype(np.float32)]
    squares = sum(np.square(np.asarray(tape.gradient(one, batch))[0]).sum(-1) for one in mixtures)
    strength = np.sqrt(np.asarray(squares, np.float32))
    largest = strength.max()
    return strength / largest if largest > 0 else strength


def concentration(field: FloatArray, share: float = 0.9) -> int:
    """Return how many pixels it takes, the strongest first, to hold `share` of the whole.

    Parameters
    ----------
    field : float32 (h, w)
        From `effective_field`.
    share : float
        0..1.

    Returns
    -------
    int
        0 for a field of zeros.

    Examples
    --------
    >>> concentration(np.float32([[0, 6], [1, 3]]), 0.9)
    2
    """
    strongest = np.sort(field, axis=None)[::-1].cumsum(dtype=np.float64)
    if strongest[-1] == 0:
        return 0
    return int(np.searchsorted(strongest, share * strongest[-1] * (1 - 1e-9))) + 1
