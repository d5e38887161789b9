"""Where the patch lies, how large it is, and what it shows."""

import streamlit as st

from cnnviz_core.heatmaps.baselines import Baseline, HoleBaseline
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.networks import Network
from cnnviz_core.views.sharing import Picture
from pages.parts import controls
from pages.parts.class_controls import CLASS, choose_class
from pages.parts.declarations import Choice, Number
from pages.parts.network_controls import NETWORK
from pages.parts.texts import N_

DOWN = Number(
    key="occlusion_down",
    label=N_("Down"),
    low=0,
    high=100,
    default=60,
    help=N_("Where the center of the patch lies: 0 is the top edge, 100 the bottom edge."),
)
ACROSS = Number(
    key="occlusion_across",
    label=N_("Across"),
    low=0,
    high=100,
    default=70,
    help=N_("Where the center of the patch lies: 0 is the left edge, 100 the right edge."),
)
SIZE = Choice(
    key="occlusion_size",
    label=N_("Patch size"),
    options={percent: f"{percent} %" for percent in (5, 10, 15, 20, 25, 30, 40, 50, 60, 75)},
    default=40,
    help=N_("The side of the patch, as a percentage of the picture's shorter side."),
)
BASELINE: Choice[Baseline] = Choice(
    key="occlusion_fill",
    label=N_("The patch shows"),
    options={
        "gray": N_("Gray"),
        "mean": N_("Mean"),
        "blur": N_("Blur"),
        "black": N_("Black"),
    },
    default="gray",
    help=N_(
        "Middle gray, the mean color, the picture blurred, or black. No patch is quite neutral: a "
        "square has edges, and the network responds to them."
    ),
)
# In parts of the patch's own size.
STEP = Choice(
    key="occlusion_step",
    label=N_("Step, in patches"),
    options={1: "1", 2: "½", 4: "¼"},
    default=2,
    help=N_("How far the patch slides each time. Half the step takes four times as long."),
)
METHOD: Choice[str] = Choice(
    key="occlusion_method",
    label=N_("Heatmap"),
    options={name: method.title for name, method in METHODS.items()},
    default="grad-cam",
    help=N_("Only methods that need a single pass through the network are offered."),
)
SHARE = Number(
    key="occlusion_share",
    label=N_("Percentage of pixels deleted"),
    low=0,
    high=100,
    default=20,
    help=N_("The hottest pixels go first."),
)
HOLES: Choice[HoleBaseline] = Choice(
    key="occlusion_holes",
    label=N_("Replace deleted pixels with"),
    options={"black": N_("Black"), "blur": N_("Blur"), "inpainting": N_("Inpainting")},
    default="black",
    help=N_(
        "Black, the picture blurred, or what inpainting makes up from the pixels around them. A "
        "network was never trained on black holes, so what they change may be due to the holes "
        "themselves (Hooker et al., 2019)."
    ),
)
# Those of the patch: the test of a heatmap goes its own way.
PATCH_CONTROLS = (NETWORK, CLASS, DOWN, ACROSS, SIZE, BASELINE)


def choose_patch(network: Network, picture: Picture) -> tuple[int, int, Baseline]:
    """Draw the controls for the class and for the patch; give class, size and baseline."""
    target = choose_class(network, picture)
    return target, controls.snap(SIZE), controls.choice(BASELINE)


def choose_place() -> tuple[int, int]:
    """Draw the controls for the place of the patch, in percent down and across."""
    left, right = st.columns(2, gap="medium")
    with left:
        across = controls.slider(ACROSS)
    with right:
        return controls.slider(DOWN), across
