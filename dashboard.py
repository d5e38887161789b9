"""The entry: page config, navigation and the picture picker. `streamlit run dashboard.py`."""

import streamlit as st

from cnnviz_core.views.warm_up import warm_up
from pages.parts import about, address, contents, layout, lesson_bar, picker, presets, refusals

warm_up()
page = contents.navigation()
st.set_page_config(page_icon=picker.icon(), layout="wide", menu_items={"About": about.text()})
layout.apply_style()
with address.kept(page.url_path):
    lesson_bar.begin(page.url_path)
    with st.sidebar:
        picker.pick()
    with refusals.page_lives_on():
        page.run()
    is_lesson = lesson_bar.show(page.url_path)
with st.sidebar:
    presets.mark()
if not is_lesson:
    layout.show_next(page)
