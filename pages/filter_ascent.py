"""Filter ascent: the picture that excites a filter, a layer or a class most."""

from functools import partial
from pathlib import Path

import streamlit as st

from cnnviz_core.views import filter_ascent_files as take_home
from pages.parts import code_drawer, layout, picker, presets, results, save_drawer
from pages.parts.filter_ascent import ascent_facts as facts
from pages.parts.filter_ascent.ascent_comparison import show_comparison
from pages.parts.filter_ascent.ascent_controls import (
    ASCENT_CONTROLS,
    NETWORK,
    choose_ascents,
)
from pages.parts.filter_ascent.ascent_formulas import show_step
from pages.parts.filter_ascent.ascent_player import START, show_ascents
from pages.parts.filter_ascent.ascent_presets import PRESETS
from pages.parts.live import live_pictures
from pages.parts.network_controls import choose_network
from pages.parts.references import show_references
from pages.parts.texts import _

STYLE = Path(__file__).parent / "parts" / "filter_ascent" / "ascent.css"


def begin() -> None:
    """Have the ascent of a preset begin at once, at full size."""
    st.session_state[START] = True


layout.heading("filter_ascent")
st.html(STYLE)
presets.row(PRESETS, ASCENT_CONTROLS, then=begin)
left, right = layout.controls_and_pictures()
picture = picker.current()

with left:
    network = choose_network(NETWORK)
if network is None:
    right.info(_("As soon as the network is loaded, its filters can be shown here."))
    st.stop()
with left:
    questions = choose_ascents(network, picture)
label = partial(facts.name_tile, network, picture)
with right:
    ascents = show_ascents(network, picture, questions, label)
    facts.show_facts(network, picture, questions[-1], is_both=len(questions) == 2)
    show_comparison(ascents, picture, label)
    show_step(questions[-1])
    code_drawer.tell(partial(take_home.program, ascents, picture))
    title = _("What filters like")
    save_drawer.tell(title, partial(take_home.saved, ascents), results.settings_of(ASCENT_CONTROLS))
code_drawer.offer()
save_drawer.offer()
live_pictures.inspect()
show_references("ascent", *facts.SOURCES)
