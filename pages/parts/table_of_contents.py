"""The way from home to every page, and to every figure of the article."""

import streamlit as st

from cnnviz_core.cached import FIGURES, GalleryFigure, gallery
from pages.parts import contents, presets
from pages.parts.picker import current
from pages.parts.texts import _

FIGURES_A_ROW = 7

# The layers of VGG16 whose filters the article climbs for, and the presets that show them.
CLIMBED = {
    "Block 1": "block1_conv1",
    "Block 2": "block2_conv1",
    "Block 3": "block3_conv1",
    "Block 4": "block4_conv1",
    "Block 5": "block5_conv1",
}


def show_pages() -> None:
    """A card for each page: its title leads there, its promise stands below."""
    for section, entries in contents.SECTIONS.items():
        st.subheader(_(section), anchor=False)
        for column, entry in zip(st.columns(len(entries)), entries, strict=True):
            with column.container(border=True, height="stretch"):
                st.page_link(entry.path, label=f"**{_(entry.title)}**", icon=entry.icon)
                st.caption(_(entry.promise))


def show_article() -> None:
    """The article's figures with the visitor's own picture; a click goes to where they move."""
    st.subheader(_("The article's figures, live"), anchor=False)
    figures = gallery(current())
    with st.container(key="gallery"):
        for start in range(0, len(figures), FIGURES_A_ROW):
            row = figures[start : start + FIGURES_A_ROW]
            for column, figure in zip(st.columns(FIGURES_A_ROW), row, strict=False):
                with column:
                    _show_figure(figure)
    if len(figures) < sum(bool(figure.layers) for figure in FIGURES):
        st.caption(_("For the other figures, your picture is too small."))
    st.markdown(_("What the filters of VGG16 like, from its first layers to its last:"))
    with st.container(horizontal=True, gap="small"):
        for preset, layer in CLIMBED.items():
            _lead_to("filter_ascent", preset, key=f"layer {layer}", shown=layer)
    st.markdown(_("Where a network sees the cat:"))
    _lead_to("heatmaps", "Heatmap", key="figure heatmap", shown="Grad-CAM")


def _lead_to(page: str, preset: str, *, key: str, shown: str) -> None:
    """A button that opens a page with one of its presets."""
    entry = contents.entry(page)
    if st.button(
        _(preset),
        key=key,
        icon=entry.icon,
        help=_("{page}: {shown}").format(page=_(entry.title), shown=shown),
    ):
        presets.ask_for(preset)
        st.switch_page(entry.path, query_params={})


def _show_figure(one: GalleryFigure) -> None:
    title = _(one.figure.title)
    st.image(one.picture.data, width="stretch", output_format="PNG", alt=title)
    page = contents.entry(one.figure.page)
    if st.button(
        title,
        key=f"figure {one.figure.name}",
        type="tertiary",
        help=_("{page}: {shape}").format(
            page=_(page.title), shape=" × ".join(map(str, one.picture.shape))
        ),
    ):
        presets.ask_for(one.figure.title)
        st.switch_page(page.path, query_params={})
