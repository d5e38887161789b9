"""From any Keras model to a `Network`: one flat graph, its logits, and its traced calls."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cnnviz_core.arrays import FloatArray
from cnnviz_core.images import ImageArray
from cnnviz_core.networks.fingerprint import fingerprint
from cnnviz_core.networks.flattening import flatten
from cnnviz_core.networks.graph_nodes import node_of
from cnnviz_core.networks.layer_types import layer_type
from cnnviz_core.networks.network import LayerInfo, Network, OutputActivation
from cnnviz_core.networks.preprocessing import (
    Scaling,
    gray,
    preprocessing,
    unchanged,
    zero_to_one,
)
from cnnviz_core.networks.traced_functions import traced

DEFAULT_INPUT_SIZE = (224, 224)


def from_keras(
    model: Any,
    *,
    title: str,
    preprocess: Scaling | None = None,
    class_names: Sequence[str] | None = None,
) -> Network:
    """Make a `Network` of a Keras model.

    Parameters
    ----------
    model : keras.Model
        Sequential or functional, with models inside or not; one picture in, one answer out. It is
        not changed. Where models are nested or layers used twice, the network holds a flat copy.
    title : str
        For people.
    preprocess : callable, optional
        ImageArray of the input size, float32 (h, w, 3), RGB, 0..255 (a copy of its own) -> what the
        model takes, (h, w, C) or (1, h, w, C). By default 0..1, or 0..255 where the model begins
        with a Rescaling or Normalization layer; in luminance where it takes one channel.
    class_names : sequence of str, optional
        One name for each output; two for a single sigmoid output.

    Returns
    -------
    Network
        Its key holds a digest of layers, weights, preprocessing and names as they are now, so that
        caches don't take two models of one title for the same. Who trains the model further calls
        this again.

    Raises
    ------
    ValueError
        If the model has not been built, takes or gives several things, does not take pictures of
        one or three channels, or the names don't fit.
    """
    flat = flatten(model)
    scaling = preprocess or default_scaling(flat)
    names = None if class_names is None else tuple(class_names)
    digest = fingerprint(flat, scaling, _input_size(flat), names)
    return network_from_graph(
        flat,
        key=f"keras:{title}:{digest}",
        title=title,
        scaling=scaling,
        class_names=names,
    )


def network_from_graph(
    model: Any,
    *,
    key: str,
    title: str,
    scaling: Scaling,
    class_names: Sequence[str] | None,
    input_size: tuple[int, int] | None = None,
) -> Network:
    """Make a `Network` of a flat functional model.

    Parameters
    ----------
    model : keras.Model
        As `flatten` returns it.
    input_size : (int, int), optional
        For a model that takes any size. By default 224×224.
    """
    import keras

    size = input_size or _input_size(model)
    shape = (1, *size, model.input.shape[-1])
    listed = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    outputs = [layer.output for layer in listed]
    specs = keras.Model(model.inputs, outputs).compute_output_spec(keras.KerasTensor(shape))
    layers = tuple(
        LayerInfo(layer.name, type(layer).__name__, tuple(spec.shape[1:]), layer.count_params())
        for layer, spec in zip(listed, specs, strict=True)
    )
    logits, activation = _logits(model)
    names = None if class_names is None else tuple(class_names)
    _require_fitting_names(names, logits)
    return Network(
        key=key,
        title=title,
        model=model,
        input_size=size,
        preprocess=_checked(preprocessing(size, scaling), shape, title),
        class_names=names,
        layers=layers,
        logits=logits,
        output_activation=activation,
        run_layers=_listed(_run(model, outputs, shape), len(outputs)),
        run_logits=None if logits is None else _run(model, logits, shape),
    )


def default_scaling(model: Any) -> Scaling:
    """Return the scaling to assume for a model that comes without one; see `from_keras`."""
    scaling = unchanged if _scales_itself(model) else zero_to_one
    if model.input.shape[-1] == 3:
        return scaling
    return lambda picture: gray(scaling(picture))


def _scales_itself(model: Any) -> bool:
    for layer in model.layers:
        if layer_type(type(layer).__name__).family == "scaling":
            return True
        if layer.count_params() > 0:
            return False
    return False


def _logits(model: Any) -> tuple[Any, OutputActivation | None]:
    # A tensor of the graph that stops before the last activation. The last layer itself is never
    # touched: other sessions share it.
    import keras

    last = node_of(model.output).operation
    if len(model.output.shape) != 2:
        return None, None
    name = "softmax" if type(last).__name__ == "Softmax" else _activation_name(last)
    if name not in ("softmax", "sigmoid", "linear"):
        return None, None
    kind: OutputActivation = (
        "sigmoid" if name == "sigmoid" or model.output.shape[-1] == 1 else "softmax"
    )
    if type(last).__name__ in ("Softmax", "Activation"):
        return last.input, kind
    if type(last).__name__ != "Dense":
        return None, None
    if name == "linear":
        return model.output, kind
    logits = _named(keras.ops.matmul(last.input, last.kernel), f"{last.name}_logits_product")
    if last.use_bias:
        logits = _named(keras.ops.add(logits, last.bias), f"{last.name}_logits")
    return logits, kind


def _named(tensor: Any, name: str) -> Any:
    """Give the operation behind `tensor` a name; Keras' own, "add", may be that of a layer."""
    node_of(tensor).operation.name = name
    return tensor


def _activation_name(layer: Any) -> str:
    return getattr(getattr(layer, "activation", None), "__name__", "")


def _input_size(model: Any) -> tuple[int, int]:
    height, width = model.input.shape[1:3]
    return height or DEFAULT_INPUT_SIZE[0], width or DEFAULT_INPUT_SIZE[1]


def _require_fitting_names(names: tuple[str, ...] | None, logits: Any) -> None:
    if names is None:
        return
    if logits is None:
        raise ValueError("class_names must be None: the model does not end in class scores.")
    count = 2 if logits.shape[-1] == 1 else logits.shape[-1]
    if len(names) != count:
        raise ValueError(f"class_names must be {count} names, but {len(names)} came.")


def _checked(
    preprocess: Callable[[ImageArray], FloatArray], shape: tuple[int, ...], title: str
) -> Callable[[ImageArray], FloatArray]:
    def checked(image: ImageArray) -> FloatArray:
        batch = preprocess(image)
        if batch.shape != shape:
            raise ValueError(
                f"preprocess of {title!r} must give the shape {shape}, but gave {batch.shape}."
            )
        return batch

    return checked


def _listed(
    run: Callable[[FloatArray], Any], num_outputs: int
) -> Callable[[FloatArray], list[Any]]:
    """Have `run` give a list of outputs, for Keras unwraps a list of one."""
    return (lambda batch: [run(batch)]) if num_outputs == 1 else run


def _run(model: Any, outputs: Any, shape: tuple[int, ...]) -> Callable[[FloatArray], Any]:
    import keras
    import tensorflow as tf

    part = keras.Model(model.inputs, outputs)
    return traced(partial(part, training=False), tf.TensorSpec(shape, tf.float32))
