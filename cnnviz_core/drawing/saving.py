"""What a page shows, as files: pictures with what is said of them, and the numbers behind them."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import montage, rendering
from cnnviz_core.drawing.encoding import encode_indexed_png, encode_png
from cnnviz_core.drawing.rendered import Rendered
from cnnviz_core.drawing.rendering import Scale, color_indices, palette
from cnnviz_core.number_format import short_number

# What a page shows is said by labels and values, as a visitor reads them.
Settings = Sequence[tuple[str, str]]

# What the places along an axis are called.
Labels = Mapping[str, Sequence[str]]
NO_LABELS: Labels = MappingProxyType({})

# In pixels: smaller pictures are enlarged, so that their caption has room.
MIN_WIDTH = 480
MARGIN = 12
BAR, MARKS, LINE = 12, 20, 18
DPI = 100
FONT_PIXELS = 13
# What a letter takes on average.
LETTER_PIXELS = 7
INK = "#2B2622"

# More numbers than these make a table that no spreadsheet opens.
MAX_CELLS = 2_000_000


def captioned(picture: Rendered, title: str, settings: Settings) -> bytes:
    """Return a picture with its color bar, its shape, its extremes, and the settings, as PNG.

    The picture's pixels are left as they are, or each becomes a square of pixels.
    """
    # Takes longer to import than a page that saves nothing.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    pixels = decoded(picture.data)
    pixels = montage.enlarge(pixels, max(1, -(-MIN_WIDTH // pixels.shape[1])))
    height, width = pixels.shape[:2]
    bars = color_bars(picture.scale)
    lines = _wrapped(_said(picture, title, settings), width)
    top = height + MARGIN
    total = top + len(bars) * (BAR + 2) + MARKS + len(lines) * LINE + MARGIN
    figure = Figure(figsize=(width / DPI, total / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    for place, colors in enumerate(bars):
        box = (MARGIN / width, 1 - (top + place * (BAR + 2) + BAR) / total)
        axes = figure.add_axes((*box, 1 - 2 * MARGIN / width, BAR / total))
        axes.imshow(colors, aspect="auto", interpolation="none")
        axes.set_axis_off()
    below = top + len(bars) * (BAR + 2)
    for share, ha in ((0.0, "left"), (0.5, "center"), (1.0, "right")):
        value = picture.scale.low * (1 - share) + picture.scale.high * share
        x = (MARGIN + share * (width - 2 * MARGIN)) / width
        _write(figure, x, below / total, short_number(value), ha)
    for place, line in enumerate(lines):
        _write(figure, MARGIN / width, (below + MARKS + place * LINE) / total, line, "left")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    drawn = decoded(file.getvalue())[:, :, :3].copy()
    # The picture itself is laid in as it is: no figure keeps single pixels.
    opaque = pixels[:, :, 3:] / np.float32(255)
    drawn[:height, :width] = (pixels[:, :, :3] * opaque + 255 * (1 - opaque)).round()
    return encode_png(drawn)


def tile_archive(values: FloatArray, scale: Scale, names: Sequence[str]) -> bytes:
    """Return a ZIP of one PNG for each map (H, W, C), a pixel a value, all on one scale."""
    file = io.BytesIO()
    colors = palette(scale.color_map)
    with zipfile.ZipFile(file, "w") as archive:
        for index, name in enumerate(names):
            indices = color_indices(values[:, :, index], scale)
            archive.writestr(f"{name}.png", encode_indexed_png(indices, colors))
    return file.getvalue()


def as_npz(
    values: FloatArray, axes: Sequence[str], settings: Settings, labels: Labels = NO_LABELS
) -> bytes:
    """Return numbers as NPZ: `values` in float32, `axes` and `settings` as text; no pickles.

    What places along an axis are called is in `labels_` and the name of the axis.
    """
    file = io.BytesIO()
    arrays: dict[str, Any] = {
        "values": values.astype(np.float32, copy=False),
        "axes": np.array(axes, np.str_),
        "settings": np.array(settings, np.str_).reshape(-1, 2),
    }
    for axis, names in labels.items():
        arrays[f"labels_{axis}"] = np.array(names, np.str_)
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def as_csv(
    values: FloatArray, axes: Sequence[str], settings: Settings, labels: Labels = NO_LABELS
) -> bytes:
    r"""Return numbers as a table for spreadsheets, with as many digits as they have.

    A line for each combination of the first axis and those after the second; a column for each
    place along the second. Places are called by their labels, or counted from 1. Settings come
    first, after `#`.

    Examples
    --------
    >>> numbers = np.float32([[[1], [0.1]]])
    >>> print(as_csv(numbers, ("row", "column", "channel"), [("Size", "3")]).decode())
    # Size: 3
    channel,row,column 1,column 2
    1,1,1.0,0.1
    <BLANKLINE>
    """
    file = io.StringIO(newline="")
    for label, said in settings:
        # What a person has written may have lines of its own.
        file.write(f"# {' '.join(f'{label}: {said}'.split())}\n")
    table = csv.writer(file, lineterminator="\n")
    first, second, *others = axes
    columns = labels.get(second) or [f"{second} {place + 1}" for place in range(values.shape[1])]

    def named(axis: str, place: int) -> object:
        return labels[axis][place] if axis in labels else place + 1

    table.writerow([*others, first, *columns])
    for place in np.ndindex(values.shape[2:]):
        # The shortest text that reads as the same float32.
        grid = values[(slice(None), slice(None), *place)].astype(np.float32).astype(str)
        for row, numbers in enumerate(grid):
            table.writerow([*map(named, others, place), named(first, row), *numbers])
    return file.getvalue().encode()


def decoded(data: bytes) -> ByteArray:
    """Return the RGBA pixels of an encoded picture."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    codes = {2: cv2.COLOR_GRAY2RGBA, 3: cv2.COLOR_BGR2RGBA, 4: cv2.COLOR_BGRA2RGBA}
    kind = 2 if pixels is None or pixels.ndim == 2 else pixels.shape[2]
    return np.asarray(cv2.cvtColor(np.asarray(pixels), codes[kind]), np.uint8)


def color_bars(scale: Scale) -> list[ByteArray]:
    """Return the colors from low to high, one row of pixels for each bar."""
    ramp = np.linspace(scale.low, scale.high, 256, dtype=np.float32)[np.newaxis]
    if scale.color_map != "channels":
        return [rendering.colorize(ramp, scale)]
    alone = np.full((3, 1, 256, 3), scale.low, np.float32)
    for channel in range(3):
        alone[channel, :, :, channel] = ramp
    return [rendering.composite(one, scale) for one in alone]


def _said(picture: Rendered, title: str, settings: Settings) -> str:
    shape = " × ".join(map(str, picture.shape))
    reach = f"{short_number(picture.low)} … {short_number(picture.high)}"
    parts = [f"{label}: {said}" for label, said in settings]
    return " · ".join([title, shape, reach, *parts])


def _wrapped(text: str, width: int) -> list[str]:
    """Break a text between its parts, so that it fits."""
    most = int((width - 2 * MARGIN) / LETTER_PIXELS)
    lines = [""]
    for part in text.split(" · "):
        longer = f"{lines[-1]} · {part}" if lines[-1] else part
        if len(longer) <= most:
            lines[-1] = longer
        else:
            lines.append(part)
    return [line for line in lines if line]


def _write(figure: Any, x: float, top: float, text: str, ha: str) -> None:
    size = FONT_PIXELS * 72 / DPI
    figure.text(x, 1 - top, text, ha=ha, va="top", fontsize=size, color=INK, parse_math=False)
