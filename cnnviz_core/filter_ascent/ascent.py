"""The picture that a filter, a neuron, a class or a whole layer likes best, by gradient ascent.

Erhan, Bengio, Courville and Vincent, *Visualizing Higher-Layer Features of a Deep Network* (2009),
had the idea: hold the weights, and move the picture uphill.

All steps are of the full size. Beginning with the low frequencies alone, at half the size, saves
little: on VGG16, most runs reached an activation later, and the quickest 1.15 times as soon.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.filter_ascent import parameterization, transforms
from cnnviz_core.filter_ascent.objectives import Objective, as_objectives
from cnnviz_core.filter_ascent.parameterization import Start
from cnnviz_core.filter_ascent.scores import StepSignature
from cnnviz_core.filter_ascent.settings import DEFAULT, AscentSettings, require_settings
from cnnviz_core.filter_ascent.signatures import require_sides, signature_and_arrays
from cnnviz_core.filter_ascent.step import SLIDERS, measurement_of, step_of
from cnnviz_core.images import ImageArray, as_picture, stretch
from cnnviz_core.networks.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class AscentState:
    """The pictures after some steps.

    Attributes
    ----------
    step : int
        From 0, the start.
    images : float32 (N, H, W, 3)
        RGB in 0..1; read-only.
    activations : float32 (N,)
        What the objectives measure of the pictures as the network saw them, moved and turned.
    values : tuple of float32
        What it takes to go on from here; for `ascend(…, resume=state)`.
    """

    step: int
    images: FloatArray
    activations: FloatArray
    values: tuple[Any, Any, Any] = field(repr=False)


def ascend(
    network: Network,
    layer: str,
    filters: Sequence[int | Objective],
    *,
    steps: int,
    size: int | tuple[int, int],
    seed: int = 0,
    settings: AscentSettings = DEFAULT,
    picture: ImageArray | None = None,
    resume: AscentState | None = None,
) -> Iterator[AscentState]:
    """Ascend, and give the pictures after every step.

    Each step is computed when its state is asked for: who stops asking stops the work.

    Parameters
    ----------
    layer : str
        The name of one of `network.layers`.
    filters : sequence of int or Objective
        One picture each; a number is a channel of the layer.
    steps : int
        0 gives the start alone.
    size : int or (int, int)
        Side, or height and width, 16..512.
    seed : int
        Of noise, jitter, turns. Same seed, same pictures.
    settings : AscentSettings
    picture : uint8 or float32 (H, W, 3), optional
        RGB, 0..255: begin here instead, stretched to `size`; its contrast may be what it is.
    resume : AscentState, optional
        Go on from here, all else being the same. The first state is this one.

    Returns
    -------
    iterator of AscentState
        `steps` + 1 of them.

    Raises
    ------
    ValueError
        If an argument is none of what it may be; at once, not when the first state is asked for.
    """
    require_whole(steps, "steps", low=0)
    require_whole(seed, "seed", low=0)
    require_settings(settings)
    objectives = as_objectives(filters)
    sides = require_sides(size, len(objectives))
    if picture is not None:
        settings = replace(settings, contrast=0.0)
    signature, arrays = signature_and_arrays(network, layer, objectives, sides, settings)
    if resume is not None:
        values, first = _resumed(resume, signature), resume.step
    else:
        values, first = _started(signature, settings.start, picture, seed), 0
    return _states(
        network, signature, arrays, values, range(first, first + steps + 1), seed, settings
    )


def stretched_picture(picture: ImageArray, size: tuple[int, int]) -> FloatArray:
    """Return the picture that an ascent of this size begins with, float32 (*size, 3) in 0..1."""
    pixels: FloatArray = np.clip(stretch(as_picture(picture), size) / np.float32(255), 0, 1)
    return pixels


def measure(
    network: Network,
    layer: str,
    filters: Sequence[int | Objective],
    images: FloatArray,
    *,
    negative_slope: float = 1.0,
    after_activation: bool = False,
) -> FloatArray:
    """Return what each objective measures of its picture, as it is, in float32.

    Parameters
    ----------
    filters : sequence of int or Objective
        N of them.
    images : float32 (N, H, W, 3)
        RGB in 0..1.
    negative_slope : float
        As in `AscentSettings`, but by default all values count in full.
    after_activation : bool

    Returns
    -------
    float32 (N,)

    Raises
    ------
    ValueError
        If there is no such layer or filter, or the pictures are not as described.
    """
    objectives = as_objectives(filters)
    batch = np.asarray(images, np.float32)
    if batch.ndim != 4 or batch.shape[0] != len(objectives) or batch.shape[3] != 3:
        raise ValueError(
            f"images must be {len(objectives)} pictures (N, height, width, 3), one for each of "
            f"the filters, but came with the shape {batch.shape}."
        )
    settings = AscentSettings(
        negative_slope=negative_slope, after_activation=after_activation, precision="float32"
    )
    require_settings(settings)
    sides = require_sides((batch.shape[1], batch.shape[2]), len(objectives))
    signature, arrays = signature_and_arrays(network, layer, objectives, sides, settings)
    return np.asarray(
        measurement_of(network, signature)(
            batch, arrays, {"negative_slope": np.float32(negative_slope)}
        )
    )


def _states(
    network: Network,
    signature: StepSignature,
    arrays: dict[str, Any],
    values: tuple[Any, Any, Any],
    steps: range,
    seed: int,
    settings: AscentSettings,
) -> Iterator[AscentState]:
    run = step_of(network, signature)
    numbers = {name: np.float32(getattr(settings, name)) for name in SLIDERS}
    for step in steps:
        draws = _draws(settings, seed, step)
        images, activations, following = run(values, arrays, draws, numbers)
        yield AscentState(step, _read_only(images), _read_only(activations), values)
        values = following


def _draws(settings: AscentSettings, seed: int, step: int) -> dict[str, Any]:
    return {
        "step": np.float32(step),
        "shift": transforms.draw_shift(settings.jitter, seed, step),
        "rotation": transforms.draw_rotation(settings.rotation, settings.scaling, seed, step),
    }


def _started(
    signature: StepSignature, start: Start, picture: ImageArray | None, seed: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    if picture is None:
        first = parameterization.first_values(
            signature.image, start, signature.count, signature.size, seed
        )
    else:
        pixels = stretched_picture(picture, signature.size)
        first = parameterization.values_of(signature.image, pixels, signature.count)
    return first, np.zeros_like(first), np.zeros_like(first)


def _resumed(state: AscentState, signature: StepSignature) -> tuple[Any, Any, Any]:
    expected = parameterization.values_shape(signature.image, signature.count, signature.size)
    came = tuple(state.values[0].shape)
    if came != expected:
        raise ValueError(
            "resume must be a state of as many pictures of the same size and kind: "
            f"its numbers have the shape {came}, but {expected} is needed."
        )
    return state.values


def _read_only(tensor: Any) -> FloatArray:
    array = np.array(tensor)
    array.flags.writeable = False
    return array
