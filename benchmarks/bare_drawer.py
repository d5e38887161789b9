"""The least that a button which shows a program can be in Streamlit, for `take_home`."""

import inspect

import streamlit as st

from cnnviz_core import images


@st.dialog("The code behind it", width="medium", position="right")
def show() -> None:
    """Nothing is made: the text is there already."""
    st.code(inspect.getsource(images.sample) * 2, language="python", line_numbers=True)


@st.fragment
def button() -> None:
    """Run alone when it is clicked."""
    if st.button("Code", key="code"):
        show()


button()
