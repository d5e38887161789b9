"""What an ascent can be asked for, and finished ascents, which nobody computes twice."""

import os
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

import numpy as np

from cnnviz_core import images, networks
from cnnviz_core.arrays import FloatArray
from cnnviz_core.filter_ascent.batches import AscentProgress
from cnnviz_core.filter_ascent.formulas import AscentTarget
from cnnviz_core.filter_ascent.objectives import Objective, channel, direction, neuron, whole_layer
from cnnviz_core.filter_ascent.parameterization import stretched
from cnnviz_core.filter_ascent.settings import BOOK, DEFAULT, AscentSettings
from cnnviz_core.networks import Network
from cnnviz_core.runtime import result_store
from cnnviz_core.runtime.result_store import Arrays, Store

# Chollet (2017), listing 5.38.
ARTICLE_STEPS = 40

# Part of the names of stored results.
_MEASURED = "ascent measured as they are"


@dataclass(frozen=True, slots=True)
class AscentQuestion:
    """What is asked of an ascent in a network; the same question has the same answer.

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
    picture : str or None
        Key of the picture that all begin with; None for noise or gray.
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
    picture: str | None = None

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """Return one for each picture, but for copies."""
        if self.target == "layer":
            return (whole_layer(),)
        if self.target == "direction":
            return (direction(self.channels),)
        if self.target == "neuron" and self.place is not None:
            return tuple(neuron(index, *self.place) for index in self.channels)
        return tuple(map(channel, self.channels))

    @property
    def is_articles(self) -> bool:
        """Return whether it is made as the article does."""
        return self.settings == BOOK


@dataclass(frozen=True, slots=True, eq=False)
class AscentHistory:
    """How far an ascent has come, pictures of the way for an animation, and the seconds it took.

    The seconds are those after the first step, which takes longer: that one is traced.
    """

    progress: AscentProgress
    frames: tuple[bytes, ...]
    seconds: float


def article_question(question: AscentQuestion) -> AscentQuestion:
    """Return the same filters, made as the article does: plain pixels, the plain gradient."""
    return replace(question, settings=BOOK, steps=ARTICLE_STEPS, copies=1, picture=None)


def pictures_of(question: AscentQuestion, progress: AscentProgress) -> FloatArray:
    """Return the pictures as shown: the article's, hardly more than gray, with more contrast."""
    return stretched(progress.images) if question.is_articles else progress.images


def get_ascent(network: Network, question: AscentQuestion) -> AscentHistory | None:
    """Return the finished ascent of a question, if anybody has ever asked it."""
    arrays = result_store.get(*_store_and_name(network, "ascent", question, None))
    return None if arrays is None else _unpacked(arrays)


def put_ascent(network: Network, question: AscentQuestion, state: AscentHistory) -> None:
    """Store a finished ascent."""
    result_store.put(*_store_and_name(network, "ascent", question, None), _packed(state))


def get_activations(network: Network, question: AscentQuestion, step: int) -> FloatArray | None:
    """Return what the objectives measure of their pictures as they are, if anybody has asked."""
    arrays = result_store.get(*_store_and_name(network, _MEASURED, question, step))
    return None if arrays is None else arrays["answers"]


def put_activations(
    network: Network, question: AscentQuestion, step: int, activations: FloatArray
) -> None:
    """Store what the objectives measure of their pictures as they are, after some steps."""
    where = _store_and_name(network, _MEASURED, question, step)
    result_store.put(*where, {"answers": activations})


def _packed(state: AscentHistory) -> Arrays:
    return {
        # Finer than the eighth bit of what is shown, even where contrast is raised.
        "images": state.progress.images.astype(np.float16),
        "activations": state.progress.activations,
        "frames": np.frombuffer(b"".join(state.frames), np.uint8),
        "lengths": np.array([len(frame) for frame in state.frames]),
        "seconds": np.array(state.seconds),
    }


def _unpacked(arrays: Arrays) -> AscentHistory:
    ends = np.cumsum(arrays["lengths"])
    parts = np.split(arrays["frames"], ends[:-1])
    progress = AscentProgress(1.0, arrays["images"].astype(np.float32), arrays["activations"])
    frames = tuple(part.tobytes() for part in parts)
    return AscentHistory(progress, frames, float(arrays["seconds"]))


def _store_and_name(
    network: Network, kind: str, question: AscentQuestion, step: int | None
) -> tuple[Store, str]:
    # Only what anybody could ask for goes into the folder.
    is_public = question.picture in (None, *images.sample_names()) and any(
        network.key == info.key for info in networks.available()
    )
    name = result_store.name_of(
        kind, network_key=network.key, parameters={**asdict(question), "step": step}
    )
    return (_public_store() if is_public else _private_store()), name


@lru_cache(maxsize=1)
def _public_store() -> Store:
    return result_store.store_of(os.environ)


@lru_cache(maxsize=1)
def _private_store() -> Store:
    return Store()
