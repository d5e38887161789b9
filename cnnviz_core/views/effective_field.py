"""What one unit really uses of a picture; workers measure it, too, so nothing is cached here."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import ByteArray
from cnnviz_core.drawing import outlines, rendering
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.inspection import architecture, effective_fields
from cnnviz_core.networks import Network
from cnnviz_core.runtime import malloc

# What counts as all that a unit uses.
MOST = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class EffectiveFieldView:
    """How strongly each pixel of the input moves a unit, as a heat picture.

    `num_most` of its pixels hold 90 % of it, of `num_seen` that the unit sees at all.
    """

    heat: Rendered
    num_most: int
    num_seen: int


def effective_field_states(
    network: Network, pixels: ByteArray, layer: str, *, down: int, across: int
) -> Iterator[EffectiveFieldView]:
    """Measure what a unit really uses, `down` and `across` percent of the way over its map.

    It takes seconds, both processors and up to 200 MB for a moment, in VGG16.

    Parameters
    ----------
    pixels : uint8 (H, W, 3)
        Of the picture.

    Yields
    ------
    EffectiveFieldView
        One, once all is measured.

    Raises
    ------
    ValueError
        As `effective_fields.effective_field`, with the first state.
    """
    row, column = architecture.unit_at(network, layer, down, across)
    # Else what other work has left free stands beside what is taken now.
    malloc.give_back()
    field = effective_fields.effective_field(network, pixels, layer, row, column)
    scale = Scale(0.0, 1.0, "sequential")
    heat = _stretched(rendering.colorize(field, scale), pixels.shape[:2])
    part = architecture.field_on_picture(network, layer, row, column, pixels.shape[:2])
    if part is not None:
        heat = framed(heat, architecture.pixel_box(part))
    yield EffectiveFieldView(
        rendered(heat, field, scale),
        effective_fields.concentration(field, MOST),
        int(np.count_nonzero(field)),
    )


def framed(pixels: ByteArray, box: tuple[int, int, int, int]) -> ByteArray:
    """Draw a frame around a part; just inside it where the part goes from edge to edge."""
    top, left, bottom, right = box
    if top >= bottom or left >= right:
        return pixels
    height, width = pixels.shape[:2]
    line = 2 * max(1, round(max(height, width) / outlines.RINGS_PER_SIDE))
    if bottom - top == height:
        top, bottom = line, height - line
    if right - left == width:
        left, right = line, width - line
    return outlines.outline(pixels, top, left, bottom, right)


def _stretched(drawn: ByteArray, size: tuple[int, int]) -> ByteArray:
    """Bring a picture of the network's input to the picture's size, pixel by nearest pixel."""
    rows, columns = (
        np.arange(target) * source // target
        for target, source in zip(size, drawn.shape[:2], strict=True)
    )
    return np.asarray(drawn[rows][:, columns], np.uint8)
