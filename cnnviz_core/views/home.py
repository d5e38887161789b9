"""What the home page shows."""

from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing import montage, rendering
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.layers import activation, convolution, pipeline, pooling
from cnnviz_core.layers.article import FIGURES, ArticleFigure
from cnnviz_core.layers.kernels import KernelChoice, make_kernels
from cnnviz_core.views.maps import ENLARGED_PIXELS, draw_in_colors, draw_maps, maps_scaling
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, original, shared

# An outline has few strong values: the last 1 % share a color, or all others would be faint.
CLIPPED_PERCENT = 99.0

# Enough for a high-density screen with seven of them in a row.
GALLERY_PIXELS = 240


@dataclass(frozen=True, slots=True, eq=False)
class GalleryFigure:
    """A figure of the article, made of the visitor's picture and drawn small."""

    figure: ArticleFigure
    picture: Rendered


@shared(MAX_VIEWS)
def first_layers(picture: Picture, choice: KernelChoice, window: int) -> tuple[Rendered, ...]:
    """Return a picture, and what convolution, ReLU and max pooling make of it, for the home page.

    One map has zero in the middle of its colors before ReLU, and in black from there on; three
    are the red, green and blue of one picture. All three steps have one scale as far as they can.

    Raises
    ------
    ValueError
        If the kernels or the pooling window do not fit into the picture.
    """
    kernels = make_kernels(choice, picture.pixels.shape[2])
    summed = convolution.convolve(picture.pixels, kernels)
    kept = activation.activate(summed, "relu")
    pooled = pooling.pool(kept, window)
    before, after = _scales(summed, kept)
    stages = (summed, before), (kept, after), (pooled, after)
    return original(picture), *(_rendered_stage(maps, scale) for maps, scale in stages)


def _scales(summed: FloatArray, kept: FloatArray) -> tuple[Scale, Scale]:
    """Return before ReLU, and after it."""
    if summed.shape[2] == 3:
        return rendering.channel_scale(summed), rendering.anchored_channel_scale(kept)
    reach = float(np.percentile(np.abs(summed), CLIPPED_PERCENT)) or 1.0
    return Scale(-reach, reach, "diverging"), Scale(0.0, reach, "sequential")


def _rendered_stage(maps: FloatArray, scale: Scale) -> Rendered:
    drawn = draw_maps(maps, scale, "composite" if maps.shape[2] == 3 else "single")
    drawn = montage.enlarge(drawn, max(1, ENLARGED_PIXELS // drawn.shape[1]))
    return rendered(drawn, maps, scale)


@shared(MAX_VIEWS)
def gallery(picture: Picture) -> tuple[GalleryFigure, ...]:
    """Return every figure of the article that has layers, and windows that fit into the picture."""
    return tuple(
        GalleryFigure(figure, _rendered_figure(picture, figure))
        for figure in FIGURES
        if figure.layers and _fits(picture, figure)
    )


def _fits(picture: Picture, figure: ArticleFigure) -> bool:
    try:
        pipeline.shapes(picture.pixels.shape, figure.layers)
    except ValueError:
        return False
    return True


def _rendered_figure(picture: Picture, figure: ArticleFigure) -> Rendered:
    stages = pipeline.run(picture.pixels, figure.layers, figure.seed)
    before, maps = stages[-2].values, stages[-1].values
    drawn = draw_in_colors(maps, scale := _figure_scale(figure, before, maps), figure.display)
    return rendered(montage.fit_width(drawn, GALLERY_PIXELS), maps, scale)


def _figure_scale(figure: ArticleFigure, before: FloatArray, maps: FloatArray) -> Scale:
    """Return the scale that the figure has on its page, beside the maps `before` its last layer."""
    is_composite = figure.display == "composite"
    match figure.page:
        case "activation":
            return maps_scaling(is_composite, "zero")(maps)
        case "lenet":
            return maps_scaling(is_composite, "zero")(before, maps)
        case "pooling":
            return maps_scaling(is_composite, "own")(before)
        case _:
            return maps_scaling(is_composite, "own")(maps)
