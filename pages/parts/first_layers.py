"""Home's first pictures: what convolution, ReLU and pooling make of the cat, and why."""

from collections.abc import Sequence

import streamlit as st

from cnnviz_core.drawing.rendering import Rendered
from cnnviz_core.layers.kernels import (
    MAX_SIZE,
    KernelChoice,
    NamedKernel,
    RandomKernels,
    kernel_sizes,
)
from pages.parts import contents, pictures
from pages.parts import old_controls as controls
from pages.parts.picker import room
from pages.parts.seeds import choose_seed, seed
from pages.parts.texts import _

WEIGHTS = "home_kernels"
OUTLINE_SIZE = "home_outline"
SIZE = "home_size"
WINDOW = "home_window"
SEED = seed("home_seed")

# With this one, the sample pictures' outlines are drawn boldly.
OUTLINE = 9
MAX_WINDOW = 10
NUM_FILTERS = 3
KINDS = {"outline": "Outline", "random": "Random weights"}

# The steps, and the pages on which they can be moved; the picture itself has none.
STEPS = (
    ("The picture", None),
    ("Convolution", "convolution"),
    ("ReLU", "activation"),
    ("Pooling", "pooling"),
)
SENTENCES = {
    "outline": (
        "Rows and columns of pixels, each with a red, a green, and a blue value.",
        "Each pixel is compared with its neighbors: red where it is darker than they are, "
        "blue where it is lighter.",
        "Negative values become zero: the blue is gone, and what is left is an outline.",
    ),
    "random": (
        "Rows and columns of pixels, each with a red, a green, and a blue value.",
        "Three kernels of random weights, as before any training, make three maps, shown as red, "
        "green, and blue.",
        "Negative values become zero, which is black here.",
    ),
}
POOLED = (
    "Of every {window} × {window} values only the largest stays: far fewer numbers. Do you still "
    "see what it is?"
)
NOT_POOLED = "Windows of 1 × 1 keep every value: choose larger ones."


def choose() -> tuple[KernelChoice, int, Sequence[str]]:
    """Draw the controls; give the kernels, the pooling window, and a sentence for each picture."""
    side = room()
    with st.container(key="home-controls"):
        first, second, third, fourth = st.columns(4, gap="medium")
    with first:
        kind = controls.choice(
            _("Weights"),
            WEIGHTS,
            list(KINDS),
            show=lambda name: _(KINDS[name]),
            help=_(
                "Outline: chosen so that edges stand out. Random: as in a network before training."
            ),
        )
    choice: NamedKernel | RandomKernels
    if kind == "outline":
        with second:
            choice = _outline(side)
    else:
        with second:
            size = _size(side)
        with fourth:
            choice = RandomKernels(size, NUM_FILTERS, choose_seed(SEED))
    with third:
        window = _window(side - choice.size + 1)
    pooled = _(NOT_POOLED) if window == 1 else _(POOLED).format(window=window)
    sentences = [*map(_, SENTENCES[kind]), pooled]
    return choice, window, sentences


def show(stages: Sequence[Rendered]) -> None:
    """The pictures side by side, each under a link to its page, with an arrow before it."""
    with st.container(key="home-stages"):
        columns = st.columns(len(stages), gap="medium")
    for column, (title, page), stage in zip(columns, STEPS, stages, strict=True):
        with column, st.container(key=f"stage {title}"):
            if page is None:
                st.markdown(f"**{_(title)}**")
            else:
                st.page_link(contents.entry(page).path, label=f"**{_(title)}**")
            st.image(stage.data, width="stretch", output_format="PNG", alt=_(title))
            st.html(pictures.facts(stage))


def explain(sentences: Sequence[str]) -> None:
    """A sentence below each picture."""
    with st.container(key="home-sentences"):
        for column, sentence in zip(
            st.columns(len(sentences), gap="medium"), sentences, strict=True
        ):
            column.markdown(sentence)


def _outline(side: int) -> NamedKernel:
    offered = [size for size in kernel_sizes("laplacian") if size <= side]
    if not offered:
        return NamedKernel("identity", 1, 0.0, "brightness")
    usual = min(OUTLINE, offered[-1])
    controls.fall_back(OUTLINE_SIZE, offered, usual)
    size = offered[0]
    if len(offered) > 1:
        size = controls.snap(
            _("Kernel size"),
            OUTLINE_SIZE,
            offered,
            usual,
            help=_("Number of rows and columns of the grid of weights: larger grids draw bolder."),
        )
    return NamedKernel("laplacian", size, 0.0, "brightness")


def _size(side: int) -> int:
    return controls.slider(
        _("Kernel size"),
        SIZE,
        1,
        min(MAX_SIZE, side),
        3,
        help=_("Number of rows and columns of the small grid of weights that slides over it."),
    )


def _window(side: int) -> int:
    return controls.slider(
        _("Pooling window"),
        WINDOW,
        1,
        min(MAX_WINDOW, side),
        4,
        help=_("Number of rows and columns of which only the largest value is kept."),
    )
