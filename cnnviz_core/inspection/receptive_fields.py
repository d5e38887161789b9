"""Which pixels of the input a unit of a layer depends on, from the layers' windows alone.

Along each axis, the unit at place i of a layer sees the pixels from `first + i·jump` to
`last + i·jump`. A window of k cells, d apart, moved by s, with p cells of padding before, makes of
this (Araujo, Norris and Sim, *Computing Receptive Fields of Convolutional Neural Networks*, 2019):

    first' = first − p·jump      last' = last + ((k − 1)·d − p)·jump      jump' = s·jump
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cnnviz_core.networks.graph_nodes import node_of, only_node
from cnnviz_core.networks.layer_types import layer_type
from cnnviz_core.networks.network import Network
from cnnviz_core.networks.traced_functions import kept_with_network

# A few numbers for each layer, asked for at every step of a slider.
MAX_NETWORKS = 16


@dataclass(frozen=True, slots=True)
class Span:
    """What units see along one axis, in pixels of the input; see the module's first lines.

    Attributes
    ----------
    first, last : int
        The outermost pixels that the unit at place 0 sees, both included. They may lie in the
        padding, outside the picture.
    jump : int
        Pixels between what neighbors see; 0 where all units see the same.
    """

    first: int
    last: int
    jump: int

    @property
    def size(self) -> int:
        """Return how many pixels there are from the first to the last."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Field:
    """What the units of a layer see: `rows` along the height, `columns` along the width."""

    rows: Span
    columns: Span


@dataclass(frozen=True, slots=True)
class Growth:
    """A layer's window along the height, and what the units of the layer before see.

    With these, r' = r + (k − 1)·d·j and j' = j·s (Dumoulin and Visin, *A guide to convolution
    arithmetic for deep learning*, 2016; Araujo, Norris and Sim, *Computing Receptive Fields of
    Convolutional Neural Networks*, 2019, equations 2 and 5).

    Attributes
    ----------
    kernel, dilation, stride : int
        k, d and s.
    size, jump : int
        r and j: the pixels that a unit of the layer before sees, and from one to the next.
    """

    kernel: int
    dilation: int
    stride: int
    size: int
    jump: int


@kept_with_network(MAX_NETWORKS)
def fields(network: Network) -> Mapping[str, Field | None]:
    """Return the receptive field of every layer, by name; None where it is not known.

    A layer that looks at the whole picture, such as a dense one, has the field of the input's size
    and the jump 0. Where paths join, the field spans all of them.
    """
    sizes = {layer.name: layer.output_shape for layer in network.layers}
    found: dict[int, Field | None] = {
        id(network.model.inputs[0]): Field(Span(0, 0, 1), Span(0, 0, 1))
    }
    by_name: dict[str, Field | None] = {}
    for operation in network.model.operations:
        if type(operation).__name__ == "InputLayer":
            continue
        sources = _sources(operation)
        field = _after(operation, [found.get(id(x)) for x in sources], network, sizes)
        for output in only_node(operation).outputs:
            found[id(output)] = field
        by_name[operation.name] = field
    return MappingProxyType({layer.name: by_name[layer.name] for layer in network.layers})


def seen_pixels(
    field: Field, row: int, column: int, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Return what the unit at (row, column) sees of the input, without the padding.

    Parameters
    ----------
    size : (int, int)
        Height and width of the input.

    Returns
    -------
    (top, left, bottom, right)
        In pixels; bottom and right are the first ones not seen, as in a slice.

    Examples
    --------
    >>> seen_pixels(Field(Span(-1, 1, 2), Span(0, 2, 2)), 0, 1, (9, 9))
    (0, 2, 2, 5)
    """
    top, bottom = _clipped(field.rows, row, size[0])
    left, right = _clipped(field.columns, column, size[1])
    return top, left, bottom, right


def growth(network: Network, layer: str) -> Growth | None:
    """Return how a layer's receptive field comes about from that before it.

    Returns
    -------
    Growth or None
        None for a layer without a window, and where its units see the whole picture or an unknown
        part of it.

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    info = network.layer(layer)
    field = fields(network)[layer]
    if layer_type(info.type).reach != "window" or field is None or field.rows.jump == 0:
        return None
    window = network.model.get_layer(layer)
    kernel = int(_window_size(window)[0])
    dilation = int(getattr(window, "dilation_rate", (1, 1))[0])
    stride = int(window.strides[0])
    jump = field.rows.jump // stride
    return Growth(kernel, dilation, stride, field.rows.size - (kernel - 1) * dilation * jump, jump)


def through_window(span: Span, *, kernel: int, stride: int, dilation: int, before: int) -> Span:
    """Return the span after a sliding window; `before` counts the cells of padding before.

    Examples
    --------
    >>> through_window(Span(0, 0, 1), kernel=3, stride=2, dilation=1, before=1)
    Span(first=-1, last=1, jump=2)
    """
    reach = (kernel - 1) * dilation
    return Span(
        first=span.first - before * span.jump,
        last=span.last + (reach - before) * span.jump,
        jump=span.jump * stride,
    )


def padding_before(size: int, *, kernel: int, stride: int, dilation: int, padding: str) -> int:
    """Return how many cells TensorFlow pads before an axis: with "same", the smaller half.

    Examples
    --------
    >>> padding_before(224, kernel=3, stride=2, dilation=1, padding="same")
    0
    """
    if padding == "valid":
        return 0
    reach = (kernel - 1) * dilation + 1
    steps = -(-size // stride)
    return max((steps - 1) * stride + reach - size, 0) // 2


def _clipped(span: Span, place: int, size: int) -> tuple[int, int]:
    first, last = span.first + place * span.jump, span.last + place * span.jump
    return min(max(first, 0), size), max(min(last + 1, size), 0)


def _sources(operation: Any) -> list[Any]:
    return list(only_node(operation).input_tensors)


def _after(
    operation: Any,
    seen: list[Field | None],
    network: Network,
    sizes: Mapping[str, tuple[int, ...]],
) -> Field | None:
    height, width = network.input_size
    whole = Field(Span(0, height - 1, 0), Span(0, width - 1, 0))
    known = [field for field in seen if field is not None]
    if not known or len(known) < len(seen):
        return None
    joined = _join(known, whole)
    reach = layer_type(type(operation).__name__).reach
    if reach == "everything" or joined == whole:
        return whole
    if reach == "window":
        return _through(operation, joined, _input_size(operation, network, sizes))
    if reach == "shifted":
        return _shifted(operation, joined)
    if reach == "position" or (reach == "channels" and _works_on_channels(operation)):
        return joined
    # It may look anywhere, so nothing is claimed of it and of what comes after.
    return None


def _join(parts: list[Field], whole: Field) -> Field:
    # Paths of different jumps meet only by broadcasting, from a single position to all.
    jumps = {(part.rows.jump, part.columns.jump) for part in parts}
    if len(jumps) > 1:
        return whole
    rows, columns = [part.rows for part in parts], [part.columns for part in parts]
    return Field(_union(rows), _union(columns))


def _union(spans: list[Span]) -> Span:
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    return Span(first, last, spans[0].jump)


def _through(layer: Any, field: Field, size: tuple[int, int] | None) -> Field | None:
    if size is None:
        return None
    kernels = _window_size(layer)
    spans = []
    for axis, span in enumerate((field.rows, field.columns)):
        window = {
            "kernel": kernels[axis],
            "stride": layer.strides[axis],
            "dilation": getattr(layer, "dilation_rate", (1, 1))[axis],
        }
        before = padding_before(size[axis], padding=layer.padding, **window)
        spans.append(through_window(span, before=before, **window))
    return Field(*spans)


def _window_size(layer: Any) -> tuple[int, int]:
    return layer.kernel_size if hasattr(layer, "kernel_size") else layer.pool_size  # type: ignore[no-any-return]


def _shifted(layer: Any, field: Field) -> Field:
    is_padding = type(layer).__name__ == "ZeroPadding2D"
    amounts = layer.padding if is_padding else layer.cropping
    shifts = [-before if is_padding else before for before, _ in amounts]
    rows, columns = (
        Span(span.first + shift * span.jump, span.last + shift * span.jump, span.jump)
        for span, shift in zip((field.rows, field.columns), shifts, strict=True)
    )
    return Field(rows, columns)


def _works_on_channels(layer: Any) -> bool:
    # Dense has no axis: it always works on the last one.
    return getattr(layer, "axis", -1) in (-1, len(_sources(layer)[0].shape) - 1)


def _input_size(
    layer: Any, network: Network, sizes: Mapping[str, tuple[int, ...]]
) -> tuple[int, int] | None:
    source = node_of(_sources(layer)[0]).operation
    if type(source).__name__ == "InputLayer":
        return network.input_size
    shape = sizes.get(source.name, ())
    return (shape[0], shape[1]) if len(shape) == 3 else None
