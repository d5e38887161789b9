"""Architecture: all layers of a network, and what a unit of one of them sees of the picture."""

from functools import partial

from cnnviz_core.views import architecture as network_view
from cnnviz_core.views import architecture_files as take_home
from pages.parts import code_drawer, layout, network_links, presets, results
from pages.parts.inspection import architecture_view
from pages.parts.inspection.architecture_controls import (
    ACROSS,
    DOWN,
    LAYER,
    choose_layer,
    choose_place,
    move_place,
)
from pages.parts.inspection.network_drawing import show_drawing, show_legend
from pages.parts.live import live_pictures
from pages.parts.network_controls import NETWORK, choose_network
from pages.parts.picker import current
from pages.parts.presets import Preset
from pages.parts.references import show_references
from pages.parts.refusals import fragment
from pages.parts.texts import N_, _

CONTROLS = (NETWORK, LAYER, DOWN, ACROSS)
PRESETS = (
    Preset(
        N_("A few pixels"),
        N_("VGG16's first layer: every unit sees 3×3 pixels."),
        {NETWORK: "vgg16-edges", LAYER: "block1_conv1"},
    ),
    Preset(
        N_("An eye"),
        N_("VGG16's seventh convolution: three blocks deep, a unit sees 40×40 pixels."),
        {NETWORK: "vgg16-edges", LAYER: "block3_conv3"},
    ),
    Preset(
        N_("Almost all"),
        N_("VGG16's last convolution: a unit sees 196×196 of 224×224 pixels."),
        {NETWORK: "vgg16-edges", LAYER: "block5_conv3"},
    ),
    Preset(
        N_("Beyond the picture"),
        N_("EfficientNet's last maps: 851×851, far beyond the edges of the picture."),
        {LAYER: "head_relu"},
    ),
    Preset(
        N_("After LeNet-5"),
        N_("After LeCun et al. (1998), untrained: two convolutions, then three dense layers."),
        {NETWORK: "lenet-5", LAYER: "conv2"},
    ),
)


@fragment
def architecture() -> None:
    """Show what a moved control changes."""
    left, right = layout.controls_and_pictures()
    picture = current()

    with left:
        network = choose_network()
    if network is None:
        return

    table = network_view.network_architecture(network)
    with left:
        name = choose_layer(network, table)
        layer = next(one for one in table.layers if one.name == name)
        place = choose_place(layer.output_shape)
    with right:
        shown = layout.in_view()
        view = network_view.receptive_field(network, picture, name, **place)
        with shown:
            show_drawing(network, name)
            architecture_view.show_field(view)
        network_links.show_layer(network, name, here="architecture")
        show_legend(table)
        architecture_view.show_facts(network, layer, view)
        architecture_view.show_formula(view)
        results.say(
            _("Architecture"), partial(take_home.saved, network, picture, name, **place), CONTROLS
        )
        layout.look_for(
            _(
                "The taller a box, the larger its maps; the wider, the more channels. Move the "
                "layer to the right: the maps shrink while the frame grows. A deep unit reads much "
                "of the picture: it can say what is there, but hardly where."
            )
        )
        architecture_view.show_effective(network, picture, name, place)
        architecture_view.show_totals(table)
        architecture_view.show_table(table)
    code_drawer.tell(partial(take_home.program, network, picture, name, **place))
    live_pictures.say("architecture", ())
    live_pictures.follow(partial(move_place, network, name))


layout.heading("architecture")
presets.row(PRESETS, CONTROLS)
architecture()
code_drawer.offer()
results.offer()
show_references(
    "arch", "receptive-fields", "effective-fields", "vgg16", "hed", "efficientnet", "lenet-5"
)
