"""What the predictions page shows."""

import math
from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import histograms, montage, rendering
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.inspection import layer_roles, predictions
from cnnviz_core.inspection.predictions import CatOrDog, Prediction
from cnnviz_core.inspection.probability_formulas import sigmoid_formula, softmax_formula
from cnnviz_core.networks import Network, lenet
from cnnviz_core.theme import Theme
from cnnviz_core.views.networks import all_layers, logits
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared

# A vector's cells lie in rows, about so many times as wide as high together, on a sheet so wide.
STRIP_ASPECT = 12.8
STRIP_PIXELS = 1024


@dataclass(frozen=True, slots=True, eq=False)
class PredictionsView:
    """What a classifier says of a picture; `formula` is of its first class.

    `ranked` are all classes, the most probable first, and `top` those of them that are shown.
    `cat_or_dog` is None where the classes are not those of ImageNet. `turns_over` says whether the
    temperature has made cats out of dogs, or dogs out of cats.
    """

    ranked: tuple[Prediction, ...]
    top: tuple[Prediction, ...]
    cat_or_dog: CatOrDog | None
    turns_over: bool
    formula: str


@dataclass(frozen=True, slots=True, eq=False)
class WeighedValues:
    """The values that a classifier weighs: of which layer, as colored cells, how many above 0."""

    layer: str
    strip: Rendered
    num_positive: int


def num_classes(network: Network) -> int:
    """Return how many classes a network tells apart; 0 without a classifier."""
    return predictions.num_classes(network)


def is_untrained(network: Network) -> bool:
    """Return whether it is one of our networks of random weights."""
    return lenet.is_untrained(network.key)


@shared(MAX_VIEWS)
def ranked_classes(network: Network, picture: Picture) -> tuple[Prediction, ...]:
    """Return all classes of a network, the most probable one first; empty without a classifier.

    Raises
    ------
    ValueError
        As `predictions.logits`.
    """
    if network.logits is None:
        return ()
    return predictions.top_classes(network, picture.pixels, num_classes(network))


def predicted(
    network: Network, picture: Picture, *, count: int, temperature: float
) -> PredictionsView:
    """Return what the predictions page shows of a picture.

    The network has run once for a picture; what is done here takes a millisecond or two.

    Parameters
    ----------
    network : Network
        With a classifier.
    count : int
        How many classes.
    temperature : float
        As in `predictions.probabilities`.

    Raises
    ------
    ValueError
        As `predictions.logits` and `predictions.probabilities`, or if the network does not answer
        with finite numbers.
    """
    scores = logits(network, picture)
    predictions.require_finite(network, scores)
    ranked = predictions.rank(network, scores, num_classes(network), temperature=temperature)
    knows_pets = scores.size == predictions.NUM_IMAGENET_CLASSES
    if network.output_activation == "sigmoid" and scores.size > 1:
        formula = sigmoid_formula(ranked[0].logit, temperature)
    else:
        competing = np.array([one.logit for one in ranked], np.float32)
        formula = softmax_formula(competing, 0, temperature)
    pets, own_pets = (
        predictions.cat_or_dog(network, scores, temperature=one) if knows_pets else None
        for one in (temperature, 1.0)
    )
    return PredictionsView(
        ranked,
        ranked[:count],
        pets,
        pets is not None and own_pets is not None and _is_cat(pets) != _is_cat(own_pets),
        formula,
    )


@shared(MAX_VIEWS)
def probabilities_histogram(
    network: Network, picture: Picture, temperature: float, *, theme: Theme, label: str
) -> str:
    """Draw how many classes have which probability, as SVG; `label` stands above the counts."""
    scores = logits(network, picture)
    chances = predictions.probabilities(network, scores, temperature=temperature)
    return histograms.counts(chances, theme=theme, count_scale="log", label=label)


@shared(MAX_VIEWS)
def weighed_values(network: Network, picture: Picture) -> WeighedValues | None:
    """Return the values of the last dense or pooled layer; None where there is no such layer."""
    layer = layer_roles.weighed_layer(network)
    if layer is None:
        return None
    values = all_layers(network, picture)[layer.name].ravel()
    scale = rendering.value_scale(values)
    return WeighedValues(
        layer.name,
        rendered(_strip(values, scale), values, scale),
        int(np.count_nonzero(values > 0)),
    )


@shared(MAX_VIEWS)
def positive_histogram(
    network: Network, picture: Picture, layer: str, *, theme: Theme, label: str
) -> str:
    """Draw how large the values above 0 of a layer are, as SVG; there must be one."""
    values = all_layers(network, picture)[layer]
    return histograms.counts(values[values > 0], theme=theme, label=label)


def _is_cat(pets: CatOrDog) -> bool:
    return pets.cat > pets.dog


def _strip(values: FloatArray, scale: Scale) -> ByteArray:
    """Draw a vector as colored cells, row by row; gray where the last row has none left."""
    rows = max(1, round(math.sqrt(values.size / STRIP_ASPECT)))
    columns = math.ceil(values.size / rows)
    cells = np.full((rows * columns, 3), montage.GAP_LEVEL, np.uint8)
    cells[: values.size] = rendering.colorize(values[np.newaxis], scale)[0]
    return montage.enlarge(cells.reshape(rows, columns, 3), max(1, STRIP_PIXELS // columns))
