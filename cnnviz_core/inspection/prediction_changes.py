"""What a network says of a picture before and after something was done to it."""

from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.inspection.predictions import Prediction, rank
from cnnviz_core.networks.network import Network


@dataclass(frozen=True, slots=True)
class Change:
    """One class before and after.

    Attributes
    ----------
    before, after : Prediction
        Of the same class.
    is_asked : bool
        Whether it is the class that is asked about.
    """

    before: Prediction
    after: Prediction
    is_asked: bool


def changes(
    network: Network, before: FloatArray, after: FloatArray, asked: int, *, count: int = 5
) -> tuple[Change, ...]:
    """Return the classes that stand out before or after, in the order that they had before.

    So rows keep their places while something moves; what newly rises comes last.

    Parameters
    ----------
    before, after : float32 (classes,)
        Logits, from `predictions.logits`.
    asked : int
        A class that is always among them.
    count : int
        How many, at least 1; all where there are fewer.

    Raises
    ------
    ValueError
        If `asked` is no class of the network, or `count` is below 1.
    """
    require_whole(count, "count", low=1)
    ranked = rank(network, before, before.size + 1)
    require_whole(asked, "asked", low=0, high=len(ranked) - 1)
    now = {one.index: one for one in rank(network, after, after.size + 1)}
    # Sorting keeps the order of before among equals.
    standing_out = sorted(
        ranked,
        key=lambda one: (
            one.index != asked,
            -max(one.probability, now[one.index].probability),
        ),
    )
    chosen = {one.index for one in standing_out[:count]}
    return tuple(
        Change(one, now[one.index], one.index == asked) for one in ranked if one.index in chosen
    )


def first_class(network: Network, scores: FloatArray) -> int:
    """Return the index of the most probable class of logits (classes,)."""
    return rank(network, np.asarray(scores, np.float32), 1)[0].index
