"""The programs of a covered picture: a patch at one place, and one that slides over all of it."""

from collections.abc import Mapping

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.networks.network import Network
from cnnviz_core.snippets import pictures
from cnnviz_core.snippets.networks import Loading, load
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Cell, Program, check, tolerance

KERAS = ("import keras", "import numpy as np")
SHOWS: Mapping[str, str] = {
    "gray": "middle gray",
    "mean": "the picture's mean color",
    "blur": "the picture blurred",
    "black": "black",
}


def by_hand(
    network: Network,
    source: Source,
    target: int,
    patch: tuple[int, int, int],
    baseline: str,
    drops: FloatArray,
) -> Program:
    """Write the program of a patch at one place.

    Parameters
    ----------
    target : int
        The class that the page asks about.
    patch : (int, int, int)
        Row and column of its middle, and its side, in pixels.
    baseline : "gray", "mean", "blur" or "black"
        What it shows.
    drops : float32 (classes,)
        How far each logit drops.

    Raises
    ------
    ValueError
        If the network is a visitor's own.
    """
    imports, picture = pictures.load(source)
    loading = load(network, source)
    ground_imports, ground, shown = _ground(source, baseline)
    row, column, size = patch
    cells = (
        Cell(
            f"A patch of {size} pixels a side, its middle in row {row} and column {column}; it "
            f"shows {SHOWS[baseline]}.",
            f"{ground}place = np.s_[{_span(row, size, source.height)}, "
            f"{_span(column, size, source.width)}]\n"
            f"covered = image.astype(np.float32)\ncovered[place] = {shown}",
        ),
        Cell(
            "How far the logit of each class drops (Zeiler and Fergus, 2014, section 4.2).",
            f"classifier = keras.Model(model.input, {loading.logits})\n"
            "before = classifier(batch).numpy()[0]\n"
            f"{loading.prepared('covered')}\n"
            "drops = before - classifier(batch).numpy()[0]",
        ),
        check("drops", drops.shape, (target,), float(drops[target]), "1e-3"),
    )
    return Program(
        name="occlusion",
        title="Occlusion: what a network says of a picture that is covered in part.",
        imports=(*KERAS, *imports, *loading.imports, *ground_imports),
        cells=(picture, *loading.cells, *cells),
        picture=Cell("What the network was shown.", "plt.imshow(covered / 255)"),
    )


def sliding(
    network: Network,
    source: Source,
    target: int,
    patch: tuple[int, int],
    baseline: str,
    values: FloatArray,
) -> Program:
    """Write the program of a patch that slides over the whole picture.

    Parameters
    ----------
    target : int
        The class.
    patch : (int, int)
        Its side and its stride, in pixels.
    baseline : "gray", "mean", "blur" or "black"
        What it shows.
    values : float32 (H, W)
        The map as the page has it.

    Raises
    ------
    ValueError
        If the network is a visitor's own.
    """
    imports, picture = pictures.load(source)
    loading = load(network, source)
    row, column = map(int, np.unravel_index(int(np.abs(values).argmax()), values.shape))
    within = tolerance(100 * values)
    ends = check("heat", values.shape, (row, column), float(values[row, column]), within)
    body = score(loading, target), slid(loading, source, *patch, baseline)
    return Program(
        name="occlusion_map",
        title="An occlusion map: how far a score drops where the picture is covered.",
        imports=(*KERAS, *imports, *loading.imports, *_ground(source, baseline)[0]),
        cells=(picture, *loading.cells, *body, ends),
        picture=Cell(
            "Red where covering lowers the score, blue where it raises it.",
            "reach = abs(heat).max()\n"
            'plt.imshow(heat, cmap="RdBu_r", vmin=-reach, vmax=reach)\n'
            "plt.colorbar()",
        ),
    )


def score(loading: Loading, target: int) -> Cell:
    """Return the cell that gives `score`, a function from a batch to the logits of a class."""
    return Cell(
        "The score: the class's logit.",
        f"classifier = keras.Model(model.input, {loading.logits})\n"
        "\n\n"
        "def score(batch):\n"
        f"    return classifier(batch).numpy()[:, {target}]",
    )


def slid(loading: Loading, source: Source, size: int, stride: int, baseline: str) -> Cell:
    """Return the cell that gives `heat`, the mean drop of `score` where a patch lies."""
    _imports, ground, shown = _ground(source, baseline)
    rows, columns = (_corners(side, size, stride) for side in (source.height, source.width))
    prepare = loading.prepared("covered").replace("\n", "\n        ")
    return Cell(
        f"A patch of {size} pixels a side that shows {SHOWS[baseline]} slides over the picture, "
        f"{stride} pixels at a time, the last one up to the border: how far the score drops where "
        "it is (Zeiler and Fergus, 2014, section 4.2).",
        f"{ground}whole = score(batch)[0]\n"
        "drops, counts = np.zeros(image.shape[:2]), np.zeros(image.shape[:2])\n"
        f"for top in {rows}:\n"
        f"    for left in {columns}:\n"
        f"        place = np.s_[top : top + {size}, left : left + {size}]\n"
        "        covered = image.astype(np.float32)\n"
        f"        covered[place] = {shown}\n"
        f"        {prepare}\n"
        "        drops[place] += whole - score(batch)[0]\n"
        "        counts[place] += 1\n"
        "heat = drops / counts",
    )


def blurred(source: Source) -> str:
    """Return the code of the picture blurred until its details are gone."""
    deviation = max(source.height, source.width) / 20
    return (
        f"cv2.GaussianBlur(\n    image.astype(np.float32), (0, 0), {deviation:g}, "
        "borderType=cv2.BORDER_REPLICATE\n)"
    )


def _ground(source: Source, baseline: str) -> tuple[tuple[str, ...], str, str]:
    """Return the imports and the code that come first, and the code of what a patch shows."""
    match baseline:
        case "gray":
            return (), "", "127.5"
        case "mean":
            return (), "color = image.mean(axis=(0, 1))\n", "color"
        case "blur":
            return ("import cv2",), f"ground = {blurred(source)}\n", "ground[place]"
        case _:
            return (), "", "0"


def _span(middle: int, size: int, side: int) -> str:
    """Return, as code, what of a side a patch covers; what lies outside is cut off.

    >>> _span(5, 4, 20), _span(1, 4, 20), _span(19, 4, 20)
    ('3:7', '0:3', '17:20')
    """
    first = middle - size // 2
    return f"{max(first, 0)}:{min(first + size, side)}"


def _corners(side: int, size: int, stride: int) -> str:
    """Return, as code, where patches begin along a side; the last one ends at the border.

    >>> _corners(30, 4, 4), _corners(3, 4, 2), _corners(4, 2, 2)
    ('[*range(0, 26, 4), 26]', '[0]', '[0, 2]')
    """
    end = max(side - size, 0)
    if end <= 2 * stride:
        return str([*range(0, end, stride), end])
    return f"[*range(0, {end}, {stride}), {end}]"
