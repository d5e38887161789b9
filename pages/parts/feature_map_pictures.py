"""How the feature maps of a layer are shown, and what is said of them."""

import streamlit as st

from cnnviz_core.cached import (
    ChannelScale,
    LayerInfo,
    LayerView,
    Network,
    Picture,
    StrongestMaps,
    Theme,
    layer_measures,
    measures_figure,
    original,
)
from pages.parts import pictures
from pages.parts.texts import _

# What the article concludes, what is measured of it, and what to say if it goes up or down with
# depth. Each measure is an attribute of `LayerMeasures`.
CONCLUSIONS = (
    (
        "kept",
        "**What is left of the picture** goes from {first} in {first_layer} to {last} in "
        "{last_layer}: so much of its colours could be guessed, place by place, from the maps.",
    ),
    (
        "blank",
        "**Blank channels**: {first} in {first_layer}, {last} in {last_layer}. What they look for "
        "is nowhere in this picture.",
    ),
    (
        "sparsity",
        "**Zeros**: {first} of all values in {first_layer}, {last} in {last_layer}. The rarer an "
        "answer, the more it says.",
    ),
)


def show_layer(view: LayerView, picture: Picture, layer: LayerInfo) -> None:
    """All channels of a layer, beside them one of them and the picture."""
    sheet, alone = st.columns([5, 3], gap="medium")
    with sheet:
        pictures.show(view.sheet, f"{layer.name} ({layer.type})")
    with alone:
        title = _("Channel {number} of {count}, framed").format(
            number=f"{view.index + 1:,}", count=f"{view.num_channels:,}"
        )
        pictures.show(view.channel, title)
        with st.container(key="maps-picture"):
            st.image(
                original(picture).data,
                width="stretch",
                output_format="PNG",
                alt=_("The picture that the network looks at"),
            )


def show_facts(view: LayerView, layer: LayerInfo, scaling: ChannelScale) -> None:
    """What kind of layer it is, and how many of its channels are blank."""
    count, blank = view.num_channels, view.num_blank
    lines = [
        _("**Blank channels**, zero everywhere: {blank} of {count}, ").format(
            blank=f"{blank:,}", count=f"{count:,}"
        )
        + rf"$\frac{{{blank}}}{{{count}}} = {100 * blank / count:.1f}\,\%$"
    ]
    if scaling == "channel":
        lines.append(_("Each tile has a scale of its own: 1 is the channel's largest value."))
    if not layer.is_spatial:
        lines.append(
            _("One number for the whole picture is left of each channel: every tile is one value.")
        )
    if view.num_shown < count:
        lines.append(
            _("The first {shown} of {count} channels are shown.").format(
                shown=f"{view.num_shown:,}", count=f"{count:,}"
            )
        )
    st.markdown("  \n".join(lines))


def show_rows(rows: tuple[StrongestMaps, ...]) -> None:
    """The strongest maps of each layer in a row, the layer's name above."""
    for row in rows:
        shape = " × ".join(map(str, row.picture.shape))
        with st.container(gap="xsmall"):
            st.html(f"<b>{row.name}</b> {shape}")
            st.image(
                row.picture.data,
                width="stretch",
                output_format="PNG",
                alt=_("The strongest channels of {layer}: {channels}").format(
                    layer=row.name, channels=", ".join(str(index + 1) for index in row.channels)
                ),
            )


def show_conclusions(network: Network, picture: Picture, layer: str, theme: Theme) -> None:
    """The article's conclusions, measured: lines over the layers, and a sentence for each."""
    measures = layer_measures(network, picture)
    if not measures:
        st.info(_("This network has no maps: none of its layers says where something is."))
        return
    labels = _("picture left"), _("blank channels"), _("zeros")
    st.image(
        measures_figure(network, picture, layer, labels=labels, theme=theme),
        width="stretch",
        alt=_("Three lines over the layers: what is left of the picture, blank channels, zeros"),
    )
    first, last = measures[0], measures[-1]
    for measure, text in CONCLUSIONS:
        st.markdown(
            "- "
            + _(text).format(
                first=f"{getattr(first, measure):.0%}",
                first_layer=f"`{first.name}`",
                last=f"{getattr(last, measure):.0%}",
                last_layer=f"`{last.name}`",
            )
        )
