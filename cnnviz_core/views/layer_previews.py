"""Small sheets of the channels of many layers, for a browser that shows them while it waits."""

import math
from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray, split_channels
from cnnviz_core.drawing import maps as map_drawing
from cnnviz_core.drawing import rendering
from cnnviz_core.drawing.encoding import encode_indexed_png
from cnnviz_core.drawing.maps import MAX_TILES
from cnnviz_core.drawing.montage import TileGrid
from cnnviz_core.drawing.rendering import Scale, value_range
from cnnviz_core.inspection import feature_maps
from cnnviz_core.inspection.feature_maps import ChannelOrder
from cnnviz_core.networks import Network
from cnnviz_core.views.feature_maps import ChannelScale, scaled
from cnnviz_core.views.networks import all_layers
from cnnviz_core.views.sharing import Picture, shared

# Each takes up to 0.2 MB.
MAX_PREVIEWS = 16

# Of a sheet; smaller where there are more layers than so many, as with all steps in between.
SIDE = 128
LAYERS_AT_FULL_SIDE = 28

# A fifth of the colors of a page's sheet: half the bytes, and hardly seen.
NUM_LEVELS = 32


@dataclass(frozen=True, slots=True)
class LayerPreview:
    """One layer among the previews.

    Attributes
    ----------
    name, type : str
    shape : tuple of int
        Of its maps, (H, W, C).
    scale : Scale
        Of its colors.
    low, high : float
        The extremes of its values, as they are.
    top : int
        The row of the previews' picture where its sheet begins, without gaps between tiles.
    rows, columns : int
        How many values of each channel there are.
    grid : TileGrid
        Where the tiles lie on the page's sheet.
    """

    name: str
    type: str
    shape: tuple[int, ...]
    scale: Scale
    low: float
    high: float
    top: int
    rows: int
    columns: int
    grid: TileGrid


@dataclass(frozen=True, slots=True, eq=False)
class LayerPreviews:
    """Sheets of layers, one below the other in the red of a PNG: levels from 0 to 31."""

    data: bytes
    layers: tuple[LayerPreview, ...]


@shared(MAX_PREVIEWS)
def layer_previews(
    network: Network,
    picture: Picture,
    names: tuple[str, ...],
    *,
    order: ChannelOrder,
    scaling: ChannelScale,
) -> LayerPreviews:
    """Return small sheets of the layers called `names`; `order`, `scaling` as in `layer_view`."""
    side = min(SIDE, math.isqrt(SIDE**2 * LAYERS_AT_FULL_SIDE // len(names)))
    every = all_layers(network, picture)
    sheets, layers, top = [], [], 0
    for name in names:
        maps = every[name]
        channels = feature_maps.channel_order(maps, order)[:MAX_TILES]
        colored, scale = scaled(maps, scaling)
        height, width = maps.shape[:2]
        grid = map_drawing.sheet_grid(height, width, len(channels))
        room = max(1, side // grid.tiles_a_row)
        planes = map_drawing.reduced_to_width(split_channels(colored)[channels], room)
        sheets.append(_sheet(planes, scale, grid.tiles_a_row))
        low, high = value_range(maps)
        layers.append(
            LayerPreview(
                name=name,
                type=network.layer(name).type,
                shape=maps.shape,
                scale=scale,
                low=low,
                high=high,
                top=top,
                rows=planes.shape[1],
                columns=planes.shape[2],
                grid=grid,
            )
        )
        top += len(sheets[-1])
    widest = max(one.shape[1] for one in sheets)
    below = np.concatenate([np.pad(one, ((0, 0), (0, widest - one.shape[1]))) for one in sheets])
    reds = np.zeros((256, 4), np.uint8)
    reds[:, 0], reds[:, 3] = range(256), 255
    return LayerPreviews(encode_indexed_png(below, reds), tuple(layers))


def _sheet(planes: FloatArray, scale: Scale, columns: int) -> ByteArray:
    """Lay the levels of maps (N, h, w) out as tiles, without gaps."""
    count, height, width = planes.shape
    levels = rendering.to_levels(planes.reshape(-1, width), scale, NUM_LEVELS - 1).reshape(
        planes.shape
    )
    levels = np.pad(levels, ((0, -count % columns), (0, 0), (0, 0)))
    rows = levels.reshape(-1, columns, height, width).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(rows.reshape(-1, columns * width))
