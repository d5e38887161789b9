"""What a layer gets: the picture itself, or the feature maps of a random convolution."""

from collections.abc import Sequence
from typing import NamedTuple

from cnnviz_core.layers.specs import Convolution, Layer
from pages.parts import controls
from pages.parts.declarations import Choice, Number, plain
from pages.parts.picker import room
from pages.parts.seeds import choose_seed, seed
from pages.parts.texts import N_

KERNEL_SIZE = 3


class InputControls(NamedTuple):
    """The controls of one page."""

    source: Choice[str]
    num_filters: Choice[int]
    seed: Number


def input_controls(prefix: str, counts: Sequence[int], source: str) -> InputControls:
    """Declare the controls: `prefix` is that of their keys.

    `counts` are the numbers of filters to choose from, and `source` is what is chosen at first.
    """
    return InputControls(
        Choice(
            key=f"{prefix}_input",
            label=N_("Input"),
            options={"picture": N_("The picture"), "maps": N_("Feature maps")},
            default=source,
            help=N_(
                "The picture: its red, green and blue. Feature maps: what a convolution with "
                "random 3×3 kernels makes of it, as inside a network before training."
            ),
        ),
        Choice(
            key=f"{prefix}_filters",
            label=N_("Filters"),
            options=plain(counts),
            default=3,
            help=N_("How many kernels the convolution has; each makes a feature map of its own."),
        ),
        seed(f"{prefix}_seed"),
    )


def choose_input(declared: InputControls) -> tuple[tuple[Layer, ...], int]:
    """Draw the controls; give the layers that come before and the seed of their kernels."""
    if controls.choice(declared.source) == "picture":
        return (), 0
    num_filters = controls.choice(declared.num_filters)
    return (Convolution(num_filters, min(KERNEL_SIZE, room())),), choose_seed(declared.seed)
