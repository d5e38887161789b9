"""How much two heatmaps of one picture are alike, and what is left of that as a network forgets.

Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim, *Sanity Checks for Saliency Maps* (2018),
section 4.1: random weights from the last layer down, one layer after the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from skimage import metrics

from cnnviz_core.arrays import FloatArray
from cnnviz_core.heatmaps.maps import raw_map, raw_maps, shown
from cnnviz_core.heatmaps.random_weights import forgetful_network, forgetful_states
from cnnviz_core.heatmaps.records import RawMap
from cnnviz_core.images import ImageArray
from cnnviz_core.networks.network import Network

# The side of the windows in which structure is compared.
WINDOW = 7


@dataclass(frozen=True, slots=True)
class HeatSimilarity:
    """How much two maps are alike: by the order of the pixels, and by their structure; −1..1."""

    rank_correlation: float
    structure: float


@dataclass(frozen=True, slots=True)
class CascadeState:
    """How much the maps of a forgetting network are like that of the trained one, so far.

    Attributes
    ----------
    done, total : int
        Maps.
    runs : tuple of tuple of HeatSimilarity
        For each seed, one for each depth from the last layer down; of the last seed so far,
        possibly not all of them yet.
    """

    done: int
    total: int
    runs: tuple[tuple[HeatSimilarity, ...], ...]


def similarity(first: RawMap, second: RawMap, size: tuple[int, int]) -> HeatSimilarity:
    """Compare two maps of a picture: their signed values by rank, what they show by structure.

    Parameters
    ----------
    size : (int, int)
        Height and width at which they are compared: that of the network's input. A side gets the
        pixels of a window of `map_similarity` at least.
    """
    height, width = (max(side, WINDOW) for side in size)
    signed = [shown(raw, (height, width), "both") for raw in (first, second)]
    hot = [shown(raw, (height, width)) for raw in (first, second)]
    return HeatSimilarity(rank_correlation(*signed), structural_similarity(*hot))


def forgetful_maps(
    network: Network, *given: Any, random_from: str, **options: Any
) -> Iterator[RawMap]:
    """Return what a method finds in a network that has forgotten what it learned.

    Parameters
    ----------
    given, options
        As in `maps.raw_maps`.
    random_from : str
        The first layer that forgets, together with all later ones.

    Yields
    ------
    RawMap

    Raises
    ------
    ValueError
        As `maps.raw_maps` and `random_weights.with_random_weights`.
    """
    return raw_maps(forgetful_network(network, random_from), *given, **options)


def cascade_states(
    network: Network,
    image: ImageArray,
    target_class: int,
    *,
    depths: Sequence[str],
    seeds: Sequence[int],
    method: str = "grad-cam",
    layer: str | None = None,
    against: int | None = None,
) -> Iterator[CascadeState]:
    """Compare the trained network's map with those of one that forgets from the top down.

    Parameters
    ----------
    image, target_class, method, layer, against
        As in `maps.raw_map`.
    depths : sequence of str
        Down to which layers the network forgets, from the last one on; see
        `random_weights.randomized_layers`.
    seeds : sequence of int
        Of the random weights, one run through all depths for each.

    Yields
    ------
    CascadeState
        After every map. Leaving the iterator stops the work.

    Raises
    ------
    ValueError
        As `maps.raw_map` and `random_weights.forgetful_states`; with the first state.
    """

    def mapped(one: Network) -> RawMap:
        return raw_map(one, image, target_class, method=method, layer=layer, against=against)

    trained = mapped(network)
    found: dict[int, list[HeatSimilarity]] = {seed: [] for seed in seeds}
    total = len(depths) * len(seeds)
    states = forgetful_states(network, depths, seeds=seeds)
    for done, (seed, _, forgetful) in enumerate(states, start=1):
        found[seed].append(similarity(trained, mapped(forgetful), network.input_size))
        yield CascadeState(done, total, tuple(tuple(run) for run in found.values() if run))


def rank_correlation(first: FloatArray, second: FloatArray) -> float:
    """Return Spearman's correlation of two maps: 1 where they order the pixels alike.

    Spearman, *The Proof and Measurement of Association between Two Things* (1904): the correlation
    of ranks, equal values sharing their mean rank.

    Parameters
    ----------
    first, second : float32 (H, W)

    Returns
    -------
    float
        −1..1, about 0 for maps that have nothing to do with each other; 0 where one of them is the
        same everywhere, and orders nothing.

    Raises
    ------
    ValueError
        If the shapes differ, or values are not finite.

    Examples
    --------
    >>> rank_correlation(np.float32([[0, 1, 2]]), np.float32([[5, 6, 99]]))
    1.0
    """
    _require_alike(first, second)
    a, b = _centered_ranks(first), _centered_ranks(second)
    norm = np.sqrt((a @ a) * (b @ b))
    return float(np.clip(a @ b / norm, -1, 1)) if norm > 0 else 0.0


def structural_similarity(first: FloatArray, second: FloatArray) -> float:
    """Return the mean structural similarity of two maps over windows of 7×7 pixels: 1 if equal.

    Wang, Bovik, Sheikh and Simoncelli, *Image Quality Assessment: From Error Visibility to
    Structural Similarity* (2004), equation 13.

    Parameters
    ----------
    first, second : float32 (H, W)
        0..1, at least 7 pixels a side.

    Returns
    -------
    float
        −1..1.

    Raises
    ------
    ValueError
        If the shapes differ, the maps are smaller, or values are outside 0..1.
    """
    _require_alike(first, second)
    if min(first.shape) < WINDOW:
        raise ValueError(
            f"first must have at least {WINDOW} pixels a side, but came with the shape "
            f"{first.shape}. Compare maps of the picture's size."
        )
    for values, name in ((first, "first"), (second, "second")):
        if values.min() < 0 or values.max() > 1:
            raise ValueError(
                f"{name} must lie in 0..1, but goes from {values.min():g} to {values.max():g}."
            )
    a, b = first.astype(np.float64), second.astype(np.float64)
    return float(metrics.structural_similarity(a, b, win_size=WINDOW, data_range=1.0))


def _centered_ranks(values: FloatArray) -> npt.NDArray[np.float64]:
    # It takes half a second to import, and few ask for it.
    from scipy.stats import rankdata

    return np.asarray(rankdata(values, axis=None) - (values.size + 1) / 2)


def _require_alike(first: FloatArray, second: FloatArray) -> None:
    if first.ndim != 2 or first.shape != second.shape or first.size == 0:
        raise ValueError(
            "first and second must be two maps (height, width) of one shape, but came with the "
            f"shapes {first.shape} and {second.shape}."
        )
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("first and second must hold finite numbers, but some are not.")
