"""What the filter-ascent page offers, and how it shows an ascent."""

from dataclasses import dataclass, replace

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import ascents
from cnnviz_core.drawing.encoding import encode_jpeg, encode_png
from cnnviz_core.drawing.rendered import Rendered, described
from cnnviz_core.drawing.rendering import PICTURE_SCALE
from cnnviz_core.filter_ascent import choices, formulas
from cnnviz_core.filter_ascent.step import truncated_network_and_shape
from cnnviz_core.inspection.architecture import place_on_map
from cnnviz_core.networks import Network
from cnnviz_core.views.ascent_jobs import AscentJob, known_activations
from cnnviz_core.views.ascent_store import AscentHistory, AscentQuestion, pictures_of
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared

# As large as a thumb, and far enough to see what it will be. A picture to begin with must be
# recognized, and a class is no texture.
PREVIEW_SIDE, PREVIEW_STEPS = 64, 12
LARGER_PREVIEW_SIDE = 128

# Targets whose pictures are made for one channel each.
ONE_CHANNEL = ("filters", "neuron", "class")


@dataclass(frozen=True, slots=True, eq=False)
class AscentTile:
    """One picture of an ascent as JPEG, and the curve of its activation.

    Attributes
    ----------
    channel : int or None
        From 0; None for a whole layer and for a direction.
    copy : int
        Which of the pictures of this channel, from 0.
    first, last : float
        The activation at the start, and now: of the picture as it is where that is known, else as
        it was shifted before the last step.
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
    """An ascent as it stands.

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
        Of Fourier coefficients: the picture that they make, and Adam's means. Empty for pixels.
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
    """Return the layers whose filters can be asked what they like."""
    return choices.filter_layers(network)


def class_layer(network: Network) -> str | None:
    """Return the layer whose channels are classes; None if there is none, or a single score."""
    return choices.class_layer(network)


@shared(MAX_VIEWS)
def ascent_sizes(network: Network, layer: str) -> tuple[int, ...]:
    """Return the sides in pixels that pictures for a layer can have."""
    return choices.sizes(network, layer)


def ascent_size(network: Network, layer: str, side: int, start: Picture | None) -> tuple[int, int]:
    """Return height and width: square, or in the proportions of the picture to begin with."""
    if len(ascent_sizes(network, layer)) == 1:
        return network.input_size
    if start is None:
        return side, side
    height, width = start.pixels.shape[:2]
    return choices.fitted_size(side, (height, width))


def random_channels(count: int, num_channels: int, seed: int) -> tuple[int, ...]:
    """Return a handful of channels, in their order."""
    return choices.random_channels(count, num_channels, seed)


def preview_question(
    network: Network, question: AscentQuestion, picture: Picture
) -> AscentQuestion:
    """Return the same, but as large as a thumb and with a few steps.

    `picture` is the one that the question names, if it names any.
    """
    start = None if question.picture is None else picture
    is_texture = start is None and question.target != "class"
    side = min(PREVIEW_SIDE if is_texture else LARGER_PREVIEW_SIDE, max(question.size))
    size = ascent_size(network, question.layer, side, start)
    place = question.place and _place_at_size(network, question, size)
    return replace(question, size=size, steps=min(question.steps, PREVIEW_STEPS), place=place)


def neuron_place(
    network: Network, layer: str, size: tuple[int, int], down: int, across: int
) -> tuple[int, int]:
    """Return row and column of the neuron so many percent down and across a layer's map.

    Parameters
    ----------
    size : (int, int)
        Height and width of the pictures.
    """
    return place_on_map(_map_shape(network, layer, size), down, across)


def ascent_view(ascent: AscentJob, state: AscentHistory) -> AscentView:
    """Return an ascent as it stood at some moment."""
    question, progress = ascent.question, state.progress
    pictures = ascents.as_bytes(pictures_of(question, progress))
    activations, known = progress.activations, known_activations(ascent, state)
    now = activations[-1:] if known is None else known[np.newaxis]
    before = ascents.as_bytes(ascent.before.progress.images[0])
    one_below_the_other = pictures.reshape(-1, *pictures.shape[2:])
    return AscentView(
        question=question,
        before=None if question.picture is None else encode_jpeg(before),
        tiles=tuple(
            _tile(question, index, one, activations[:, index], now[:, index])
            for index, one in enumerate(pictures)
        ),
        columns=ascents.sheet_columns(len(pictures)),
        facts=replace(described(b"", one_below_the_other, PICTURE_SCALE), shape=pictures.shape),
        step=progress.step,
        objective_formula=_objective_formula(ascent, float(now[0, 0]) if len(now) else None),
        step_formula=formulas.step_formula(question.settings),
    )


def step_formulas(question: AscentQuestion) -> StepFormulas:
    """Return all that a step of an ascent computes."""
    settings = question.settings
    is_fourier = settings.image == "fourier"
    return StepFormulas(
        direction=formulas.direction_formula(settings, question.copies),
        picture=formulas.picture_formulas(
            settings, begins_with_picture=question.picture is not None
        )
        if is_fourier
        else (),
        means=formulas.mean_formulas() if is_fourier else (),
        step=formulas.step_formula(settings),
        blur=formulas.blur_formula(settings) if settings.blur else None,
        is_moved=bool(settings.jitter or settings.rotation or settings.scaling),
    )


def ascent_sheet(ascent: AscentJob, state: AscentHistory) -> bytes:
    """Return all pictures on one sheet, as PNG, for saving."""
    return encode_png(ascents.sheet(pictures_of(ascent.question, state.progress)))


def ascent_animation(state: AscentHistory) -> bytes:
    """Return the ascent so far as an animated GIF; its first step must have been made."""
    return ascents.animate(state.frames)


def _map_shape(network: Network, layer: str, size: tuple[int, int]) -> tuple[int, int, int]:
    return truncated_network_and_shape(network, layer, size)[1]


def _place_at_size(
    network: Network, question: AscentQuestion, size: tuple[int, int]
) -> tuple[int, int]:
    """Return the place of a question's neuron on the map of pictures of another size."""
    row, column = question.place or (0, 0)
    height, width = _map_shape(network, question.layer, question.size)[:2]
    percents = round(100 * row / max(height - 1, 1)), round(100 * column / max(width - 1, 1))
    return neuron_place(network, question.layer, size, *percents)


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
        data=encode_jpeg(picture),
        channel=question.channels[which] if question.target in ONE_CHANNEL else None,
        copy=copy,
        first=float(activations[0]) if len(activations) else 0.0,
        last=float(now[-1]) if len(now) else 0.0,
        curve=tuple(
            (step / max(1, question.steps), float((high - one) / size))
            for step, one in enumerate(activations)
        ),
        zero=float(high / size),
    )


def _objective_formula(ascent: AscentJob, value: float | None) -> str:
    question = ascent.question
    shape = _map_shape(ascent.network, question.layer, question.size)
    return formulas.objective_formula(
        question.target,
        shape,
        value,
        question.settings.negative_slope,
        is_after=question.settings.after_activation,
        place=question.place,
        num_channels=len(question.channels),
    )
