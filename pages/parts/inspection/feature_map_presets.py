"""Known settings of the feature-maps page."""

from pages.parts.inspection.feature_map_controls import LAYER, ORDER, SCALE
from pages.parts.network_controls import NETWORK
from pages.parts.presets import Preset, Settings
from pages.parts.texts import N_

VGG: Settings = {NETWORK: "vgg16-edges"}
EACH: Settings = {SCALE: "channel"}
PRESETS = (
    Preset(N_("First layer"), N_("Edges and colors: the whole picture is still there."), {}),
    Preset(
        N_("Halfway"),
        N_("Parts of the picture light up; the picture itself fades."),
        {LAYER: "block4a_depthwise_relu", **EACH, ORDER: "maximum"},
    ),
    Preset(
        N_("Last maps"),
        N_(
            "Only 7 rows and columns are left, but 1,280 channels: much about what, little about "
            "where."
        ),
        {LAYER: "head_relu", **EACH, ORDER: "maximum"},
    ),
    Preset(
        N_("VGG16: first layer"),
        N_("The classic: 64 filters, 3×3 each."),
        {**VGG, LAYER: "block1_conv1", **EACH},
    ),
    Preset(
        N_("VGG16: first pooling"),
        N_("Half as high and wide, yet hardly anything is missing."),
        {**VGG, LAYER: "block1_pool", **EACH},
    ),
    Preset(
        N_("VGG16: halfway"),
        N_("256 channels of 56×56."),
        {**VGG, LAYER: "block3_conv3", **EACH, ORDER: "variance"},
    ),
    Preset(
        N_("VGG16: last layer"),
        N_("512 channels of 14×14, the strongest first; many stay blank."),
        {**VGG, LAYER: "block5_conv3", **EACH, ORDER: "maximum"},
    ),
)
