"""How the programs of heatmaps find maps of pixels: what each one of the picture adds."""

from collections.abc import Mapping

from cnnviz_core.networks.network import Network
from cnnviz_core.snippets.networks import Loading
from cnnviz_core.snippets.occlusion import score, slid
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Cell

STRETCH = "(image.shape[1], image.shape[0])"

# Of `batch` and `gradients`, both (1, rows, columns, channels).
OF_GRADIENTS: Mapping[str, tuple[str, str]] = {
    "saliency": (
        "How strongly each pixel moves the score: the largest of its channels (Simonyan, Vedaldi "
        "and Zisserman, 2013, section 3.1).",
        "values = abs(gradients[0]).max(axis=-1)",
    ),
    "gradient-times-input": (
        "How much each pixel adds, as if the network were linear (Shrikumar et al., 2016).",
        "values = (gradients * batch)[0].sum(axis=-1)",
    ),
}


def cells(
    network: Network, source: Source, loading: Loading, method: str, target: int, *, steps: int
) -> tuple[Cell, ...]:
    """Return the cells that give `heat`, (H, W), by a method of pixels.

    `steps` are those of integrated gradients.
    """
    if method == "occlusion":
        size = max(1, min(source.height, source.width) // 5)
        return score(loading, target), slid(loading, source, size, max(1, size // 2), "gray")
    back = _back(network.input_size, source)
    return _slope(loading, target), *_of_gradients(loading, method, steps, back)


def _of_gradients(loading: Loading, method: str, steps: int, back: str) -> tuple[Cell, ...]:
    match method:
        case "smoothgrad":
            return (_smoothgrad(back),)
        case "integrated-gradients":
            return (_integrated(loading, steps, back),)
    sentence, code = OF_GRADIENTS[method]
    return (
        Cell(
            "The gradient of the score by the picture, as the network takes it.",
            "gradients = slope(batch)",
        ),
        Cell(sentence, f"{code}\n{back}"),
    )


def _slope(loading: Loading, target: int) -> Cell:
    return Cell(
        "The gradient of the class's logit by what goes into the network.",
        f"classifier = keras.Model(model.input, {loading.logits})\n"
        "\n\n"
        "def slope(batch):\n"
        "    batch = tf.convert_to_tensor(batch)\n"
        "    with tf.GradientTape() as tape:\n"
        "        tape.watch(batch)\n"
        f"        score = tf.reduce_sum(classifier(batch)[:, {target}])\n"
        "    return tape.gradient(score, batch).numpy()",
    )


def _smoothgrad(back: str) -> Cell:
    return Cell(
        "The mean gradient of 32 noisy copies of the picture, the noise 15% of its range (Smilkov "
        "et al., 2017).",
        "random = np.random.default_rng(0)\n"
        "deviation = np.float32(0.15 * float(np.ptp(batch)))\n"
        "total = 0\n"
        "for _ in range(32):\n"
        "    noise = random.standard_normal(batch.shape, np.float32)\n"
        "    total = total + slope(batch + deviation * noise)[0]\n"
        f"values = abs(total / 32).max(axis=-1)\n{back}",
    )


def _integrated(loading: Loading, steps: int, back: str) -> Cell:
    return Cell(
        f"The gradients on the straight way from gray to the picture, in {steps} steps "
        "(Sundararajan, Taly and Yan, 2017, equation 1).",
        f"{_gray(loading)}\n"
        "total = 0\n"
        f"for share in (np.arange({steps}) + 0.5) / {steps}:\n"
        "    total = total + slope(gray + np.float32(share) * (batch - gray))\n"
        f"values = ((batch - gray) * total / {steps})[0].sum(axis=-1)\n{back}",
    )


def _gray(loading: Loading) -> str:
    """Return the code that gives `gray`, what middle gray becomes as it goes in."""
    plain = "plain = np.full_like(image, 127.5, dtype=np.float32)"
    return f"{plain}\n{loading.prepared('plain', 'gray')}"


def _back(input_size: tuple[int, int], source: Source) -> str:
    """Return the code that brings `values` of the network's input to the picture's size."""
    is_smaller = source.height <= input_size[0] and source.width <= input_size[1]
    how = ", interpolation=cv2.INTER_AREA" if is_smaller else ""
    return f"heat = cv2.resize(values, {STRETCH}{how})"
