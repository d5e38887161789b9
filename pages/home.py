"""Home: the picture goes through a small network, and from here one goes everywhere."""

import streamlit as st

from cnnviz_core import cached
from pages.parts import contents, controls, layout, pictures
from pages.parts.kernel_controls import seed
from pages.parts.picker import current, room
from pages.parts.pooling_controls import MAX_WINDOW
from pages.parts.table_of_contents import show_article, show_pages
from pages.parts.texts import _

TITLES = ("The picture", "Convolution", "ReLU", "Pooling")


@st.fragment
def first_layers() -> None:
    """Convolution, activation and pooling, with the three controls that matter most."""
    shown = layout.in_view()
    sizes, windows, seeds = st.columns(3, gap="large")
    with sizes:
        size = controls.slider(
            _("Kernel size"),
            "home_size",
            1,
            min(cached.MAX_SIZE, room()),
            3,
            help=_("A small grid of weights slides over the picture. So many rows and columns."),
        )
    with windows:
        window = controls.slider(
            _("Pooling window"),
            "home_window",
            1,
            min(MAX_WINDOW, room() - size + 1),
            4,
            help=_("Of so many rows and columns only the largest value is kept."),
        )
    with seeds:
        chosen_seed = seed("home_seed")
    stages = cached.first_layers(current(), size, window, chosen_seed)
    with shown:
        pictures.side_by_side(*zip(map(_, TITLES), stages, strict=True))


contents.require_navigation()
st.title(_("Watch a network look at a cat"), anchor=False)
first_layers()
st.markdown(
    _(
        "A **convolution** weighs each pixel with its neighbours. **ReLU** sets what is negative "
        "to zero. **Pooling** keeps the strongest value of each window. Networks that tell cats "
        "from dogs are many such layers in a row, with weights learned instead of drawn at random."
    )
)
show_pages()
show_article()
