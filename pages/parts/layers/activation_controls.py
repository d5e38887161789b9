"""Which activation function, with which others to compare, and how its effect is shown."""

from typing import TypedDict

from cnnviz_core.drawing.curves import MAX_SERIES
from cnnviz_core.layers.activation_facts import ActivationName
from cnnviz_core.layers.specs import Activation
from cnnviz_core.views.maps import Brightest, Display, ScaleSharing
from pages.parts import controls
from pages.parts.declarations import Choice, Several
from pages.parts.layers.activation_names import ACTIVATION_TITLES, slope
from pages.parts.layers.input_controls import input_controls
from pages.parts.texts import N_

INPUT = input_controls("act", (1, 2, 3, 4, 6, 8), "maps")
FUNCTION = Choice(
    key="act_function",
    label=N_("Function"),
    options=ACTIVATION_TITLES,
    default="relu",
    help=N_("Each value of the picture goes through this function."),
)
COMPARED = Several(
    key="act_compare",
    label=N_("Compare with"),
    options=ACTIVATION_TITLES,
    default=[],
    most=MAX_SERIES - 1,
    placeholder=N_("None"),
    help=N_("Other functions to draw beside this one, below the pictures."),
)
SLOPE = slope("act_slope")
VALUES: Choice[Brightest] = Choice(
    key="act_values",
    label=N_("Pixel values"),
    options={1: "0…1", 255: "0…255"},
    default=1,
    help=N_(
        "0…1: the range that many networks take. 0…255: the range of picture files, too large "
        "for functions that saturate, such as sigmoid."
    ),
)
DISPLAY: Choice[Display] = Choice(
    key="act_display",
    label=N_("Show channels"),
    options={"composite": N_("As RGB"), "tiles": N_("Tiles")},
    default="composite",
    help=N_(
        "Together as red, green and blue of one picture, or each on its own in colors that show "
        "the sign."
    ),
)
SCALE: Choice[ScaleSharing] = Choice(
    key="act_scale",
    label=N_("Color scale"),
    options={
        "zero": N_("Zero is black"),
        "shared": N_("One for both"),
        "own": N_("One for each"),
    },
    default="zero",
    help=N_(
        "Zero is black: what is never negative, as after ReLU, begins at black; where there are "
        "negative values, zero is in the middle of the scale. One for both: the same value has the "
        "same color before and after. One for each: the most contrast."
    ),
)
ACTIVATION_CONTROLS = (*INPUT, FUNCTION, COMPARED, SLOPE, VALUES, DISPLAY, SCALE)


class Look(TypedDict):
    """The arguments of `activation.activated` that say how maps are shown."""

    display: Display
    sharing: ScaleSharing


def choose_function() -> tuple[Activation, tuple[ActivationName, ...]]:
    """Draw the controls; give the layer, and its function followed by those to compare with."""
    name = controls.pick(FUNCTION)
    others = controls.several(COMPARED)
    functions = (name, *(other for other in others if other != name))
    slope = controls.snap(SLOPE) if "leaky_relu" in functions else SLOPE.default
    return Activation(name, slope), functions


def choose_look(num_channels: int) -> Look:
    """Draw the controls for how `num_channels` maps are shown."""
    display: Display = "single" if num_channels == 1 else "tiles"
    if num_channels == 3:
        display = controls.choice(DISPLAY)
    # The color maps of single channels are made around zero: spread out, they would be the same.
    scales = [one for one in SCALE.options if one != "own" or display == "composite"]
    return Look(display=display, sharing=controls.choice(SCALE, options=scales))
