"""The cached face of the core: all that pages call, and the only place that knows Streamlit.

Each function takes a `Picture` and plain arguments, and gives what a page shows. Results are
shared between all visitors: caches are bounded, and their arrays must not be written to.
Caches are keyed on a picture's key, never on its pixels.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, TypeVar, cast

import numpy as np
import streamlit as st

from cnnviz_core import (
    activation,
    convolution,
    figures,
    formulas,
    frames,
    images,
    pipeline,
    pooling,
    rendering,
)
from cnnviz_core import warm_up as warming
from cnnviz_core.activation import (
    ACTIVATIONS,
    ActivationInfo,
    ActivationName,
    activation_names,
)
from cnnviz_core.activation_curves import curve
from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.figures import MAX_SERIES
from cnnviz_core.formulas import pooling_formula
from cnnviz_core.kernels import (
    DIRECTIONAL,
    MAX_SIZE,
    ColorTreatment,
    EditedKernel,
    KernelChoice,
    KernelName,
    NamedKernel,
    RandomKernels,
    kernel_names,
    kernel_sizes,
    make_kernels,
    named_kernel,
)
from cnnviz_core.layers import Activation, Convolution, Layer, Pooling
from cnnviz_core.pipeline import HeadLayer, Stage
from cnnviz_core.pooling import PoolMode, PoolPadding
from cnnviz_core.rendering import PICTURE_SCALE, Rendered, Scale, cell_colors, gradient
from cnnviz_core.stage_drawing import block_scales, draw_enlarged, draw_in_proportion
from cnnviz_core.step_drawing import animate_steps, draw_step
from cnnviz_core.step_ink import Theme
from cnnviz_core.step_layout import Labels
from cnnviz_core.step_setup import ConvolutionSetup, PoolingSetup, StepSetup, step_at
from cnnviz_core.stepping import Operation, format_grid, parse_grid
from cnnviz_core.windows import Padding

__all__ = [
    "ACTIVATIONS",
    "DIRECTIONAL",
    "MAX_ANIMATED_STOPS",
    "MAX_SERIES",
    "MAX_SIZE",
    "Activation",
    "ActivationInfo",
    "ActivationName",
    "ActivationView",
    "Brightest",
    "ColorRange",
    "ColorTreatment",
    "Convolution",
    "ConvolutionSetup",
    "ConvolutionView",
    "Display",
    "EditedKernel",
    "FloatArray",
    "HeadLayer",
    "KernelChoice",
    "KernelName",
    "Layer",
    "LenetStage",
    "LenetView",
    "NamedKernel",
    "Operation",
    "Padding",
    "Picture",
    "PoolMode",
    "PoolPadding",
    "Pooling",
    "PoolingSetup",
    "PoolingView",
    "RandomKernels",
    "Rendered",
    "Scale",
    "ScaleSharing",
    "SizeOnScreen",
    "StepSetup",
    "StopPicture",
    "StopsView",
    "Theme",
    "activated",
    "activation_curves",
    "activation_histogram",
    "activation_names",
    "animated_stops",
    "cell_colors",
    "convolved",
    "first_layers",
    "format_grid",
    "gradient",
    "kernel_names",
    "kernel_sizes",
    "lenet",
    "named_kernel",
    "num_channels",
    "num_filters",
    "original",
    "parse_grid",
    "pooled",
    "pooling_formula",
    "sample_names",
    "sample_picture",
    "sample_title",
    "stop_picture",
    "stops",
    "thumbnail",
    "uploaded_picture",
    "warm_up",
]

# A feature map of the largest picture with 64 filters takes 59 MB.
MAX_ARRAYS = 3
# An encoded picture takes 0.1 to 0.8 MB.
MAX_VIEWS = 64

# Twice what the picker shows, for high-density screens.
THUMBNAIL_PIXELS = 160

# Kernels are drawn about as large as a thumb, in rows that fit under a picture.
KERNEL_PIXELS = 60
KERNEL_COLUMNS = 16

# As wide as a picture is on most screens; what is smaller is enlarged before it leaves.
ENLARGED_PIXELS = 600

# An animation of so many stops takes about seven seconds to make and 1.3 MB; up to 36 stops it is
# worth twice the pixels.
MAX_ANIMATED_STOPS = 144
MAX_SHARP_STOPS = 36
MAX_ANIMATIONS = 8

Function = TypeVar("Function", bound=Callable[..., Any])

Display = Literal["composite", "tiles", "single"]
ColorRange = Literal["fitted", "picture"]
SizeOnScreen = Literal["proportional", "enlarged"]
ScaleSharing = Literal["shared", "own"]
Brightest = Literal[1, 255]

# How far the curves of activation functions go to both sides, by what a white pixel counts: past
# ReLU6's ceiling, or as far as a picture's values reach.
CURVE_REACH: dict[Brightest, int] = {1: 8, 255: 255}
NUM_CURVE_POINTS = 511


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What the visitor looks at: uint8 (H, W, 3) pixels, and a key that is theirs alone."""

    key: str
    pixels: ByteArray


@dataclass(frozen=True, slots=True, eq=False)
class ConvolutionView:
    """What the convolution page shows: pictures, the weights (kh, kw, in, out), the formulas."""

    before: Rendered
    after: Rendered
    kernels: Rendered
    weights: FloatArray
    weights_scale: Scale
    height_formula: str
    width_formula: str
    parameters_formula: str


@dataclass(frozen=True, slots=True)
class StopsView:
    """What the step-by-step page shows beside the picture of a stop."""

    operation: Operation
    num_stops: int
    height_formula: str
    width_formula: str


@dataclass(frozen=True, slots=True, eq=False)
class StopPicture:
    """One stop of a window as PNG, its width in CSS pixels, and the cell that it writes."""

    data: bytes
    width: int
    row: int
    col: int
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class LenetStage:
    """A layer of LeNet, the picture after it, and how many weights and biases it has."""

    layer: Layer
    picture: Rendered
    num_parameters: int


@dataclass(frozen=True, slots=True, eq=False)
class LenetView:
    """What the LeNet page shows: six stages, the dense layers behind them, how they are counted."""

    stages: tuple[LenetStage, ...]
    head: tuple[HeadLayer, ...]
    convolution_formulas: tuple[str, ...]
    hidden_formula: str
    num_parameters: int


def _cached(max_entries: int) -> Callable[[Function], Function]:
    """The one way in which this module caches."""
    decorator: Any = st.cache_resource(
        max_entries=max_entries,
        show_spinner=False,
        hash_funcs={Picture: attrgetter("key")},
    )
    return cast("Callable[[Function], Function]", decorator)


def sample_names() -> tuple[str, ...]:
    """The samples, the cat first."""
    return images.sample_names()


def sample_title(name: str) -> str:
    """What a sample shows, in English."""
    return next(sample.title for sample in images.SAMPLES if sample.name == name)


def sample_picture(name: str) -> Picture:
    """A sample by its name."""
    return Picture(name, images.sample(name))


def uploaded_picture(data: bytes) -> Picture:
    """A visitor's own picture, decoded and fitted; `ValueError` with the reason if it can't be."""
    return Picture(images.picture_id(data), images.fit(images.decode(data)))


@_cached(MAX_VIEWS)
def original(picture: Picture) -> Rendered:
    """The picture as it came."""
    pixels = picture.pixels
    return Rendered(
        rendering.encode_png(pixels),
        pixels.shape,
        float(pixels.min()),
        float(pixels.max()),
        PICTURE_SCALE,
    )


@_cached(MAX_VIEWS)
def thumbnail(picture: Picture) -> bytes:
    """The picture as a small JPEG, for the picker."""
    return rendering.encode_jpeg(images.fit(picture.pixels, THUMBNAIL_PIXELS))


@_cached(MAX_ARRAYS)
def _convolved_maps(
    picture: Picture, choice: KernelChoice, stride: int, padding: Padding, dilation: int
) -> FloatArray:
    return convolution.convolve(
        picture.pixels,
        make_kernels(choice, picture.pixels.shape[2]),
        stride=stride,
        padding=padding,
        dilation=dilation,
    )


@_cached(MAX_VIEWS)
def convolved(
    picture: Picture,
    choice: KernelChoice,
    *,
    stride: int,
    padding: Padding,
    dilation: int,
    display: Display,
    filter_index: int = 0,
    colors: ColorRange = "fitted",
    size: SizeOnScreen = "proportional",
) -> ConvolutionView:
    """A picture before and after a convolution layer, for the convolution page.

    Parameters
    ----------
    display : "composite", "tiles" or "single"
        Three maps as one colour picture, all of them side by side, or one.
    filter_index : int
        Which map, for "single".
    colors : "fitted" or "picture"
        For "composite": spread over the values that there are, or 0..255 as in the picture.
    size : "proportional" or "enlarged"
        As large as it is beside the picture, or as wide as the picture.

    Raises
    ------
    ValueError
        As `convolution.convolve` and `rendering.composite`.
    """
    weights = make_kernels(choice, picture.pixels.shape[2])
    maps = _convolved_maps(picture, choice, stride, padding, dilation)
    scale = maps_scale(maps, display, colors)
    drawn = draw_maps(maps, scale, display, filter_index)
    if display != "tiles":
        drawn = fit_on_page(drawn, picture.pixels, size)
    low, high = rendering.value_range(maps)
    after = Rendered(rendering.encode_png(drawn), maps.shape, low, high, scale)
    layer = (stride, 0 if padding == "valid" else padding, dilation)
    return ConvolutionView(
        original(picture),
        after,
        _rendered_kernels(weights),
        weights,
        rendering.value_scale(weights),
        formulas.output_size_formula(picture.pixels.shape[0], weights.shape[0], *layer),
        formulas.output_size_formula(picture.pixels.shape[1], weights.shape[1], *layer),
        formulas.num_parameters_formula(*weights.shape),
    )


@_cached(MAX_VIEWS)
def first_layers(picture: Picture, size: int, window: int, seed: int) -> tuple[Rendered, ...]:
    """A picture, and what convolution, ReLU and max pooling make of it, for the home page."""
    layers = (
        pipeline.Convolution(3, size),
        pipeline.Activation("relu"),
        pipeline.Pooling(window),
    )
    stages = pipeline.run(picture.pixels, layers, seed)[1:]
    scale = rendering.channel_scale(*(stage.values for stage in stages))
    return original(picture), *(_rendered_stage(stage, scale) for stage in stages)


def _rendered_stage(stage: pipeline.Stage, scale: Scale) -> Rendered:
    drawn = draw_maps(stage.values, scale, "composite")
    drawn = rendering.enlarge(drawn, max(1, ENLARGED_PIXELS // drawn.shape[1]))
    low, high = rendering.value_range(stage.values)
    return Rendered(rendering.encode_png(drawn), stage.shape, low, high, scale)


def stops(setup: StepSetup) -> StopsView:
    """How many stops a window makes, and why; `ValueError` if it can't be or does not fit."""
    first = step_at(setup, 0)
    inside = ~first.is_padding
    height, width = int(inside.any(axis=1).sum()), int(inside.any(axis=0).sum())
    stride = len(first.rows) if setup.stride is None else setup.stride
    dilation = setup.dilation if isinstance(setup, ConvolutionSetup) else 1
    layer = (stride, 0 if setup.padding == "valid" else setup.padding, dilation)
    return StopsView(
        first.operation,
        first.output.size,
        formulas.output_size_formula(height, len(first.rows), *layer),
        formulas.output_size_formula(width, len(first.cols), *layer),
    )


@_cached(MAX_VIEWS)
def stop_picture(setup: StepSetup, position: int, theme: Theme, labels: Labels) -> StopPicture:
    """One stop of a window, counted from 0; all stops of one window have the same size.

    Raises
    ------
    ValueError
        As `step_setup.step_at`.
    """
    step = step_at(setup, position)
    scale = 2
    drawn = draw_step(step, theme=theme, scale=scale, labels=labels)
    data = rendering.encode_png(drawn)
    return StopPicture(data, drawn.shape[1] // scale, step.row, step.col, step.value)


@_cached(MAX_ANIMATIONS)
def animated_stops(setup: StepSetup, theme: Theme, labels: Labels) -> bytes:
    """All stops of a window as an animated GIF; meant for at most `MAX_ANIMATED_STOPS`."""
    num_stops = stops(setup).num_stops
    scale = 2 if num_stops <= MAX_SHARP_STOPS else 1
    steps = (step_at(setup, position) for position in range(num_stops))
    return animate_steps(steps, theme=theme, scale=scale, labels=labels)


@_cached(MAX_VIEWS)
def lenet(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    *,
    display: Display,
    size: SizeOnScreen,
    sharing: ScaleSharing,
) -> LenetView:
    """A picture on its way through LeNet, for the LeNet page.

    Parameters
    ----------
    layers : six layers
        Twice convolution, activation and pooling.
    display : "composite" or "tiles"
        How three maps are shown; one map is always itself, any other number always tiles.
    size : "proportional" or "enlarged"
        As large as a stage is beside the picture, or all stages as large as the picture.
    sharing : "shared" or "own"
        One scale for a convolution and what follows it, or one for each stage.

    Raises
    ------
    ValueError
        As `pipeline.run`.
    """
    stages = pipeline.run(picture.pixels, layers, seed)[1:]
    look = display, size, sharing
    pictures = [
        *_block_pictures(picture, layers[:3], seed, *look, stages[:3]),
        *_block_pictures(picture, layers, seed, *look, stages[3:]),
    ]
    head = pipeline.lenet_head(stages[-1].shape)
    flat, hidden = head[:2]
    return LenetView(
        tuple(
            LenetStage(layer, drawn, stage.num_parameters)
            for layer, drawn, stage in zip(layers, pictures, stages, strict=True)
        ),
        head,
        tuple(
            formulas.num_parameters_formula(*stage.kernels.shape)
            for stage in stages
            if stage.kernels is not None
        ),
        formulas.num_dense_parameters_formula(flat.num_units, hidden.num_units),
        sum(stage.num_parameters for stage in stages) + sum(one.num_parameters for one in head),
    )


@_cached(MAX_VIEWS)
def _block_pictures(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    display: Display,
    size: SizeOnScreen,
    sharing: ScaleSharing,
    _stages: tuple[Stage, ...],
) -> tuple[Rendered, ...]:
    """The last three of `layers` as pictures; `_stages`, theirs, follow from the rest.

    Drawing takes longer than computing: a moved slider of the second block leaves the first alone.
    """
    values = [stage.values for stage in _stages]
    is_composite = display == "composite" and values[0].shape[2] == 3
    scale_of = rendering.channel_scale if is_composite else rendering.value_scale
    function = next(layer.name for layer in layers[-3:] if isinstance(layer, Activation))
    scales = (
        block_scales(values, function, scale_of)
        if sharing == "shared"
        else [scale_of(one) for one in values]
    )
    draw = draw_enlarged if size == "enlarged" else draw_in_proportion
    height, width, channels = picture.pixels.shape
    return tuple(
        Rendered(
            rendering.encode_png(draw(maps, scale, (height, width, channels))),
            maps.shape,
            *rendering.value_range(maps),
            scale,
        )
        for maps, scale in zip(values, scales, strict=True)
    )


def num_filters(choice: KernelChoice) -> int:
    """How many feature maps the chosen kernels make of a colour picture."""
    if isinstance(choice, RandomKernels):
        return choice.num_filters
    return 3 if choice.colors == "each_channel" else 1


def maps_scale(maps: FloatArray, display: Display, colors: ColorRange) -> Scale:
    """One scale for all of the feature maps (H, W, C)."""
    if display != "composite":
        return rendering.value_scale(maps)
    return PICTURE_SCALE if colors == "picture" else rendering.channel_scale(maps)


def draw_maps(
    maps: FloatArray, scale: Scale, display: Display, filter_index: int = 0
) -> ByteArray:
    """Feature maps (H, W, C) as one picture."""
    if display == "composite":
        return rendering.composite(maps, scale)
    if display == "single":
        return rendering.colorize(maps[:, :, filter_index], scale)
    return rendering.tiles(maps, scale)


def fit_on_page(drawn: ByteArray, original: ByteArray, size: SizeOnScreen) -> ByteArray:
    """Keep a drawn map in proportion to the picture it came from, or enlarge it."""
    if size == "proportional":
        height, width = np.maximum(drawn.shape[:2], original.shape[:2])
        return rendering.on_canvas(drawn, height, width)
    return rendering.enlarge(drawn, max(1, ENLARGED_PIXELS // drawn.shape[1]))


def _rendered_kernels(weights: FloatArray) -> Rendered:
    """Every filter as a small colour picture; mid-grey is a weight of zero."""
    low, high = rendering.value_range(weights)
    reach = max(-low, high) or 1.0
    scale = Scale(-reach, reach, "channels")
    factor = -(-KERNEL_PIXELS // weights.shape[0])
    pictures = [
        rendering.enlarge(rendering.composite(one, scale), factor)
        for one in np.moveaxis(weights, -1, 0)
    ]
    sheet = rendering.montage(pictures, min(len(pictures), KERNEL_COLUMNS))
    return Rendered(rendering.encode_png(sheet), weights.shape, low, high, scale)


def warm_up() -> None:
    """Begin to load TensorFlow in the background, unless that has been done."""
    warming.start()


@dataclass(frozen=True, slots=True, eq=False)
class PoolingView:
    """What the pooling page shows.

    `after` is in proportion to `before`, `enlarged` the same as wide as `before`. The output cell
    `row`, `column` is what `pooled` (1, 1, C) holds; it comes from `window` (h, w, C), whose
    numbers have the colours of `scale`. `num_outside` cells of the window are not in the picture.
    """

    before: Rendered
    after: Rendered
    enlarged: Rendered
    height_formula: str
    width_formula: str
    row: int
    column: int
    window: FloatArray
    pooled: FloatArray
    scale: Scale
    num_outside: int


def num_channels(layers: tuple[Layer, ...]) -> int:
    """How many channels come out of layers that get a colour picture."""
    counts = [layer.num_filters for layer in layers if isinstance(layer, Convolution)]
    return counts[-1] if counts else 3


@_cached(MAX_ARRAYS)
def _maps(
    picture: Picture, layers: tuple[Layer, ...], seed: int, brightest: Brightest
) -> FloatArray:
    """What `layers` make of a picture whose values reach from 0 to `brightest`."""
    pixels = picture.pixels if brightest == 255 else picture.pixels / np.float32(255)
    return pipeline.run(pixels, layers, seed)[-1].values


@_cached(MAX_ARRAYS)
def _pooled_maps(
    picture: Picture, layers: tuple[Layer, ...], seed: int, layer: Pooling
) -> FloatArray:
    maps = _maps(picture, layers, seed, 255)
    return pooling.pool(
        maps, layer.size, stride=layer.stride, mode=layer.mode, padding=layer.padding
    )


@_cached(MAX_VIEWS)
def pooled(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    layer: Pooling,
    *,
    down: int,
    across: int,
) -> PoolingView:
    """A picture, or its feature maps, before and after pooling, and what one window becomes.

    Parameters
    ----------
    layers, seed
        What comes before pooling, as in `pipeline.run`; without any, it is the picture itself.
    layer : Pooling
    down, across : int
        Where the window is, in percent of the way from top to bottom and from left to right.

    Raises
    ------
    ValueError
        As `pipeline.run` and `pooling.pool`.
    """
    maps = _maps(picture, layers, seed, 255)
    result = _pooled_maps(picture, layers, seed, layer)
    height, width, num_channels = result.shape
    row, column = down * (height - 1) // 100, across * (width - 1) // 100
    window = pooling.window(
        maps, row, column, layer.size, stride=layer.stride, padding=layer.padding
    )
    display: Display = "composite" if num_channels == 3 else "single"
    scale = maps_scale(maps, display, "fitted" if layers else "picture")
    before = draw_maps(maps, scale, display)
    after = draw_maps(result, scale, display)
    factor = max(1, ENLARGED_PIXELS // width)
    cell = np.array([row, column, row + 1, column + 1]) * factor
    stride = layer.size if layer.stride is None else layer.stride
    padding: Padding = "same" if layer.padding == "same" else 0
    return PoolingView(
        _rendered(
            frames.frame(before, window.top, window.left, window.bottom, window.right), maps, scale
        ),
        _rendered(rendering.on_canvas(after, *before.shape[:2]), result, scale),
        _rendered(frames.frame(rendering.enlarge(after, factor), *cell), result, scale),
        formulas.output_size_formula(maps.shape[0], layer.size, stride, padding),
        formulas.output_size_formula(maps.shape[1], layer.size, stride, padding),
        row,
        column,
        window.values,
        result[row : row + 1, column : column + 1],
        rendering.value_scale(maps),
        layer.size**2 - window.values[:, :, 0].size,
    )


def _rendered(drawn: ByteArray, values: FloatArray, scale: Scale) -> Rendered:
    """A drawn picture with the facts of the values that it shows."""
    low, high = rendering.value_range(values)
    return Rendered(rendering.encode_png(drawn), values.shape, low, high, scale)


@dataclass(frozen=True, slots=True, eq=False)
class ActivationView:
    """What the activation page shows of a picture; `share_zeroed` of its values became zero."""

    before: Rendered
    after: Rendered
    share_zeroed: float


@_cached(MAX_ARRAYS)
def _activated_maps(
    picture: Picture, layers: tuple[Layer, ...], seed: int, brightest: Brightest, layer: Activation
) -> FloatArray:
    maps = _maps(picture, layers, seed, brightest)
    return activation.activate(maps, layer.name, slope=layer.slope)


@_cached(MAX_VIEWS)
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
    """A picture, or its feature maps, before and after an activation function.

    Parameters
    ----------
    layers, seed
        What comes before the function, as in `pipeline.run`; without any, the picture itself.
    brightest : 1 or 255
        What a pixel of full brightness counts when it goes in.
    layer : Activation
    display : "composite", "tiles" or "single"
    sharing : "shared" or "own"
        One colour scale for both, or one for each.

    Raises
    ------
    ValueError
        As `pipeline.run` and `activation.activate`.
    """
    before = _maps(picture, layers, seed, brightest)
    after = _activated_maps(picture, layers, seed, brightest, layer)
    scale_of = rendering.channel_scale if display == "composite" else rendering.value_scale
    groups = [(before, after)] * 2 if sharing == "shared" else [(before,), (after,)]
    scale_before, scale_after = (scale_of(*group) for group in groups)
    return ActivationView(
        _rendered_input(picture, layers, seed, brightest, display, scale_before),
        _rendered(_drawn_small(after, scale_after, display), after, scale_after),
        activation.share_zeroed(before, after),
    )


@_cached(MAX_VIEWS)
def _rendered_input(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    brightest: Brightest,
    display: Display,
    scale: Scale,
) -> Rendered:
    """What goes into an activation function, which is the same for most functions."""
    maps = _maps(picture, layers, seed, brightest)
    return _rendered(_drawn_small(maps, scale, display), maps, scale)


def _drawn_small(maps: FloatArray, scale: Scale, display: Display) -> ByteArray:
    """As `draw_maps`, but tiles no larger than they are shown: two sheets are to be encoded."""
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
    """The curve of a function with its derivative, and those of others for comparison, as SVG.

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


@_cached(MAX_VIEWS)
def _curves(
    labels: tuple[tuple[ActivationName, str], ...],
    slope: float,
    reach: int,
    num_channels: int,
    theme: Theme,
) -> str:
    """Curves from −reach to reach; takes 40 ms, so nothing else may be in the key."""
    x = np.linspace(-reach, reach, NUM_CURVE_POINTS, dtype=np.float32)
    series: list[figures.Series] = []
    for name, label in labels:
        values, slopes = curve(x, name, slope=slope, num_channels=num_channels)
        series.append(figures.Series(label, values, None if series else slopes))
    return figures.curves(x, series, theme=theme)


@_cached(MAX_VIEWS)
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
    """Where the values fall before and after an activation function, as SVG.

    The arguments are those of `activated` and of `figures.histogram`.
    """
    return figures.histogram(
        _maps(picture, layers, seed, brightest),
        _activated_maps(picture, layers, seed, brightest, layer),
        theme=theme,
        labels=labels,
        zero_label=zero_label,
    )
