"""What can be asked to climb, and how far a climb has come."""

from dataclasses import dataclass, replace

from cnnviz_core.arrays import FloatArray
from cnnviz_core.filter_ascent.ascent import BOOK, DEFAULT, AscentSettings
from cnnviz_core.filter_ascent.batches import Climbed
from cnnviz_core.filter_ascent.formulas import AscentTarget
from cnnviz_core.filter_ascent.objectives import (
    Objective,
    channel,
    direction,
    neuron,
    whole_layer,
)
from cnnviz_core.filter_ascent.parameterization import stretched

# Chollet (2017), listing 5.38.
ARTICLE_STEPS = 40


@dataclass(frozen=True, slots=True)
class AscentQuestion:
    """What is to be climbed; the same question has the same answer.

    Attributes
    ----------
    layer : str
    target : "filters", "neuron", "direction", "layer" or "class"
        Channels of the layer, each alone, each at one place, or all of these together; all of the
        layer; or channels of a layer that classifies.
    channels : tuple of int
        From 0. Not used for a whole layer.
    copies : int
        Pictures of each.
    size : (int, int)
        Height and width.
    place : (int, int) or None
        Of neurons: row and column of the layer's map.
    """

    layer: str
    target: AscentTarget
    channels: tuple[int, ...]
    size: tuple[int, int]
    steps: int
    copies: int = 1
    seed: int = 0
    settings: AscentSettings = DEFAULT
    place: tuple[int, int] | None = None

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """One for each picture, but for copies."""
        if self.target == "layer":
            return (whole_layer(),)
        if self.target == "direction":
            return (direction(self.channels),)
        if self.target == "neuron" and self.place is not None:
            return tuple(neuron(index, *self.place) for index in self.channels)
        return tuple(map(channel, self.channels))

    @property
    def is_articles(self) -> bool:
        """Whether it climbs as the article does."""
        return self.settings == BOOK


@dataclass(frozen=True, slots=True, eq=False)
class AscentState:
    """How far a climb has come, pictures of the way for an animation, and the seconds it took.

    The seconds are those after the first step, which takes longer: that one is traced.
    """

    climbed: Climbed
    frames: tuple[bytes, ...]
    seconds: float


def article_question(question: AscentQuestion) -> AscentQuestion:
    """The same filters, climbed as the article does: plain pixels, the plain gradient."""
    return replace(question, settings=BOOK, steps=ARTICLE_STEPS, copies=1)


def pictures_of(question: AscentQuestion, climbed: Climbed) -> FloatArray:
    """The pictures as they are shown: the article's, hardly more than gray, with more contrast."""
    return stretched(climbed.images) if question.is_articles else climbed.images
