"""The heatmaps page's program, and what can be saved of it."""

from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.heatmaps.split_network import layers_beside
from cnnviz_core.snippets import heatmaps
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.files import Saved, name_of, source
from cnnviz_core.views.heat_jobs import HeatJob
from cnnviz_core.views.heatmaps import HeatLook, heat_facts, heat_view


def program(one: HeatJob) -> Program:
    """Return the program of a map; it ends in its strongest value.

    Raises
    ------
    ValueError
        If the map is not finished, or the network is a visitor's own.
    """
    state, question = one.state, one.question
    if state is None or not one.is_finished:
        raise ValueError("The map is not finished yet. Wait until it is.")
    beside: tuple[str, ...] = ()
    if question.method == "ablation-cam" and state.layer is not None:
        beside = layers_beside(one.network, state.layer)
    return heatmaps.program(
        one.network,
        source(one.picture),
        question.method,
        question.target,
        state.values,
        layer=state.layer,
        beside=beside,
        steps=question.steps,
    )


def saved(one: HeatJob, look: HeatLook) -> Saved:
    """Return a map over its picture as `heatmaps.heat_view` has it, and its values.

    Raises
    ------
    ValueError
        If there is nothing of the map yet.
    """
    view, state = heat_view(one, look), one.state
    if view is None or state is None:
        raise ValueError("There is nothing of the map yet. Wait until it can be seen.")
    question = one.question
    name = name_of(one.picture, question.method, one.network.key, question.layer)
    said = heat_facts(one)
    numbers = (said.score, said.size) if said else ()
    formulas = (*METHODS[question.method].definitions, *numbers)
    written = tuple(f"${formula}$" for formula in formulas if formula)
    return Saved(
        name=name, picture=view[0], values=state.values, axes=("row", "column"), formulas=written
    )
