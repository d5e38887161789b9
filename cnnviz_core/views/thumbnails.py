"""What home shows of every other page: small pictures, made as the page makes its own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz_core import filter_ascent, heatmaps, images
from cnnviz_core.arrays import ByteArray
from cnnviz_core.drawing import ascents, montage, outlines, rendering
from cnnviz_core.drawing import maps as map_drawing
from cnnviz_core.drawing.encoding import encode_jpeg
from cnnviz_core.heatmaps.baselines import MIDDLE_GRAY
from cnnviz_core.inspection import feature_maps, layer_roles
from cnnviz_core.inspection.predictions import Prediction, rank
from cnnviz_core.layers import convolution, pipeline, pooling
from cnnviz_core.layers.article import lenet
from cnnviz_core.layers.kernels import NamedKernel, make_kernels
from cnnviz_core.layers.specs import Activation, Convolution, Layer
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views.architecture import drawn_network
from cnnviz_core.views.kernels import kernels_of, layers_with_kernels
from cnnviz_core.views.maps import draw_in_colors, maps_scale
from cnnviz_core.views.networks import all_layers, load_network, logits
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared
from cnnviz_core.views.votes import vote_view

# Twice the width of a card on most screens, less what nobody sees.
PIXELS = 320

# The networks with which the pages begin.
CLASSIFIER = "efficientnet-lite0"
ASCENT_NETWORK = "vgg16-edges"

# The seeds with which the pages of activation and of LeNet begin.
SEED, LENET_SEED = 265, 47

# So many windows along the shorter side are still seen when the picture is as small as a card.
NUM_WINDOWS = 36

# Feature maps on a card, of a layer at this part of the network's depth.
NUM_MAPS, MAP_COLUMNS, DEPTH = 6, 3, 12

NUM_CLASSES = 3

# Of the shorter side of the picture: where the page's patch lies at first, and how large it is.
PATCH_DOWN, PATCH_ACROSS, PATCH_SIZE = 0.6, 0.7, 0.4

HEAT_ALPHA = 0.5

# Four filters of each layer, as large as a thumb: few steps are enough.
ASCENT_LAYERS = tuple(f"block{number}_conv1" for number in (3, 1, 2, 4, 5))
NUM_FILTERS, FILTER_SIDE, NUM_STEPS = 4, 64, 12


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """What stands on a card: a picture as JPEG or PNG, a drawing as SVG, or classes."""

    picture: bytes | None = None
    drawing: str | None = None
    classes: tuple[Prediction, ...] = ()


Thumbnails = Mapping[str, Thumbnail]


@shared(MAX_VIEWS)
def layer_thumbnails(picture: Picture) -> Thumbnails:
    """Those of the pages that need no network, by the pages' names.

    A picture too small for a layer stands for what the layer would make of it.
    """
    small = images.fit(picture.pixels, PIXELS)
    makers: dict[str, Callable[[ByteArray], ByteArray]] = {
        "convolution": _edges,
        "activation": _activated,
        "pooling": _mosaic,
        "lenet": _last_of_lenet,
        "occlusion": _with_patch,
    }
    return {name: Thumbnail(encode_jpeg(_made(make, small))) for name, make in makers.items()}


@shared(MAX_VIEWS)
def network_thumbnails(picture: Picture) -> Job[Thumbnails]:
    """Those of the pages that look into a network; a job, of which each state has one more."""
    return Job(begin=lambda: _network_thumbnails(picture), name="home's pictures of networks")


@shared(1)
def filter_thumbnails() -> Job[Thumbnails]:
    """The filters of some layers of VGG16, by the layers' names; a job as before.

    They do not depend on the picture, and so are made once.
    """
    return Job(begin=_filter_thumbnails, name="home's pictures of filters")


def _network_thumbnails(picture: Picture) -> Iterator[Thumbnails]:
    network = load_network(CLASSIFIER)
    made: dict[str, Thumbnail] = {}
    yield made
    makers: dict[str, Callable[[Network, Picture], Thumbnail]] = {
        "predictions": _classes,
        "feature_maps": _strongest_maps,
        "kernels": _first_kernels,
        "architecture": _drawing,
        "heatmaps": _heatmap,
        "votes": _votes,
    }
    for name, make in makers.items():
        made = {**made, name: make(network, picture)}
        yield made


def _filter_thumbnails() -> Iterator[Thumbnails]:
    network = load_network(ASCENT_NETWORK)
    made: dict[str, Thumbnail] = {}
    yield made
    for layer in ASCENT_LAYERS:
        for state in filter_ascent.ascend(
            network,
            layer,
            range(NUM_FILTERS),
            steps=NUM_STEPS,
            size=FILTER_SIDE,
        ):
            last = state.images
            yield made
        tiles = list(ascents.as_bytes(last))
        made = {**made, layer: Thumbnail(encode_jpeg(montage.montage(tiles, columns=2)))}
        yield made


def _made(make: Callable[[ByteArray], ByteArray], small: ByteArray) -> ByteArray:
    try:
        return montage.fit_width(make(small), PIXELS)
    except ValueError:
        return small


def _edges(small: ByteArray) -> ByteArray:
    kernels = make_kernels(NamedKernel("sobel_x", 3, 0.0, "brightness"))
    maps = convolution.convolve(small, kernels)
    return draw_in_colors(maps, maps_scale(maps, "single", "fitted"), "single")


def _activated(small: ByteArray) -> ByteArray:
    return _as_color(small, (Convolution(3, 3), Activation("relu")), SEED)


def _last_of_lenet(small: ByteArray) -> ByteArray:
    return _as_color(small, lenet(), LENET_SEED)


def _as_color(small: ByteArray, layers: Sequence[Layer], seed: int) -> ByteArray:
    """Three maps that are never negative as one picture, in which zero is black."""
    maps = pipeline.run(small, layers, seed)[-1].values
    return rendering.composite(maps, rendering.anchored_channel_scale(maps))


def _mosaic(small: ByteArray) -> ByteArray:
    pooled = pooling.pool(small, max(1, min(small.shape[:2]) // NUM_WINDOWS))
    return rendering.composite(pooled)


def _with_patch(small: ByteArray) -> ByteArray:
    height, width = small.shape[:2]
    side = max(1, round(PATCH_SIZE * min(height, width)))
    top, left = (
        min(max(0, round(share * (length - 1) - side / 2)), length - side)
        for share, length in ((PATCH_DOWN, height), (PATCH_ACROSS, width))
    )
    box = top, left, top + side, left + side
    covered = small.copy()
    covered[top : top + side, left : left + side] = round(MIDDLE_GRAY)
    return outlines.outline(covered, *box)


def _classes(network: Network, picture: Picture) -> Thumbnail:
    return Thumbnail(classes=rank(network, logits(network, picture), NUM_CLASSES))


def _strongest_maps(network: Network, picture: Picture) -> Thumbnail:
    names = layer_roles.main_maps(network)
    maps = all_layers(network, picture)[names[len(names) // DEPTH]]
    channels = feature_maps.channel_order(maps, "variance")[:NUM_MAPS]
    colored, scale = map_drawing.own_ranges(maps[:, :, channels])
    size = PIXELS // MAP_COLUMNS, PIXELS // MAP_COLUMNS
    tiles = [map_drawing.draw_map(one, scale, *size) for one in np.moveaxis(colored, 2, 0)]
    return Thumbnail(encode_jpeg(montage.montage(tiles, MAP_COLUMNS)))


def _first_kernels(network: Network, picture: Picture) -> Thumbnail:
    return Thumbnail(kernels_of(network, layers_with_kernels(network)[0], "color").sheets[0].data)


def _drawing(network: Network, picture: Picture) -> Thumbnail:
    return Thumbnail(drawing=drawn_network(network, network.layers[0].name, network.title))


def _heatmap(network: Network, picture: Picture) -> Thumbnail:
    heat = heatmaps.heatmap(network, picture.pixels)
    drawn = heatmaps.overlay(picture.pixels, heat, HEAT_ALPHA)
    return Thumbnail(encode_jpeg(images.fit(drawn, PIXELS)))


def _votes(network: Network, picture: Picture) -> Thumbnail:
    best = rank(network, logits(network, picture), 1)[0].index
    heat = vote_view(network, picture, best, None, ()).heat
    return Thumbnail(encode_jpeg(images.fit(images.decode(heat.data), PIXELS)))
