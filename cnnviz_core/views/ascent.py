"""What the filter-ascent page offers, and how it shows a climb."""

from dataclasses import dataclass, replace

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import ascents
from cnnviz_core.drawing.encoding import encode_jpeg, encode_png
from cnnviz_core.drawing.rendering import PICTURE_SCALE, Rendered, channel_ranges, value_range
from cnnviz_core.filter_ascent import formulas
from cnnviz_core.filter_ascent.step import truncated_network_and_shape
from cnnviz_core.inspection import layer_roles
from cnnviz_core.networks import Network
from cnnviz_core.networks.layer_types import layer_type
from cnnviz_core.views.ascent_jobs import AscentJob, known_answers
from cnnviz_core.views.ascent_questions import AscentQuestion, AscentState, pictures_of
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared

ASCENT_SIZES = (64, 96, 128, 160, 192, 224, 256)

# As large as a thumb, and far enough to see what it will be. A picture to begin with must be
# recognized, and a class is no texture.
PREVIEW_SIDE, PREVIEW_STEPS = 64, 24
LARGER_PREVIEW_SIDE = 128


@dataclass(frozen=True, slots=True, eq=False)
class AscentTile:
    """One climbed picture as JPEG, and the curve of its activation.

    Attributes
    ----------
    channel : int or None
        From 0; None for a whole layer.
    copy : int
        Which of the pictures of this channel, from 0.
    first, last : float
        The activation at the start, and now: of the picture as it is where that is known, as in
        `AscentView.is_measured_as_shown`, else as it was shifted before the last step.
    curve : tuple of (x, y)
        From the upper left corner of a box of 1×1, as wide as all steps. It holds zero, too.
    zero : float
        The y of zero.
    """

    data: bytes
    channel: int | None
    copy: int
    first: float
    last: float
    curve: tuple[tuple[float, float], ...]
    zero: float


@dataclass(frozen=True, slots=True, eq=False)
class AscentView:
    """A climb as it stands.

    Attributes
    ----------
    before : bytes or None
        The picture that it began with, as JPEG.
    columns : int
        How many tiles stand side by side.
    facts : Rendered
        Shape and extremes of all pictures, without data.
    step : int
        How many steps all pictures have made, of those in the question.
    share : float
        Of all the work, 0..1.
    is_measured_as_shown : bool
        Whether the activations now are those of the pictures as they are.
    objective_formula : str
        Of the first picture, as LaTeX; without its value before it was measured.
    step_formula : str
    """

    question: AscentQuestion
    before: bytes | None
    tiles: tuple[AscentTile, ...]
    columns: int
    facts: Rendered
    step: int
    share: float
    is_measured_as_shown: bool
    objective_formula: str
    step_formula: str


@dataclass(frozen=True, slots=True)
class StepFormulas:
    """All that a step computes, as LaTeX.

    Attributes
    ----------
    direction : str
        Which way the pixels are to go.
    picture, means : tuple of str
        Of waves: the picture that they make, and Adam's means. Empty for pixels.
    step : str
    blur : str or None
    is_moved : bool
        Whether the network sees the picture shifted, turned or enlarged at random.
    """

    direction: str
    picture: tuple[str, ...]
    means: tuple[str, ...]
    step: str
    blur: str | None
    is_moved: bool


def ascent_layers(network: Network) -> tuple[str, ...]:
    """The layers whose filters can be asked what they like: those that end a step and compute.

    Pooling has the channels of the layer before it, and the last layer's are classes.
    """
    last = class_layer(network)
    names = tuple(
        name
        for name in layer_roles.main_layers(network)
        if name != last and not layer_type(network.layer(name).type).pools
    )
    return names or tuple(layer.name for layer in network.layers if layer.name != last)


def class_layer(network: Network) -> str | None:
    """The layer whose channels are classes; None where there is none, or a single score."""
    last = network.layers[-1]
    return None if network.logits is None or last.output_shape[-1] == 1 else last.name


@shared(MAX_VIEWS)
def ascent_sizes(network: Network, layer: str) -> tuple[int, ...]:
    """The sides that pictures for a layer can have.

    A single one where layers behind the convolutions take the network's own input size alone.
    """
    ends = ASCENT_SIZES[0], ASCENT_SIZES[-1]
    if all(_takes(network, layer, side) for side in ends):
        return ASCENT_SIZES
    return (max(network.input_size),)


def _takes(network: Network, layer: str, side: int) -> bool:
    try:
        truncated_network_and_shape(network, layer, (side, side))
    except ValueError:
        return False
    return True


def ascent_size(network: Network, layer: str, side: int, start: Picture | None) -> tuple[int, int]:
    """Height and width: square, or in the proportions of the picture that a climb begins with."""
    if len(ascent_sizes(network, layer)) == 1:
        return network.input_size
    if start is None:
        return side, side
    height, width = start.pixels.shape[:2]
    shrink = side / max(height, width)
    least = ASCENT_SIZES[0] // 2
    return max(least, round(shrink * height)), max(least, round(shrink * width))


def preview_question(
    network: Network, start: Picture | None, question: AscentQuestion
) -> AscentQuestion:
    """The same, but as large as a thumb and with a few steps."""
    is_texture = start is None and question.target != "class"
    side = min(PREVIEW_SIDE if is_texture else LARGER_PREVIEW_SIDE, max(question.size))
    size = ascent_size(network, question.layer, side, start)
    return replace(question, size=size, steps=min(question.steps, PREVIEW_STEPS))


def random_channels(count: int, num_channels: int, seed: int) -> tuple[int, ...]:
    """A handful of channels, in their order.

    >>> random_channels(3, 64, seed=1) == random_channels(3, 64, seed=1)
    True
    """
    chosen = np.random.default_rng(seed).choice(num_channels, count, replace=False)
    return tuple(sorted(map(int, chosen)))


def ascent_view(ascent: AscentJob, state: AscentState) -> AscentView:
    """A climb as it stood at some moment."""
    question, climbed = ascent.question, state.climbed
    pictures = ascents.as_bytes(pictures_of(question, climbed))
    activations, known = climbed.activations, known_answers(ascent, state)
    now = activations[-1:] if known is None else known[np.newaxis]
    before = ascents.as_bytes(ascent.before.climbed.images[0])
    return AscentView(
        question,
        None if ascent.picture is None else encode_jpeg(before),
        tuple(
            _tile(question, index, one, activations[:, index], now[:, index])
            for index, one in enumerate(pictures)
        ),
        ascents.sheet_columns(len(pictures)),
        Rendered(
            b"",
            pictures.shape,
            *value_range(pictures),
            PICTURE_SCALE,
            channel_ranges(pictures.reshape(-1, *pictures.shape[2:])),
        ),
        climbed.step,
        climbed.share,
        known is not None,
        _objective_formula(ascent, float(now[0, 0]) if len(now) else None),
        formulas.step_formula(question.settings),
    )


def step_formulas(question: AscentQuestion, *, begins_with_picture: bool) -> StepFormulas:
    """All that a step of a climb computes."""
    settings = question.settings
    is_waves = settings.image == "waves"
    return StepFormulas(
        formulas.direction_formula(settings, question.copies),
        formulas.picture_formulas(settings, begins_with_picture=begins_with_picture)
        if is_waves
        else (),
        formulas.mean_formulas() if is_waves else (),
        formulas.step_formula(settings),
        formulas.blur_formula(settings) if settings.blur else None,
        bool(settings.jitter or settings.rotation or settings.scaling),
    )


def ascent_sheet(ascent: AscentJob, state: AscentState) -> bytes:
    """All pictures on one sheet, as PNG, for saving."""
    return encode_png(ascents.sheet(pictures_of(ascent.question, state.climbed)))


def ascent_animation(state: AscentState) -> bytes:
    """The climb so far as an animated GIF; its first step must have been made."""
    return ascents.animate(state.frames)


def _tile(
    question: AscentQuestion,
    index: int,
    picture: ByteArray,
    activations: FloatArray,
    now: FloatArray,
) -> AscentTile:
    which, copy = divmod(index, question.copies)
    low, high = min(0.0, *activations, 0.0), max(0.0, *activations, 0.0)
    size = high - low or 1.0
    return AscentTile(
        encode_jpeg(picture),
        None if question.target == "layer" else question.channels[which],
        copy,
        float(activations[0]) if len(activations) else 0.0,
        float(now[-1]) if len(now) else 0.0,
        tuple(
            (step / max(1, question.steps), float((high - one) / size))
            for step, one in enumerate(activations)
        ),
        float(high / size),
    )


def _objective_formula(ascent: AscentJob, value: float | None) -> str:
    question = ascent.question
    shape = truncated_network_and_shape(ascent.network, question.layer, question.size)[1]
    return formulas.objective_formula(
        question.target,
        shape,
        value,
        question.settings.below_zero,
        is_after=question.settings.after_activation,
    )
