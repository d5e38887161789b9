"""The records of a heatmap before it is one: what is asked of a method, and what it finds."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.networks.network import Network, Picture

Blankness = Literal["negative", "zero", "not finite"]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked of a method; see `heatmaps.raw_map`."""

    network: Network
    image: Picture
    target_class: int | None
    against: int | None
    layer: str | None
    max_channels: int | None


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
    mixture : float32 (classes,)
        What the score is made of: 1 at the class, −1 at the class it is told from.
    done, total : int
        Parts of the work: channels, samples, steps, or places.
    """

    method: str
    layer: str | None
    values: FloatArray
    logits: FloatArray
    mixture: FloatArray
    done: int = 1
    total: int = 1

    @property
    def score(self) -> float:
        """The score that is explained: a logit, or the difference of two."""
        return float(self.logits.astype(np.float64) @ self.mixture)

    @property
    def blank(self) -> Blankness | None:
        """Why there is nothing to see for the class; None where there is something.

        "negative": all evidence is against it, which `heatmaps.shown` can show. "zero": there is
        none at all. "not finite": some of the network's numbers are none, or overflow.
        """
        if not np.isfinite(self.values).all():
            return "not finite"
        if (self.values > 0).any():
            return None
        return "negative" if (self.values < 0).any() else "zero"
