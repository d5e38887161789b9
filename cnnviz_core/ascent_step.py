"""One step of an ascent, traced once for each network, layer, size and number of pictures.

All that a slider moves is an argument of the traced step, so nothing is ever traced again for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock
from typing import Any

from cnnviz_core import ascent_images, ascent_transforms
from cnnviz_core.ascent_images import ContrastRule, ImageKind
from cnnviz_core.ascent_layers import (
    Trunk,
    after_activation,
    answers,
    before_activation,
    can_mix,
    convolved,
    inputs_of,
    map_shape,
    trunk_of,
)
from cnnviz_core.ascent_precision import Precision
from cnnviz_core.networks.network import Network

# Adam's decay rates and its guard against zero: Kingma and Ba (2015), algorithm 1.
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8

# Each holds a traced graph (tens of megabytes of TensorFlow's), and keeps its network alive.
CAPACITY = 8

# The settings that are numbers, and arguments of the traced step.
SLIDERS = (
    "step_size",
    "contrast",
    "below_zero",
    "total_variation",
    "l2",
    "blur",
    "diversity",
)

_lock = Lock()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a traced step is traced for.

    Attributes
    ----------
    layer : str
    count, num_terms : int
        Pictures in the batch, and terms of the longest objective.
    size : (int, int)
    image : "waves" or "pixels"
    contrast_rule : "least" or "held"
    is_after : bool
        Whether to measure after the activation function.
    needs_all : bool
        Whether objective or diversity ask for all channels of the layer.
    is_turned : bool
    precision : "float32" or "bfloat16"
    """

    layer: str
    count: int
    num_terms: int
    size: tuple[int, int]
    image: ImageKind
    contrast_rule: ContrastRule
    is_after: bool
    needs_all: bool
    is_turned: bool
    precision: Precision


@lru_cache(maxsize=CAPACITY)
def trunk_and_shape(
    network: Network, layer: str, size: tuple[int, int]
) -> tuple[Trunk, tuple[int, int, int]]:
    """Return the network up to a layer, and the shape of that layer's map for pictures of a size.

    Raises
    ------
    ValueError
        If there is no such layer, or it does not take pictures of that size.
    """
    trunk = trunk_of(network, layer)
    return trunk, map_shape(trunk, size)


def step_of(network: Network, plan: Plan) -> Callable[..., Any]:
    """Return the traced step for a plan: see `_step` for what it takes and gives."""
    with _lock:
        return _traced_step(network, plan)


def measurement_of(network: Network, plan: Plan) -> Callable[..., Any]:
    """Return the traced measurement for a plan: see `_measure` for what it takes and gives."""
    with _lock:
        return _traced_measurement(network, plan)


@lru_cache(maxsize=CAPACITY)
def _traced_step(network: Network, plan: Plan) -> Callable[..., Any]:
    import tensorflow as tf

    trunk, shape = trunk_and_shape(network, plan.layer, plan.size)
    values = tf.TensorSpec(ascent_images.values_shape(plan.image, plan.count, plan.size))
    number = tf.TensorSpec(())
    traced: Callable[..., Any] = tf.function(
        partial(_step, trunk, plan),
        input_signature=[
            (values, values, values),
            _objective_specs(plan, shape[2]),
            {"step": number, "shift": tf.TensorSpec((2,), tf.int32), "turn": tf.TensorSpec((2, 2))},
            dict.fromkeys(SLIDERS, number),
        ],
        autograph=False,
    )
    return traced


@lru_cache(maxsize=CAPACITY)
def _traced_measurement(network: Network, plan: Plan) -> Callable[..., Any]:
    import tensorflow as tf

    trunk, shape = trunk_and_shape(network, plan.layer, plan.size)
    traced: Callable[..., Any] = tf.function(
        partial(_measure, trunk, plan),
        input_signature=[
            tf.TensorSpec((plan.count, *plan.size, 3)),
            _objective_specs(plan, shape[2]),
            {"below_zero": tf.TensorSpec(())},
        ],
        autograph=False,
    )
    return traced


def _objective_specs(plan: Plan, num_channels: int) -> dict[str, Any]:
    import tensorflow as tf

    shape = (plan.count, plan.num_terms)
    return {
        "channels": tf.TensorSpec((*shape, num_channels)),
        "rows": tf.TensorSpec(shape, tf.int32),
        "columns": tf.TensorSpec(shape, tf.int32),
        "energy": tf.TensorSpec((plan.count,)),
        "alike": tf.TensorSpec((plan.count, plan.count)),
    }


def _step(
    trunk: Trunk,
    plan: Plan,
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
        images = ascent_images.pictures(
            plan.image, values[0], plan.size, settings["contrast"], plan.contrast_rule
        )
    activations, uphill = image_gradient(trunk, plan, images, objective, draws, settings)
    gradient = outer.gradient(images, values[0], output_gradients=uphill)
    moved = _climb(plan, values, gradient, draws["step"], settings["step_size"])
    smooth = ascent_images.blurred(plan.image, moved[0], plan.size, settings["blur"])
    return images, activations, (smooth, *moved[1:])


def image_gradient(
    trunk: Trunk,
    plan: Plan,
    images: Any,
    objective: dict[str, Any],
    draws: dict[str, Any],
    settings: dict[str, Any],
) -> tuple[Any, Any]:
    """Return each picture's objective, and which way its pixels should go.

    The objective's gradient is brought to a root mean square of 1 for each picture. So the weights
    of the regularisers mean the same in every network and layer: at 1 they pull about as hard.

    Returns
    -------
    tensor (N,), tensor (N, H, W, 3)
    """
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(images)
        seen = ascent_transforms.shift(images, draws["shift"])
        if plan.is_turned:
            seen = ascent_transforms.turn(seen, draws["turn"])
        activations, total = _scores(trunk, plan, seen, objective, settings)
    uphill = tape.gradient(total, images)
    size = tf.sqrt(tf.reduce_mean(uphill**2, (1, 2, 3), keepdims=True))
    uphill = tf.math.divide_no_nan(uphill, size)
    weights = settings["total_variation"], settings["l2"]
    # Most runs have neither.
    is_regularised = weights[0] + weights[1] > 0
    return activations, tf.cond(
        is_regularised, lambda: uphill - _penalty_gradient(images, *weights), lambda: uphill
    )


def _measure(
    trunk: Trunk, plan: Plan, images: Any, objective: dict[str, Any], settings: dict[str, Any]
) -> Any:
    """Return the objectives (N,) of pictures (N, H, W, 3) in 0..1."""
    inputs = inputs_of(trunk, images, plan.precision)
    maps = _as_maps(answers(trunk, inputs, plan.precision, _last(trunk, plan, objective)))
    return _activations(trunk, plan, maps, objective, settings["below_zero"])


def _scores(
    trunk: Trunk, plan: Plan, images: Any, objective: dict[str, Any], settings: dict[str, Any]
) -> tuple[Any, Any]:
    """Return the objectives (N,), and what to climb: their sum, less what pictures share."""
    import tensorflow as tf

    inputs = inputs_of(trunk, images, plan.precision)
    maps = _as_maps(answers(trunk, inputs, plan.precision, _last(trunk, plan, objective)))
    activations = _activations(trunk, plan, maps, objective, settings["below_zero"])
    if not plan.needs_all:
        return activations, tf.reduce_sum(activations)
    shared = tf.reduce_sum(objective["alike"] * similarities(maps), 1)
    # In units of the objective itself, for it has another scale in every layer.
    size = tf.stop_gradient(tf.abs(activations))
    return activations, tf.reduce_sum(activations - settings["diversity"] * size * shared)


def _mixes(trunk: Trunk, plan: Plan) -> bool:
    return can_mix(trunk) and not plan.needs_all and not plan.is_after


def _last(trunk: Trunk, plan: Plan, objective: dict[str, Any]) -> Callable[[Any, Any], Any]:
    """Return what to compute of the target layer: all of its channels, or what is asked for."""
    import tensorflow as tf

    if not _mixes(trunk, plan):
        return after_activation if plan.is_after else before_activation
    flat = tf.reshape(objective["channels"], (plan.count * plan.num_terms, -1))
    return lambda layer, given: convolved(layer, given, tf.transpose(flat))


def _as_maps(answer: Any) -> Any:
    import tensorflow as tf

    maps = tf.cast(answer, tf.float32)
    return maps if len(maps.shape) == 4 else maps[:, tf.newaxis, tf.newaxis]


def _activations(
    trunk: Trunk, plan: Plan, maps: Any, objective: dict[str, Any], below_zero: Any
) -> Any:
    """Return the objectives (N,) of maps (N, H', W', C), as `_last` has them computed."""
    import tensorflow as tf

    count, height, width = maps.shape[:3]
    if _mixes(trunk, plan):
        mixed = tf.reshape(maps, (count, height, width, count, plan.num_terms))
        # Of each picture, the terms of its own objective.
        own = tf.gather(mixed, tf.range(count), axis=3, batch_dims=1)
    else:
        own = tf.einsum("nhwc,nkc->nhwk", maps, objective["channels"])
    own = tf.maximum(own, 0) + below_zero * tf.minimum(own, 0)
    found = tf.reduce_sum(own * _places(objective, height, width), (1, 2, 3))
    if plan.needs_all:
        found += objective["energy"] * tf.reduce_mean(maps**2, (1, 2, 3))
    return found


def _places(objective: dict[str, Any], height: int, width: int) -> Any:
    """Return the weight of every place for every term, (N, H', W', K): one place, or the mean."""
    import tensorflow as tf

    rows = tf.one_hot(objective["rows"], height)[..., tf.newaxis]
    columns = tf.one_hot(objective["columns"], width)[..., tf.newaxis, :]
    everywhere = objective["rows"][..., tf.newaxis, tf.newaxis] < 0
    places = tf.where(everywhere, 1 / (height * width), rows * columns)
    return tf.transpose(places, (0, 2, 3, 1))


def similarities(maps: Any) -> Any:
    """Return how alike the textures of each two pictures are, (N, N): cosines of Gram matrices.

    Olah, Mordvintsev and Schubert, *Feature Visualization* (2017), "Diversity"; the Gram matrix of
    channels as a measure of texture is of Gatys, Ecker and Bethge (2015).

    Parameters
    ----------
    maps : tensor (N, H', W', C)
    """
    import tensorflow as tf

    count, height, width, channels = maps.shape
    flat = tf.reshape(maps, (count, height * width, channels))
    grams = tf.reshape(tf.linalg.matmul(flat, flat, transpose_a=True), (count, channels**2))
    grams = tf.math.l2_normalize(grams, 1)
    return tf.linalg.matmul(grams, grams, transpose_b=True)


def _penalty_gradient(images: Any, total_variation: Any, l2: Any) -> Any:
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(images)
        down = tf.reduce_sum(tf.abs(images[:, 1:] - images[:, :-1]))
        right = tf.reduce_sum(tf.abs(images[:, :, 1:] - images[:, :, :-1]))
        penalty = total_variation * (down + right) + l2 * tf.reduce_sum((images - 0.5) ** 2)
    return tape.gradient(penalty, images)


def _climb(
    plan: Plan, values: tuple[Any, Any, Any], gradient: Any, step: Any, step_size: Any
) -> tuple[Any, Any, Any]:
    """Waves climb by Adam. Pixels follow the normalised gradient, as in Chollet's book."""
    import tensorflow as tf

    now, mean, square = values
    if plan.image == "pixels":
        return tf.clip_by_value(now + step_size * gradient, 0, 1), mean, square
    mean = BETA_1 * mean + (1 - BETA_1) * gradient
    square = BETA_2 * square + (1 - BETA_2) * gradient**2
    first, second = mean / (1 - BETA_1 ** (step + 1)), square / (1 - BETA_2 ** (step + 1))
    return now + step_size * first / (tf.sqrt(second) + EPSILON), mean, square
