"""Feature maps: computed once for all views of them, and drawn as one picture."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import montage, rendering
from cnnviz_core.drawing.rendering import PICTURE_SCALE, Scale
from cnnviz_core.layers import pipeline, windows
from cnnviz_core.layers.specs import Convolution, Layer
from cnnviz_core.layers.windows import Padding
from cnnviz_core.views.sharing import MAX_ARRAYS, Picture, shared

# As wide as a picture is on most screens; what is smaller is enlarged before it leaves.
ENLARGED_PIXELS = 600

Display = Literal["composite", "tiles", "single"]

ColorRange = Literal["fitted", "picture"]

SizeOnScreen = Literal["proportional", "enlarged"]

ScaleSharing = Literal["zero", "shared", "own"]

Brightest = Literal[1, 255]


def num_channels(layers: tuple[Layer, ...]) -> int:
    """Return how many channels come out of layers that get a color picture."""
    counts = [layer.num_filters for layer in layers if isinstance(layer, Convolution)]
    return counts[-1] if counts else 3


def room_after(picture: Picture, layers: tuple[Layer, ...]) -> int:
    """Return the rows and columns that a window has room for in what `layers` leave over."""
    height, width, _ = pipeline.shapes(picture.pixels.shape, layers)[-1].shape
    return min(height, width)


def largest_kernel(room: int, padding: Padding) -> int:
    """Return the rows and columns that a kernel may have; see `windows.largest_kernel`."""
    return windows.largest_kernel(room, padding)


def largest_dilation(room: int, kernel: int, padding: Padding) -> int:
    """Return how far apart its weights may be; see `windows.largest_dilation`."""
    return windows.largest_dilation(room, kernel, padding)


@shared(MAX_ARRAYS)
def layer_maps(
    picture: Picture, layers: tuple[Layer, ...], seed: int, brightest: Brightest
) -> FloatArray:
    """Return what `layers` make of a picture whose values reach from 0 to `brightest`."""
    pixels = picture.pixels if brightest == 255 else picture.pixels / np.float32(255)
    return pipeline.run(pixels, layers, seed)[-1].values


def maps_scaling(is_composite: bool, sharing: ScaleSharing) -> Callable[..., Scale]:
    """Find what makes one scale for several arrays of feature maps."""
    if not is_composite:
        return rendering.value_scale
    return rendering.anchored_channel_scale if sharing == "zero" else rendering.channel_scale


def maps_scale(maps: FloatArray, display: Display, colors: ColorRange) -> Scale:
    """Return one scale for all of the feature maps (H, W, C)."""
    if display != "composite":
        return rendering.value_scale(maps)
    return PICTURE_SCALE if colors == "picture" else rendering.channel_scale(maps)


def draw_maps(maps: FloatArray, scale: Scale, display: Display, filter_index: int = 0) -> ByteArray:
    """Draw feature maps (H, W, C) as one picture: a composite in colors, others in indices."""
    if display == "composite":
        return rendering.composite(maps, scale)
    if display == "single":
        return rendering.color_indices(maps[:, :, filter_index], scale)
    return rendering.tiles(maps, scale)


def draw_in_colors(maps: FloatArray, scale: Scale, display: Display) -> ByteArray:
    """Draw as `draw_maps`, always in colors (H', W', 3): to draw on, or to reduce by averaging."""
    drawn = draw_maps(maps, scale, display)
    return drawn if display == "composite" else rendering.paint(drawn, scale.color_map)


def fit_on_page(drawn: ByteArray, original: ByteArray, size: SizeOnScreen) -> ByteArray:
    """Keep a drawn map in proportion to the picture it came from, or enlarge it."""
    if size == "proportional":
        height, width = np.maximum(drawn.shape[:2], original.shape[:2])
        return montage.on_canvas(drawn, height, width)
    return montage.enlarge(drawn, max(1, ENLARGED_PIXELS // drawn.shape[1]))
