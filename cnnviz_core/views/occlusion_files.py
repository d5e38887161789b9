"""The programs of the occlusion page, one for each of its parts."""

import numpy as np

from cnnviz_core.heatmaps.baselines import Baseline, HoleBaseline
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.heatmaps.occlusion import OcclusionState
from cnnviz_core.inspection.layer_roles import default_layer
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.snippets import faithfulness, occlusion
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.files import source
from cnnviz_core.views.heat_curves import STEPS, HeatCurves
from cnnviz_core.views.networks import logits
from cnnviz_core.views.occlusion import Patch, covered_logits
from cnnviz_core.views.sharing import Picture


def by_hand(
    network: Network, picture: Picture, target: int, patch: Patch, baseline: Baseline
) -> Program:
    """Return the program of `occlusion.covered`; it ends in how far the class's score drops.

    Raises
    ------
    ValueError
        As `occlusion.covered`, or if the network is a visitor's own.
    """
    drops = logits(network, picture) - covered_logits(network, picture, patch, baseline)
    place = patch.row, patch.column, patch.size
    return occlusion.by_hand(network, source(picture), target, place, baseline, drops)


def sliding(
    network: Network,
    picture: Picture,
    target: int,
    size: int,
    stride: int,
    baseline: Baseline,
    job: Job[OcclusionState],
) -> Program:
    """Return the program of `occlusion.sliding_map`; it ends in the largest change.

    Raises
    ------
    ValueError
        If the map is not finished, or the network is a visitor's own.
    """
    if job.state is None or not job.is_finished:
        raise ValueError("The map is not finished yet. Wait until it is.")
    patch = size, stride
    return occlusion.sliding(network, source(picture), target, patch, baseline, job.state.values)


def curves(
    network: Network,
    picture: Picture,
    target: int,
    method: str,
    baseline: HoleBaseline,
    found: HeatCurves,
) -> Program:
    """Return the program of both curves; it ends in the areas under them.

    Raises
    ------
    ValueError
        If they are not finished, or the network is a visitor's own.
    """
    deletion, insertion = found.deletion.state, found.insertion.state
    is_finished = found.deletion.is_finished and found.insertion.is_finished
    if deletion is None or insertion is None or not is_finished:
        raise ValueError("The curves are not finished yet. Wait until they are.")
    is_of_layer = METHODS[method].kind == "class activation"
    return faithfulness.program(
        network,
        source(picture),
        method,
        target,
        baseline,
        np.array([deletion.area, insertion.area], np.float32),
        layer=default_layer(network) if is_of_layer else None,
        steps=STEPS,
    )
