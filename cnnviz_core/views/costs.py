"""What a layer costs: the numbers that are learned, and the products that are added up."""

from dataclasses import dataclass
from typing import Self

from cnnviz_core.layers.formulas import num_parameters_formula, num_products_formula


@dataclass(frozen=True, slots=True)
class CostsView:
    """How many numbers are learned, and how many products are added up, as LaTeX.

    Of grouped filters also how many there were if each read all channels.
    """

    parameters_formula: str
    products_formula: str
    dense: Self | None = None


def layer_costs(
    places: int, height: int, width: int, num_channels: int, num_filters: int, groups: int = 1
) -> CostsView:
    """Return what a convolution costs that stops at so many places.

    Parameters
    ----------
    places : int
        Rows times columns of the result.
    height, width : int
        Those of a kernel.
    num_channels, num_filters : int
    groups : int
        That the channels are split into, each with filters of its own.
    """
    layer = height, width, num_channels // groups, num_filters
    return CostsView(
        num_parameters_formula(*layer),
        num_products_formula(places, *layer),
        None if groups == 1 else layer_costs(places, height, width, num_channels, num_filters),
    )
