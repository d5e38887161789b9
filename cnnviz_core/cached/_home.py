"""What the home page shows."""

from cnnviz_core import pipeline, rendering
from cnnviz_core.cached._maps import ENLARGED_PIXELS, draw_maps
from cnnviz_core.cached._pictures import MAX_VIEWS, Picture, original, rendered, shared
from cnnviz_core.rendering import Rendered, Scale


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
    drawn = draw_maps(stage.values, scale, "composite")
    drawn = rendering.enlarge(drawn, max(1, ENLARGED_PIXELS // drawn.shape[1]))
    return rendered(drawn, stage.values, scale)
