"""Small sheets of many layers: what they show, and how little they take."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from cnnviz_core.inspection.feature_maps import ChannelOrder, channel_order
from cnnviz_core.views import feature_maps
from cnnviz_core.views.feature_maps import ChannelScale, layer_view
from cnnviz_core.views.layer_previews import NUM_LEVELS, LayerPreview, layer_previews
from cnnviz_core.views.networks import all_layers, load_network
from cnnviz_core.views.sharing import original, sample_picture

CAT = sample_picture("cat")


def cut(reds: np.ndarray, one: LayerPreview, tile: int) -> np.ndarray:
    """The values of one channel, read off the picture of all."""
    row, column = divmod(tile, one.grid.tiles_a_row)
    top, left = one.top + row * one.rows, column * one.columns
    levels = reds[top : top + one.rows, left : left + one.columns]
    return one.scale.low + levels / (NUM_LEVELS - 1) * (one.scale.high - one.scale.low)


@pytest.mark.parametrize(("order", "scaling"), [("index", "layer"), ("maximum", "channel")])
def test_a_preview_has_the_means_of_the_maps_in_the_order_and_colors_of_the_sheet(
    order: ChannelOrder, scaling: ChannelScale
) -> None:
    network = load_network("efficientnet-lite0")
    # With values below zero, too, and with a list of numbers at last.
    names = ("stem_conv", "stem_relu", "block3a_expand_relu", "head_relu", "classes")
    names = tuple(one for one in names if one in {layer.name for layer in network.layers})
    previews = layer_previews(network, CAT, names, order=order, scaling=scaling)
    reds = np.asarray(Image.open(io.BytesIO(previews.data)).convert("RGBA"))[:, :, 0]
    for one in previews.layers:
        view = layer_view(network, CAT, one.name, order=order, scaling=scaling, position=0)
        assert (one.scale, one.grid) == (view.sheet.scale, view.sheet.grid)
        assert (one.low, one.high, one.shape) == (view.sheet.low, view.sheet.high, view.sheet.shape)
        maps = all_layers(network, CAT)[one.name]
        channels = channel_order(maps, order)[:1280]
        colored, scale = feature_maps.scaled(maps, scaling)
        for tile in (0, len(channels) // 2, len(channels) - 1):
            size = one.columns, one.rows
            means = cv2.resize(colored[:, :, channels[tile]], size, interpolation=cv2.INTER_AREA)
            half = (scale.high - scale.low) / (NUM_LEVELS - 1) / 2
            means = means.reshape(one.rows, one.columns).clip(scale.low, scale.high)
            assert np.abs(cut(reds, one, tile) - means).max() <= half * 1.001


@pytest.mark.parametrize("key", ["efficientnet-lite0", "vgg16-edges", "lenet-5"])
@pytest.mark.parametrize("has_all", [False, True])
def test_all_previews_take_a_fifth_of_the_pages_pictures_at_most(key: str, has_all: bool) -> None:
    network = load_network(key)
    every = tuple(layer.name for layer in network.layers)
    names = every if has_all else feature_maps.main_layers(network)
    previews = layer_previews(network, CAT, names, order="index", scaling="layer")
    view = layer_view(network, CAT, names[0], order="index", scaling="layer", position=0)
    pictures = view.sheet, view.channel, original(CAT)
    assert len(previews.data) <= 0.2 * sum(len(one.data) for one in pictures)
