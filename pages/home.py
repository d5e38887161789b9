import streamlit as st
from pages.parts import layout
layout.heading("home")
st.write("home")
