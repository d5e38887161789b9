"""The program of an ascent: pictures that excite filters, a layer or a class most."""

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.networks.network import Network
from cnnviz_core.snippets import ascent_objectives, ascent_pictures, pictures
from cnnviz_core.snippets.ascent_asked import Ascent
from cnnviz_core.snippets.ascent_steps import ascent
from cnnviz_core.snippets.networks import load
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Cell, Program, number

# Sums in another order differ in the last digit, and each step makes more of it: of a class of
# EfficientNet-Lite0, noise that differs by a millionth comes to a quarter more, or less, in 16.
# So a value is compared that one step has made.
CHECKED, WITHIN = 1, 0.02
# Turned, plain gray is gray but for rounding errors, which decide which of equals is the largest.
WITHIN_FROM_GRAY = 0.25

STRETCHED = Cell(
    "They are hardly more than gray: shown with a deviation of 0.1 (Chollet, 2017, listing 5.36).",
    "images = images - images.mean(axis=(1, 2, 3), keepdims=True)\n"
    "spread = np.maximum(images.std(axis=(1, 2, 3), keepdims=True), 1e-5)\n"
    "images = np.clip(0.5 + 0.1 * images / spread, 0, 1)",
)


def program(
    network: Network, source: Source, asked: Ascent, activations: FloatArray, *, is_stretched: bool
) -> Program:
    """Write the program of an ascent.

    Parameters
    ----------
    source : Source
        Where `asked.start` is "picture".
    activations : float32 (steps + 1, N)
        What the objectives measured in each step.
    is_stretched : bool
        Whether the pictures are shown with more contrast than they have.

    Raises
    ------
    ValueError
        If the network is none of those that come with the project.
    """
    if network.key not in ascent_objectives.SCALINGS:
        raise ValueError(
            "There is no program for this network yet. Choose VGG16 or EfficientNet-Lite0, which "
            "come with the project."
        )
    loading = load(network, source)
    imports, picture = pictures.load(source) if asked.start == "picture" else ((), None)
    cells = [
        *([] if picture is None else [picture]),
        loading.cells[0],
        ascent_objectives.layer_maps(network, asked),
        *ascent_objectives.resized(network, asked),
        ascent_objectives.objective(network, asked),
        *_begin(asked),
        ascent(asked),
        _run(asked),
        *([STRETCHED] if is_stretched else []),
        _ends(asked, activations),
    ]
    return Program(
        name="filter_ascent",
        title=f"Gradient ascent: pictures that excite {asked.layer} more and more.",
        imports=(
            *("import keras", "import numpy as np", "import tensorflow as tf"),
            *(imports if picture is None else ("import cv2", *imports)),
            *loading.imports,
        ),
        cells=tuple(cells),
        picture=_picture(activations.shape[1]),
    )


def _begin(asked: Ascent) -> tuple[Cell, ...]:
    turned = (ascent_pictures.turned(asked.size),) if asked.is_turned else ()
    if not asked.is_fourier:
        return ascent_pictures.begin_pixels(asked.size, asked.start, asked.seed), *turned
    return (
        ascent_pictures.waves(asked.size, asked.wave_scale),
        ascent_pictures.mixing(np.array(asked.colors, np.float32)),
        ascent_pictures.from_waves(asked.size, asked.contrast),
        ascent_pictures.begin_waves(asked.size, asked.start, asked.seed),
        *turned,
    )


def _run(asked: Ascent) -> Cell:
    batches = _batches(asked)
    if len(batches) == 1:
        return Cell("All pictures at once.", f"images, measured = ascend({batches[0]})")
    return Cell(
        f"{asked.in_batch} at a time, so that they fit into the memory.",
        f"batches = {batches}\n"
        "found = [ascend(channels) for channels in batches]\n"
        "images = np.concatenate([images for images, measured in found])\n"
        "measured = np.concatenate([measured for images, measured in found], axis=1)",
    )


def _batches(asked: Ascent) -> list[list[object]]:
    if asked.target == "layer":
        one_each: list[object] = [0]
    elif asked.target == "direction":
        one_each = [list(asked.channels)]
    else:
        one_each = list(asked.channels)
    every = [one for one in one_each for _ in range(asked.copies)]
    return [every[start : start + asked.in_batch] for start in range(0, len(every), asked.in_batch)]


def _ends(asked: Ascent, activations: FloatArray) -> Cell:
    step, count = min(CHECKED, len(activations) - 1), activations.shape[1]
    best = int(abs(activations[step]).argmax())
    value = activations[step, best]
    is_gray = asked.start == "gray" and asked.is_turned
    within = max((WITHIN_FROM_GRAY if is_gray else WITHIN) * abs(float(value)), 1e-6)
    return Cell(
        "The shape, and what the page measured of the strongest after one step. Later ones differ "
        "more and more: the last digit of a sum hangs on its order, and each step makes more of "
        "it.",
        f"assert images.shape == {(count, *asked.size, 3)}\n"
        f"assert np.isclose(measured[{step}, {best}], {number(value)}, atol={within:.2g})",
    )


def _picture(count: int) -> Cell:
    if count == 1:
        return Cell("The picture.", "plt.imshow(images[0])")
    columns = min(count, 4)
    rows = -(-count // columns)
    return Cell(
        "All pictures.",
        f"figure, axes = plt.subplots({rows}, {columns}, squeeze=False)\n"
        "for axis in axes.flat:\n"
        '    axis.axis("off")\n'
        "for axis, one in zip(axes.flat, images):\n"
        "    axis.imshow(one)",
    )
