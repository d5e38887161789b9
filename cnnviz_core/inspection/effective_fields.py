"""How much of its receptive field a unit really uses, measured by gradients."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.images import ImageArray
from cnnviz_core.inspection.partial_runs import (
    Extent,
    banded,
    bands,
    nodes_to,
    part_seen,
    run_band,
    run_chain,
    treats_places_alike,
)
from cnnviz_core.inspection.receptive_fields import fields
from cnnviz_core.networks.network import Network

# Each takes one backward pass; the shape of the field no longer changes with more.
PROBES = 4


def effective_field(
    network: Network, image: ImageArray, layer: str, row: int, column: int, *, seed: int = 0
) -> FloatArray:
    """Return how strongly each pixel moves a unit, all its channels together.

    With J the derivatives of the unit's channels with respect to a pixel's colors, this is the
    root of the sum of their squares, ‖J‖, divided by the largest of all pixels. It is estimated
    from a few random sums of the channels: for random signs v, the mean of ‖vJ‖² is ‖J‖²
    (Hutchinson, *A Stochastic Estimator of the Trace of the Influence Matrix*, 1990). What it
    shows was first described by Luo, Li, Urtasun and Zemel, *Understanding the Effective Receptive
    Field in Deep Convolutional Neural Networks* (2016).

    Only what the unit sees is run through the network, and the first layers, whose maps are large,
    in bands: half the memory that VGG16 as a whole takes for a moment (`benchmarks.field_memory`).

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size. Which paths are open depends on it.
    layer : str
        The name of one of `network.layers`.
    row, column : int
        The unit's place in the feature map; 0, 0 for a layer that gives a vector.
    seed : int
        Of the random signs.

    Returns
    -------
    float32 (h, w)
        For each pixel of the network's input, 0..1; all zeros where no pixel moves the unit, as
        where a ReLU is zero in all channels.

    Raises
    ------
    ValueError
        If there is no such layer or no such unit, or `image` is no picture.
    """
    import tensorflow as tf

    shape = network.layer(layer).output_shape
    height, width = shape[:2] if len(shape) == 3 else (1, 1)
    require_whole(row, "row", low=0, high=height - 1)
    require_whole(column, "column", low=0, high=width - 1)
    nodes = nodes_to(network, layer)
    batch = network.preprocess(image)
    rows, columns = _parts_seen(network, layer, nodes, (row, column))
    strength = np.zeros(batch.shape[1:3], np.float32)
    seen = batch[:, rows.start : rows.stop, columns.start : columns.stop]
    signs = np.random.default_rng(seed).choice((-1.0, 1.0), (PROBES, shape[-1]))
    gradients = _gradients(
        network,
        nodes,
        tf.constant(seen),
        (row - rows.skipped, column - columns.skipped),
        signs.astype(np.float32),
    )
    found = np.sqrt(np.square(gradients).sum((0, -1)))
    strength[rows.start : rows.stop, columns.start : columns.stop] = found
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


def _parts_seen(
    network: Network, layer: str, nodes: Sequence[Any], unit: tuple[int, int]
) -> tuple[Extent, Extent]:
    height, width = network.input_size
    field = fields(network)[layer]
    if field is None or not treats_places_alike(nodes):
        return Extent(0, height, 0), Extent(0, width, 0)
    return (
        part_seen(field.rows, unit[0], unit[0], height),
        part_seen(field.columns, unit[1], unit[1], width),
    )


def _gradients(
    network: Network,
    nodes: Sequence[Any],
    seen: Any,
    unit: tuple[int, int],
    signs: FloatArray,
) -> FloatArray:
    """Return the derivatives of each signed sum of the unit's channels, (PROBES, h, w, C)."""
    import tensorflow as tf

    # Of the layer between the halves there are its map, and the derivatives of each probe.
    halves = banded(network, nodes, num_copies=1 + PROBES)
    if halves is None:
        whole = _of_unit(nodes, nodes[0].input_tensors[0], seen, unit, signs)
        return np.stack([np.asarray(one)[0] for one in whole])
    parts = bands(halves, network.input_size[0], seen.shape[1])
    halfway = tf.concat([run_band(halves, seen, *part) for part in parts], 1)
    uphill = _of_unit(halves.back, halves.front[-1].outputs[0], halfway, unit, signs)
    total = np.zeros((len(signs), *seen.shape[1:]), np.float32)
    for units, part in parts:
        with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
            tape.watch(seen)
            activations = run_band(halves, seen, units, part)
        for number, one in enumerate(uphill):
            gradient = tape.gradient(activations, seen, one[:, units.start : units.stop])
            total[number] += np.asarray(gradient)[0]
    return total


def _of_unit(
    nodes: Sequence[Any], source: Any, tensor: Any, unit: tuple[int, int], signs: FloatArray
) -> list[Any]:
    import tensorflow as tf

    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(tensor)
        activations = run_chain(nodes, source, tensor)
        channels = (
            activations[0, unit[0], unit[1]] if len(activations.shape) == 4 else activations[0]
        )
        sums = [tf.reduce_sum(channels * one) for one in signs]
    return [tape.gradient(one, tensor, unconnected_gradients="zero") for one in sums]
