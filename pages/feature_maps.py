"""Feature maps: how every layer of a trained network responds to the picture."""

from functools import partial

import streamlit as st

from cnnviz_core.views import feature_maps
from pages.parts import layout, presets
from pages.parts.inspection.feature_map_controls import (
    FEATURE_MAP_DEFAULTS,
    choose_channel,
    choose_layer,
    choose_order,
)
from pages.parts.inspection.feature_map_pictures import (
    show_conclusions,
    show_facts,
    show_layer,
    show_rows,
)
from pages.parts.network_controls import choose_network
from pages.parts.picker import current
from pages.parts.presets import Preset
from pages.parts.references import show_references
from pages.parts.refusals import or_reason
from pages.parts.texts import _

VGG = {"network": "vgg16-edges"}
EACH = {"maps_scale": "channel"}
PRESETS = (
    Preset("First layer", "Edges and colors: the whole picture is still there.", {}),
    Preset(
        "Halfway",
        "Parts of the picture light up; the picture itself fades.",
        {"maps_layer": "block4a_depthwise_relu", **EACH, "maps_order": "maximum"},
    ),
    Preset(
        "Last maps",
        "Only 7 rows and columns are left, but 1,280 channels: much about what, little about "
        "where.",
        {"maps_layer": "head_relu", **EACH, "maps_order": "maximum"},
    ),
    Preset(
        "VGG16: first layer",
        "The classic: 64 filters, 3×3 each.",
        {**VGG, "maps_layer": "block1_conv1", **EACH},
    ),
    Preset(
        "VGG16: first pooling",
        "Half as high and wide, yet hardly anything is missing.",
        {**VGG, "maps_layer": "block1_pool", **EACH},
    ),
    Preset(
        "VGG16: halfway",
        "256 channels of 56×56.",
        {**VGG, "maps_layer": "block3_conv3", **EACH, "maps_order": "variance"},
    ),
    Preset(
        "VGG16: last layer",
        "512 channels of 14×14, the strongest first; many stay blank.",
        {**VGG, "maps_layer": "block5_conv3", **EACH, "maps_order": "maximum"},
    ),
)

layout.heading("feature_maps")
presets.row(PRESETS, FEATURE_MAP_DEFAULTS)
left, right = layout.controls_and_pictures()
picture = current()
theme = layout.page_theme()

with left:
    network = choose_network()
if network is None:
    right.info(_("As soon as the network is loaded, its feature maps appear here."))
    st.stop()
with left:
    layer = network.layer(choose_layer(network))
    order, scaling = choose_order()
    position = choose_channel(layer.output_shape[-1])
with right:
    shown = layout.in_view()
    with shown:
        view = or_reason(
            partial(
                feature_maps.layer_view,
                network,
                picture,
                layer.name,
                order=order,
                scaling=scaling,
                position=position,
            ),
        )
    if view is None:
        st.stop()
    with shown:
        show_layer(view, picture, layer)
    show_facts(view, layer, scaling)
    layout.look_for(
        _(
            "Some channels respond to one thing only, such as eyes or lines in one direction: a "
            "bright spot says “here it is”. Go deeper, and watch the picture turn into a list of "
            "what is in it."
        )
    )
    rows = st.expander(
        _("Through the network: the strongest maps of each layer"),
        icon=":material/stacks:",
        key="maps_rows",
        bind="query-params",
    )
    if rows.open:
        with rows:
            show_rows(feature_maps.through_the_network(network, picture, scaling))
    conclusions = st.expander(
        _("What the layers keep: three conclusions of Reppel's article, measured"),
        icon=":material/show_chart:",
        key="maps_conclusions",
        bind="query-params",
    )
    if conclusions.open:
        with conclusions, st.spinner(_("Measuring every layer")):
            show_conclusions(network, picture, layer.name, theme)
show_references("maps", "visualizing", "linear-probes", "article", "book")
