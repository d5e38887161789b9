"""What a layer gets: the picture itself, or the feature maps of a random convolution."""

from collections.abc import Sequence

from cnnviz_core.layers.specs import Convolution, Layer
from pages.parts import controls
from pages.parts.layers.kernel_controls import PLEASING_SEED, seed
from pages.parts.picker import room
from pages.parts.texts import _

INPUTS = {"picture": "The picture", "maps": "Feature maps"}
KERNEL_SIZE = 3
NUM_FILTERS = 3


def input_defaults(prefix: str, source: str) -> dict[str, object]:
    """What the controls of `choose_input` show at first."""
    return {
        f"{prefix}_input": source,
        f"{prefix}_filters": NUM_FILTERS,
        f"{prefix}_seed": PLEASING_SEED,
    }


def room_after(layers: Sequence[Layer]) -> int:
    """Rows and columns that a window has room for in what these layers make of the picture."""
    return room() - sum(layer.size - 1 for layer in layers if isinstance(layer, Convolution))


def choose_input(prefix: str, counts: Sequence[int], source: str) -> tuple[tuple[Layer, ...], int]:
    """Draw the controls; give the layers that come before and the seed of their kernels.

    `prefix` is that of the page's keys, `counts` are the numbers of filters to choose from, and
    `source` is what is chosen at first.
    """
    chosen = controls.choice(
        _("Input"),
        f"{prefix}_input",
        list(INPUTS),
        default=source,
        show=lambda name: _(INPUTS[name]),
        help=_(
            "The picture: its red, green and blue. Feature maps: what a convolution with random "
            "3×3 kernels makes of it, as inside a network before training."
        ),
    )
    if chosen == "picture":
        return (), 0
    num_filters = controls.choice(
        _("Filters"),
        f"{prefix}_filters",
        counts,
        default=NUM_FILTERS,
        help=_("How many kernels the convolution has; each makes a feature map of its own."),
    )
    return (Convolution(num_filters, min(KERNEL_SIZE, room())),), seed(f"{prefix}_seed")
