"""From any Keras model to one flat graph: no model inside, every layer used once."""

from collections.abc import Callable, Sequence
from typing import Any

from cnnviz_core.networks.graph_nodes import is_used_once, run_model, without_nodes


def flatten(model: Any) -> Any:
    """Return a functional model without models inside, each layer of which is used once.

    The model itself where it is such a one, or a view of a Sequential one that shares its layers;
    otherwise a copy with its own weights. Layer names are kept where they are unique.

    Raises
    ------
    ValueError
        If the model has no graph yet, or not one input and one output.
    """
    import keras

    if not isinstance(model, keras.Model) or not getattr(model, "inputs", None):
        raise ValueError(
            "The model must be a Sequential or functional Keras model that knows its input shape, "
            f"but came as {type(model).__name__}. Give its first layer an Input, or call it once."
        )
    if not isinstance(model, keras.Sequential) and not hasattr(model, "operations"):
        raise ValueError(
            f"The model must be Sequential or functional, but {type(model).__name__} computes in "
            "Python code of its own, which has no layers to show."
        )
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ValueError(
            "The model must take one picture and give one answer, but has "
            f"{len(model.inputs)} inputs and {len(model.outputs)} outputs."
        )
    _require_picture_input(model)
    model = _functional(model)
    if all(_is_flat(operation) for operation in model.operations):
        return model
    return _flat_copy(model)


def _is_flat(operation: Any) -> bool:
    import keras

    return not isinstance(operation, keras.Model) and is_used_once(operation)


def _flat_copy(model: Any) -> Any:
    # Keras' own `clone_model` does the same, but copies a nested model as a model.
    import keras

    taken: set[str] = set()

    def unique(names: Sequence[str]) -> str:
        numbered = (f"{names[-1]}_{count}" for count in range(2, len(taken) + 3))
        name = next(name for name in (*names, *numbered) if name not in taken)
        taken.add(name)
        return name

    def copy_into(prefix: str) -> Callable[[Any], Callable[..., Any]]:
        def copy_of(operation: Any) -> Callable[..., Any]:
            if isinstance(operation, keras.Model):
                inner = _functional(operation)
                inside = copy_into(f"{prefix}{operation.name}_")
                return lambda inputs, **_: run_model(inner, inputs, inside)
            if not isinstance(operation, keras.layers.Layer):
                return without_nodes(operation)  # type: ignore[no-any-return]
            name = unique((operation.name, f"{prefix}{operation.name}"))
            return _copy_of_layer(operation, name)

        return copy_of

    inputs = keras.Input(batch_shape=model.input.shape, dtype=model.input.dtype)
    outputs = run_model(model, inputs, copy_into(""))
    return keras.Model(inputs, outputs, name=model.name)


def _copy_of_layer(layer: Any, name: str) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        copy = type(layer).from_config({**layer.get_config(), "name": name})
        outputs = copy(*args, **kwargs)
        copy.set_weights(layer.get_weights())
        return outputs

    return call


def _functional(model: Any) -> Any:
    # A view of the same layers with one plain input and output, not lists or dictionaries of one.
    import keras

    is_plain = not isinstance(model, keras.Sequential) and hasattr(model.input, "shape")
    if is_plain and hasattr(model.output, "shape"):
        return model
    return keras.Model(model.inputs[0], model.outputs[0], name=model.name)


def _require_picture_input(model: Any) -> None:
    shape = model.inputs[0].shape
    if len(shape) != 4 or shape[-1] not in (1, 3):
        raise ValueError(
            "The model must take pictures (height, width, 1 or 3 channels), "
            f"but takes the shape {tuple(shape[1:])}."
        )
