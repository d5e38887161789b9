"""Known settings of the activation page."""

from pages.parts.layers import activation_controls as act
from pages.parts.presets import Preset
from pages.parts.texts import N_

PRESETS = (
    Preset(
        N_("ReLU, one map"),
        N_("One random 3×3 filter, then ReLU."),
        {act.INPUT.num_filters: 1, act.INPUT.seed: 78},
        "article",
    ),
    Preset(
        N_("ReLU, color"),
        N_("Three random 3×3 filters, then ReLU."),
        {act.INPUT.seed: 265},
        "article",
    ),
    Preset(
        N_("Sigmoid saturates"),
        N_("With pixels from 0 to 255, nearly every value ends up at 0 or 1."),
        {act.FUNCTION: "sigmoid", act.VALUES: 255},
    ),
    Preset(
        N_("tanh keeps the sign"),
        N_("With pixels from 0 to 255, little more than the sign is left."),
        {act.FUNCTION: "tanh", act.INPUT.num_filters: 1, act.VALUES: 255},
    ),
    Preset(
        N_("Leaky ReLU"),
        N_("What ReLU cuts away leaves a trace."),
        {
            act.FUNCTION: "leaky_relu",
            act.INPUT.num_filters: 1,
            act.INPUT.seed: 78,
            act.SLOPE: 0.1,
            act.COMPARED: ["relu"],
        },
    ),
    Preset(
        N_("Softmax over 8"),
        N_("At every pixel, eight channels compete for shares that add up to 1."),
        {act.FUNCTION: "softmax", act.INPUT.num_filters: 8},
    ),
    Preset(
        N_("GELU, swish, ReLU"),
        N_("Three that look alike from afar."),
        {act.FUNCTION: "gelu", act.COMPARED: ["swish", "relu"]},
    ),
)
