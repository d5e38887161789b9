"""What the pooling page shows."""

from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray, split_channels
from cnnviz_core.drawing import montage, outlines, rendering
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.layers import formulas, pooling
from cnnviz_core.layers.specs import Layer, Pooling
from cnnviz_core.views.maps import (
    ENLARGED_PIXELS,
    Display,
    draw_in_colors,
    layer_maps,
    maps_scale,
)
from cnnviz_core.views.sharing import MAX_ARRAYS, MAX_VIEWS, Picture, shared


@dataclass(frozen=True, slots=True, eq=False)
class PoolingView:
    """What the pooling page shows.

    `after` is in proportion to `before`, `enlarged` the same as wide as `before`. The output cell
    `row`, `column` is what `pooled` (1, 1, C) holds; it comes from `window` (h, w, C), whose
    numbers have the colors of `scale`. `num_outside` cells of the window are not in the picture.
    `formulas` has one for each channel: how its number comes about.
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
    formulas: tuple[str, ...]


@shared(MAX_VIEWS)
def pooled(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    layer: Pooling,
    *,
    down: int,
    across: int,
) -> PoolingView:
    """Return a picture, or its feature maps, before and after pooling, and what one window becomes.

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
    maps = layer_maps(picture, layers, seed, 255)
    result = pooled_maps(picture, layers, seed, layer)
    height, width, num_channels = result.shape
    row, column = down * (height - 1) // 100, across * (width - 1) // 100
    window = pooling.window(
        maps, row, column, layer.size, stride=layer.stride, padding=layer.padding
    )
    display: Display = "composite" if num_channels == 3 else "single"
    scale = maps_scale(maps, display, "fitted" if layers else "picture")
    drawn = draw_in_colors(maps, scale, display)
    before = outlines.outline(drawn, window.top, window.left, window.bottom, window.right)
    after = draw_in_colors(result, scale, display)
    stride = layer.size if layer.stride is None else layer.stride
    sliding = layer.size, stride, layer.padding
    return PoolingView(
        before=rendered(before, maps, scale),
        after=rendered(montage.on_canvas(after, *before.shape[:2]), result, scale),
        enlarged=rendered(_enlarged(after, row, column), result, scale),
        height_formula=formulas.output_size_formula(maps.shape[0], *sliding),
        width_formula=formulas.output_size_formula(maps.shape[1], *sliding),
        row=row,
        column=column,
        window=window.values,
        pooled=result[row : row + 1, column : column + 1],
        scale=rendering.value_scale(maps),
        num_outside=layer.size**2 - window.values[:, :, 0].size,
        formulas=tuple(
            formulas.pooling_formula(one, layer.mode) for one in split_channels(window.values)
        ),
    )


def _enlarged(drawn: ByteArray, row: int, column: int) -> ByteArray:
    """Return a picture with large pixels, one of them outlined."""
    factor = max(1, ENLARGED_PIXELS // drawn.shape[1])
    cell = np.array([row, column, row + 1, column + 1]) * factor
    return outlines.outline(montage.enlarge(drawn, factor), *cell)


@shared(MAX_ARRAYS)
def pooled_maps(
    picture: Picture, layers: tuple[Layer, ...], seed: int, layer: Pooling
) -> FloatArray:
    """Return what pooling makes of a picture or its feature maps, float32 (H', W', C)."""
    maps = layer_maps(picture, layers, seed, 255)
    return pooling.pool(
        maps, layer.size, stride=layer.stride, mode=layer.mode, padding=layer.padding
    )
