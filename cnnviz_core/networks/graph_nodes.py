"""The graph of a Keras model as a list: which operation takes what, and gives what."""

from collections.abc import Mapping, Sequence
from typing import Any


def graph_nodes(model: Any) -> list[Any]:
    """Return the nodes of a functional model, each after those that it takes from.

    A node knows its `operation`, `input_tensors` and `outputs`. An operation may have nodes in
    other models too: where models were nested, those that are no layers are shared with the
    original. Inputs have no node here.
    """
    by_depth = model._nodes_by_depth
    nodes = [node for depth in sorted(by_depth, reverse=True) for node in by_depth[depth]]
    return [node for node in nodes if not node.is_input]


def node_of(tensor: Any) -> Any:
    """Return the node that a tensor of a graph comes from."""
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def run_nodes(nodes: Sequence[Any], known: Mapping[int, Any]) -> dict[int, Any]:
    """Compute some nodes one after the other, as when predicting.

    Parameters
    ----------
    nodes : sequence of nodes
        Some of `graph_nodes`, in that order.
    known : mapping of int to tensor
        The tensors that the nodes take and don't compute, by the `id` of their places in the graph.

    Returns
    -------
    dict of int to tensor
        These, and what the nodes give, by the `id` of the places.
    """
    import keras

    tensors = dict(known)
    for node in nodes:
        args, kwargs = node.arguments.fill_in(tensors)
        if "training" in getattr(node.operation, "_call_context_args", ()):
            kwargs["training"] = False
        outputs = keras.tree.flatten(node.operation(*args, **kwargs))
        tensors.update(zip(map(id, node.outputs), outputs, strict=True))
    return tensors
