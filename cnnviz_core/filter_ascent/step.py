"""One step of an ascent, traced once for each network, layer, size and number of pictures.

All that a slider moves is an argument of the traced step, so nothing is ever traced again for it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from cnnviz_core.filter_ascent import parameterization, transforms
from cnnviz_core.filter_ascent.scores import StepSignature, measured, scores
from cnnviz_core.filter_ascent.truncated_network import TruncatedNetwork, map_shape, truncate_at
from cnnviz_core.networks.network import Network
from cnnviz_core.networks.traced_functions import kept_with_network, traced

# Adam's decay rates and its guard against zero: Kingma and Ba (2015), algorithm 1. They suggest 0.9
# for the first. With 0.5, and steps three times as large, half as many bring filters of VGG16 as
# high.
BETA_1, BETA_2, EPSILON = 0.5, 0.999, 1e-8

# Each holds a traced graph: tens of megabytes of TensorFlow's.
CAPACITY = 8

# The settings that are numbers, and arguments of the traced step.
SLIDERS = (
    "step_size",
    "contrast",
    "negative_slope",
    "total_variation",
    "l2",
    "blur",
    "diversity",
)


@kept_with_network(CAPACITY)
def truncated_network_and_shape(
    network: Network, layer: str, size: tuple[int, int]
) -> tuple[TruncatedNetwork, tuple[int, int, int]]:
    """Return the network up to a layer, and the shape of that layer's map for pictures of a size.

    Raises
    ------
    ValueError
        If there is no such layer, or it does not take pictures of that size.
    """
    truncated = truncate_at(network, layer)
    return truncated, map_shape(truncated, size)


@kept_with_network(CAPACITY)
def step_of(network: Network, signature: StepSignature) -> Callable[..., Any]:
    """Return the traced step for a signature: see `_step` for what it takes and gives."""
    import tensorflow as tf

    truncated, shape = truncated_network_and_shape(network, signature.layer, signature.size)
    values = tf.TensorSpec(
        parameterization.values_shape(signature.image, signature.count, signature.size)
    )
    number = tf.TensorSpec(())
    return traced(
        partial(_step, truncated, signature),
        (values, values, values),
        _objective_specs(signature, shape[2]),
        {"step": number, "shift": tf.TensorSpec((2,), tf.int32), "rotation": tf.TensorSpec((2, 2))},
        dict.fromkeys(SLIDERS, number),
    )


@kept_with_network(CAPACITY)
def measurement_of(network: Network, signature: StepSignature) -> Callable[..., Any]:
    """Return the traced measurement for a signature: see `measured` for what it takes and gives."""
    import tensorflow as tf

    truncated, shape = truncated_network_and_shape(network, signature.layer, signature.size)
    return traced(
        partial(measured, truncated, signature),
        tf.TensorSpec((signature.count, *signature.size, 3)),
        _objective_specs(signature, shape[2]),
        {"negative_slope": tf.TensorSpec(())},
    )


def _objective_specs(signature: StepSignature, num_channels: int) -> dict[str, Any]:
    import tensorflow as tf

    shape = (signature.count, signature.num_terms)
    return {
        "channels": tf.TensorSpec((*shape, num_channels)),
        "rows": tf.TensorSpec(shape, tf.int32),
        "columns": tf.TensorSpec(shape, tf.int32),
        "energy": tf.TensorSpec((signature.count,)),
        "alike": tf.TensorSpec((signature.count, signature.count)),
    }


def _step(
    truncated: TruncatedNetwork,
    signature: StepSignature,
    values: tuple[Any, Any, Any],
    objective: dict[str, Any],
    draws: dict[str, Any],
    settings: dict[str, Any],
) -> tuple[Any, Any, tuple[Any, Any, Any]]:
    """Measure the pictures as they are, and return the numbers of the next ones.

    Parameters
    ----------
    values : three tensors of one shape
        The pictures' numbers, and Adam's means of their gradients and of the squares.

    Returns
    -------
    images : tensor (N, H, W, 3)
    activations : tensor (N,)
    values : three tensors
        Of the next step.
    """
    import tensorflow as tf

    with tf.GradientTape() as outer:
        outer.watch(values[0])
        images = parameterization.pictures(
            signature.image, values[0], signature.size, settings["contrast"]
        )
    activations, uphill = image_gradient(truncated, signature, images, objective, draws, settings)
    gradient = outer.gradient(images, values[0], output_gradients=uphill)
    moved = _changed(signature, values, gradient, draws["step"], settings["step_size"])
    smooth = parameterization.blurred(signature.image, moved[0], signature.size, settings["blur"])
    return images, activations, (smooth, *moved[1:])


def image_gradient(
    truncated: TruncatedNetwork,
    signature: StepSignature,
    images: Any,
    objective: dict[str, Any],
    draws: dict[str, Any],
    settings: dict[str, Any],
) -> tuple[Any, Any]:
    """Return each picture's objective, and which way its pixels should go.

    The objective's gradient is brought to a root mean square of 1 for each picture. So the weights
    of the regularizers mean the same in every network and layer: at 1 they pull about as hard.

    Returns
    -------
    tensor (N,), tensor (N, H, W, 3)
    """
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(images)
        seen = transforms.shift(images, draws["shift"])
        if signature.is_turned:
            seen = transforms.rotate(seen, draws["rotation"])
        activations, total = scores(truncated, signature, seen, objective, settings)
    uphill = tape.gradient(total, images)
    size = tf.sqrt(tf.reduce_mean(uphill**2, (1, 2, 3), keepdims=True))
    uphill = tf.math.divide_no_nan(uphill, size)
    weights = settings["total_variation"], settings["l2"]
    # Most runs have neither.
    is_regularized = weights[0] + weights[1] > 0
    return activations, tf.cond(
        is_regularized, lambda: uphill - _penalty_gradient(images, *weights), lambda: uphill
    )


def _penalty_gradient(images: Any, total_variation: Any, l2: Any) -> Any:
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(images)
        down = tf.reduce_sum(tf.abs(images[:, 1:] - images[:, :-1]))
        right = tf.reduce_sum(tf.abs(images[:, :, 1:] - images[:, :, :-1]))
        penalty = total_variation * (down + right) + l2 * tf.reduce_sum((images - 0.5) ** 2)
    return tape.gradient(penalty, images)


def _changed(
    signature: StepSignature, values: tuple[Any, Any, Any], gradient: Any, step: Any, step_size: Any
) -> tuple[Any, Any, Any]:
    """Return the numbers after a step: of Adam, or for pixels of Chollet's normalized gradient."""
    import tensorflow as tf

    now, mean, square = values
    if signature.image == "pixels":
        return tf.clip_by_value(now + step_size * gradient, 0, 1), mean, square
    mean = BETA_1 * mean + (1 - BETA_1) * gradient
    square = BETA_2 * square + (1 - BETA_2) * gradient**2
    first, second = mean / (1 - BETA_1 ** (step + 1)), square / (1 - BETA_2 ** (step + 1))
    return now + step_size * first / (tf.sqrt(second) + EPSILON), mean, square
