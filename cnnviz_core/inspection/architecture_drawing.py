"""A network's layers as a drawing: boxes along the depth, and arcs where paths leave and join."""

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cnnviz_core.inspection.architecture import LayerRow
from cnnviz_core.networks.layer_types import Family, layer_type

BlockKind = Literal["convolution", "depthwise", "pooling", "dense", "joining", "other"]

_FAMILIES: Mapping[Family, BlockKind] = {
    "convolution": "convolution",
    "pooling": "pooling",
    "global pooling": "pooling",
    "dense": "dense",
    "joining": "joining",
}
_SIGNS = {"Multiply": "×", "Subtract": "−", "Concatenate": "‖"}

# Okabe and Ito's colors for light pages, and lighter ones for dark pages.
COLORS: Mapping[BlockKind, str] = {
    "convolution": "light-dark(#0072B2, #56B4E9)",
    "depthwise": "light-dark(#009E73, #2BC39A)",
    "pooling": "light-dark(#D55E00, #F0803C)",
    "dense": "light-dark(#CC79A7, #E29CC4)",
    "joining": "light-dark(#FFFDFA, #171412)",
    "other": "light-dark(#8A8078, #9A8F86)",
}

# All in units of the drawing, which are CSS pixels where it is shown at its natural size.
WIDTH = 960
TALLEST = 150
SMALLEST = 4  # the width of a box
WIDEST = 60
GAPS = (3.0, 40.0)
RADIUS = 6
MARGIN = 10
TOP = 62  # for the selected layer's name, and the arcs below it
MIDDLE = TOP + TALLEST / 2
LABEL_LINES = 2
LABEL_LINE = 18
BOTTOM = TOP + TALLEST + LABEL_LINES * LABEL_LINE + 8
SHRINKING = 0.7  # on narrow screens; what is narrower still has to scroll
LABEL_CHARACTER = 9.2  # a digit at the size of the labels


@dataclass(frozen=True, slots=True)
class Block:
    """Layers that are drawn as one box: a convolution with its normalization and activation.

    `sources` are the numbers of the blocks that it reads from; -1 is the picture.
    """

    layers: tuple[LayerRow, ...]
    kind: BlockKind
    sources: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return (H', W', C) of its output; a vector is a map of 1×1."""
        return _as_maps(self.layers[-1].output_shape)


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    width: float
    height: float

    @property
    def center(self) -> float:
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        return MIDDLE - self.height / 2


def blocks(table: Sequence[LayerRow]) -> tuple[Block, ...]:
    """Group the layers of `layer_table` into blocks, in the order of the first layer of each."""
    grouped: list[list[LayerRow]] = []
    owner: dict[str, int] = {}
    for row in table:
        before = owner.get(row.inputs[0])
        if (
            before is not None
            and layer_type(row.type).keeps_channels
            and row.inputs == (grouped[before][-1].name,)
        ):
            grouped[before].append(row)
            owner[row.name] = before
        else:
            owner[row.name] = len(grouped)
            grouped.append([row])
    return tuple(
        Block(
            layers=tuple(group),
            kind=_block_kind(group[0]),
            sources=tuple(owner.get(name, -1) for name in group[0].inputs),
        )
        for group in grouped
    )


def draw(
    table: Sequence[LayerRow], input_size: tuple[int, int], selected: str, *, label: str
) -> str:
    """Draw a network from the picture on the left to the output on the right.

    The higher a box, the higher its maps, and the wider, the more channels it has. Both go with the
    square root, so that maps of 7×7 are still seen beside 224×224, and 1280 channels fit beside 3.

    Parameters
    ----------
    table : sequence of LayerRow
        From `architecture.layer_table`.
    input_size : (int, int)
        Height and width of what the network takes.
    selected : str
        The layer to point at.
    label : str
        What a screen reader says of the drawing.

    Returns
    -------
    str
        An SVG element. Its colors follow the page's, light or dark. Names are escaped. Each box
        has the name of its first layer as `data-layer`, that pointed at also `data-chosen`.
    """
    listed = blocks(table)
    boxes, width = _layout(listed, input_size)
    marked = next(
        number
        for number, block in enumerate(listed)
        if selected in {layer.name for layer in block.layers}
    )
    parts = [
        *_size_labels(listed, boxes, input_size, width),
        *(_path(boxes, source, n) for n, block in enumerate(listed) for source in block.sources),
        _picture(boxes[-1], input_size),
        *(_box(block, boxes[n], n == marked) for n, block in enumerate(listed)),
        _pointer(boxes[marked], selected, width),
    ]
    return (
        f'<svg class="cnnviz-architecture" viewBox="0 0 {width:.0f} {BOTTOM}" role="img" '
        f'aria-label="{html.escape(label)}" '
        f'style="max-width:{width:.0f}px;min-width:{SHRINKING * width:.0f}px">'
        f"{''.join(parts)}</svg>"
    )


def _layout(listed: Sequence[Block], input_size: tuple[int, int]) -> tuple[dict[int, _Box], float]:
    # A few wide boxes far apart, or many narrow ones close together, as long as they fit.
    roots = [0.0 if block.kind == "joining" else math.sqrt(block.shape[2]) for block in listed]
    low, high = GAPS
    gap = min(max(0.4 * WIDTH / len(listed), low), high)
    joints = 2 * RADIUS * sum(block.kind == "joining" for block in listed)
    room = WIDTH - 2 * MARGIN - 2 * SMALLEST - gap * len(listed) - joints
    scale = min(max(room / max(sum(roots), 1), 0.25), WIDEST / max(max(roots), 1))
    tallest = max(input_size[0], *(block.shape[0] for block in listed))
    unit = TALLEST / math.sqrt(tallest)
    boxes = {-1: _Box(MARGIN, 2 * SMALLEST, unit * math.sqrt(input_size[0]))}
    x = MARGIN + 2 * SMALLEST + gap
    for number, (block, root) in enumerate(zip(listed, roots, strict=True)):
        if block.kind == "joining":
            boxes[number] = _Box(x, 2 * RADIUS, 2 * RADIUS)
        else:
            height = unit * math.sqrt(block.shape[0])
            boxes[number] = _Box(x, max(scale * root, SMALLEST), height)
        x += boxes[number].width + gap
    return boxes, x - gap + MARGIN


def _path(boxes: Mapping[int, _Box], source: int, target: int) -> str:
    # To the next box a straight line, over others an arc that clears them.
    start, end = boxes[source], boxes[target]
    if target == source + 1:
        shape = f"M{start.x + start.width:.1f} {MIDDLE:.1f}H{end.x:.1f}"
    else:
        highest = min(boxes[number].top for number in range(source, target + 1))
        # A curve with both handles at one height climbs three quarters of the way to it.
        handle = max(highest - 26, 8)
        shape = (
            f"M{start.center:.1f} {start.top:.1f}"
            f"C{start.center:.1f} {handle:.1f} {end.center:.1f} {handle:.1f} "
            f"{end.center:.1f} {end.top:.1f}"
        )
    return f'<path d="{shape}" fill="none" stroke="currentColor" opacity=".55"/>'


def _picture(box: _Box, input_size: tuple[int, int]) -> str:
    return (
        f'<rect x="{box.x}" y="{box.top:.1f}" width="{box.width}" height="{box.height:.1f}" rx="2" '
        f'fill="none" stroke="currentColor" stroke-width="1.5">'
        f"<title>{_written(input_size)}</title></rect>"
    )


def _box(block: Block, box: _Box, is_marked: bool) -> str:
    names = ", ".join(html.escape(layer.name) for layer in block.layers)
    title = f"<title>{names}: {_written(block.layers[-1].output_shape)}</title>"
    edge = (
        'stroke="currentColor" stroke-width="2.5"'
        if is_marked
        else f'stroke="currentColor" stroke-width="{1.2 if block.kind == "joining" else 0}"'
    )
    chosen = ' data-chosen=""' if is_marked else ""
    layer = html.escape(block.layers[0].name)
    fill = f'style="fill:{COLORS[block.kind]}" {edge} data-layer="{layer}"{chosen}'
    if block.kind != "joining":
        return (
            f'<rect x="{box.x:.1f}" y="{box.top:.1f}" width="{box.width:.1f}" '
            f'height="{box.height:.1f}" rx="{min(2.0, box.width / 4):.1f}" {fill}>{title}</rect>'
        )
    sign = _SIGNS.get(block.layers[0].type, "+")
    return (
        f'<g><circle cx="{box.center:.1f}" cy="{MIDDLE:.1f}" r="{RADIUS}" {fill}/>'
        f'<text x="{box.center:.1f}" y="{MIDDLE + 4:.1f}" text-anchor="middle" font-size="12" '
        f'fill="currentColor" pointer-events="none">{sign}</text>{title}</g>'
    )


def _pointer(box: _Box, name: str, width: float) -> str:
    # The name stands over its box, but not beyond the drawing's edges.
    anchor = (
        "start" if box.center < width / 3 else "end" if box.center > width * 2 / 3 else "middle"
    )
    tip = box.top - 3
    return (
        f'<g style="fill:var(--st-primary-color, #C8652C);stroke:var(--st-primary-color, #C8652C)">'
        f'<path d="M{box.center:.1f} 23V{tip:.1f}" stroke-width="1.5"/>'
        f'<path d="M{box.center:.1f} {tip:.1f}l-4 -7h8z"/></g>'
        f'<text x="{box.center:.1f}" y="16" text-anchor="{anchor}" font-size="19" '
        f'font-weight="600" fill="currentColor">{html.escape(name)}</text>'
    )


def _size_labels(
    listed: Sequence[Block], boxes: Mapping[int, _Box], input_size: tuple[int, int], width: float
) -> list[str]:
    # The maps' height and width wherever they change, on the first line that has room. Layers that
    # only add or cut a border are no change worth a label.
    labels, ends, size = [], [0.0] * LABEL_LINES, ""
    for number, box in sorted(boxes.items()):
        shape = input_size if number < 0 else listed[number].layers[-1].output_shape
        text = "×".join(map(str, shape[:2]))
        if text == size or (number >= 0 and listed[number].kind == "other" and len(shape) == 3):
            continue
        size, room = text, LABEL_CHARACTER * len(text)
        x = min(box.x, width - room)
        line = next((n for n, end in enumerate(ends) if x >= end), None)
        if line is None:
            continue
        ends[line] = x + room + LABEL_CHARACTER
        labels.append(
            f'<text x="{x:.1f}" y="{TOP + TALLEST + (line + 1) * LABEL_LINE}" font-size="16" '
            f'fill="currentColor" opacity=".8">{text}</text>'
        )
    return labels


def _block_kind(row: LayerRow) -> BlockKind:
    kind = layer_type(row.type)
    return "depthwise" if kind.kind.startswith("depthwise") else _FAMILIES.get(kind.family, "other")


def _as_maps(shape: tuple[int, ...]) -> tuple[int, int, int]:
    if len(shape) == 3:
        return shape[0], shape[1], shape[2]
    return 1, 1, math.prod(shape)


def _written(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape))
