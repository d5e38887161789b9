"""A network on parts of its input, and in two halves: the same numbers from less memory.

A unit depends on the pixels that it sees alone, so the rest of the picture may be cut away. The
windows of every layer must fall on the same pixels as before, though, and the paddings must be as
wide. That is so if pixels are cut away in multiples of the layer's jump: they then are multiples of
the stride at every layer before it, and each map only loses whole positions.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from cnnviz_core.inspection.receptive_fields import Span, fields
from cnnviz_core.networks.graph_nodes import graph_nodes, run_nodes, truncated_model
from cnnviz_core.networks.network import Network

# Into so many bands of rows the input is cut for the first half of a network.
NUM_BANDS = 4


@dataclass(frozen=True, slots=True)
class Extent:
    """Part of the input along an axis: pixels `start` to `stop`, as in a slice.

    `skipped` is how many units at the beginning of the layer's map are cut away with the rest.
    """

    start: int
    stop: int
    skipped: int


@dataclass(frozen=True, slots=True, eq=False)
class BandedNetwork:
    """A network in two halves, the first of which runs one band of rows at a time.

    Attributes
    ----------
    front, back : sequence of nodes
    rows : Span
        What the rows of the last map of the front see.
    num_rows : int
        How many it has.
    """

    front: Sequence[Any]
    back: Sequence[Any]
    rows: Span
    num_rows: int


def part_seen(span: Span, first: int, last: int, size: int) -> Extent:
    """Return what the units at places `first` to `last` see of an axis of `size` pixels.

    A few pixels more, to keep all windows where they are; and at the picture's edges, where what
    they see is cut off, no less than elsewhere, so that the window of each layer finds its place.

    Examples
    --------
    >>> part_seen(Span(-1, 2, 2), 3, 3, 16)
    Extent(start=4, stop=10, skipped=2)
    >>> part_seen(Span(-2, 3, 2), 7, 7, 16)
    Extent(start=10, stop=16, skipped=5)
    """
    if span.jump == 0:
        return Extent(0, size, 0)
    top, bottom = span.first + first * span.jump, span.last + last * span.jump
    before = min(max(top, 0), max(size - 1 - bottom + top, 0)) // span.jump
    after = min(max(size - 1 - bottom, 0), max(size - 1 - bottom + top, 0)) // span.jump
    return Extent(before * span.jump, size - after * span.jump, before)


def nodes_to(network: Network, layer: str) -> list[Any]:
    """Return the nodes of the graph that lead to a layer, in the order of computation."""
    return graph_nodes(truncated_model(network.model, layer))


def run_chain(nodes: Sequence[Any], source: Any, tensor: Any) -> Any:
    """Compute nodes that all depend on one place of the graph; return what the last one gives.

    Parameters
    ----------
    nodes : sequence of nodes
        From `nodes_to`; without any, `tensor` comes back.
    source : KerasTensor
        The place: the input, or what all of them depend on.
    tensor : tensor
        What stands there.
    """
    known = run_nodes(nodes, {id(source): tensor})
    return known[id(nodes[-1].outputs[0] if nodes else source)]


def treats_places_alike(nodes: Sequence[Any]) -> bool:
    """Return whether no layer that `receptive_fields` knows has a weight for each place."""
    for node in nodes:
        layer = node.operation
        if type(layer).__name__ == "PReLU" and any(side != 1 for side in layer.alpha.shape[:-1]):
            return False
        if type(layer).__name__ == "BatchNormalization" and layer.axis not in (-1, 3):
            return False
    return True


def banded(network: Network, nodes: Sequence[Any], *, num_copies: int) -> BandedNetwork | None:
    """Return a network in two halves, split where running it takes least memory.

    The first half ends in a layer that all paths lead through. Of that layer the whole map is kept;
    of the others one band at a time in the first half, and everything in the second.

    Parameters
    ----------
    nodes : sequence of nodes
        From `nodes_to`.
    num_copies : int
        How many arrays of the size of the map between the halves are kept.

    Returns
    -------
    BandedNetwork or None
        None where it is best not to split.
    """
    shapes = {layer.name: layer.output_shape for layer in network.layers}
    sizes = [math.prod(shapes.get(node.operation.name, ())) for node in nodes]
    known, height = fields(network), network.input_size[0]
    best, lowest = None, float(sum(sizes))
    for index in _passages(nodes) if treats_places_alike(nodes) else ():
        field = known.get(nodes[index].operation.name)
        if field is None or field.rows.jump == 0:
            continue
        band = min(height, height / NUM_BANDS + field.rows.size)
        front, back = sum(sizes[: index + 1]) * band / height, sum(sizes[index + 1 :])
        cost = num_copies * sizes[index] + max(front, back)
        if cost < lowest:
            num_rows = shapes[nodes[index].operation.name][0]
            best = BandedNetwork(nodes[: index + 1], nodes[index + 1 :], field.rows, num_rows)
            lowest = cost
    return best


def bands(halves: BandedNetwork, size: int, height: int) -> list[tuple[range, Extent]]:
    """Return bands of rows of the map between the halves, and what each sees of the input.

    Parameters
    ----------
    size : int
        The input's height, from which `num_rows` come.
    height : int
        What is left of it, in case a multiple of some later layer's jump is cut away.
    """
    num_rows = halves.num_rows - (size - height) // halves.rows.jump
    ends = [number * num_rows // NUM_BANDS for number in range(NUM_BANDS + 1)]
    return [
        (range(first, stop), part_seen(halves.rows, first, stop - 1, height))
        for first, stop in pairwise(ends)
        if stop > first
    ]


def run_band(halves: BandedNetwork, tensor: Any, units: range, part: Extent) -> Any:
    """Compute some rows of the map between the halves, from an input (1, h, w, C).

    `units` and `part` are one of its `bands`.
    """
    source = halves.front[0].input_tensors[0]
    activations = run_chain(halves.front, source, tensor[:, part.start : part.stop])
    return activations[:, units.start - part.skipped : units.stop - part.skipped]


def _passages(nodes: Sequence[Any]) -> list[int]:
    # The nodes after which nothing is needed that came before them.
    last_use = {
        id(tensor): index for index, node in enumerate(nodes) for tensor in node.input_tensors
    }
    needed_until = last_use[id(nodes[0].input_tensors[0])]
    found = []
    for index, node in enumerate(nodes[:-1]):
        if needed_until <= index:
            found.append(index)
        needed_until = max([needed_until, *(last_use[id(tensor)] for tensor in node.outputs)])
    return found
