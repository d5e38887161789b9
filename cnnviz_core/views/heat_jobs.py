"""Which heatmaps there are to ask for, and the work that they are."""

from dataclasses import dataclass
from functools import partial

from cnnviz_core.heatmaps import methods, random_weights
from cnnviz_core.heatmaps.maps import raw_maps
from cnnviz_core.heatmaps.methods import INTEGRATED_STEPS, METHODS
from cnnviz_core.heatmaps.records import RawMap
from cnnviz_core.heatmaps.sanity_checks import forgetful_maps
from cnnviz_core.inspection import layer_roles
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views.sharing import Picture, shared

# A finished map takes up to 4 MB, what is begun a few more.
MAX_JOBS = 64

# Along the depth of a network. The core keeps a dozen layers ready.
NUM_DEPTHS = 8

# From where on a network may forget.
NUM_FORGETTING = 6


@dataclass(frozen=True, slots=True)
class HeatQuestion:
    """What is asked of a network about a picture; see `maps.raw_maps`.

    `random_from` is the first layer that forgets what it learned, together with all later ones;
    None for the network as it was trained.
    """

    method: str
    target: int
    against: int | None = None
    layer: str | None = None
    steps: int = INTEGRATED_STEPS[0]
    random_from: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class HeatJob:
    """A heatmap that is, or will be, computed."""

    network: Network
    picture: Picture
    question: HeatQuestion
    job: Job[RawMap]

    @property
    def is_finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self.job.is_finished

    @property
    def state(self) -> RawMap | None:
        """Return the map so far; None before there is any."""
        return self.job.state


def offered_methods(network: Network) -> tuple[str, ...]:
    """Return the methods that can explain a network, in the order of `METHODS`."""
    return methods.offered_methods(network)


def explained_layers(network: Network) -> tuple[str, ...]:
    """Return the layers whose maps can explain a class, from the input to the output."""
    return layer_roles.target_layers(network)


def depths(network: Network) -> tuple[str, ...]:
    """Return a few of these layers, evenly spaced, the last one included."""
    return layer_roles.spread_over(layer_roles.target_layers(network), NUM_DEPTHS)


def forgetting_layers(network: Network) -> tuple[str, ...]:
    """Return from where on a network may forget, first the input's end: then it forgets all."""
    return layer_roles.spread_over(random_weights.randomized_layers(network)[::-1], NUM_FORGETTING)


@shared(MAX_JOBS)
def heat_job(network: Network, picture: Picture, question: HeatQuestion) -> HeatJob:
    """Return a heatmap to work on; the same for all who ask for the same."""
    is_long = METHODS[question.method].cost == "many passes" or question.random_from is not None
    maps = raw_maps
    if question.random_from is not None:
        maps = partial(forgetful_maps, random_from=question.random_from)
    begin = partial(
        maps,
        network,
        picture.pixels,
        question.target,
        method=question.method,
        layer=question.layer,
        against=question.against,
        steps=question.steps,
    )
    name = f"{question.method} heatmap of {network.key}"
    return HeatJob(
        network, picture, question, Job(begin=begin, is_long=is_long, name=name, is_portable=True)
    )
