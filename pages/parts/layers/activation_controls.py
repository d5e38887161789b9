"""Which activation function, with which others to compare, and how its effect is shown."""

from typing import TypedDict

from cnnviz_core.drawing.curves import MAX_SERIES
from cnnviz_core.layers.activation import ActivationName, activation_names
from cnnviz_core.layers.specs import Activation
from cnnviz_core.views.maps import Brightest, Display, ScaleSharing
from pages.parts import old_controls as controls
from pages.parts.layers.activation_names import ACTIVATION_TITLES
from pages.parts.texts import _

# Where Keras has its default, and what papers use.
SLOPES = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
DEFAULT_SLOPE = 0.3

ACTIVATION_DEFAULTS = {
    "act_function": "relu",
    "act_slope": DEFAULT_SLOPE,
    "act_compare": [],
    "act_values": 1,
    "act_display": "composite",
    "act_scale": "zero",
}
VALUES: dict[Brightest, str] = {1: "0…1", 255: "0…255"}
DISPLAYS: dict[Display, str] = {"composite": "As RGB", "tiles": "Tiles"}
SCALES: dict[ScaleSharing, str] = {
    "zero": "Zero is black",
    "shared": "One for both",
    "own": "One for each",
}


class Look(TypedDict):
    """The arguments of `cached.activated` that say how maps are shown."""

    display: Display
    sharing: ScaleSharing


def choose_function() -> tuple[Activation, tuple[ActivationName, ...]]:
    """Draw the controls; give the layer, and its function followed by those to compare with."""
    name = controls.pick(
        _("Function"),
        "act_function",
        activation_names(),
        default="relu",
        show=lambda one: _(ACTIVATION_TITLES[one]),
        help=_("Each value of the picture goes through this function."),
    )
    others = controls.several(
        _("Compare with"),
        "act_compare",
        activation_names(),
        most=MAX_SERIES - 1,
        placeholder=_("None"),
        show=lambda one: _(ACTIVATION_TITLES[one]),
        help=_("Other functions to draw beside this one, below the pictures."),
    )
    functions = (name, *(other for other in others if other != name))
    slope = DEFAULT_SLOPE
    if "leaky_relu" in functions:
        slope = controls.snap(
            _("Slope of leaky ReLU"),
            "act_slope",
            SLOPES,
            DEFAULT_SLOPE,
            help=_("Multiplies negative values. With 0 it is ReLU, with 1 the identity."),
        )
    return Activation(name, slope), functions


def choose_values() -> Brightest:
    """Draw the control for what white counts when it goes into the network."""
    return controls.choice(
        _("Pixel values"),
        "act_values",
        list(VALUES),
        show=lambda brightest: VALUES[brightest],
        help=_(
            "0…1: the range that many networks take. 0…255: the range of picture files, too large "
            "for functions that saturate, such as sigmoid."
        ),
    )


def choose_look(num_channels: int) -> Look:
    """Draw the controls for how `num_channels` maps are shown."""
    display: Display = "single" if num_channels == 1 else "tiles"
    if num_channels == 3:
        display = controls.choice(
            _("Show channels"),
            "act_display",
            list(DISPLAYS),
            show=lambda one: _(DISPLAYS[one]),
            help=_(
                "Together as red, green and blue of one picture, or each on its own in colors "
                "that show the sign."
            ),
        )
    # The color maps of single channels are made around zero: spread out, they would be the same.
    scales = [one for one in SCALES if one != "own" or display == "composite"]
    controls.fall_back("act_scale", scales, "zero")
    sharing = controls.choice(
        _("Color scale"),
        "act_scale",
        scales,
        show=lambda one: _(SCALES[one]),
        help=_(
            "Zero is black: what is never negative, as after ReLU, begins at black; where there "
            "are negative values, zero is in the middle of the scale. One for both: the same "
            "value has the same color before and after. One for each: the most contrast."
        ),
    )
    return Look(display=display, sharing=sharing)
