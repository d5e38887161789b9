"""The program of a heatmap's test: its hottest pixels are deleted, and inserted."""

from cnnviz_core.arrays import FloatArray
from cnnviz_core.networks.network import Network
from cnnviz_core.snippets import heatmaps, pictures, pixel_heatmaps
from cnnviz_core.snippets.networks import Loading, load
from cnnviz_core.snippets.occlusion import blurred
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Cell, Program, literal

INPAINT = Cell(
    "Holes are filled from around them (Bertalmio, Bertozzi and Sapiro, 2001), in a small copy of "
    "the picture, each of whose cells has the mean of the pixels that are left in it.",
    "def inpaint(is_hole):\n"
    "    if is_hole.all():\n"
    "        return np.full(image.shape, image.mean(axis=(0, 1)), np.float32)\n"
    "    known = np.float32(~is_hole)\n"
    "    left = cv2.resize(known, {size}, interpolation=cv2.INTER_AREA)\n"
    "    sums = cv2.resize(image * known, {size}, interpolation=cv2.INTER_AREA)\n"
    "    means = np.rint(sums / np.maximum(left, 1e-9)[..., np.newaxis]).clip(0, 255)\n"
    "    filled = cv2.inpaint(np.uint8(means), np.uint8(left == 0), 3, cv2.INPAINT_NS)\n"
    "    filled = cv2.resize(np.float32(filled), {whole})\n"
    "    return np.where(is_hole, filled, image)",
)
INPAINTING_PIXELS = 128


def program(
    network: Network,
    source: Source,
    method: str,
    target: int,
    baseline: str,
    areas: FloatArray,
    *,
    layer: str | None,
    steps: int,
) -> Program:
    """Write the program of both curves.

    Parameters
    ----------
    method : str
        One of those of heatmaps, of one pass.
    target : int
        The class.
    baseline : "black", "blur" or "inpainting"
        What deleted pixels show. Insertion begins with the same, but for black: there it begins
        with the blurred picture.
    areas : float32 (2,)
        Under the curves of deletion and of insertion, as the page has them.
    layer : str or None
        Whose maps are weighed; None for those of pixels.
    steps : int
        Points of a curve, less one.

    Raises
    ------
    ValueError
        If the network is a visitor's own.
    """
    imports, picture = pictures.load(source)
    loading = load(network, source)
    heat = heatmaps.cells(network, source, loading, method, target, layer=layer, steps=0)
    before, deleted, inserted = _holes(source, baseline)
    # Gradients by pixels have asked it already.
    chance = _chance(loading, target, has_classifier=layer is None)
    cells = (*heat, _order(network, source, layer), chance, *before)
    ends = Cell(
        "The shape, and the areas, as the page shows them.",
        f"assert np.shape(curves) == ({steps + 1}, 2)\n"
        f"assert np.allclose(areas, {literal(areas)}, atol=1e-3)",
    )
    return Program(
        name="deletion_insertion",
        title="A test of a heatmap: its hottest pixels are deleted, and inserted.",
        imports=(*heatmaps.needed(heat), "import cv2", *imports, *loading.imports),
        cells=(picture, *loading.cells, *cells, _curves(steps, deleted, inserted), ends),
        picture=Cell(
            "Deletion should fall fast, insertion rise fast.",
            'plt.plot(counts / heat.size, curves, label=["deleted", "inserted"])\nplt.legend()',
        ),
    )


def _order(network: Network, source: Source, layer: str | None) -> Cell:
    """Write the order of the pixels; a map of a layer is brought to the picture's size first."""
    code = "heat = np.maximum(heat, 0)\n"
    if layer is not None:
        height, width = network.layer(layer).output_shape[:2]
        is_smaller = source.height <= height and source.width <= width
        how = ", interpolation=cv2.INTER_AREA" if is_smaller else ""
        code += f"heat = cv2.resize(np.float32(heat), {pixel_heatmaps.STRETCH}{how})\n"
    return Cell(
        "The rank of each pixel, 0 for the hottest; among equals it is drawn by lot.",
        f"{code}"
        "lots = np.random.default_rng(0).random(heat.size)\n"
        "order = np.lexsort((lots, -heat.ravel()))\n"
        "ranks = np.argsort(order).reshape(*heat.shape, 1)",
    )


def _chance(loading: Loading, target: int, *, has_classifier: bool) -> Cell:
    prepare = loading.prepared("picture").replace("\n", "\n    ")
    made = f"classifier = keras.Model(model.input, {loading.logits})\n\n\n"
    return Cell(
        "The probability of the class, by softmax.",
        f"{'' if has_classifier else made}"
        "def chance(picture):\n"
        f"    {prepare}\n"
        "    logits = classifier(batch).numpy()[0]\n"
        "    powers = np.exp(logits - logits.max())\n"
        f"    return powers[{target}] / powers.sum()",
    )


def _holes(source: Source, baseline: str) -> tuple[tuple[Cell, ...], str, str]:
    """Return what comes first, and the code of a picture with its hot pixels deleted, inserted."""
    if baseline == "inpainting":
        return (_inpaint(source),), "inpaint(is_hot)", "inpaint(~is_hot)"
    ground = Cell("The picture blurred until its details are gone.", f"blur = {blurred(source)}")
    deleted = "0" if baseline == "black" else "blur"
    return (ground,), f"np.where(is_hot, {deleted}, image)", "np.where(is_hot, image, blur)"


def _inpaint(source: Source) -> Cell:
    shrink = min(1.0, INPAINTING_PIXELS / max(source.height, source.width))
    size = max(1, round(source.width * shrink)), max(1, round(source.height * shrink))
    return Cell(
        INPAINT.sentence,
        INPAINT.code.format(size=size, whole=(source.width, source.height)),
    )


def _curves(steps: int, deleted: str, inserted: str) -> Cell:
    return Cell(
        f"In {steps} steps, the hottest pixels are deleted, and inserted; then the areas under "
        "both curves, by trapezes (Petsiuk, Das and Saenko, 2018): small is good for deletion, "
        "large for insertion.",
        f"counts = np.rint(np.linspace(0, heat.size, {steps + 1}))\n"
        "curves = []\n"
        "for count in counts:\n"
        "    is_hot = ranks < count\n"
        f"    deleted = {deleted}\n"
        f"    inserted = {inserted}\n"
        "    curves.append([chance(deleted), chance(inserted)])\n"
        "areas = np.trapezoid(curves, counts / heat.size, axis=0)",
    )
