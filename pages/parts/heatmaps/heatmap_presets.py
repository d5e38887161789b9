"""Known settings of the heatmaps page."""

from pages.parts import picker
from pages.parts.class_controls import CLASS, OTHER_CLASS
from pages.parts.heatmaps.heatmap_controls import METHOD, VIEW
from pages.parts.presets import Preset
from pages.parts.texts import N_

EGYPTIAN_CAT, TABBY, GIANT_PANDA = 285, 281, 388
PRESETS = (
    Preset(
        N_("Heatmap"),
        N_("Grad-CAM of the last convolution, for the most probable class."),
        {},
        group="article",
    ),
    Preset(
        N_("Egyptian or tabby?"),
        N_("Why Egyptian cat and not tabby? Both maps, and what tells the two apart."),
        {VIEW: "classes", CLASS: EGYPTIAN_CAT, OTHER_CLASS: TABBY},
    ),
    Preset(
        N_("Panda?"),
        N_("Which places raise the score of a giant panda? None: all of them lower it."),
        {CLASS: GIANT_PANDA},
    ),
    Preset(
        N_("Every method"),
        N_("Fourteen methods side by side, for the same class."),
        {VIEW: "methods"},
    ),
    Preset(
        N_("Deeper"),
        N_("LayerCAM from the first layers to the last."),
        {VIEW: "depth", METHOD: "layer-cam"},
    ),
    Preset(
        N_("Sanity check: random weights"),
        N_("Does the map change when the network forgets what it has learned?"),
        {VIEW: "random"},
        group="network",
    ),
    Preset(
        N_("Which pixels?"),
        N_("Integrated gradients, growing step by step."),
        {METHOD: "integrated-gradients"},
    ),
    Preset(
        N_("Astronaut"),
        N_("The network has no class for people: what raises the score of its guess?"),
        {picker.PICTURE: "astronaut"},
    ),
    Preset(
        N_("Coffee"),
        N_("What raises the score of an espresso: the cup, or what is in it?"),
        {picker.PICTURE: "coffee"},
    ),
)
