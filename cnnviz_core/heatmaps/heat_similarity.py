"""How much two heatmaps of one picture are alike, and what is left of that as a network forgets.

Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim, *Sanity Checks for Saliency Maps* (2018),
section 4.1: random weights from the last layer down, one layer after the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cnnviz_core.heatmaps import map_similarity
from cnnviz_core.heatmaps.maps import raw_map, shown
from cnnviz_core.heatmaps.records import RawMap
from cnnviz_core.heatmaps.sanity_checks import forgetful_states
from cnnviz_core.networks.network import Network, Picture


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
    height, width = (max(side, map_similarity.WINDOW) for side in size)
    signed = [shown(raw, (height, width), "both") for raw in (first, second)]
    hot = [shown(raw, (height, width)) for raw in (first, second)]
    return HeatSimilarity(
        map_similarity.rank_correlation(*signed), map_similarity.structural_similarity(*hot)
    )


def cascade_states(
    network: Network,
    image: Picture,
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
        As in `heatmaps.raw_map`.
    depths : sequence of str
        Down to which layers the network forgets, from the last one on; see
        `random_weights.randomised_layers`.
    seeds : sequence of int
        Of the random weights, one run through all depths for each.

    Yields
    ------
    CascadeState
        After every map. Leaving the iterator stops the work.

    Raises
    ------
    ValueError
        As `heatmaps.raw_map` and `random_weights.forgetful_states`; with the first state.
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
