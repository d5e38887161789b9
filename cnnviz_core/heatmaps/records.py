"""What is asked of a method, what it finds, and work that comes in parts."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray
from cnnviz_core.images import ImageArray
from cnnviz_core.networks.network import Network

Blankness = Literal["negative", "zero", "not finite"]

State = TypeVar("State")


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked of a method; see `maps.raw_map`."""

    network: Network
    image: ImageArray
    target_class: int | None
    against: int | None
    layer: str | None
    max_channels: int | None
    steps: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether what pixels are given adds up (Sundararajan, Taly and Yan, 2017, proposition 1).

    Attributes
    ----------
    attributed : float
        The sum over the network's input.
    difference : float
        What it must come to: the score of the picture less that of the baseline.
    """

    attributed: float
    difference: float

    @property
    def error(self) -> float:
        """Return how far the two are apart, as a share of the difference; infinite where that is 0.

        Examples
        --------
        >>> round(Completeness(9.5, 10.0).error, 3)
        0.05
        """
        gap = abs(self.attributed - self.difference)
        if gap == 0:
            return 0.0
        return gap / abs(self.difference) if self.difference else float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class StrongestChannels:
    """Which channels contribute most to each value of a map, and how much; the strongest first.

    Attributes
    ----------
    channels : int64 (h, w, n)
    contributions : float32 (h, w, n)
        In the map's own numbers: all channels' together are its value.
    """

    channels: npt.NDArray[np.int64]
    contributions: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class RawMap:
    """What a method found, as it found it.

    Attributes
    ----------
    method : str
        One of `METHODS`.
    layer : str or None
        Whose maps were weighed; None for attributions to pixels.
    values : float32 (h, w)
        Of the layer, or of the picture. Positive where there is evidence for the class, negative
        where there is evidence against it.
    logits : float32 (classes,)
    logit_weights : float32 (classes,)
        What the score is made of: 1 at the class, −1 at the class it is told from.
    done, total : int
        Parts of the work: channels, samples, steps, or places.
    completeness : Completeness or None
        Of integrated gradients alone.
    strongest : StrongestChannels or None
        Of maps that add up a layer's channels for a class, if they have few values.
    """

    method: str
    layer: str | None
    values: FloatArray
    logits: FloatArray
    logit_weights: FloatArray
    done: int = 1
    total: int = 1
    completeness: Completeness | None = None
    strongest: StrongestChannels | None = None

    @property
    def blank(self) -> Blankness | None:
        """Say why there is nothing to see for the class; None where there is something.

        "negative": all evidence is against it, which `maps.shown` can show. "zero": there is
        none at all. "not finite": some of the network's numbers are none, or overflow.
        """
        if not np.isfinite(self.values).all():
            return "not finite"
        if (self.values > 0).any():
            return None
        return "negative" if (self.values < 0).any() else "zero"


@dataclass(frozen=True, slots=True, eq=False)
class MapState:
    """A map after some parts of its work.

    Attributes
    ----------
    done, total : int
        Parts: channels, or samples.
    values : float32 (h, w)
        The map of the parts so far, of the layer or of the picture.
    weights : float32 (C,) or None
        Of the layer's channels; 0 for those that have not been tried.
    """

    done: int
    total: int
    values: FloatArray
    weights: FloatArray | None = None


def chunks(total: int, size: int) -> Iterator[range]:
    """Cut the numbers from 0 to `total` into runs of `size`; the last may be shorter.

    Examples
    --------
    >>> list(chunks(7, 3))
    [range(0, 3), range(3, 6), range(6, 7)]
    """
    return (range(start, min(start + size, total)) for start in range(0, total, size))


def last(states: Iterator[State]) -> State:
    """Run to the end and return the last state; no other is kept.

    Examples
    --------
    >>> last(iter("cat"))
    't'
    """
    return deque(states, maxlen=1)[0]
