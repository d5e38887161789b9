"""Home's first pictures: what convolution, ReLU and pooling make of the cat, and why."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from cnnviz_core.drawing.rendered import Rendered
from cnnviz_core.layers.kernels import KernelChoice, NamedKernel, RandomKernels, kernel_sizes
from cnnviz_core.layers.named_kernels import MAX_SIZE
from pages.parts import contents, controls, pictures
from pages.parts.declarations import Choice, Number, plain
from pages.parts.picker import room
from pages.parts.seeds import choose_seed, seed
from pages.parts.texts import N_, _

WEIGHTS = Choice(
    key="home_kernels",
    label=N_("Weights"),
    options={"outline": N_("Outline"), "random": N_("Random weights")},
    default="outline",
    help=N_("Outline: chosen so that edges stand out. Random: as in a network before training."),
)
OUTLINE_SIZE = Choice(
    key="home_outline",
    label=N_("Kernel size"),
    options=plain(kernel_sizes("laplacian")),
    # With this one, the sample pictures' outlines are drawn boldly.
    default=9,
    help=N_("Number of rows and columns of the grid of weights: larger grids draw bolder."),
)
SIZE = Number(
    key="home_size",
    label=N_("Kernel size"),
    low=1,
    high=MAX_SIZE,
    default=3,
    help=N_("Number of rows and columns of the small grid of weights that slides over it."),
)
SEED = seed("home_seed")
WINDOW = Number(
    key="home_window",
    label=N_("Pooling window"),
    low=1,
    high=10,
    default=4,
    help=N_("Number of rows and columns of which only the largest value is kept."),
)
CONTROLS = (WEIGHTS, OUTLINE_SIZE, SIZE, SEED, WINDOW)
NUM_FILTERS = 3

# The steps, and the pages on which they can be moved; the picture itself has none.
STEPS = (
    (N_("The picture"), None),
    (N_("Convolution"), "convolution"),
    (N_("ReLU"), "activation"),
    (N_("Pooling"), "pooling"),
)
SENTENCES = {
    "outline": (
        N_("Rows and columns of pixels, each with a red, a green, and a blue value."),
        N_(
            "Each pixel is compared with its neighbors: red where it is darker than they are, "
            "blue where it is lighter."
        ),
        N_("Negative values become zero: the blue is gone, and what is left is an outline."),
    ),
    "random": (
        N_("Rows and columns of pixels, each with a red, a green, and a blue value."),
        N_(
            "Three kernels of random weights, as before any training, make three maps, shown as "
            "red, green, and blue."
        ),
        N_("Negative values become zero, which is black here."),
    ),
}
POOLED = N_(
    "Of every {window} × {window} values only the largest stays: far fewer numbers. Do you still "
    "see what it is?"
)
NOT_POOLED = N_("Windows of 1 × 1 keep every value: choose larger ones.")


def choose() -> tuple[KernelChoice, int, Sequence[str]]:
    """Draw the controls; give the kernels, the pooling window, and a sentence for each picture."""
    side = room()
    with st.container(key="home-controls"):
        first, second, third, fourth = st.columns(4, gap="medium")
    with first:
        kind = controls.choice(WEIGHTS)
    choice: NamedKernel | RandomKernels
    if kind == "outline":
        with second:
            choice = _outline(side)
    else:
        with second:
            size = controls.slider(SIZE, high=side)
        with fourth:
            choice = RandomKernels(size, NUM_FILTERS, choose_seed(SEED))
    with third:
        window = controls.slider(WINDOW, high=side - choice.size + 1)
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
            pictures.image(stage, alt=_(title))
            st.html(pictures.facts(stage))


def explain(sentences: Sequence[str]) -> None:
    """A sentence below each picture."""
    with st.container(key="home-sentences"):
        for column, sentence in zip(
            st.columns(len(sentences), gap="medium"), sentences, strict=True
        ):
            # The browser writes over it while a slider is moved, as it may with HTML alone.
            column.html(f"<p>{escape(sentence)}</p>")


def pooled_sentences() -> dict[str, str]:
    """What stands below the last picture: where windows have several values, and where one."""
    return {"pooled": _(POOLED), "kept": _(NOT_POOLED)}


def _outline(side: int) -> NamedKernel:
    offered = [size for size in OUTLINE_SIZE.options if size <= side]
    if not offered:
        return NamedKernel("identity", 1, 0.0, "brightness")
    size = offered[0]
    if len(offered) > 1:
        size = controls.snap(OUTLINE_SIZE, options=offered, otherwise=offered[-1])
    return NamedKernel("laplacian", size, 0.0, "brightness")
