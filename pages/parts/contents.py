"""The table of contents: which pages there are, what each promises, and the navigation to them."""

import threading
from dataclasses import dataclass

import streamlit as st

from pages.parts.texts import _

_navigation_has_run = threading.Event()

# Made once a visit: each looks its file up on the disk.
_PAGES = "pages"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page: its file in `pages/`, and what a person reads of it, in English."""

    name: str
    title: str
    icon: str
    promise: str

    @property
    def path(self) -> str:
        """The file, as `st.Page` and `st.page_link` want it."""
        return f"pages/{self.name}.py"


HOME = Entry(
    "home", "Home", ":material/pets:", "What a convolutional network does to a picture, live."
)
GLOSSARY = Entry(
    "glossary",
    "Glossary",
    ":material/dictionary:",
    "Look up the words of the field, each explained in a sentence.",
)
LESSONS = Entry(
    "lessons",
    "Lessons",
    ":material/school:",
    "Say what will come out, then see it: questions on the pages themselves.",
)
# In the order in which a course would take them: the pages lead from one to the next.
SECTIONS: dict[str, tuple[Entry, ...]] = {
    "Building blocks": (
        Entry(
            "convolution",
            "Convolution",
            ":material/blur_on:",
            "Slide a small grid of weights over the picture.",
        ),
        Entry(
            "stepping",
            "Step by step",
            ":material/footprint:",
            "Watch a window stop at every place and turn its numbers into one.",
        ),
        Entry(
            "activation",
            "Activation",
            ":material/show_chart:",
            "Bend every value with a function, and see what is left of the picture.",
        ),
        Entry(
            "pooling",
            "Pooling",
            ":material/grid_view:",
            "Keep one number from each window, and still recognize the picture.",
        ),
        Entry(
            "lenet",
            "LeNet cat",
            ":material/account_tree:",
            "Send the picture through LeNet, layer by layer.",
        ),
    ),
    "Trained networks": (
        Entry(
            "feature_maps",
            "Feature maps",
            ":material/view_comfy:",
            "See how every layer of a trained network responds to the picture.",
        ),
        Entry(
            "predictions",
            "Predictions",
            ":material/label:",
            "Ask the network what is in the picture.",
        ),
        Entry(
            "heatmaps",
            "Heatmaps",
            ":material/local_fire_department:",
            "See which places of a picture raise the score of a class.",
        ),
        Entry(
            "votes",
            "Votes",
            ":material/how_to_vote:",
            "Count which channels vote for a class, and silence them.",
        ),
        Entry(
            "occlusion",
            "Occlusion",
            ":material/hide_image:",
            "Cover a part of the picture, and watch the network change its mind.",
        ),
        Entry(
            "kernels",
            "Kernels",
            ":material/apps:",
            "Look at the weights that training has found.",
        ),
        Entry(
            "filter_ascent",
            "What filters like",
            ":material/hiking:",
            "Change a picture step by step so that a filter, a layer or a class responds to it "
            "more: activation maximization by gradient ascent.",
        ),
        Entry(
            "architecture",
            "Architecture",
            ":material/layers:",
            "Follow a picture through all layers, and see how much of it each one reads.",
        ),
    ),
}


# The numbered pages, one after the other.
PATH = tuple(one for section in SECTIONS.values() for one in section)
ALL = (HOME, *PATH, GLOSSARY, LESSONS)


def entry(name: str) -> Entry:
    """The entry of a page by its name."""
    return next(one for one in ALL if one.name == name)


def following(page: st.Page) -> Entry | None:
    """The entry of the page that comes after `page`; None after the last."""
    place = ALL.index(entry(page.url_path or HOME.name))
    return ALL[place + 1] if place + 1 < len(ALL) else None


def navigation() -> st.Page:
    """Draw the navigation, and give the page to run."""
    if _PAGES not in st.session_state:
        pages = {"": [_page(HOME), _page(LESSONS), _page(GLOSSARY)]}
        for section, entries in SECTIONS.items():
            pages[_(section)] = [_page(one) for one in entries]
        st.session_state[_PAGES] = pages
    chosen = st.navigation(st.session_state[_PAGES], expanded=True)
    _navigation_has_run.set()
    return chosen


def _page(one: Entry) -> st.Page:
    return st.Page(one.path, title=_(one.title), default=one is HOME)


def require_navigation() -> None:
    """Start again from `dashboard.py` if the page was run without it.

    As long as no script of this process has called `st.navigation`, Streamlit takes a folder named
    `pages` for the old kind of app, in which pages run alone. A visitor whose first address is
    that of a page would get it without picker and navigation.
    """
    if not _navigation_has_run.is_set():
        navigation()
        st.rerun()
