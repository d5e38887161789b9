"""Where the patch lies, how large it is, and what it shows."""

import streamlit as st

from cnnviz_core.heatmaps.baselines import FILLS, Fill
from cnnviz_core.networks import Network
from cnnviz_core.views.sharing import Picture
from pages.parts import old_controls as controls
from pages.parts.class_controls import CLASS_DEFAULTS, choose_class
from pages.parts.network_controls import NETWORK_DEFAULTS
from pages.parts.texts import _

DOWN = "occlusion_down"
ACROSS = "occlusion_across"
SIZE = "occlusion_size"
FILL = "occlusion_fill"
STEP = "occlusion_step"
METHOD = "occlusion_method"
SHARE = "occlusion_share"
HOLES = "occlusion_holes"

OCCLUSION_DEFAULTS = {
    **NETWORK_DEFAULTS,
    **CLASS_DEFAULTS,
    DOWN: 60,
    ACROSS: 70,
    SIZE: 40,
    FILL: "grey",
}
# In percent of the shorter side of the picture.
SIZES = (5, 10, 15, 20, 25, 30, 40, 50, 60, 75)
# Of the sliding patch: parts of its own size.
STEPS = {1: "1", 2: "½", 4: "¼"}
FILL_TITLES: dict[Fill, str] = {
    "grey": "Gray",
    "mean": "Mean",
    "blur": "Blur",
    "black": "Black",
}


def choose_patch(network: Network, picture: Picture) -> tuple[int, int, Fill]:
    """Draw the controls for the class and for the patch; give class, size and fill."""
    target = choose_class(network, picture)
    size = controls.snap(
        _("Patch size"),
        SIZE,
        SIZES,
        40,
        show=lambda percent: f"{percent} %",
        help=_("The side of the patch, as a percentage of the picture's shorter side."),
    )
    fill = controls.choice(
        _("The patch shows"),
        FILL,
        FILLS,
        show=lambda one: _(FILL_TITLES[one]),
        help=_(
            "Middle gray, the mean color, the picture blurred, or black. No patch is quite "
            "neutral: a square has edges, and the network responds to them."
        ),
    )
    return target, size, fill


def choose_place() -> tuple[int, int]:
    """Draw the controls for the place of the patch, in percent down and across."""
    across, down = st.columns(2, gap="medium")
    with across:
        to_the_right = controls.slider(
            _("Across"),
            ACROSS,
            0,
            100,
            70,
            help=_("Where the center of the patch lies: 0 is the left edge, 100 the right edge."),
        )
    with down:
        downwards = controls.slider(
            _("Down"),
            DOWN,
            0,
            100,
            60,
            help=_("Where the center of the patch lies: 0 is the top edge, 100 the bottom edge."),
        )
    return downwards, to_the_right


def choose_step() -> int:
    """Draw the control for how far the patch slides at a time; give the parts of its size."""
    return controls.choice(
        _("Step, in patches"),
        STEP,
        list(STEPS),
        default=2,
        show=STEPS.__getitem__,
        help=_("How far the patch slides each time. Half the step takes four times as long."),
    )
