"""The words of the field: each in one sentence, with the page where it is at home."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.parts import contents
from pages.parts.texts import _


@dataclass(frozen=True, slots=True)
class Word:
    """A term, its definition in one sentence, and the page that shows it; all in English."""

    term: str
    definition: str
    page: str

    @property
    def anchor(self) -> str:
        """Where the word stands on the glossary's page, as in `/glossary#feature-map`."""
        return self.term.lower().replace(" ", "-")


WORDS: tuple[Word, ...] = (
    Word(
        "activation",
        "The number that a unit passes on: its weighted sum after the activation function.",
        "activation",
    ),
    Word(
        "activation function",
        "A function that is applied to each value on its own, such as ReLU; without it, many "
        "layers in a row could do no more than one.",
        "activation",
    ),
    Word(
        "average drop",
        "How much of a class's probability is lost, on average, when the network sees only "
        "what a heatmap highlights in each picture.",
        "occlusion",
    ),
    Word(
        "average pooling",
        "Pooling that keeps the mean of each window.",
        "pooling",
    ),
    Word(
        "baseline",
        "A picture without evidence, often black, gray or blurred, with which an attribution "
        "compares the real one.",
        "heatmaps",
    ),
    Word(
        "batch normalization",
        "A layer that brings the values of each channel to a common mean and spread, which makes "
        "deep networks easier to train.",
        "architecture",
    ),
    Word(
        "bias",
        "A learned number that a unit adds to its weighted sum.",
        "votes",
    ),
    Word(
        "block",
        "A few layers that belong together and are repeated along a network.",
        "architecture",
    ),
    Word(
        "channel",
        "One grid of numbers among several of the same size: red, green and blue in a picture, "
        "one for each filter in a layer.",
        "feature_maps",
    ),
    Word(
        "class",
        "One of the answers that a classifier can give, such as “tabby cat”.",
        "predictions",
    ),
    Word(
        "convolution",
        "An operation that replaces each pixel with a weighted sum of itself and its neighbors, "
        "with the same weights at every place.",
        "convolution",
    ),
    Word(
        "dense layer",
        "A layer in which every unit reads all values of the layer before it, also called fully "
        "connected.",
        "lenet",
    ),
    Word(
        "depthwise convolution",
        "A convolution in which each kernel reads one channel only, which saves most of the "
        "weights.",
        "architecture",
    ),
    Word(
        "dilation",
        "The distance between the pixels that neighboring weights of a kernel read; from 2 on, "
        "the pixels in between are skipped.",
        "convolution",
    ),
    Word(
        "feature map",
        "What one filter makes of a picture: a grid of numbers that says how strongly each place "
        "matches.",
        "feature_maps",
    ),
    Word(
        "filter",
        "All the weights that make one feature map: one kernel for each channel that it reads.",
        "convolution",
    ),
    Word(
        "gradient",
        "For each input number, how fast the result would change if that number grew.",
        "heatmaps",
    ),
    Word(
        "gradient ascent",
        "A search that changes the pixels of a picture, step by step, in the direction that "
        "raises a value most.",
        "filter_ascent",
    ),
    Word(
        "heatmap",
        "A picture that shows, for each place, how much it speaks for a class, according to one "
        "method.",
        "heatmaps",
    ),
    Word(
        "kernel",
        "A small grid of weights that slides over a picture.",
        "convolution",
    ),
    Word(
        "layer",
        "One step of a network: it takes numbers and passes new ones on.",
        "lenet",
    ),
    Word(
        "logit",
        "The raw score of a class, before softmax turns all scores into probabilities.",
        "predictions",
    ),
    Word(
        "max pooling",
        "Pooling that keeps the largest value of each window.",
        "pooling",
    ),
    Word(
        "objective",
        "The value that a search tries to raise, such as the mean activation of a filter.",
        "filter_ascent",
    ),
    Word(
        "occlusion",
        "A test that covers one part of a picture and measures how far the score of a class falls.",
        "occlusion",
    ),
    Word(
        "padding",
        "A border of zeros around a picture, so that a kernel can also stop at the edges.",
        "convolution",
    ),
    Word(
        "parameter",
        "A number that is found by training: a weight or a bias.",
        "architecture",
    ),
    Word(
        "pooling",
        "An operation that makes one number of each window, so that the picture becomes smaller.",
        "pooling",
    ),
    Word(
        "probability",
        "A share between 0% and 100% that a classifier gives to a class; it is not a promise to "
        "be right that often.",
        "predictions",
    ),
    Word(
        "receptive field",
        "The part of the picture that can influence one unit of a layer.",
        "architecture",
    ),
    Word(
        "ReLU",
        "The activation function that replaces every negative value with zero and keeps the rest.",
        "activation",
    ),
    Word(
        "score",
        "The number that a network gives to a class; here the logit, unless said otherwise.",
        "heatmaps",
    ),
    Word(
        "seed",
        "A number from which random numbers are drawn: the same seed always gives the same ones.",
        "convolution",
    ),
    Word(
        "softmax",
        "The function that turns the logits of all classes into probabilities that add up to 100%.",
        "predictions",
    ),
    Word(
        "sparsity",
        "The share of activations that are zero.",
        "feature_maps",
    ),
    Word(
        "stride",
        "How many pixels a window moves from one stop to the next.",
        "stepping",
    ),
    Word(
        "temperature",
        "A number that divides all logits before softmax: above 1 the probabilities become more "
        "alike, below 1 the largest one grows.",
        "predictions",
    ),
    Word(
        "training",
        "The search for weights with which a network answers many examples correctly.",
        "kernels",
    ),
    Word(
        "unit",
        "One position in one channel of a layer; each unit holds a single number.",
        "architecture",
    ),
    Word(
        "vote",
        "What one channel adds to the score of a class: its mean activation times its weight.",
        "votes",
    ),
    Word(
        "weight",
        "A number by which a value is multiplied before it is added to others.",
        "kernels",
    ),
    Word(
        "window",
        "The part of the picture that a kernel or a pooling layer reads at one stop.",
        "stepping",
    ),
)

# The words that a page begins with, in the order in which one needs them.
FIRST_WORDS: dict[str, tuple[str, ...]] = {
    "convolution": ("convolution", "kernel", "weight", "filter", "feature map"),
    "stepping": ("window", "stride", "padding", "dilation"),
    "activation": ("activation function", "activation", "ReLU", "feature map"),
    "pooling": ("pooling", "window", "max pooling", "average pooling", "stride"),
    "lenet": ("layer", "filter", "pooling", "dense layer", "parameter"),
    "feature_maps": ("feature map", "channel", "layer", "block", "sparsity"),
    "predictions": ("class", "logit", "softmax", "probability", "temperature"),
    "heatmaps": ("heatmap", "score", "gradient", "layer", "baseline"),
    "votes": ("vote", "channel", "weight", "bias", "logit"),
    "occlusion": ("occlusion", "score", "probability", "average drop"),
    "kernels": ("kernel", "weight", "training", "depthwise convolution"),
    "filter_ascent": ("gradient ascent", "objective", "activation", "channel"),
    "architecture": ("layer", "unit", "receptive field", "parameter", "batch normalization"),
}


def show_words(page: str) -> None:
    """Show the words of a page in one line, each explained under mouse, focus or finger."""
    words = [word_of(term) for term in FIRST_WORDS.get(page, ())]
    if words:
        st.html(_as_line(words))


def show_all() -> None:
    """Show every word with its definition, and a link to its page; each under an anchor."""
    with st.container(key="glossary"):
        for word in WORDS:
            with st.container():
                st.subheader(_(word.term), anchor=word.anchor)
                st.markdown(_(word.definition))
                entry = contents.entry(word.page)
                st.page_link(entry.path, label=_(entry.title), icon=entry.icon)


def word_of(term: str) -> Word:
    """Return the entry of a term."""
    return next(word for word in WORDS if word.term == term)


def _as_line(words: Sequence[Word]) -> str:
    """Return buttons that only take the focus, and what each one then shows below the line."""
    items = "".join(
        f'<button type="button" aria-describedby="word-{word.anchor}">'
        f"{escape(_(word.term))}</button>"
        f'<span role="tooltip" id="word-{word.anchor}"><b>{escape(_(word.term))}</b>: '
        f"{escape(_(word.definition))}</span>"
        for word in words
    )
    return f'<div class="cnnviz-words"><span>{escape(_("Words here:"))}</span>{items}</div>'
