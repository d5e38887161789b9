"""The least that an app with a slider and two pictures can be in Streamlit, for `key_press`."""

import numpy as np
import streamlit as st

from cnnviz_core import images
from cnnviz_core.drawing import encoding


@st.fragment
def slider_and_pictures() -> None:
    """The second picture moves with the slider; nothing is computed."""
    size = st.slider("Kernel size", 1, 15, 3)
    st.button("Roll again")
    cat = images.sample("cat")
    for picture in (cat, np.roll(cat, 10 * size, axis=1)):
        st.image(encoding.encode_png(picture), output_format="PNG", width="stretch")


slider_and_pictures()
