"""What the LeNet page shows."""

import math
from dataclasses import dataclass

from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.stages import (
    anchored_scales,
    block_scales,
    draw_enlarged,
    draw_in_proportion,
)
from cnnviz_core.layers import formulas, pipeline
from cnnviz_core.layers.activation_facts import ACTIVATIONS
from cnnviz_core.layers.article import HeadLayer
from cnnviz_core.layers.pipeline import Stage
from cnnviz_core.layers.specs import Activation, Layer
from cnnviz_core.views.maps import Display, ScaleSharing, SizeOnScreen, maps_scaling
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared


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


@shared(MAX_VIEWS)
def lenet(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    *,
    display: Display,
    size: SizeOnScreen,
    sharing: ScaleSharing,
) -> LenetView:
    """Return a picture on its way through LeNet, for the LeNet page.

    Parameters
    ----------
    layers : six layers
        Twice convolution, activation and pooling.
    display : "composite" or "tiles"
        How three maps are shown; one map is always itself, any other number always tiles.
    size : "proportional" or "enlarged"
        As large as a stage is beside the picture, or all stages as large as the picture.
    sharing : "zero", "shared" or "own"
        Scales on which the eye finds zero; one for a convolution and what follows it; or one for
        each stage.

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


@shared(MAX_VIEWS)
def _block_pictures(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    display: Display,
    size: SizeOnScreen,
    sharing: ScaleSharing,
    _stages: tuple[Stage, ...],
) -> tuple[Rendered, ...]:
    """Return the last three of `layers` as pictures; `_stages`, theirs, follow from the rest.

    Drawing takes longer than computing: a moved slider of the second block leaves the first alone.
    """
    values = [stage.values for stage in _stages]
    is_composite = display == "composite" and values[0].shape[2] == 3
    scale_of = maps_scaling(is_composite, sharing)
    if sharing == "shared":
        (function,) = (layer.name for layer in layers[-3:] if isinstance(layer, Activation))
        is_bounded = ACTIVATIONS[function].high < math.inf
        scales = block_scales(values, scale_of, is_bounded=is_bounded)
    elif sharing == "zero":
        scales = anchored_scales(values, scale_of)
    else:
        scales = tuple(scale_of(one) for one in values)
    draw = draw_enlarged if size == "enlarged" else draw_in_proportion
    height, width, channels = picture.pixels.shape
    return tuple(
        rendered(draw(maps, scale, (height, width, channels)), maps, scale)
        for maps, scale in zip(values, scales, strict=True)
    )
