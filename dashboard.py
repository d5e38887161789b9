"""The entry: page config, navigation and the picture picker. `streamlit run dashboard.py`."""

import streamlit as st

from cnnviz_core.views.warm_up import warm_up
from pages.parts import about, address, contents, layout, picker, presets

warm_up()
page = contents.navigation()
st.set_page_config(page_icon=picker.icon(), layout="wide", menu_items={"About": about.text()})
st.html(layout.STYLE)
with address.kept(page.url_path):
    with st.sidebar:
        picker.pick()
    page.run()
with st.sidebar:
    presets.mark()
layout.show_next(page)
