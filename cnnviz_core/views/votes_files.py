"""The votes page's program, and what can be saved of it."""

from cnnviz_core.heatmaps.votes import votes as count_votes
from cnnviz_core.networks import Network
from cnnviz_core.snippets import votes
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.files import Saved, name_of, source
from cnnviz_core.views.sharing import Picture
from cnnviz_core.views.vote_pictures import heat_without
from cnnviz_core.views.votes import vote_view


def program(
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


def saved(
    network: Network, picture: Picture, target: int, against: int | None, ablated: tuple[int, ...]
) -> Saved:
    """Return the map of `votes.vote_view`, and its votes; errors are as there."""
    view = vote_view(network, picture, target, against, ablated)
    found = count_votes(network, picture.pixels, target, against=against)
    name = name_of(picture, "votes", network.key, f"class-{target}")
    axes = "row", "column"
    return Saved(
        name=name,
        picture=view.heat,
        values=heat_without(found, ablated),
        axes=axes,
        formulas=(f"${view.formula}$",),
    )
