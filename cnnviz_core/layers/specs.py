"""What a layer is, and what is known of layers in a row before anything is computed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from cnnviz_core.arrays import require_choice, require_whole
from cnnviz_core.layers.activation import DEFAULT_SLOPE, activate
from cnnviz_core.layers.activation_facts import ActivationName
from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.windows import Padding, output_size, require_padding, require_window_fits

Shape = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution layer with random kernels, its settings those of `convolution.convolve`."""

    num_filters: int
    size: int
    stride: int = 1
    padding: Padding = "valid"
    dilation: int = 1


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation layer, its settings those of `activation.activate`."""

    name: ActivationName
    slope: float = DEFAULT_SLOPE


@dataclass(frozen=True, slots=True)
class Pooling:
    """A pooling layer, its settings those of `pooling.pool`."""

    size: int
    stride: int | None = None
    mode: PoolMode = "max"
    padding: PoolPadding = "valid"


Layer = Convolution | Activation | Pooling


@dataclass(frozen=True, slots=True)
class StageShape:
    """What is known of a stage before it is computed."""

    name: str
    shape: Shape
    num_parameters: int


def shapes(shape: Sequence[int], layers: Sequence[Layer]) -> tuple[StageShape, ...]:
    """Foresee the stages of `run`, without computing their values.

    Parameters
    ----------
    shape : (H, W, C)
        Of the picture.
    layers : sequence of Convolution, Activation and Pooling

    Returns
    -------
    tuple of StageShape
        One more than layers, stage 0 being the picture. Names differ: a word for the kind of
        layer, and which of its kind it is.

    Raises
    ------
    ValueError
        If a layer has a setting out of range or a window larger than what the layers before it
        left over. The message begins with the layer's place, counted from 1, and its name.

    Examples
    --------
    >>> for stage in shapes((320, 400, 3), [Convolution(1, 3), Activation("relu"), Pooling(3)]):
    ...     print(stage.name, stage.shape, stage.num_parameters)
    picture (320, 400, 3) 0
    conv 1 (318, 398, 1) 28
    relu 1 (318, 398, 1) 0
    pool 1 (106, 132, 1) 0
    """
    if len(shape) != 3:
        raise ValueError(
            f"shape must be (height, width, channels), but came with {len(shape)} numbers."
        )
    height, width, channels = (require_whole(length, "shape", low=1) for length in shape)
    stages = [StageShape("picture", (height, width, channels), 0)]
    for place, (layer, name) in enumerate(zip(layers, _names(layers), strict=True), start=1):
        before = stages[-1].shape
        try:
            stages.append(_outline(layer, name, before))
        except ValueError as error:
            what = "×".join(map(str, before))
            spelled = name.replace("conv ", "convolution ").replace("pool ", "pooling ")
            raise ValueError(f"Layer {place} ({spelled}) gets {what} values. {error}") from error
    return tuple(stages)


def _names(layers: Iterable[Layer]) -> list[str]:
    """Call each layer by its kind and which of its kind it is, as in "conv 2"."""
    seen: Counter[str] = Counter()
    names = []
    for place, layer in enumerate(layers, start=1):
        match layer:
            case Convolution():
                kind = "conv"
            case Activation(function):
                kind = str(function).replace("_", " ")
            case Pooling():
                kind = "pool"
            case _:
                raise ValueError(
                    "layers must be Convolution, Activation and Pooling records, "
                    f"but layer {place} came as {layer!r}."
                )
        seen[kind] += 1
        names.append(f"{kind} {seen[kind]}")
    return names


def _outline(layer: Layer, name: str, before: Shape) -> StageShape:
    """Check a layer on values of the shape `before`, and foresee its stage."""
    height, width, channels = before
    match layer:
        case Convolution(num_filters, size, stride, padding, dilation):
            num_filters = require_whole(num_filters, "num_filters", low=1)
            padding = require_padding(padding)
            height, width = _slid(height, width, size, stride, padding, dilation)
            num_parameters = (size * size * channels + 1) * num_filters
            return StageShape(name, (height, width, num_filters), num_parameters)
        case Activation(function, slope):
            activate(0.0, function, slope=slope)  # one value raises what all of them would
            return StageShape(name, before, 0)
        case Pooling(size, pool_stride, mode, pool_padding):
            require_choice(mode, "mode", get_args(PoolMode))
            require_choice(pool_padding, "padding", get_args(PoolPadding))
            stride = size if pool_stride is None else pool_stride
            height, width = _slid(height, width, size, stride, pool_padding)
            return StageShape(name, (height, width, channels), 0)


def _slid(
    height: int, width: int, size: int, stride: int, padding: Padding, dilation: int = 1
) -> tuple[int, int]:
    """Check a square window whose padding has been checked, and count its positions."""
    size = require_whole(size, "size", low=1)
    stride = require_whole(stride, "stride", low=1)
    dilation = require_whole(dilation, "dilation", low=1)
    require_window_fits(height, width, size, size, padding, dilation)
    return (
        output_size(height, size, stride, padding, dilation),
        output_size(width, size, stride, padding, dilation),
    )
