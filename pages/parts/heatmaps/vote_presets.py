"""Known settings of the votes page."""

from pages.parts import class_controls, picker
from pages.parts.heatmaps.vote_controls import COUNT, SIDE, VERSUS
from pages.parts.network_controls import NETWORK
from pages.parts.presets import Preset
from pages.parts.texts import N_

EGYPTIAN_CAT, TABBY = 285, 281
PRESETS = (
    Preset(N_("Who says cat?"), N_("Of 1,280 channels, 310 vote for the Egyptian cat."), {}),
    Preset(
        N_("Silence the loudest"),
        N_("One of 1,280 channels is set to zero: the Egyptian cat falls from 65% to 58%."),
        {COUNT: 1},
    ),
    Preset(
        N_("Silence twenty"),
        N_("With twenty channels silenced, even the most probable class has only 10%."),
        {COUNT: 20},
    ),
    Preset(
        N_("Silence the doubters"),
        N_("Without the ten strongest votes against its class, the network is surer than before."),
        {COUNT: 10, SIDE: "against"},
    ),
    Preset(
        N_("Tabby instead"),
        N_("Silence the ten that favor the Egyptian cat over the tabby most, and it is a tabby."),
        {
            class_controls.CLASS: EGYPTIAN_CAT,
            VERSUS: True,
            class_controls.OTHER_CLASS: TABBY,
            COUNT: 10,
        },
    ),
    Preset(
        N_("One vote decides"),
        N_(
            "Are galaxies worms or bubbles? Without one channel of 1,280 the network changes its "
            "mind."
        ),
        {picker.PICTURE: "hubble", COUNT: 1},
    ),
    Preset(
        N_("No simple sum"),
        N_("In LeNet-5, more than a weighted sum follows the maps."),
        {NETWORK: "lenet-5"},
    ),
)
