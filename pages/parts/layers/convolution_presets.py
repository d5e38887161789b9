"""Known settings of the convolution page."""

from pages.parts.layers import kernel_controls as kernel
from pages.parts.layers.map_controls import COLORS
from pages.parts.presets import Preset, Settings
from pages.parts.texts import N_

RANDOM: Settings = {kernel.SOURCE: "random"}
LARGE: Settings = {**RANDOM, kernel.SIZE: 10}
ONE: Settings = {**RANDOM, kernel.FILTERS: 1, kernel.SEED: 78}
PRESETS = (
    Preset(N_("Find edges"), N_("Sobel's kernel: what changes from left to right."), {}),
    Preset(
        N_("Whiskers"),
        N_("A 9×9 Gabor kernel that responds to stripes in one direction."),
        {kernel.NAME: "gabor", kernel.NAMED_SIZE: 9, kernel.ANGLE: 160},
    ),
    Preset(
        N_("Emboss"),
        N_("As if light fell from one corner."),
        {kernel.NAME: "emboss", kernel.NAMED_COLORS: "each_channel", COLORS: "picture"},
    ),
    Preset(
        N_("64 filters"),
        N_("As many as in VGG16's first layer."),
        {**RANDOM, kernel.FILTERS: 64},
        "network",
    ),
    Preset(
        N_("24 maps? No, 8"),
        N_("Three colors and eight filters: each filter adds its colors up to one map."),
        {**RANDOM, kernel.FILTERS: 8},
        "network",
    ),
    Preset(
        N_("One color each"),
        N_("Depthwise: each of three filters reads red, green or blue alone."),
        {**RANDOM, kernel.GROUPS: 3},
        "network",
    ),
    Preset(
        N_("One convolution"),
        N_("Three random 3×3 filters, as red, green, blue."),
        RANDOM,
        "article",
    ),
    Preset(N_("Bigger kernel"), N_("Three random 10×10 filters."), LARGE, "article"),
    Preset(N_("One filter"), N_("A single random 3×3 filter."), ONE, "article"),
    Preset(
        N_("One filter, big kernel"),
        N_("A single random 15×15 filter."),
        {**ONE, kernel.SIZE: 15},
        "article",
    ),
)
