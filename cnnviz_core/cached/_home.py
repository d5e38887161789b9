"""What the home page shows."""

from dataclasses import dataclass

from cnnviz_core import pipeline, rendering, sheets
from cnnviz_core.article import FIGURES, ArticleFigure
from cnnviz_core.cached._maps import ENLARGED_PIXELS, draw_in_colors, maps_scale
from cnnviz_core.cached._pictures import MAX_VIEWS, Picture, original, rendered, shared
from cnnviz_core.rendering import Rendered, Scale

# Enough for a high-density screen with seven of them in a row.
GALLERY_PIXELS = 240


@dataclass(frozen=True, slots=True, eq=False)
class GalleryFigure:
    """A figure of the article, made of the visitor's picture and drawn small."""

    figure: ArticleFigure
    picture: Rendered


@shared(MAX_VIEWS)
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
    drawn = rendering.composite(stage.values, scale)
    drawn = sheets.enlarge(drawn, max(1, ENLARGED_PIXELS // drawn.shape[1]))
    return rendered(drawn, stage.values, scale)


@shared(MAX_VIEWS)
def gallery(picture: Picture) -> tuple[GalleryFigure, ...]:
    """Every figure of the article that has layers, and windows that fit into the picture."""
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
    maps = pipeline.run(picture.pixels, figure.layers, figure.seed)[-1].values
    scale = maps_scale(maps, figure.display, "fitted")
    drawn = draw_in_colors(maps, scale, figure.display)
    return rendered(sheets.fit_width(drawn, GALLERY_PIXELS), maps, scale)
