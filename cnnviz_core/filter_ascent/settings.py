"""The settings of an ascent, their limits, and the book's way."""

from dataclasses import dataclass
from typing import Literal, get_args

from cnnviz_core.arrays import require_choice, require_whole
from cnnviz_core.filter_ascent.parameterization import (
    IMAGE_KINDS,
    STARTS,
    ImageKind,
    Start,
)

PrecisionChoice = Literal["fastest", "float32", "bfloat16"]
PRECISIONS: tuple[PrecisionChoice, ...] = get_args(PrecisionChoice)

# What settings may be, from low to high.
LIMITS = {
    "step_size": (0.0, 1.0),
    "contrast": (0.0, 0.5),
    "negative_slope": (0.0, 1.0),
    "jitter": (0, 64),
    "rotation": (0.0, 180.0),
    "scaling": (0.0, 1.0),
    "total_variation": (0.0, 10.0),
    "l2": (0.0, 10.0),
    "blur": (0.0, 8.0),
    "diversity": (0.0, 10.0),
}


@dataclass(frozen=True, slots=True)
class AscentSettings:
    """How to ascend.

    Attributes
    ----------
    image : "fourier" or "pixels"
        How the picture is written down; Fourier coefficients are changed by Adam, pixels by the
        normalized gradient.
    start : "noise" or "gray"
    step_size : float
        0..1. Adam's in the Fourier basis; for pixels the root mean square of one step, in 0..1.
    contrast : float
        0..0.5. About the least deviation of a picture in the Fourier basis; 0 lets it be gray.
    negative_slope : float
        0..1. How much values of a channel below zero count. At 1 the mean of all places counts,
        and a channel that most places inhibit shows a picture that inhibits it less; at 0 nothing
        pulls where the channel is silent. Between them it may be silent in most places, and must
        speak in some.
    jitter : int
        0..64 pixels by which pictures are moved before each step.
    rotation : float
        0..180 degrees by which they are turned at most.
    scaling : float
        0..1. They are enlarged or reduced by a factor of at most 1 + `scaling`.
    total_variation, l2 : float
        0..10. Weights of the sum of differences between neighbors, and of the squared distance
        from gray; at 1 they pull about as hard as the objective.
    blur : float
        0..8 pixels, the deviation of a Gaussian after each step.
    diversity : float
        0..10. How much pictures with the same objective keep away from each other.
    after_activation : bool
        Measure after the layer's nonlinearity. Where a filter is silent it then has no gradient,
        and the picture stays gray.
    precision : "fastest", "float32" or "bfloat16"
        "fastest" measures once what this processor convolves faster in. Networks of other layers
        than plain convolutions are computed in float32 in any case.
    """

    image: ImageKind = "fourier"
    start: Start = "noise"
    step_size: float = 0.15
    contrast: float = 0.18
    negative_slope: float = 0.1
    jitter: int = 8
    rotation: float = 0.0
    scaling: float = 0.0
    total_variation: float = 0.0
    l2: float = 0.0
    blur: float = 0.0
    diversity: float = 0.0
    after_activation: bool = False
    precision: PrecisionChoice = "fastest"


DEFAULT = AscentSettings()

# Chollet, *Deep Learning with Python* (2017), listings 5.35 to 5.38: gray with a little noise, 40
# steps of the normalized gradient of the plain mean, after ReLU. Its pictures are shown through
# `stretched`.
BOOK = AscentSettings(
    image="pixels", step_size=1 / 255, jitter=0, negative_slope=1.0, after_activation=True
)


def require_settings(settings: AscentSettings) -> None:
    """Raise `ValueError` unless all settings are what they may be."""
    require_choice(settings.image, "image", IMAGE_KINDS)
    require_choice(settings.start, "start", STARTS)
    require_choice(settings.precision, "precision", PRECISIONS)
    require_whole(settings.jitter, "jitter", low=0)
    for name, (low, high) in LIMITS.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            raise ValueError(f"{name} must be from {low} to {high}, but came as {value!r}.")
