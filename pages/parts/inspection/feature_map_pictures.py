"""How the feature maps of a layer are shown, and what is said of them."""

from html import escape

import streamlit as st

from cnnviz_core.inspection.feature_maps import ChannelOrder
from cnnviz_core.networks import LayerInfo, Network
from cnnviz_core.number_format import percent
from cnnviz_core.theme import Theme
from cnnviz_core.views.feature_maps import (
    ChannelScale,
    LayerView,
    StrongestMaps,
    layer_field,
    layer_measures,
    measures_figure,
    sheet_values,
    through_the_network,
)
from cnnviz_core.views.sharing import Picture, original
from pages.parts import layout, pictures
from pages.parts.live import live_pictures
from pages.parts.texts import _

# What is measured of the article's conclusions, and what to say of it. Each measure is an attribute
# of `LayerMeasures`.
CONCLUSIONS = (
    (
        "r2",
        "**Linear read-out of the picture**: R² = {first} in {first_layer}, with {first_size} "
        "positions, and {last} in {last_layer}, with {last_size}. A linear regression predicts "
        "red, green and blue at each position from the layer's channels there, and is tested on "
        "parts of the picture that it was not fitted to; 0% is no better than the mean color. Few "
        "positions limit it: a low value says that the colors cannot be read off linearly, not "
        "that the network has forgotten the picture.",
    ),
    (
        "dead",
        "**Blank channels**: {first} in {first_layer}, {last} in {last_layer}. They are zero at "
        "every position for this picture, as the network received it: resized to {input_size} "
        "pixels. Where a layer ends in ReLU, zero also stands for every value below zero.",
    ),
    (
        "sparsity",
        "**Zeros**: {first} of all values in {first_layer}, {last} in {last_layer}. The rarer a "
        "response, the more it says.",
    ),
)


def show_layer(view: LayerView, picture: Picture, layer: LayerInfo) -> None:
    """Show all channels of a layer, beside them one of them and the picture."""
    sheet, alone = st.columns([5, 3], gap="medium")
    title = f"{layer.name} ({layer.type})"
    with sheet:
        # Not Markdown, whose words nobody but Streamlit can write: they follow the slider, too.
        st.html(f'<b class="maps-title">{escape(title)}</b>')
        pictures.image(view.sheet, alt=title)
        place = _("Channel {number}: row {row}, column {column}")
        st.html(pictures.facts(view.sheet, place=place, numbers=view.channels))
    with alone:
        title = _("Channel {number} of {count}, framed").format(
            number=f"{view.index + 1:,}", count=f"{view.num_channels:,}"
        )
        pictures.show(view.channel, title)
        with st.container(key="maps-picture"):
            pictures.image(original(picture), alt=_("The picture that the network looks at"))


def say_field(network: Network, layer: LayerInfo) -> None:
    """Have the loupe frame in the picture, the third on the page, what a value of a map sees."""
    field = layer_field(network, layer.name)
    if field is not None:
        live_pictures.say_field(2, field, network.input_size)


def offer_values(network: Network, picture: Picture, layer: LayerInfo, order: ChannelOrder) -> None:
    """Have the loupe show the activations of the sheet in full."""
    name = f"{network.key} {picture.key} {layer.name} {order}"
    live_pictures.offer_values(0, name, lambda: sheet_values(network, picture, layer.name, order))


def show_facts(view: LayerView, layer: LayerInfo, scaling: ChannelScale) -> None:
    """Say how many of its channels are dead, and what its colors stand for."""
    count = view.num_channels
    lines = [
        _("**Blank channels**, zero everywhere for this picture: {share}").format(
            share=f"${view.dead_formula}$"
        )
    ]
    if scaling == "channel":
        lines.append(
            _(
                "Each tile has a scale of its own: 1 is the 99.5th percentile of the channel's "
                "absolute values, and what lies beyond has the same color."
            )
        )
    elif max(view.sheet.high, -view.sheet.low) > view.sheet.scale.high:
        lines.append(
            _(
                "The scale ends at the 99.5th percentile of the layer's absolute values; what lies "
                "beyond has the color of its end."
            )
        )
    if not layer.is_spatial:
        lines.append(
            _(
                "Each channel is reduced to one number for the whole picture: every tile is one "
                "value."
            )
        )
    if view.num_shown < count:
        lines.append(
            _("The first {shown} of {count} channels are shown.").format(
                shown=f"{view.num_shown:,}", count=f"{count:,}"
            )
        )
    st.markdown("  \n".join(lines))


def show_all_layers(network: Network, picture: Picture, layer: str, scaling: ChannelScale) -> None:
    """Offer what concerns more than the chosen layer; measured once it is opened."""
    rows = layout.more(
        _("Through the network: the strongest maps of each layer"),
        key="maps_rows",
        icon=":material/stacks:",
    )
    if rows.open:
        with rows:
            _show_rows(through_the_network(network, picture, scaling))
    conclusions = layout.more(
        _("What the layers keep: three conclusions of Reppel's article, measured"),
        key="maps_conclusions",
        icon=":material/show_chart:",
    )
    if conclusions.open:
        with conclusions, st.spinner(_("Measuring every layer")):
            _show_conclusions(network, picture, layer, layout.page_theme())


def _show_rows(rows: tuple[StrongestMaps, ...]) -> None:
    """Show the strongest maps of each layer in a row, the layer's name above."""
    for row in rows:
        shape = " × ".join(map(str, row.picture.shape))
        with st.container(gap="xsmall"):
            st.html(f"<b>{escape(row.name)}</b> {shape}")
            pictures.image(
                row.picture,
                alt=_("The strongest channels of {layer}: {channels}").format(
                    layer=row.name, channels=", ".join(str(index + 1) for index in row.channels)
                ),
            )


def _show_conclusions(network: Network, picture: Picture, layer: str, theme: Theme) -> None:
    """Show the article's conclusions, measured: lines over the layers, a few words on each."""
    measures = layer_measures(network, picture)
    if not measures:
        st.info(_("This network has no maps: none of its layers says where something is."))
        return
    labels = _("R² of a linear read-out"), _("blank channels"), _("zeros")
    st.image(
        measures_figure(network, picture, layer, labels=labels, theme=theme),
        width="stretch",
        alt=_("Three lines over the layers: R² of a linear read-out, blank channels, zeros"),
    )
    first, last = measures[0], measures[-1]
    for measure, text in CONCLUSIONS:
        st.markdown(
            "- "
            + _(text).format(
                first=percent(getattr(first, measure)),
                first_layer=f"`{first.name}`",
                first_size=_size(network.layer(first.name).output_shape),
                last=percent(getattr(last, measure)),
                last_layer=f"`{last.name}`",
                last_size=_size(network.layer(last.name).output_shape),
                input_size=_size(network.input_size),
            )
        )


def _size(shape: tuple[int, ...]) -> str:
    """Write height and width."""
    return f"{shape[0]} × {shape[1]}"
