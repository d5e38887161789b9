"""Feature maps: how every layer of a trained network responds to the picture."""

from cnnviz_core.views import feature_maps as feature_maps_view
from pages.parts import cross_links, layout, presets
from pages.parts.inspection.feature_map_controls import (
    CHANNEL,
    FEATURE_MAP_CONTROLS,
    LAYER,
    ORDER,
    SCALE,
    choose_channel,
    choose_layer,
    choose_order,
)
from pages.parts.inspection.feature_map_live import say_previews
from pages.parts.inspection.feature_map_pictures import (
    offer_values,
    say_field,
    show_all_layers,
    show_facts,
    show_layer,
)
from pages.parts.live import live_pictures
from pages.parts.network_controls import NETWORK, choose_network
from pages.parts.picker import current
from pages.parts.presets import Preset, Settings
from pages.parts.references import show_references
from pages.parts.refusals import fragment, or_reason
from pages.parts.texts import N_, _

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


@fragment
def feature_maps() -> None:
    """Show what a moved control changes."""
    left, right = layout.controls_and_pictures()
    picture = current()
    with left:
        network = choose_network()
    if network is None:
        right.info(_("As soon as the network is loaded, its feature maps appear here."))
        return
    with left:
        layer = network.layer(choose_layer(network))
        order, scaling = choose_order()
        position = choose_channel(layer.output_shape[-1])
    with right:
        with layout.in_view():
            view = or_reason(
                lambda: feature_maps_view.layer_view(
                    network, picture, layer.name, order=order, scaling=scaling, position=position
                )
            )
            if view is None:
                return
            show_layer(view, picture, layer)
        say_field(network, layer)
        offer_values(network, picture, layer, order)
        cross_links.show_layer(network, layer.name, view.index, here="feature_maps")
        show_facts(view, layer, scaling)
        layout.look_for(
            _(
                "Some channels respond to one thing only, such as eyes or lines in one direction: "
                "a bright spot says “here it is”. Go deeper, and watch the picture turn into a "
                "list of what is in it."
            )
        )
        show_all_layers(network, picture, layer.name, scaling)
    say_previews(network, picture, order, scaling)


layout.heading("feature_maps")
presets.row(PRESETS, FEATURE_MAP_CONTROLS)
feature_maps()
live_pictures.follow(live_pictures.tile_number(CHANNEL))
show_references("maps", "visualizing", "linear-probes", "article", "book")
