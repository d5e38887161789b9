"""The program of the architecture page."""

from cnnviz_core.inspection.architecture import unit_at
from cnnviz_core.inspection.receptive_fields import fields
from cnnviz_core.networks import Network
from cnnviz_core.snippets import architecture
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.files import source
from cnnviz_core.views.sharing import Picture


def program(network: Network, picture: Picture, layer: str, *, down: int, across: int) -> Program:
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
