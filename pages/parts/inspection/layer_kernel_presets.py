"""Known settings of the kernels page."""

from pages.parts.inspection.layer_kernel_controls import LAYER, RANDOM, SCALE
from pages.parts.network_controls import NETWORK
from pages.parts.presets import Preset
from pages.parts.texts import N_

PRESETS = (
    Preset(N_("First layer"), N_("What a trained network looks for in the picture itself."), {}),
    Preset(
        N_("Trained or random"),
        N_("The first layer of VGG16 next to one that has learned nothing."),
        {NETWORK: "vgg16-edges", LAYER: "block1_conv1", RANDOM: True},
        group="network",
    ),
    Preset(
        N_("Blobs and edges"),
        N_("5×5 filters that each read a single channel."),
        {LAYER: "block3a_depthwise"},
    ),
    Preset(
        N_("Mixing channels"),
        N_("1×1 kernels: they only mix channels."),
        {LAYER: "block1a_project"},
    ),
    Preset(
        N_("1,152 filters"),
        N_("A deep layer: most filters look at one place and its surroundings."),
        {LAYER: "block6b_depthwise"},
    ),
    Preset(
        N_("Deeper"),
        N_("256 filters that each read 128 channels, next to 256 that have learned nothing."),
        {NETWORK: "vgg16-edges", LAYER: "block3_conv1", RANDOM: True, SCALE: "own"},
        group="network",
    ),
    Preset(
        N_("Untrained"),
        N_("A network after LeNet-5, before it has seen a digit."),
        {NETWORK: "lenet-5", LAYER: "conv1"},
        group="network",
    ),
)
