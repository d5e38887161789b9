"""Feature maps: how every layer of a trained network responds to the picture."""

from functools import partial

from cnnviz_core.views import feature_maps as feature_maps_view
from cnnviz_core.views import feature_maps_files as take_home
from pages.parts import code_drawer, layout, network_links, presets, results
from pages.parts.inspection.feature_map_controls import (
    CHANNEL,
    FEATURE_MAP_CONTROLS,
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
from pages.parts.inspection.feature_map_presets import PRESETS
from pages.parts.live import live_pictures
from pages.parts.network_controls import choose_network
from pages.parts.picker import current
from pages.parts.references import show_references
from pages.parts.refusals import fragment, or_reason
from pages.parts.texts import _


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
        results.say(
            _("Feature maps"),
            partial(
                take_home.saved,
                network,
                picture,
                layer.name,
                order=order,
                scaling=scaling,
                position=position,
            ),
            FEATURE_MAP_CONTROLS,
        )
        say_field(network, layer)
        offer_values(network, picture, layer, order)
        network_links.show_layer(network, layer.name, view.index, here="feature_maps")
        show_facts(view, layer, scaling)
        layout.look_for(
            _(
                "Some channels respond to one thing only, such as eyes or lines in one direction: "
                "a bright spot says “here it is”. Go deeper, and watch the picture turn into a "
                "list of what is in it."
            )
        )
        show_all_layers(network, picture, layer.name, scaling)
    code_drawer.tell(partial(take_home.program, network, picture, layer.name, view.index))
    say_previews(network, picture, order, scaling)


layout.heading("feature_maps")
presets.row(PRESETS, FEATURE_MAP_CONTROLS)
feature_maps()
live_pictures.follow(live_pictures.tile_number(CHANNEL))
code_drawer.offer()
results.offer()
show_references("maps", "visualizing", "linear-probes", "article", "book")
