"""The graph of a Keras model as a list: which operation takes what, and gives what."""

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
