"""The programs that make what the pages about trained networks show."""

from cnnviz_core.heatmaps.votes import votes as count_votes
from cnnviz_core.inspection import predictions
from cnnviz_core.inspection.architecture import unit_at
from cnnviz_core.inspection.receptive_fields import fields
from cnnviz_core.networks import Network
from cnnviz_core.snippets import architecture, heatmaps, inspection, votes
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.heat_jobs import HeatJob
from cnnviz_core.views.kernels import layer_kernels
from cnnviz_core.views.layer_programs import source
from cnnviz_core.views.networks import all_layers, logits
from cnnviz_core.views.sharing import Picture


def predictions_program(
    network: Network, picture: Picture, *, count: int, temperature: float
) -> Program:
    """Return the program of `predictions.predicted`; errors as `inspection.predictions`."""
    scores = logits(network, picture)
    chances = predictions.probabilities(network, scores, temperature=temperature)
    return inspection.predictions(
        network, source(picture), chances, count=count, temperature=temperature
    )


def feature_maps_program(network: Network, picture: Picture, layer: str, channel: int) -> Program:
    """Return the program of a layer's maps; it ends in the largest value of a channel.

    Raises
    ------
    ValueError
        If the picture cannot go into the network, or the network is a visitor's own.
    """
    maps = all_layers(network, picture)[layer]
    row, column = divmod(int(maps[:, :, channel].argmax()), maps.shape[1])
    return inspection.feature_maps(network, source(picture), layer, maps, (row, column, channel))


def kernels_program(network: Network, layer: str) -> Program:
    """Return the program of a layer's kernels; `ValueError` if the network is a visitor's own."""
    return inspection.kernels(network, layer, layer_kernels(network, layer))


def heatmap_program(one: HeatJob) -> Program:
    """Return the program of a map; it ends in its strongest value.

    Raises
    ------
    ValueError
        If the map is not finished, tells two classes apart, or the network is a visitor's own.
    """
    state, question = one.state, one.question
    if state is None or not one.is_finished:
        raise ValueError("The map is not finished yet. Wait until it is.")
    return heatmaps.program(
        one.network,
        source(one.picture),
        question.method,
        question.target,
        state.values,
        layer=state.layer,
        steps=question.steps,
    )


def votes_program(
    network: Network, picture: Picture, target: int, against: int | None, ablated: tuple[int, ...]
) -> Program:
    """Return the program of `votes.vote_view`; it ends in the sum of the votes.

    Raises
    ------
    ValueError
        If more than a weighted sum follows the maps, or the network is a visitor's own.
    """
    found = count_votes(network, picture.pixels, target, against=against)
    if found.bias is None:
        raise ValueError(
            "There is no program for this network: more than a weighted sum follows its last "
            "maps. Choose EfficientNet-Lite0, whose votes add up to its score."
        )
    total = found.total - float(found.values[list(ablated)].sum())
    return votes.program(
        network,
        source(picture),
        found.layer,
        (target, against),
        ablated,
        found.values,
        total,
    )


def architecture_program(
    network: Network, picture: Picture, layer: str, *, down: int, across: int
) -> Program:
    """Return the program of `architecture.receptive_field`; it ends in what the unit sees.

    Raises
    ------
    ValueError
        If it is not known what the layer sees, or the network is a visitor's own.
    """
    field = fields(network)[layer]
    if field is None:
        raise ValueError(
            f"There is no program for the layer {layer!r}: it may look anywhere in the picture. "
            "Choose one before it."
        )
    unit = unit_at(network, layer, down, across)
    return architecture.program(network, source(picture), layer, unit, field)
