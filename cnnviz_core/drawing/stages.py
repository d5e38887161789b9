"""The pictures of layers in a row: one picture a stage, alike in size, comparable in color."""

import math
from collections.abc import Callable, Sequence

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing.montage import GAP, enlarge, on_canvas
from cnnviz_core.drawing.rendering import Scale, color_indices, composite, tiles

# Three of them stand in two thirds of a page; what is much smaller is enlarged before it leaves.
STAGE_PIXELS = 480

BlockScales = tuple[Scale, ...]

Shape = tuple[int, int, int]


def anchored_scales(block: Sequence[FloatArray], scale_of: Callable[..., Scale]) -> BlockScales:
    """Return scales that begin anew after convolution, where ReLU leaves nothing below zero.

    Parameters are those of `block_scales`.

    Examples
    --------
    >>> import numpy as np
    >>> from cnnviz_core.drawing.rendering import value_scale
    >>> block = [np.float32([[[-4, 2]]]), np.float32([[[0, 2]]]), np.float32([[[2]]])]
    >>> [(scale.low, scale.high) for scale in anchored_scales(block, value_scale)]
    [(-4.0, 4.0), (0.0, 2.0), (0.0, 2.0)]
    """
    convolved, *later = block
    rest = scale_of(*later)
    return scale_of(convolved), rest, rest


def block_scales(
    block: Sequence[FloatArray], scale_of: Callable[..., Scale], *, is_bounded: bool
) -> BlockScales:
    """Return scales by which the eye follows a value through convolution, activation and pooling.

    Parameters
    ----------
    block : three float32 (H, W, C)
        The values after convolution, activation and pooling.
    scale_of : function
        Makes one scale for several arrays: `rendering.value_scale` or `rendering.channel_scale`.
    is_bounded : bool
        Whether the activation function squeezes its values under a limit, as tanh does.

    Returns
    -------
    tuple of Scale
        One for all three; but below a limit, convolution has a scale of its own, because on that
        one the others would be blank.

    Examples
    --------
    >>> import numpy as np
    >>> from cnnviz_core.drawing.rendering import value_scale
    >>> block = [np.float32([[[-40]]]), np.float32([[[-1]]]), np.float32([[[-1]]])]
    >>> [scale.high for scale in block_scales(block, value_scale, is_bounded=True)]
    [40.0, 1.0, 1.0]
    """
    if is_bounded:
        return anchored_scales(block, scale_of)
    shared = scale_of(*block)
    return shared, shared, shared


def draw_enlarged(maps: FloatArray, scale: Scale, picture: Shape) -> ByteArray:
    """Draw a stage as large as the others, every value a block of pixels.

    Parameters
    ----------
    maps : float32 (H, W, C)
    scale : Scale
        "channels" draws three maps as the red, green and blue of one picture; with other color
        maps, several maps become tiles.
    picture : (int, int, int)
        The shape of the picture that the stage was made from.

    Returns
    -------
    uint8 (H', W', 4) or (H', W')
        RGBA, or indices into the palette of the scale's color map; as wide for its height as the
        picture. What the maps don't fill is transparent.
    """
    sheet = _sheet(maps, scale, STAGE_PIXELS)
    sheet = enlarge(sheet, max(1, STAGE_PIXELS // max(sheet.shape[:2])))
    height, width = sheet.shape[:2]
    return _framed(sheet, height, width, picture)


def draw_in_proportion(maps: FloatArray, scale: Scale, picture: Shape) -> ByteArray:
    """Draw a stage as large as it is beside the picture; else as `draw_enlarged`."""
    columns = _num_columns(maps, scale)
    full_width = min(picture[1], STAGE_PIXELS // columns - GAP)
    share = maps.shape[1] / picture[1]
    sheet = _sheet(maps, scale, round(columns * (full_width * share + GAP)))
    height, width = sheet.shape[:2]
    return _framed(sheet, height, max(width, columns * (full_width + GAP) - GAP), picture)


def _sheet(maps: FloatArray, scale: Scale, max_width: int) -> ByteArray:
    if (columns := _num_columns(maps, scale)) > 1:
        return tiles(maps, scale, columns=columns, max_width=max_width)
    if scale.color_map == "channels":
        return composite(maps, scale)
    return color_indices(maps[:, :, 0], scale)


def _num_columns(maps: FloatArray, scale: Scale) -> int:
    """Return as many columns as rows, or one more: about the maps' proportions. 1 for no tiles."""
    return 1 if scale.color_map == "channels" else math.ceil(math.sqrt(maps.shape[2]))


def _framed(sheet: ByteArray, height: int, width: int, picture: Shape) -> ByteArray:
    """Center a sheet where at least `height` × `width` are free, in the picture's proportions."""
    return on_canvas(
        sheet,
        max(height, math.ceil(width * picture[0] / picture[1])),
        max(width, math.ceil(height * picture[1] / picture[0])),
    )
