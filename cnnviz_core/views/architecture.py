"""What the architecture page shows."""

from dataclasses import dataclass
from functools import partial

from cnnviz_core.arrays import ByteArray
from cnnviz_core.drawing import montage
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import PICTURE_SCALE
from cnnviz_core.inspection import architecture, architecture_drawing
from cnnviz_core.inspection.architecture import LayerRow
from cnnviz_core.inspection.architecture_drawing import BlockKind
from cnnviz_core.inspection.receptive_fields import growth, seen_pixels
from cnnviz_core.layers import formulas
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views.effective_field import EffectiveFieldView, effective_field_states, framed
from cnnviz_core.views.maps import ENLARGED_PIXELS
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared

# Visitors load networks of their own, and each table keeps some hundred rows.
MAX_TABLES = 16


@dataclass(frozen=True, slots=True)
class ArchitectureView:
    """A network's layers from the input to the output, and what they come to.

    `kinds` are those of its boxes in the drawing, each with its color; `memory` is the bytes of
    the weights.
    """

    layers: tuple[LayerRow, ...]
    kinds: tuple[tuple[BlockKind, str], ...]
    num_parameters: int
    multiply_adds: int
    memory: int


@dataclass(frozen=True, slots=True, eq=False)
class FieldView:
    """What one unit of a layer sees.

    Attributes
    ----------
    row, column : int
        The unit's place in the feature map.
    framed : Rendered
        The picture with what the unit sees of it in a frame.
    seen : Rendered or None
        That part enlarged; None where it is not known, or lies in the padding alone.
    size : (int, int) or None
        Height and width of what it sees of the network's input, the padding included.
    jump : int
        Pixels of the input between what neighbors see; 0 where all see the same.
    outside : float
        Share of the field that lies outside the picture, 0..1.
    size_formula, jump_formula : str or None
        How size and jump come about, along the height; None where no window makes them.
    """

    row: int
    column: int
    framed: Rendered
    seen: Rendered | None
    size: tuple[int, int] | None
    jump: int
    outside: float
    size_formula: str | None
    jump_formula: str | None


@shared(MAX_TABLES)
def network_architecture(network: Network) -> ArchitectureView:
    """Return the table of a network's layers, and its totals."""
    table = architecture.layer_table(network)
    kinds = dict.fromkeys(block.kind for block in architecture_drawing.blocks(table))
    num_parameters = sum(row.num_parameters for row in table)
    return ArchitectureView(
        table,
        tuple((kind, architecture_drawing.COLORS[kind]) for kind in kinds),
        num_parameters,
        sum(row.multiply_adds for row in table),
        4 * num_parameters,
    )


@shared(MAX_VIEWS)
def drawn_network(network: Network, layer: str, label: str) -> str:
    """Draw the network as an SVG element that points at `layer`; `label` is for screen readers."""
    table = network_architecture(network).layers
    return architecture_drawing.draw(table, network.input_size, layer, label=label)


@shared(MAX_VIEWS)
def receptive_field(
    network: Network, picture: Picture, layer: str, *, down: int, across: int
) -> FieldView:
    """Return what a unit of `layer` sees, `down` and `across` percent of the way over its map."""
    row, column = architecture.unit_at(network, layer, down, across)
    pixels = picture.pixels
    part = architecture.field_on_picture(network, layer, row, column, pixels.shape[:2])
    field = next(one for one in network_architecture(network).layers if one.name == layer).field
    box = architecture.pixel_box(part) if part is not None else (0, 0, 0, 0)
    size, outside = None, 0.0
    if field is not None:
        size = field.rows.size, field.columns.size
        top, left, bottom, right = seen_pixels(field, row, column, network.input_size)
        outside = 1 - (bottom - top) * (right - left) / (size[0] * size[1])
    size_formula, jump_formula = _formulas(network, layer)
    return FieldView(
        row=row,
        column=column,
        framed=rendered(framed(pixels, box), pixels, PICTURE_SCALE),
        seen=_enlarged(pixels, box),
        size=size,
        jump=field.rows.jump if field is not None else 0,
        outside=outside,
        size_formula=size_formula,
        jump_formula=jump_formula,
    )


def place_over(network: Network, layer: str, down: int, across: int) -> tuple[int, int]:
    """Return where on its map the unit is that looks at a place of the picture, all in percent."""
    shape = network.layer(layer).output_shape
    sides = shape[:2] if len(shape) == 3 else (1, 1)
    unit = architecture.unit_over(network, layer, down, across)
    rows, columns = (
        round(100 * at / max(side - 1, 1)) for at, side in zip(unit, sides, strict=True)
    )
    return rows, columns


@shared(MAX_VIEWS)
def effective_field_job(
    network: Network, picture: Picture, layer: str, *, down: int, across: int
) -> Job[EffectiveFieldView]:
    """Return the work of measuring what the same unit really uses.

    It takes seconds, both processors and up to 200 MB for a moment, in VGG16.
    """
    begin = partial(
        effective_field_states, network, picture.pixels, layer, down=down, across=across
    )
    name = f"effective field of {layer} in {network.key}"
    return Job(begin=begin, name=name, is_portable=True)


def _formulas(network: Network, layer: str) -> tuple[str | None, str | None]:
    grown = growth(network, layer)
    if grown is None:
        return None, None
    return (
        formulas.receptive_field_formula(grown.size, grown.kernel, grown.jump, grown.dilation),
        formulas.field_jump_formula(grown.jump, grown.stride),
    )


def _enlarged(pixels: ByteArray, box: tuple[int, int, int, int]) -> Rendered | None:
    """Draw the part, as large as fits into the picture's proportions without smoothing."""
    top, left, bottom, right = box
    part = pixels[top:bottom, left:right]
    if not part.size:
        return None
    height, width = pixels.shape[:2]
    times = max(1, ENLARGED_PIXELS // width) * 2
    canvas = times * height, times * width
    factor = min(canvas[0] // part.shape[0], canvas[1] // part.shape[1])
    drawn = montage.on_canvas(montage.enlarge(part, factor), *canvas)
    return rendered(drawn, part, PICTURE_SCALE)
