"""A drawn picture as bytes, with the facts that stand beside it."""

from dataclasses import dataclass

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing.encoding import encode_indexed_png, encode_png
from cnnviz_core.drawing.montage import TileGrid
from cnnviz_core.drawing.rendering import Scale, channel_ranges, palette, value_range


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """A picture ready for the page, with the facts that stand beside it.

    `data` is PNG or JPEG; `shape` is that of the values shown, `low` and `high` are their extremes.
    `channels` has those of each of the three maps that are shown as red, green and blue, if so.
    `grid` says where the values lie, in pictures whose colors are those of single values.
    """

    data: bytes
    shape: tuple[int, ...]
    low: float
    high: float
    scale: Scale
    channels: tuple[tuple[float, float], ...] = ()
    grid: TileGrid | None = None

    @property
    def is_blank(self) -> bool:
        """Whether all values are 0: then no color stands for a number."""
        return self.low == self.high == 0


def rendered(
    drawn: ByteArray,
    values: FloatArray | ByteArray,
    scale: Scale,
    grid: TileGrid | None = None,
) -> Rendered:
    """Return what was drawn, in colors or indices, with the facts of the values that it shows."""
    if drawn.ndim == 3:
        data = encode_png(drawn)
    else:
        data = encode_indexed_png(drawn, palette(scale.color_map))
    return described(data, values, scale, grid)


def described(
    data: bytes, values: FloatArray | ByteArray, scale: Scale, grid: TileGrid | None = None
) -> Rendered:
    """Return an encoded picture with the facts of the values that it shows."""
    low, high = value_range(values)
    channels = channel_ranges(values) if scale.color_map == "channels" else ()
    return Rendered(
        data=data,
        shape=values.shape,
        low=low,
        high=high,
        scale=scale,
        channels=channels,
        grid=grid,
    )
