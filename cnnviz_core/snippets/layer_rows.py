"""The program of layers in a row: activation, pooling and LeNet are made of it."""

from collections.abc import Mapping, Sequence

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.activation_facts import (
    ACTIVATIONS,
    SELU_ALPHA,
    SELU_SCALE,
    ActivationName,
)
from cnnviz_core.layers.specs import Activation, Convolution, Layer, Pooling, StageShape, shapes
from cnnviz_core.layers.windows import pad_amounts
from cnnviz_core.snippets import pictures
from cnnviz_core.snippets.program import Cell, Program, check, number, tolerance
from cnnviz_core.snippets.sliding import RANDOM, random_kernels, slide_cells

# Each with what it does, in words, and the code; x is what goes in.
FUNCTIONS: Mapping[ActivationName, tuple[str, str]] = {
    "identity": ("nothing changes", "{x} * 1"),
    "sigmoid": ("1 / (1 + e⁻ˣ)", "1 / (1 + np.exp(-{x}))"),
    "tanh": ("tanh x", "np.tanh({x})"),
    "relu": ("max(0, x)", "np.maximum({x}, 0)"),
    "relu6": ("min(max(0, x), 6)", "np.clip({x}, 0, 6)"),
    "leaky_relu": ("x above zero, {slope}·x below", "np.where({x} > 0, {x}, {slope} * {x})"),
    "elu": (
        "x above zero, eˣ − 1 below",
        "np.where({x} > 0, {x}, np.expm1(np.minimum({x}, 0)))",
    ),
    "selu": (
        "λ·x above zero, λ·α·(eˣ − 1) below",
        f"{SELU_SCALE} * np.where(\n"
        f"    {{x}} > 0, {{x}}, {SELU_ALPHA} * np.expm1(np.minimum({{x}}, 0))\n"
        ")",
    ),
    "gelu": ("x·Φ(x), Φ the normal distribution's share below x", "{x} * ndtr({x})"),
    "softplus": ("ln(1 + eˣ)", "np.logaddexp(0, {x})"),
    "swish": ("x / (1 + e⁻ˣ)", "{x} / (1 + np.exp(-{x}))"),
    "hard_sigmoid": ("min(max(0, x + 3), 6) / 6", "np.clip({x} + 3, 0, 6) / 6"),
    "softmax": (
        "eˣ divided by the sum over all channels; the largest is subtracted first, so that "
        "nothing overflows",
        "np.exp({x} - {x}.max(axis=-1, keepdims=True))",
    ),
}
IMPORTS: Mapping[ActivationName, str] = {"gelu": "from scipy.special import ndtr"}


def program(
    name: str,
    title: str,
    source: pictures.Source,
    layers: Sequence[Layer],
    seed: int,
    maps: FloatArray,
    place: tuple[int, int, int],
    *,
    brightest: int = 255,
) -> Program:
    """Write the program of layers in a row.

    Parameters
    ----------
    name, title : str
        Of the program.
    source : pictures.Source
    layers, seed
        As in `pipeline.run`.
    maps : float32 (H', W', C)
        What the page shows in the end.
    place : (int, int, int)
        The row, column and channel whose value the program asserts.
    brightest : int
        What a pixel of full brightness counts when it goes in: 1 or 255.
    """
    imports, load = pictures.load(source)
    outlines = shapes((source.height, source.width, 3), layers)
    names = ["image", *(one.name.replace(" ", "_") for one in outlines[1:])]
    cells = [load, _as_numbers(brightest)]
    num_convolutions = 0
    for layer, before, after, x, y in zip(
        layers, outlines, outlines[1:], names, names[1:], strict=False
    ):
        match layer:
            case Convolution():
                cells += _convolved(layer, seed, num_convolutions, (before, after), (x, y))
                num_convolutions += 1
            case Activation(function, slope):
                cells.append(_activated(function, slope, x, y))
            case Pooling():
                cells += _pooled(layer, before, x, y)
    functions = [layer.name for layer in layers if isinstance(layer, Activation)]
    more = [IMPORTS[one] for one in functions if one in IMPORTS]
    ends = check(names[-1], maps.shape, place, float(maps[place]), tolerance(maps))
    return Program(
        name=name,
        title=title,
        imports=("import numpy as np", *imports, *more),
        cells=(*cells, ends),
        picture=pictures.show_maps(names[-1], maps.shape[2]),
    )


def _as_numbers(brightest: int) -> Cell:
    if brightest == 1:
        return Cell("Pixels from 0 to 1, as many networks take them.", "image = image / 255")
    return Cell("Pixels from 0 to 255, with room for fractions.", "image = image.astype(float)")


def _convolved(
    layer: Convolution,
    seed: int,
    place: int,
    outlines: tuple[StageShape, StageShape],
    names: tuple[str, str],
) -> tuple[Cell, ...]:
    before, after = (one.shape for one in outlines)
    if place == 0:
        drawn = Cell(RANDOM, random_kernels(layer.size, layer.num_filters, before[2], str(seed)))
    else:
        drawn = Cell(
            "Weights of the next convolution. Its seed follows from that of the first.",
            f"seed = np.random.SeedSequence({seed}, spawn_key=({place},)).generate_state(1)[0]\n"
            + random_kernels(layer.size, layer.num_filters, before[2], "seed"),
        )
    return drawn, *slide_cells(
        before[:2],
        (layer.size, layer.size),
        "seen @ kernels[i, j]",
        after[:2],
        stride=layer.stride,
        padding=layer.padding,
        dilation=layer.dilation,
        image=names[0],
        maps=names[1],
    )


def _activated(function: ActivationName, slope: float, x: str, y: str) -> Cell:
    does, code = FUNCTIONS[function]
    found = ACTIVATIONS[function].source.split(", doi:")[0].split(", arXiv:")[0]
    sentence = f"Each value goes through {function.replace('_', ' ')}: {does} ({found})."
    written = f"{y} = " + code.format(x=x, slope=number(slope))
    if function == "softmax":
        written += f"\n{y} = {y} / {y}.sum(axis=-1, keepdims=True)"
    return Cell(sentence.format(slope=number(slope)), written)


def _pooled(layer: Pooling, before: StageShape, x: str, y: str) -> tuple[Cell, ...]:
    size = layer.size
    stride = size if layer.stride is None else layer.stride
    amounts = [pad_amounts(side, size, stride, layer.padding, 1) for side in before.shape[:2]]
    cells = []
    is_padded = any(map(any, amounts))
    if is_padded:
        empty = "-np.inf" if layer.mode == "max" else "np.nan"
        counts = "never wins" if layer.mode == "max" else "does not count"
        cells.append(
            Cell(
                f"Padding “same”: windows reach over the edge; what lies there {counts}.",
                f"around = ({amounts[0]}, {amounts[1]}, (0, 0))\n"
                f"{x} = np.pad({x}, around, constant_values={empty})",
            )
        )
    keep = {"max": "max", "average": "mean"}[layer.mode]
    kept = f"windows.{keep}(axis=(3, 4))"
    if is_padded and layer.mode == "average":
        kept = "np.nanmean(windows, axis=(3, 4))"
    step = "touch" if stride == size else f"begin {stride} apart"
    if stride == size == 1:
        step = "have one value each"
    what = "largest value" if layer.mode == "max" else "mean"
    skip = f"[::{stride}, ::{stride}]" if stride > 1 else ""
    cells.append(
        Cell(
            f"Pooling: the {what} of each window of {size} × {size} values is kept; windows "
            f"{step}.",
            "slide = np.lib.stride_tricks.sliding_window_view\n"
            f"windows = slide({x}, ({size}, {size}), axis=(0, 1)){skip}\n"
            f"{y} = {kept}",
        )
    )
    return tuple(cells)
