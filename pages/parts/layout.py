"""Where things stand: controls a third, pictures two thirds; on a phone, pictures on top."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts import contents
from pages.parts.texts import _

STYLE = """
<style>
[data-testid="stMainBlockContainer"] {
  max-width: 90rem; padding: 3rem clamp(1rem, 2.5vw, 3rem) 4rem;
}
[data-testid="stMain"] h1 { font-size: 2rem; line-height: 1.3; padding: 0; }
[data-testid="stSidebarContent"] .stRadio { width: 100%; }

/* Shrunk pictures are averaged, as browsers do; enlarged ones show their pixels. Small pictures come
   enlarged already, so only screens that enlarge everything need to be told. */
@media (min-resolution: 1.5dppx) { [data-testid="stImage"] img { image-rendering: pixelated; } }

/* The picture picker: its radio buttons as a gallery of thumbnails. */
.st-key-picture { width: 100% !important; }
.st-key-picture [role="radiogroup"] {
  display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .35rem;
}
.st-key-picture [role="radiogroup"] label {
  aspect-ratio: 1; width: 100%; min-width: 0; overflow: hidden; border-radius: .35rem;
  background-size: cover; background-position: center;
}
.st-key-picture [role="radiogroup"] label > div { opacity: 0; width: 0; height: 0; }
.st-key-picture [role="radiogroup"] label[data-selected="true"] {
  outline: 3px solid var(--st-primary-color, #C8652C); outline-offset: 1px;
}
.st-key-picture [role="radiogroup"] label:focus-within { box-shadow: 0 0 0 5px rgb(128 128 128 / .5); }

/* What stands under a picture: colour bar, shape, extremes. */
.cnnviz-facts { font-size: .86rem; line-height: 1.45; margin-top: -.6rem; font-variant-numeric: tabular-nums; }
.cnnviz-bar { height: .7rem; border-radius: .2rem; outline: 1px solid rgb(128 128 128 / .5); }
.cnnviz-marks { display: flex; justify-content: space-between; font-size: .78rem; opacity: .8; }
.cnnviz-shape { font-weight: 600; }
.cnnviz-shape, .cnnviz-range { display: inline-block; white-space: nowrap; margin-right: .6em; }
.cnnviz-grids { display: flex; flex-wrap: wrap; align-items: flex-start; gap: .6rem 1.2rem; overflow-x: auto; }
.cnnviz-grids table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.cnnviz-grids td { padding: .15rem .4rem; font-size: .8rem; text-align: right; min-width: 2.9rem; }
.cnnviz-grids caption { text-align: left; font-size: .8rem; opacity: .8; }

/* On a phone the pictures stay in view, above the controls that change them: what wraps them up to
   the row of columns steps aside, so that they stick for as long as that row is scrolled. */
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-top: 3.6rem; }
  [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"] .st-key-pictures) {
    flex-direction: column;
  }
  [data-testid="stColumn"]:has(.st-key-pictures), [data-testid="stVerticalBlock"]:has(.st-key-pictures),
  [data-testid="stColumn"] [data-testid="stLayoutWrapper"]:has(> .st-key-pictures), .st-key-pictures {
    display: contents;
  }
  [data-testid="stLayoutWrapper"]:has(> .st-key-in-view) {
    order: -1; position: sticky; top: 3rem; z-index: 20; padding-bottom: .5rem;
    background: light-dark(#FFFDFA, #171412);
  }
  .st-key-in-view [data-testid="stHorizontalBlock"] { flex-flow: row nowrap; gap: .6rem; }
  .st-key-in-view [data-testid="stColumn"] { min-width: 0; }
  .st-key-presets { flex-wrap: nowrap; overflow-x: auto; padding-bottom: .3rem; }
  .st-key-presets button { white-space: nowrap; }
}
</style>
"""


def controls_and_pictures() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two containers side by side: for the controls, and for the pictures that they change."""
    with st.container(key="controls-and-pictures"):
        left, right = st.columns([3, 8], gap="medium")
    return left.container(key="controls"), right.container(key="pictures")


def in_view() -> DeltaGenerator:
    """Where the pictures go that must stay in view while a control is moved on a phone."""
    return st.container(key="in-view")


def heading(name: str) -> None:
    """The page's title and what it promises; the first thing that a page calls."""
    contents.require_navigation()
    entry = contents.entry(name)
    st.title(_(entry.title), anchor=False)
    st.markdown(_(entry.promise))
