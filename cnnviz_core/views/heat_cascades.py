"""How fast a heatmap changes while its network forgets, as the heatmaps page shows it."""

from functools import partial

from cnnviz_core.drawing import layer_lines
from cnnviz_core.heatmaps import random_weights
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.heatmaps.sanity_checks import CascadeState, cascade_states
from cnnviz_core.inspection import layer_roles
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.theme import Theme
from cnnviz_core.views.heat_jobs import HeatQuestion
from cnnviz_core.views.predictions import is_untrained
from cnnviz_core.views.sharing import Picture, shared

# A finished one is a few numbers, one that is begun a network.
MAX_CASCADES = 8

# Layers at which a forgetting network is asked again, and how often it forgets anew.
NUM_CASCADE_DEPTHS = 8
CASCADE_SEEDS = (0, 1, 2, 3, 4)


def cascade_depths(network: Network) -> tuple[str, ...]:
    """Return down to which layers a network forgets, from the last one to the first."""
    return layer_roles.spread_over(random_weights.randomized_layers(network), NUM_CASCADE_DEPTHS)


def has_cascade(network: Network, method: str) -> bool:
    """Return whether a method is quick enough for dozens of maps, with something to forget."""
    return METHODS[method].cost == "one pass" and not is_untrained(network)


@shared(MAX_CASCADES)
def cascade_job(network: Network, picture: Picture, question: HeatQuestion) -> Job[CascadeState]:
    """Return the work of asking a network again and again while it forgets."""
    begin = partial(
        cascade_states,
        network,
        picture.pixels,
        question.target,
        depths=cascade_depths(network),
        seeds=CASCADE_SEEDS,
        method=question.method,
        layer=question.layer,
        against=question.against,
    )
    return Job(begin=begin, name=f"cascade of {question.method} in {network.key}", is_portable=True)


def cascade_figure(
    network: Network,
    job: Job[CascadeState],
    *,
    labels: tuple[str, str],
    trained: str,
    theme: Theme,
) -> str | None:
    """Draw the curves so far as SVG; None before there is anything.

    Parameters
    ----------
    labels : (str, str)
        For the rank correlation and the structural similarity.
    trained : str
        What the network is called before it forgets, where both are 1.

    Raises
    ------
    ValueError
        What the work raised.
    """
    if job.problem is not None:
        raise ValueError(job.problem)
    state = job.state
    if state is None:
        return None
    orders, structures = (
        [[1.0, *(getattr(one, name) for one in run)] for run in state.runs]
        for name in ("rank_correlation", "structure")
    )
    names = trained, *cascade_depths(network)
    runs = dict(zip(labels, (orders, structures), strict=True))
    return layer_lines.likeness_over_layers(names, runs, theme=theme)
