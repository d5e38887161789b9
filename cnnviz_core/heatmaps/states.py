"""Heatmaps as they grow, by any method, and how complete those are that must add up."""

from collections.abc import Iterator
from dataclasses import dataclass

from cnnviz_core.heatmaps.class_gradients import score_mixture
from cnnviz_core.heatmaps.class_scores import logits_of
from cnnviz_core.heatmaps.maps import raw_maps
from cnnviz_core.heatmaps.pixel_attribution import integrated_gradients_states
from cnnviz_core.heatmaps.records import RawMap
from cnnviz_core.networks.network import Network, Picture

# Of a class alone, the first few steps nearly add up; what tells two classes apart takes more.
INTEGRATED_STEPS = (32, 64, 128, 256)


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
        """How far the two are apart, as a share of the difference; infinite where that is 0.

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
class HeatState:
    """A map after some of its work; `completeness` is of integrated gradients alone."""

    raw: RawMap
    completeness: Completeness | None


def heat_states(
    network: Network,
    image: Picture,
    target_class: int,
    *,
    method: str = "grad-cam",
    layer: str | None = None,
    against: int | None = None,
    steps: int = INTEGRATED_STEPS[0],
) -> Iterator[HeatState]:
    """Return what a method finds, after every part of its work.

    Parameters
    ----------
    image, target_class, method, layer, against
        As in `heatmaps.raw_maps`.
    steps : int
        Of integrated gradients: the more, the closer to complete.

    Yields
    ------
    HeatState
        The last one is done. Leaving the iterator stops the work.

    Raises
    ------
    ValueError
        As `heatmaps.raw_maps`.
    """
    if method == "integrated-gradients":
        mixture = score_mixture(network, target_class, against)
        logits = logits_of(network, network.preprocess(image))[0]
        states = integrated_gradients_states(network, image, mixture, steps=steps)
        return (
            HeatState(
                RawMap(method, None, one.values, logits, mixture, one.done, one.total),
                Completeness(one.attributed, one.difference),
            )
            for one in states
        )
    found = raw_maps(network, image, target_class, method=method, layer=layer, against=against)
    return (HeatState(raw, None) for raw in found)
