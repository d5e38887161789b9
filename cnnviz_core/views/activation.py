"""What the activation page shows."""

from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import curves, histograms, rendering
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.layers import activation
from cnnviz_core.layers.activation import curve
from cnnviz_core.layers.activation_facts import ActivationName
from cnnviz_core.layers.specs import Activation, Layer
from cnnviz_core.theme import Theme
from cnnviz_core.views.maps import (
    ENLARGED_PIXELS,
    Brightest,
    Display,
    ScaleSharing,
    draw_maps,
    layer_maps,
    maps_scaling,
)
from cnnviz_core.views.sharing import MAX_ARRAYS, MAX_VIEWS, Picture, shared

# How far the curves of activation functions go to both sides, by what a white pixel counts: past
# ReLU6's ceiling, or as far as a picture's values reach.
CURVE_REACH: dict[Brightest, int] = {1: 8, 255: 255}

NUM_CURVE_POINTS = 511


@dataclass(frozen=True, slots=True, eq=False)
class ActivationView:
    """What the activation page shows of a picture; `share_zeroed` of its values became zero."""

    before: Rendered
    after: Rendered
    share_zeroed: float


@shared(MAX_VIEWS)
def activated(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    brightest: Brightest,
    layer: Activation,
    *,
    display: Display,
    sharing: ScaleSharing,
) -> ActivationView:
    """Return a picture, or its feature maps, before and after an activation function.

    Parameters
    ----------
    layers, seed
        What comes before the function, as in `pipeline.run`; without any, the picture itself.
    brightest : 1 or 255
        What a pixel of full brightness counts when it goes in.
    layer : Activation
    display : "composite", "tiles" or "single"
    sharing : "zero", "shared" or "own"
        For each picture a scale on which the eye finds zero; one for both; or one for each that
        spreads its values as far as they go.

    Raises
    ------
    ValueError
        As `pipeline.run` and `activation.activate`.
    """
    before = layer_maps(picture, layers, seed, brightest)
    after = activated_maps(picture, layers, seed, brightest, layer)
    scale_of = maps_scaling(display == "composite", sharing)
    groups = [(before, after)] * 2 if sharing == "shared" else [(before,), (after,)]
    scale_before, scale_after = (scale_of(*group) for group in groups)
    return ActivationView(
        _rendered_input(picture, layers, seed, brightest, display, scale_before),
        rendered(_drawn_small(after, scale_after, display), after, scale_after),
        activation.share_zeroed(before, after),
    )


@shared(MAX_VIEWS)
def _rendered_input(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    brightest: Brightest,
    display: Display,
    scale: Scale,
) -> Rendered:
    """Return what goes into an activation function, which is the same for most functions."""
    maps = layer_maps(picture, layers, seed, brightest)
    return rendered(_drawn_small(maps, scale, display), maps, scale)


@shared(MAX_ARRAYS)
def activated_maps(
    picture: Picture, layers: tuple[Layer, ...], seed: int, brightest: Brightest, layer: Activation
) -> FloatArray:
    """Return what a function makes of a picture or its feature maps, float32 (H, W, C)."""
    maps = layer_maps(picture, layers, seed, brightest)
    return activation.activate(maps, layer.name, slope=layer.slope)


def _drawn_small(maps: FloatArray, scale: Scale, display: Display) -> ByteArray:
    """Draw as `draw_maps` does, but tiles no larger than shown: two sheets are to be encoded."""
    if display == "tiles":
        return rendering.tiles(maps, scale, max_width=ENLARGED_PIXELS)
    return draw_maps(maps, scale, display)


def activation_curves(
    layer: Activation,
    labels: tuple[tuple[ActivationName, str], ...],
    *,
    brightest: Brightest,
    num_channels: int,
    theme: Theme,
) -> str:
    """Draw the curve of a function with its derivative, and those of others to compare, as SVG.

    Parameters
    ----------
    layer : Activation
    labels : tuple of (function, what it is called)
        The layer's function first.
    brightest : 1 or 255
        How far the values reach decides how far the curve goes.
    num_channels : int
        How many compete in softmax.
    theme : "light" or "dark"
    """
    rivals = num_channels if "softmax" in dict(labels) else 1
    return _curves(labels, layer.slope, CURVE_REACH[brightest], rivals, theme)


def curve_points(layer: Activation, *, brightest: Brightest, num_channels: int) -> FloatArray:
    """Return the curve of `activation_curves`, float32 (N, 3): x, f(x) and f'(x)."""
    x = _curve_axis(CURVE_REACH[brightest])
    values, slopes = curve(x, layer.name, slope=layer.slope, num_channels=num_channels)
    return np.stack([x, values, slopes], axis=1)


def _curve_axis(reach: int) -> FloatArray:
    return np.linspace(-reach, reach, NUM_CURVE_POINTS, dtype=np.float32)


@shared(MAX_VIEWS)
def _curves(
    labels: tuple[tuple[ActivationName, str], ...],
    slope: float,
    reach: int,
    num_channels: int,
    theme: Theme,
) -> str:
    """Return curves from −reach to reach; takes 40 ms, so nothing else may be in the key."""
    x = _curve_axis(reach)
    series: list[curves.Series] = []
    for name, label in labels:
        values, slopes = curve(x, name, slope=slope, num_channels=num_channels)
        series.append(curves.Series(label, values, None if series else slopes))
    return curves.curves(x, series, theme=theme)


@shared(MAX_VIEWS)
def activation_histogram(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    brightest: Brightest,
    layer: Activation,
    *,
    labels: tuple[str, str],
    zero_label: str,
    theme: Theme,
) -> str:
    """Return where the values fall before and after an activation function, as SVG.

    The arguments are those of `activated` and of `histograms.histogram`.
    """
    return histograms.histogram(
        layer_maps(picture, layers, seed, brightest),
        activated_maps(picture, layers, seed, brightest, layer),
        theme=theme,
        labels=labels,
        zero_label=zero_label,
    )
