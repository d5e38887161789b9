"""The programs of heatmaps, each from the definition of its method."""

from collections.abc import Mapping, Sequence

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.networks.network import Network
from cnnviz_core.snippets import pictures, pixel_heatmaps
from cnnviz_core.snippets.networks import Loading, load
from cnnviz_core.snippets.occlusion import score
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Cell, Program, check, tolerance

KERAS = ("import keras", "import numpy as np")

# Of `maps` and `gradients`, both (rows, columns, channels).
WEIGHED: Mapping[str, tuple[str, str]] = {
    "grad-cam": (
        "Each channel is weighed by the mean of its gradient (Selvaraju et al., 2017, equations 1 "
        "and 2; its last ReLU is left out, so that what speaks against the class is seen, too).",
        "heat = maps @ gradients.mean(axis=(0, 1))",
    ),
    "grad-cam++": (
        "Positive gradients alone, each in a share of its own (Chattopadhay et al., 2018, "
        "equations 10, 11 and 19, for the score e^y).",
        "slopes = np.maximum(gradients, 0)\n"
        "shares = 1 / (2 + slopes * maps.sum(axis=(0, 1)))\n"
        "heat = maps @ (shares * slopes).sum(axis=(0, 1))",
    ),
    "xgrad-cam": (
        "Gradients are averaged where the channel is active (Fu et al., 2020, equation 8); a "
        "channel that sums to 0 gets 0.",
        "totals = maps.sum(axis=(0, 1))\n"
        "products = (maps * gradients).sum(axis=(0, 1))\n"
        "heat = maps @ np.where(totals == 0, 0, products / np.where(totals == 0, 1, totals))",
    ),
    "layer-cam": (
        "Each value is weighed by its own gradient where that is positive (Jiang et al., 2021, "
        "equations 5 and 6).",
        "heat = (np.maximum(gradients, 0) * maps).sum(axis=-1)",
    ),
    "hires-cam": (
        "Each value is weighed by its own gradient (Draelos and Carin, 2020, equation 5).",
        "heat = (gradients * maps).sum(axis=-1)",
    ),
}
EIGEN_CAM = Cell(
    "Each place's channels are projected on their main direction; no class is asked (Muhammad and "
    "Yeasin, 2020, equations 4 and 5). The sign is chosen: the sum is positive.",
    "places = maps.reshape(-1, maps.shape[2])\n"
    "u, s, _ = np.linalg.svd(places, full_matrices=False)\n"
    "heat = (u[:, 0] * s[0]).reshape(maps.shape[:2])\n"
    "heat = heat * np.sign(heat.sum())",
)


def program(
    network: Network,
    source: Source,
    method: str,
    target: int,
    values: FloatArray,
    *,
    layer: str | None,
    steps: int,
    beside: Sequence[str] = (),
) -> Program:
    """Write the program of one map.

    Parameters
    ----------
    method : str
        One of `heatmaps.methods.METHODS`.
    target : int
        The class.
    values : float32 (h, w)
        The map as the page has it, before any sign is left out.
    layer : str or None
        Whose maps are weighed; None for those of pixels.
    steps : int
        Of integrated gradients.
    beside : sequence of str
        Layers whose outputs residual connections lead around `layer`; Ablation-CAM asks for them.

    Raises
    ------
    ValueError
        If the network is a visitor's own.
    """
    imports, picture = pictures.load(source)
    loading = load(network, source)
    body = cells(network, source, loading, method, target, layer=layer, steps=steps, beside=beside)
    row, column = map(int, np.unravel_index(int(np.abs(values).argmax()), values.shape))
    # Gradients are summed up in another order on other machines.
    within = tolerance(100 * values)
    ends = check("heat", values.shape, (row, column), float(values[row, column]), within)
    return Program(
        name="heatmap",
        title="A heatmap: which places raise the score of a class.",
        imports=(*needed(body), "import cv2", *imports, *loading.imports),
        cells=(picture, *loading.cells, *body, ends),
        picture=Cell(
            "What raises the score, over the picture.",
            "plt.imshow(image)\n"
            f"large = cv2.resize(np.float32(heat), {pixel_heatmaps.STRETCH})\n"
            'plt.imshow(np.maximum(large, 0), cmap="inferno", alpha=0.5)',
        ),
    )


def needed(body: Sequence[Cell]) -> tuple[str, ...]:
    """Return the imports of what `cells` gives: gradients alone need TensorFlow itself."""
    takes_gradients = any("tf." in cell.code for cell in body)
    return (*KERAS, "import tensorflow as tf") if takes_gradients else KERAS


def cells(
    network: Network,
    source: Source,
    loading: Loading,
    method: str,
    target: int,
    *,
    layer: str | None,
    steps: int,
    beside: Sequence[str] = (),
) -> tuple[Cell, ...]:
    """Return the cells that give `heat`, the map of a method; what they take is as in `program`."""
    if layer is None:
        return pixel_heatmaps.cells(network, source, loading, method, target, steps=steps)
    if method in WEIGHED:
        return _with_maps(loading, layer, target), Cell(*WEIGHED[method])
    match method:
        case "cam":
            weighed: tuple[Cell, ...] = (_cam(target),)
        case "eigen-cam":
            weighed = (EIGEN_CAM,)
        case "score-cam":
            weighed = score(loading, target), _score_cam(network)
        case "ablation-cam":
            weighed = (_ablation_cam(loading, beside, target),)
        case _:
            raise ValueError(f"method must be one that weighs a layer's maps, not {method!r}.")
    return _only_maps(layer), *weighed


def _with_maps(loading: Loading, layer: str, target: int) -> Cell:
    return Cell(
        f"The maps A of the layer {layer}, and the gradient of the class's logit by them.",
        f'layer = model.get_layer("{layer}")\n'
        f"both = keras.Model(model.input, [layer.output, {loading.logits}])\n"
        "with tf.GradientTape() as tape:\n"
        "    maps, logits = both(batch)\n"
        f"    score = logits[0, {target}]\n"
        "gradients = tape.gradient(score, maps)[0].numpy()\n"
        "maps = maps[0].numpy()",
    )


def _only_maps(layer: str) -> Cell:
    return Cell(
        f"The maps of the layer {layer}.",
        f'layer = model.get_layer("{layer}")\n'
        "maps = keras.Model(model.input, layer.output)(batch)[0].numpy()",
    )


def _cam(target: int) -> Cell:
    return Cell(
        "Each channel is weighed as the classifier weighs its mean (Zhou et al., 2016, equation "
        "2). The last layer with weights is the classifier.",
        "last = [layer for layer in model.layers if layer.get_weights()][-1]\n"
        "kernel = last.get_weights()[0].reshape(maps.shape[2], -1)\n"
        f"heat = maps @ kernel[:, {target}]",
    )


def _score_cam(network: Network) -> Cell:
    height, width = network.input_size
    return Cell(
        "Each channel masks the picture; how high the score is through it, is its weight "
        "(Wang et al., 2020, algorithm 1). Of many channels, the 256 that vary most.",
        "varying = maps.std(axis=(0, 1))\n"
        'order = np.argsort(-varying, kind="stable")[: min((varying > 0).sum(), 256)]\n'
        "scores = []\n"
        "for channel in order:\n"
        f"    mask = cv2.resize(maps[..., channel], ({width}, {height}))\n"
        "    mask = (mask - mask.min()) / max(mask.max() - mask.min(), 1e-38)\n"
        "    scores.append(score(batch * mask[..., np.newaxis])[0])\n"
        "weights = np.exp(np.array(scores, float) - max(scores))\n"
        "heat = maps[..., order] @ (weights / weights.sum())",
    )


def _ablation_cam(loading: Loading, beside: Sequence[str], target: int) -> Cell:
    """Write what is left to be computed of one channel after another without it.

    `beside` names the layers whose outputs residual connections lead around this one.
    """
    sentence = (
        "Each channel is weighed by what the score loses without it (Desai and Ramaswamy, 2020, "
        "equations 3 and 4, not divided by the score)."
    )
    head = f"head = keras.Model(layer.output, {loading.logits})\n"
    whole, without = "maps[np.newaxis]", "without[np.newaxis]"
    if beside:
        sentence += " What residual connections lead around the layer stays as it is."
        others = ", ".join(f'model.get_layer("{one}").output' for one in beside)
        head = (
            f"crossing = [layer.output, {others}]\n"
            "_, *others = keras.Model(model.input, crossing).predict(batch, verbose=0)\n"
            f"head = keras.Model(crossing, {loading.logits})\n"
        )
        whole, without = f"[{whole}, *others]", f"[{without}, *others]"
    return Cell(
        sentence,
        f"{head}"
        f"whole = head({whole}).numpy()[0, {target}]\n"
        "losses = np.zeros(maps.shape[2])\n"
        "for channel in np.flatnonzero(maps.any(axis=(0, 1))):\n"
        "    without = maps.copy()\n"
        "    without[..., channel] = 0\n"
        f"    losses[channel] = whole - head({without}).numpy()[0, {target}]\n"
        "heat = maps @ losses",
    )
