"""Known settings of the page of filter ascents."""

from pages.parts import picker
from pages.parts.class_controls import CLASS
from pages.parts.filter_ascent import ascent_settings as settings
from pages.parts.filter_ascent.ascent_controls import (
    COUNT,
    FIRST,
    LAYER,
    NETWORK,
    TARGET,
    WAY,
    WHICH,
)
from pages.parts.presets import Preset, Settings
from pages.parts.texts import N_

EFFICIENTNET: Settings = {NETWORK: "efficientnet-lite0"}
PRESETS = (
    Preset(
        N_("Block 1"), N_("The first layer of VGG16."), {LAYER: "block1_conv1"}, group="article"
    ),
    Preset(
        N_("Block 2"), N_("The third layer of VGG16."), {LAYER: "block2_conv1"}, group="article"
    ),
    Preset(N_("Block 3"), N_("The fifth layer of VGG16."), {}, group="article"),
    Preset(
        N_("Block 4"), N_("The eighth layer of VGG16."), {LAYER: "block4_conv1"}, group="article"
    ),
    Preset(
        N_("Block 5"), N_("The eleventh layer of VGG16."), {LAYER: "block5_conv1"}, group="article"
    ),
    Preset(
        N_("Two ways"),
        N_("The same filters, Reppel's way and ours."),
        {WAY: "both", COUNT: 4},
    ),
    Preset(
        N_("DeepDream"),
        N_("More of whatever a layer sees in the cat."),
        {
            **EFFICIENTNET,
            picker.PICTURE: "cat",
            TARGET: "layer",
            LAYER: "block4b_expand_relu",
            settings.START: "picture",
            settings.SIDE: 256,
            settings.STEPS: 32,
            settings.STEP: 0.05,
        },
    ),
    Preset(
        N_("Egyptian cat"),
        N_("What is an Egyptian cat to a network that knows a thousand classes?"),
        {
            **EFFICIENTNET,
            TARGET: "class",
            CLASS: 285,
            settings.COPIES: 2,
            settings.DIVERSITY: 0.0,
            settings.SIDE: 224,
            settings.STEPS: 64,
            settings.STEP: 0.1,
            settings.JITTER: 16,
            settings.ROTATION: 15,
            settings.SCALING: 0.2,
        },
    ),
    Preset(
        N_("Four of one"),
        N_("Four pictures of one filter, pushed apart: does it look for more than one thing?"),
        {
            **EFFICIENTNET,
            LAYER: "block5b_expand_relu",
            FIRST: 2,
            COUNT: 1,
            settings.COPIES: 4,
        },
    ),
    Preset(
        N_("The cat's filters"),
        N_("The filters that the cat excites more than other pictures do."),
        {picker.PICTURE: "cat", LAYER: "block4_conv3", WHICH: "picture"},
    ),
)
