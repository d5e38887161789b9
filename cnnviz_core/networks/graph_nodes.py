"""The graph of a Keras model as a list of nodes, and the one way to run some or all of it.

Everything that Keras keeps to itself of a graph is asked for in this module alone. A node knows its
`operation`, the `input_tensors` that it takes and the `outputs` that it gives.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

# From an operation to what is called in its place.
Calling = Callable[[Any], Callable[..., Any]]


def graph_nodes(model: Any) -> list[Any]:
    """Return the nodes of a functional model, each after those that it takes from.

    An operation may have nodes in other models too: where models were nested, those that are no
    layers are shared with the original. Inputs have no node here.
    """
    by_depth = model._nodes_by_depth
    nodes = [node for depth in sorted(by_depth, reverse=True) for node in by_depth[depth]]
    return [node for node in nodes if not node.is_input]


def node_of(tensor: Any) -> Any:
    """Return the node that a tensor of a graph comes from."""
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def only_node(operation: Any) -> Any:
    """Return the node of an operation of a flat graph, where each has one."""
    return operation._inbound_nodes[0]


def is_used_once(operation: Any) -> bool:
    """Return whether an operation has a single node, over all graphs."""
    return len(operation._inbound_nodes) == 1


def without_nodes(operation: Any) -> Any:
    """Return a copy of an operation that does not know the graph it comes from."""
    fresh = copy.copy(operation)
    fresh._inbound_nodes, fresh._outbound_nodes = [], []
    return fresh


def truncated_model(model: Any, layer: str) -> Any:
    """Return the part of a flat model that leads to a layer, as a model that shares its layers."""
    import keras

    return keras.Model(model.inputs, model.get_layer(layer).output)


def predicting(operation: Any) -> Callable[..., Any]:
    """Return what calls an operation as when predicting."""
    takes_training = "training" in getattr(operation, "_call_context_args", ())

    def call(*args: Any, **kwargs: Any) -> Any:
        return operation(*args, **(kwargs | {"training": False} if takes_training else kwargs))

    return call


def inferring_shapes(operation: Any) -> Callable[..., Any]:
    """Return what gives the shape of an operation's output; it refuses inputs that don't fit."""

    def spec(*args: Any, **kwargs: Any) -> Any:
        if hasattr(operation, "_assert_input_compatibility"):
            operation._assert_input_compatibility(*args[:1])
        return operation.compute_output_spec(*args, **kwargs)

    return spec


def run_nodes(
    nodes: Sequence[Any], known: Mapping[int, Any], calling: Calling = predicting
) -> dict[int, Any]:
    """Compute some nodes one after the other.

    Parameters
    ----------
    nodes : sequence of nodes
        Some of `graph_nodes`, in that order.
    known : mapping of int to tensor
        The tensors that the nodes take and don't compute, by the `id` of their places in the graph.
    calling : callable
        What to call for each operation.

    Returns
    -------
    dict of int to tensor
        These, and what the nodes give, by the `id` of the places.
    """
    import keras

    tensors = dict(known)
    for node in nodes:
        args, kwargs = node.arguments.fill_in(tensors)
        outputs = keras.tree.flatten(calling(node.operation)(*args, **kwargs))
        tensors.update(zip(map(id, node.outputs), outputs, strict=True))
    return tensors


def run_model(model: Any, inputs: Any, calling: Calling = predicting) -> Any:
    """Compute a functional model of one output; see `run_nodes`."""
    import keras

    known = dict(zip(map(id, model.inputs), keras.tree.flatten(inputs), strict=True))
    return run_nodes(graph_nodes(model), known, calling)[id(model.outputs[0])]
