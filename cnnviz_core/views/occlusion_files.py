"""The programs of the occlusion page, and what can be saved of it, for each of its parts."""

from collections.abc import Callable

import numpy as np

from cnnviz_core.drawing.rendered import rendered
from cnnviz_core.drawing.rendering import PICTURE_SCALE
from cnnviz_core.heatmaps.baselines import Baseline, HoleBaseline
from cnnviz_core.heatmaps.faithfulness import CurveState
from cnnviz_core.heatmaps.manual_occlusion import covered_picture
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.heatmaps.occlusion import OcclusionState
from cnnviz_core.inspection.layer_roles import default_layer
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.snippets import faithfulness, occlusion
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.files import Saved, name_of, source
from cnnviz_core.views.heat_curves import STEPS, HeatCurves
from cnnviz_core.views.networks import logits
from cnnviz_core.views.occlusion import Patch, covered_logits, drawn_drops
from cnnviz_core.views.sharing import Picture, original


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
    deletion, insertion = _finished(found)
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


def saved_by_hand(
    network: Network, picture: Picture, target: int, patch: Patch, baseline: Baseline
) -> Saved:
    """Return the covered picture, and the logits of all classes before and after."""
    covered = covered_picture(
        picture.pixels, patch.row, patch.column, size=patch.size, baseline=baseline
    )
    pixels = np.rint(covered).astype(np.uint8)
    both = logits(network, picture), covered_logits(network, picture, patch, baseline)
    names = tuple(network.class_names or map(str, range(len(both[0]))))
    return Saved(
        name=name_of(picture, "covered", network.key, f"class-{target}"),
        picture=rendered(pixels, pixels, PICTURE_SCALE),
        values=np.stack(both, axis=1),
        axes=("class", "logit"),
        labels={"class": names, "logit": ("logit", "logit, covered")},
    )


def saved_slid(network: Network, picture: Picture, job: Job[OcclusionState]) -> Saved:
    """Return the map of a patch that has slid over the picture; `ValueError` before it has."""
    if job.state is None or not job.is_finished:
        raise ValueError("The map is not finished yet. Wait until it is.")
    values = job.state.values
    drawn, scale = drawn_drops(picture.pixels, values, values != 0)
    name = name_of(picture, "occlusion", network.key)
    return Saved(
        name=name, picture=rendered(drawn, values, scale), values=values, axes=("row", "column")
    )


def saved_curves(
    network: Network,
    picture: Picture,
    method: str,
    found: HeatCurves,
    figure: Callable[[], str | None],
) -> Saved:
    """Return both curves of a heatmap's test: the points, and what `figure` draws of them.

    Raises
    ------
    ValueError
        If they are not finished.
    """
    deletion, insertion = _finished(found)
    points = deletion.shares, deletion.probabilities, insertion.probabilities
    values = np.stack(points, axis=1)
    return Saved(
        name=name_of(picture, "deletion-insertion", method, network.key),
        picture=original(picture),
        values=np.asarray(values, np.float32),
        axes=("point", "quantity"),
        labels={"quantity": ("share of pixels", "deleted", "inserted")},
        others={"curves as SVG": lambda: (figure() or "").encode()},
    )


def _finished(found: HeatCurves) -> tuple[CurveState, CurveState]:
    """Return both curves; `ValueError` if they are not finished."""
    deletion, insertion = found.deletion.state, found.insertion.state
    is_finished = found.deletion.is_finished and found.insertion.is_finished
    if deletion is None or insertion is None or not is_finished:
        raise ValueError("The curves are not finished yet. Wait until they are.")
    return deletion, insertion
