"""Known settings of the pooling page."""

from pages.parts.layers.pooling_controls import INPUT, MODE, PADDING, RELU, SIZE, STRIDE, TOUCH
from pages.parts.presets import Preset, Settings
from pages.parts.texts import N_

ONE_MAP: Settings = {INPUT.source: "maps", INPUT.num_filters: 1, INPUT.seed: 78}
COLOR: Settings = {INPUT.source: "maps", INPUT.num_filters: 3, INPUT.seed: 265}
PRESETS = (
    Preset(
        N_("Max pooling, one map"),
        N_("One random filter, then the largest of every 5×5 values."),
        ONE_MAP,
        group="article",
    ),
    Preset(
        N_("Max pooling, color"),
        N_("Three random filters, then the largest of every 5×5 values."),
        COLOR,
        group="article",
    ),
    Preset(
        N_("ReLU first, one map"),
        N_("Negative values become zero; then the largest of every 5×5 values."),
        {**ONE_MAP, RELU: True},
        group="article",
    ),
    Preset(
        N_("ReLU first, color"),
        N_("The same with three filters, shown as red, green and blue."),
        {**COLOR, RELU: True},
        group="article",
    ),
    Preset(
        N_("Mosaic"),
        N_("The picture itself in squares of 10×10 pixels, each in its average color."),
        {MODE: "average", SIZE: 10},
    ),
    Preset(
        N_("Bright spots grow"),
        N_(
            "The largest of the 10×10 pixels around each one: highlights grow, dark lines "
            "disappear."
        ),
        {SIZE: 10, TOUCH: False, STRIDE: 1, PADDING: "same"},
    ),
    Preset(
        N_("Overlapping"),
        N_("3×3 windows, two pixels apart, as in AlexNet (Krizhevsky et al., 2012)."),
        {SIZE: 3, TOUCH: False, STRIDE: 2},
    ),
)
