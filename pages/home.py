"""Home: the picture goes through a small network, and from here one goes everywhere."""

from pathlib import Path

import streamlit as st

from cnnviz_core.views import home
from pages.parts import contents, first_layers, layout
from pages.parts.live import live_pictures
from pages.parts.picker import current
from pages.parts.refusals import fragment
from pages.parts.table_of_contents import show_pages
from pages.parts.texts import _

STYLE = Path(__file__).parent / "parts" / "home.css"


@fragment
def first_pictures() -> None:
    """Convolution, activation and pooling, with the controls that matter most."""
    shown, explained = layout.in_view(), st.container()
    kernels, window, sentences = first_layers.choose()
    with shown:
        first_layers.show(home.first_layers(current(), kernels, window))
    with explained:
        first_layers.explain(sentences)
    live_pictures.say("home", first_layers.CONTROLS, **first_layers.pooled_sentences())


contents.require_navigation()
st.html(STYLE)
layout.title(_("Watch a network look at a cat"))
with st.container():
    first_pictures()
st.markdown(
    _(
        "A **convolution** replaces each pixel with a weighted sum of itself and its neighbors. "
        "**ReLU** sets what is negative to zero. **Pooling** keeps the largest value of each "
        "window. Networks that tell cats from dogs are many such layers in a row, with weights "
        "that are learned, not chosen by hand or drawn at random."
    )
)
st.page_link(
    contents.LESSONS.path,
    label=_("Lessons: guess first, then see"),
    icon=contents.LESSONS.icon,
)
show_pages()
live_pictures.inspect()
