"""The way from home to every page, and to every figure of the article."""

from collections.abc import Mapping, Sequence

import streamlit as st

from cnnviz_core.layers.article import FIGURES
from cnnviz_core.references import REFERENCES
from cnnviz_core.views.home import GalleryFigure, gallery
from cnnviz_core.views.sharing import Picture
from cnnviz_core.views.thumbnails import Thumbnail, Thumbnails, layer_thumbnails
from pages.parts import contents, presets, thumbnails
from pages.parts.picker import current
from pages.parts.step_position import textbook_picture
from pages.parts.texts import _

ARTICLE_AUTHOR = "Erik Reppel"

# The presets that show the filters of the article, and their layers of VGG16.
ASCENT_PRESETS = {
    "Block 1": "block1_conv1",
    "Block 2": "block2_conv1",
    "Block 3": "block3_conv1",
    "Block 4": "block4_conv1",
    "Block 5": "block5_conv1",
}
# The one that stands for the page.
USUAL = "Block 3"


def show_pages() -> None:
    """A card for each page of the path, then the figures of the article.

    What needs a network comes when it is there.
    """
    picture = current()
    at_once = layer_thumbnails(picture)
    stop = textbook_picture(5)
    blocks, networks = contents.SECTIONS.items()
    _show_cards(*blocks, {**at_once, "stepping": Thumbnail(stop)})
    cards = st.container()
    _show_article(picture)
    figures = st.container()

    def draw(found: Thumbnails) -> None:
        with cards:
            filters = {"filter_ascent": found.get(ASCENT_PRESETS[USUAL])}
            _show_cards(*networks, {**at_once, **found, **filters})
        with figures:
            _show_networks(found)

    thumbnails.show_growing(picture, draw)


def _show_cards(
    section: str, entries: Sequence[contents.Entry], found: Mapping[str, Thumbnail | None]
) -> None:
    """A section of numbered cards: what a page shows, its title, which leads there, its promise."""
    st.subheader(_(section), anchor=False)
    with st.container(key=f"cards {section}"):
        for entry in entries:
            title = _(entry.title)
            with st.container(key=f"card {entry.name}", border=True, gap="xsmall"):
                thumbnails.show(found.get(entry.name), title)
                number = contents.PATH.index(entry) + 1
                st.page_link(entry.path, label=f"**{number} · {title}**")
                st.caption(_(entry.promise))


def _show_article(picture: Picture) -> None:
    """The article's figures with the visitor's own picture; a click goes to where they move."""
    st.subheader(_("The figures of Reppel's article, live"), anchor=False)
    article = REFERENCES["article"]
    st.markdown(
        _("With your picture, from {author}, [*{title}*]({address}), {year}.").format(
            author=ARTICLE_AUTHOR,
            title=article.title,
            address=article.address,
            year=article.year,
        )
    )
    with st.container(key="gallery"):
        figures = gallery(picture)
        for one in figures:
            _show_figure(one)
    if len(figures) < sum(bool(figure.layers) for figure in FIGURES):
        st.caption(_("For the other figures, your picture is too small."))


def _show_networks(found: Thumbnails) -> None:
    """The article's last figures, for which a network is asked."""
    st.markdown(
        _(
            "What excites the filters of VGG16, from its first layers to its last; and which "
            "places raise the score of the class:"
        )
    )
    with st.container(key="gallery networks"):
        for preset, layer in ASCENT_PRESETS.items():
            _lead_to("filter_ascent", preset, found.get(layer), key=f"layer {layer}", shown=layer)
        heat = found.get("heatmaps")
        _lead_to("heatmaps", "Heatmap", heat, key="figure heatmap", shown="Grad-CAM")


def _show_figure(one: GalleryFigure) -> None:
    figure = one.figure
    shape = " × ".join(map(str, one.picture.shape))
    thumbnail = Thumbnail(one.picture.data)
    _lead_to(figure.page, figure.title, thumbnail, key=f"figure {figure.name}", shown=shape)


def _lead_to(page: str, preset: str, thumbnail: Thumbnail | None, *, key: str, shown: str) -> None:
    """A picture over a link, which opens a page with one of its presets.

    Not a button: while these pictures grow, the browser may ask for one more of them when the
    server is at the other page already, and then clears what that page has drawn.
    """
    entry = contents.entry(page)
    with st.container(key=f"frame {key}", gap=None):
        thumbnails.show(thumbnail, _(preset))
        st.page_link(
            entry.path,
            label=_(preset),
            help=_("{page}: {shown}").format(page=_(entry.title), shown=shown),
            query_params={presets.ASKED: preset},
        )
