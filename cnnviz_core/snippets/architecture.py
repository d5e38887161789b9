"""The program of the architecture page: a network's layers, and what one unit sees."""

from cnnviz_core.inspection.receptive_fields import Field, seen_pixels
from cnnviz_core.networks.network import Network
from cnnviz_core.snippets import pictures
from cnnviz_core.snippets.networks import load
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Cell, Program

SIZES = Cell(
    "All layers in a table; then the height and width of the maps of each.",
    "model.summary()\n"
    "outputs = [layer.output for layer in model.layers]\n"
    "results = keras.Model(model.input, outputs)(batch)\n"
    "sizes = {id(one): np.array(maps.shape[1:3]) for one, maps in zip(outputs, results)}",
)
# Each of their cells reads all cells before.
_WHOLE = ("GlobalAveragePooling2D", "Flatten")


def program(
    network: Network, source: Source, layer: str, unit: tuple[int, int], field: Field
) -> Program:
    """Write the program of what a unit sees.

    Parameters
    ----------
    layer : str
        One of `network.layers`.
    unit : (int, int)
        The row and column in its maps; 0, 0 where it has none.
    field : Field
        What the units of the layer see, as the page has it.

    Raises
    ------
    ValueError
        If the network is a visitor's own.
    """
    imports, picture = pictures.load(source)
    loading = load(network, source)
    walk = _before(network), _walk(layer, unit)
    seen = seen_pixels(field, *unit, network.input_size)
    return Program(
        name="architecture",
        title=f"The layers of a network, and what a unit of {layer} sees of the picture.",
        imports=("import keras", "import numpy as np", *imports, *loading.imports),
        cells=(picture, *loading.cells, SIZES, *walk, _ends(field, seen)),
        picture=Cell(
            "What the unit sees, in a frame.",
            "down, across = np.divide(image.shape[:2], batch.shape[1:3])\n"
            "top, left, bottom, right = box * [down, across, down, across]\n"
            "plt.imshow(image)\n"
            "frame = plt.Rectangle((left, top), right - left, bottom - top, fill=False)\n"
            "plt.gca().add_patch(frame)",
        ),
    )


def _before(network: Network) -> Cell:
    """Write what of its input a layer reads, for the kinds of layer that the network has."""
    kinds = {layer.type for layer in network.layers}
    whole = [
        f"    if isinstance(layer, keras.layers.{kind}):\n        return np.zeros(2, int), size - 1"
        for kind in _WHOLE
        if kind in kinds
    ]
    padded = (
        "    if isinstance(layer, keras.layers.ZeroPadding2D):\n"
        "        zeros = [before for before, after in layer.padding]\n"
        "        return first - zeros, last - zeros"
    )
    return Cell(
        "What a layer reads for its cells from first to last, in rows and columns: a window of k "
        "cells, moved by s, with p of padding, reads from s·first − p to s·last − p + k − 1 "
        "(Araujo, Norris and Sim, 2019). Other layers read the same place.",
        "\n".join(
            [
                "def before(layer, size, first, last):",
                *whole,
                *([padded] if "ZeroPadding2D" in kinds else []),
                '    if not hasattr(layer, "strides"):',
                "        return first, last",
                '    k = np.array(getattr(layer, "kernel_size", None) or layer.pool_size)',
                "    s = np.array(layer.strides)",
                "    zeros = np.maximum((-(-size // s) - 1) * s + k - size, 0)",
                '    p = zeros // 2 if layer.padding == "same" else 0',
                "    return s * first - p, s * last - p + k - 1",
            ]
        ),
    )


def _walk(layer: str, unit: tuple[int, int]) -> Cell:
    row, column = unit
    return Cell(
        f"From the unit in row {row} and column {column} of the layer {layer} back to the picture, "
        "by all ways that lead there.",
        f"unit = np.array([{row}, {column}])\n"
        f'read = {{id(model.get_layer("{layer}").output): (unit, unit)}}\n'
        "for layer in model.layers[:0:-1]:\n"
        "    inputs = layer.input if isinstance(layer.input, list) else [layer.input]\n"
        "    for one in inputs if id(layer.output) in read else []:\n"
        "        first, last = before(layer, sizes[id(one)], *read[id(layer.output)])\n"
        "        known = read.get(id(one), (first, last))\n"
        "        read[id(one)] = np.minimum(first, known[0]), np.maximum(last, known[1])\n"
        "first, last = read[id(model.input)]\n"
        "box = np.clip([first, last + 1], 0, batch.shape[1:3]).ravel()",
    )


def _ends(field: Field, seen: tuple[int, int, int, int]) -> Cell:
    checks = f"assert box.tolist() == {list(seen)}"
    if field.rows.jump == 0:
        return Cell("It sees all of the picture: top, left, bottom and right.", checks)
    size = f"assert (last - first + 1).tolist() == [{field.rows.size}, {field.columns.size}]"
    return Cell(
        "How many rows and columns it sees, the padding included; and top, left, bottom and right "
        "of those in the picture.",
        f"{size}\n{checks}",
    )
