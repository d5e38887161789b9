"""What the feature-maps page shows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, split_channels
from cnnviz_core.drawing import layer_lines
from cnnviz_core.drawing import maps as map_drawing
from cnnviz_core.drawing.maps import MAX_TILES, TileSheet
from cnnviz_core.drawing.montage import transparent_montage
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.inspection import feature_maps, layer_roles, receptive_fields
from cnnviz_core.inspection.feature_maps import ChannelOrder, LayerMeasures
from cnnviz_core.inspection.receptive_fields import Field
from cnnviz_core.layers import formulas
from cnnviz_core.networks import Network
from cnnviz_core.theme import Theme
from cnnviz_core.views.networks import all_layers
from cnnviz_core.views.overlays import draw_cells, encode_halves, rendered_cells
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared

# One scale for all channels of a layer, or one for each channel.
ChannelScale = Literal["layer", "channel"]

# In the order of the article's conclusions.
MEASURES = ("r2", "dead", "sparsity")

# A sheet takes 1.6 MB before it is encoded.
MAX_SHEETS = 8

# On the way through the network: rows, and the strongest channels in each.
NUM_ROWS = 10
MAPS_PER_ROW = 8
ROW_MAP_PIXELS = 120


@dataclass(frozen=True, slots=True, eq=False)
class LayerView:
    """What the feature-maps page shows of one layer.

    `sheet` has `num_shown` of the `num_channels` channels as tiles, those with the numbers
    `channels`; a frame is around the one that `channel` shows alone, which has the number `index`.
    `dead_formula` is the share of dead channels, as LaTeX.
    """

    sheet: Rendered
    channels: tuple[int, ...]
    channel: Rendered
    index: int
    num_shown: int
    num_channels: int
    dead_formula: str


@dataclass(frozen=True, slots=True, eq=False)
class StrongestMaps:
    """The strongest channels of the layer `name` side by side, and their numbers."""

    name: str
    picture: Rendered
    channels: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    sheet: TileSheet
    channels: npt.NDArray[np.intp]
    scale: Scale
    num_dead: int


def layer_field(network: Network, layer: str) -> Field | None:
    """Return what the units of a layer see of the picture, in pixels of the network's input."""
    return receptive_fields.fields(network)[layer]


def main_layers(network: Network) -> tuple[str, ...]:
    """Return the layers that are offered at first: those that end a step."""
    return layer_roles.main_layers(network)


def num_tiles(num_channels: int) -> int:
    """Return how many of a layer's channels fit on its sheet."""
    return min(num_channels, MAX_TILES)


@shared(MAX_VIEWS)
def layer_view(
    network: Network,
    picture: Picture,
    layer: str,
    *,
    order: ChannelOrder,
    scaling: ChannelScale,
    position: int,
) -> LayerView:
    """Return the activations of a layer: all channels, and one of them beside the picture.

    Parameters
    ----------
    layer : str
        The name of one of `network.layers`.
    order : "index", "mean", "maximum" or "variance"
        Of the channels on the sheet.
    scaling : "layer" or "channel"
        One color scale for all channels, or one for each.
    position : int
        Of the channel shown alone, in this order, from 0.

    Raises
    ------
    ValueError
        If the picture cannot go into the network.
    """
    maps = all_layers(network, picture)[layer]
    drawn = _drawn(network, picture, layer, order, scaling)
    index = int(drawn.channels[position])
    alone = maps[:, :, index : index + 1]
    scale = drawn.scale if scaling == "layer" else map_drawing.robust_scale(alone)
    return LayerView(
        sheet=rendered(
            map_drawing.mark_tile(drawn.sheet, position), maps, drawn.scale, drawn.sheet.grid
        ),
        channels=tuple(map(int, drawn.channels)),
        channel=rendered_cells(alone, scale, picture.pixels),
        index=index,
        num_shown=len(drawn.channels),
        num_channels=maps.shape[2],
        dead_formula=formulas.percentage_formula(drawn.num_dead, maps.shape[2]),
    )


@shared(MAX_SHEETS)
def sheet_values(
    network: Network, picture: Picture, layer: str, order: ChannelOrder
) -> bytes | None:
    """Return the activations that the tiles of a layer's sheet show, as `encode_halves` does."""
    maps = all_layers(network, picture)[layer]
    planes = split_channels(maps)[feature_maps.channel_order(maps, order)[:MAX_TILES]]
    grid = map_drawing.sheet_grid(planes.shape[1], planes.shape[2], len(planes))
    return encode_halves(map_drawing.reduced_to_width(planes, grid.columns))


@shared(MAX_SHEETS)
def _drawn(
    network: Network, picture: Picture, layer: str, order: ChannelOrder, scaling: ChannelScale
) -> _Drawn:
    """Draw the sheet without a frame, so that another channel is framed on the same one."""
    maps = all_layers(network, picture)[layer]
    channels = feature_maps.channel_order(maps, order)[:MAX_TILES]
    colored, scale = scaled(maps, scaling)
    return _Drawn(
        map_drawing.draw_tile_sheet(colored, channels, scale),
        channels,
        scale,
        feature_maps.num_dead(maps),
    )


def scaled(maps: FloatArray, scaling: ChannelScale) -> tuple[FloatArray, Scale]:
    """Return the maps of a layer as they are colored, and the scale of their colors."""
    if scaling == "channel":
        return map_drawing.own_ranges(maps)
    return maps, map_drawing.robust_scale(maps)


@shared(MAX_VIEWS)
def through_the_network(
    network: Network, picture: Picture, scaling: ChannelScale
) -> tuple[StrongestMaps, ...]:
    """Return the strongest maps of about ten layers, evenly spaced from the input to the output."""
    names = layer_roles.spread_over(layer_roles.main_maps(network), NUM_ROWS)
    return tuple(_strongest(network, picture, name, scaling) for name in names)


def _strongest(
    network: Network, picture: Picture, layer: str, scaling: ChannelScale
) -> StrongestMaps:
    maps = all_layers(network, picture)[layer]
    channels = feature_maps.channel_order(maps, "mean")[:MAPS_PER_ROW]
    colored, scale = scaled(maps[:, :, channels], scaling)
    tiles = [
        draw_cells(one, scale, picture.pixels, ROW_MAP_PIXELS) for one in split_channels(colored)
    ]
    return StrongestMaps(
        layer,
        rendered(transparent_montage(tiles, MAPS_PER_ROW), maps, scale),
        tuple(map(int, channels)),
    )


@shared(MAX_VIEWS)
def layer_measures(network: Network, picture: Picture) -> tuple[LayerMeasures, ...]:
    """Measure the article's three conclusions, for each layer that ends a step; takes 0.4 s.

    Empty for a network without maps of more than one position.
    """
    maps = all_layers(network, picture)
    names = layer_roles.main_maps(network)
    return feature_maps.measure_layers({name: maps[name] for name in names}, picture.pixels)


@shared(MAX_VIEWS)
def measures_figure(
    network: Network, picture: Picture, layer: str, *, labels: tuple[str, str, str], theme: Theme
) -> str:
    """Draw the measures as lines over the layers, as SVG; `layer` is marked if it is one of them.

    `labels` says what R² is of, what is dead, and what is zero.
    """
    measures = layer_measures(network, picture)
    lines = zip(labels, MEASURES, strict=True)
    return layer_lines.shares_over_layers(
        [one.name for one in measures],
        {label: [getattr(one, measure) for one in measures] for label, measure in lines},
        marked=layer,
        theme=theme,
    )
