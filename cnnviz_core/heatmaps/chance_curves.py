"""Deletion and insertion curves by random maps: what any heatmap must do better than."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.heatmaps.baselines import HoleBaseline
from cnnviz_core.heatmaps.faithfulness import CurveState, deletion_states, insertion_states
from cnnviz_core.images import ImageArray, stretch
from cnnviz_core.networks.network import Network

Verdict = Literal["better", "chance", "worse"]


@dataclass(frozen=True, slots=True, eq=False)
class ChanceState:
    """The curves of the random maps that are done.

    Attributes
    ----------
    done, total : int
        Maps.
    shares : float32 (N,)
        Of the picture's pixels, from 0 to 1.
    probabilities : float32 (done, N)
        Of the class, for each map.
    areas : tuple of float
        Under each curve, 0..1.
    begun : CurveState or None
        The curve that is not done yet.
    """

    done: int
    total: int
    shares: FloatArray
    probabilities: FloatArray
    areas: tuple[float, ...]
    begun: CurveState | None


def chance_states(
    network: Network,
    image: ImageArray,
    target_class: int,
    grain: tuple[int, int],
    *,
    baseline: HoleBaseline,
    is_deletion: bool,
    count: int = 5,
    steps: int = 32,
    resume: ChanceState | None = None,
) -> Iterator[ChanceState]:
    """Measure the curves of `count` random maps, one after the other.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    target_class : int
    grain : (int, int)
        See `random_heat`; the seeds are 0, 1, 2, …
    baseline, steps
        As in `faithfulness.deletion_states`.
    is_deletion : bool
        Or insertion.
    count : int
        At least 1.
    resume : ChanceState, optional
        Go on from here, all else being the same.

    Yields
    ------
    ChanceState
        After every few points of a curve, so that who takes them can stop; the last one has all.

    Raises
    ------
    ValueError
        As `faithfulness.deletion_states`.
    """
    require_whole(count, "count", low=1)
    measure = deletion_states if is_deletion else insertion_states
    found = resume
    if found is None:
        nothing = np.zeros(0, np.float32)
        found = ChanceState(
            done=0,
            total=count,
            shares=nothing,
            probabilities=nothing.reshape(0, 0),
            areas=(),
            begun=None,
        )
    height, width = image.shape[:2]
    for seed in range(found.done, count):
        heat = random_heat((height, width), grain, seed)
        states = measure(
            network, image, heat, target_class, steps=steps, baseline=baseline, resume=found.begun
        )
        for state in states:
            found = _with_points(found, state)
            yield found


def _with_points(found: ChanceState, state: CurveState) -> ChanceState:
    """Return the curves so far, and the one that is being measured."""
    if state.done < state.total:
        return replace(found, begun=state)
    before = found.probabilities.reshape(found.done, state.total)
    return replace(
        found,
        done=found.done + 1,
        shares=state.shares,
        probabilities=np.vstack([before, state.probabilities]),
        areas=(*found.areas, state.area),
        begun=None,
    )


def compare(area: float, random_areas: Sequence[float], *, is_deletion: bool) -> Verdict:
    """Say whether an area is better or worse than those of all random maps.

    Parameters
    ----------
    area : float
        Under the curve of a heatmap.
    random_areas : sequence of float
        At least one. Of a map that is random itself, each place among five of them is as likely:
        one time in six it is better than all.
    is_deletion : bool
        Then small is good; for insertion, large.

    Returns
    -------
    "better", "chance" or "worse"

    Examples
    --------
    >>> compare(0.2, [0.3, 0.5], is_deletion=True), compare(0.2, [0.3, 0.5], is_deletion=False)
    ('better', 'worse')
    >>> compare(0.3, [0.3, 0.5], is_deletion=True)
    'chance'
    """
    if area < min(random_areas):
        return "better" if is_deletion else "worse"
    if area > max(random_areas):
        return "worse" if is_deletion else "better"
    return "chance"


def random_heat(size: tuple[int, int], grain: tuple[int, int], seed: int = 0) -> FloatArray:
    """Return random heat as coarse as that of a heatmap.

    Deleting single pixels at random destroys a picture far faster than deleting patches, so what
    is compared must have the same grain.

    Parameters
    ----------
    size : (int, int)
        Height and width of the picture.
    grain : (int, int)
        Height and width of a layer's maps, or of the picture itself for heat of single pixels.
    seed : int

    Returns
    -------
    float32 (H, W)
        0..1.

    Raises
    ------
    ValueError
        If a side is below 1, or `seed` below 0.

    Examples
    --------
    >>> bool(np.ptp(random_heat((2, 3), (1, 1))) < 1e-6)
    True
    """
    for name, sides in (("size", size), ("grain", grain)):
        for side in sides:
            require_whole(side, name, low=1)
    coarse = np.random.default_rng(require_whole(seed, "seed", low=0)).random(grain, np.float32)
    return stretch(coarse[..., np.newaxis], size)[..., 0].clip(0, 1)
