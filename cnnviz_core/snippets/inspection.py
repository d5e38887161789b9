"""The programs of the pages that look into a network: predictions, feature maps, kernels."""

from typing import Any

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.networks.network import Network
from cnnviz_core.snippets import pictures
from cnnviz_core.snippets.networks import load
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Cell, Program, check, number, tolerance

KERAS = ("import keras", "import numpy as np")


def predictions(
    network: Network, source: Source, chances: FloatArray, *, count: int, temperature: float
) -> Program:
    """Write the program of the most probable classes.

    Parameters
    ----------
    chances : float32 (classes,)
        What the page shows.
    count : int
        How many classes are written.
    temperature : float
        Of the softmax.

    Raises
    ------
    ValueError
        If the network has no softmax, or is a visitor's own.
    """
    if network.output_activation != "softmax":
        raise ValueError("There is no program for a network without softmax. Choose another one.")
    imports, picture = pictures.load(source)
    loading = load(network, source)
    divided = "logits" if temperature == 1 else f"logits / {number(temperature)}"
    top = int(chances.argmax())
    return Program(
        name="predictions",
        title="What a trained network says of a picture.",
        imports=(*KERAS, *imports, *loading.imports),
        cells=(
            picture,
            *loading.cells,
            Cell(
                "The logits: what the classifier says before softmax.",
                f"logits = keras.Model(model.input, {loading.logits})(batch).numpy()[0]",
            ),
            Cell(
                "Softmax: p = e^(z / T) / Σ e^(z / T), T the temperature (Hinton, Vinyals and "
                "Dean, 2015, equation 1). The largest is subtracted first, so that nothing "
                "overflows.",
                f"scaled = {divided}\n"
                "powers = np.exp(scaled - scaled.max())\n"
                "chances = powers / powers.sum()\n"
                f"for index in np.argsort(-chances)[:{count}]:\n"
                '    print(index, f"{chances[index]:.1%}")',
            ),
            check("chances", chances.shape, (top,), float(chances[top]), "1e-4"),
        ),
        picture=Cell(
            "The most probable classes, by their numbers.",
            f"best = np.argsort(-chances)[:{count}]\n"
            "plt.barh([str(index) for index in best[::-1]], chances[best[::-1]])",
        ),
    )


def feature_maps(
    network: Network, source: Source, layer: str, maps: FloatArray, place: tuple[int, int, int]
) -> Program:
    """Write the program of a layer's activations, float32 (H', W', C)."""
    imports, picture = pictures.load(source)
    loading = load(network, source)
    # What has no places comes as a vector.
    vector = "" if len(network.layer(layer).output_shape) == 3 else "[np.newaxis, np.newaxis]"
    return Program(
        name="feature_maps",
        title=f"The feature maps of the layer {layer}.",
        imports=(*KERAS, *imports, *loading.imports),
        cells=(
            picture,
            *loading.cells,
            Cell(
                "A network that ends at this layer, and what it makes of the picture.",
                f'layer = model.get_layer("{layer}")\n'
                f"maps = keras.Model(model.input, layer.output)(batch).numpy()[0]{vector}",
            ),
            check("maps", maps.shape, place, float(maps[place]), tolerance(10 * maps)),
        ),
        picture=pictures.show_maps("maps", min(maps.shape[2], 64)),
    )


def kernels(network: Network, layer: str, weights: FloatArray) -> Program:
    """Write the program of a layer's kernels, float32 (kh, kw, in, out)."""
    loading = load(network, Source("cat", 320, 400))
    kind = network.layer(layer).type
    code = f'kernels = model.get_layer("{layer}").get_weights()[0]'
    sentence = "The first of a layer's weights are its kernels (rows, columns, in, out)."
    if kind != "Conv2D":
        code += "\nkernels = kernels.reshape(*kernels.shape[:2], 1, -1)"
        sentence = "Each kernel of this layer reads one channel alone."
    if kind == "Conv2D" and not np.array_equal(_raw(network, layer), weights):
        code += "[:, :, ::-1]"
        sentence += " This network takes blue, green, red: here they are turned around."
    place = weights.shape[0] // 2, weights.shape[1] // 2, 0, 0
    return Program(
        name="kernels",
        title=f"The kernels of the layer {layer}.",
        imports=("import numpy as np", *loading.imports),
        cells=(
            loading.cells[0],
            Cell(sentence, code),
            check("kernels", weights.shape, place, float(weights[place]), "1e-6"),
        ),
        picture=Cell(
            "The first 64 of them, the mean over the channels that they read.",
            "means = kernels.mean(axis=2)\n"
            "reach = abs(means).max()\n"
            "figure, axes = plt.subplots(8, 8)\n"
            "for index, axis in enumerate(axes.flat):\n"
            '    axis.axis("off")\n'
            "    if index < means.shape[2]:\n"
            '        axis.imshow(means[..., index], cmap="RdBu_r", vmin=-reach, vmax=reach)',
        ),
    )


def _raw(network: Network, layer: str) -> Any:
    """Return the kernels as the layer has them."""
    return network.model.get_layer(layer).get_weights()[0]
