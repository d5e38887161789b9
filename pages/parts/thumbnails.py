"""Home's small pictures of other pages: shown as they come, while the page is used already."""

import re
from collections.abc import Callable, Sequence

import streamlit as st

from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views.sharing import Picture, kind_of
from cnnviz_core.views.thumbnails import (
    Thumbnail,
    Thumbnails,
    filter_thumbnails,
    network_thumbnails,
)
from cnnviz_core.views.warm_up import is_warming_up
from pages.parts import bars, long_work
from pages.parts.layout import page_theme
from pages.parts.texts import _

# Seconds from one piece of work to the next: most of the time is left to who moves a control.
TICK = 1.0

# Of a skeleton, until the style sheet gives it a picture's proportions.
HEIGHT = 120

_NAME = "thumbnails"

Draw = Callable[[Thumbnails], None]


def show_growing(picture: Picture, draw: Draw) -> None:
    """Draw what is there, and go on by itself until all is there, once TensorFlow is loaded.

    `draw` gets all thumbnails so far that need a network, by pages' and by layers' names.
    """
    jobs = long_work.keep(
        _NAME,
        picture.key,
        lambda: (network_thumbnails(picture), filter_thumbnails()),
        begins_by_itself=True,
    )
    long_work.show(_NAME, jobs, lambda: draw(_so_far(jobs)), tick=TICK, is_ready=_is_ready)


def show(thumbnail: Thumbnail | None, title: str) -> None:
    """A small picture, or its place."""
    if thumbnail is None:
        st.skeleton(HEIGHT)
    elif thumbnail.picture is not None:
        # A file of another kind than was said is encoded anew at every run.
        kind = kind_of(thumbnail.picture)
        st.image(thumbnail.picture, width="stretch", output_format=kind, alt=title)
    elif thumbnail.drawing is not None:
        st.image(_in_theme(thumbnail.drawing), width="stretch", alt=title)
    else:
        st.html(_classes(thumbnail))


def _is_ready() -> bool:
    return not is_warming_up()


def _so_far(jobs: Sequence[Job[Thumbnails]]) -> Thumbnails:
    return {name: one for job in jobs for name, one in (job.state or {}).items()}


def _classes(thumbnail: Thumbnail) -> str:
    """What the network sees, as names over bars."""
    return bars.group(
        "card-classes",
        *(
            bars.words("card-class", _(one.name)) + bars.stretch("card-bar", 0, one.probability)
            for one in thumbnail.classes
        ),
    )


def _in_theme(drawing: str) -> str:
    """An SVG for light or dark pages: as a picture of its own it would not know the page's colors.

    The page's drawing has a least width, which a card does not have.
    """
    theme = page_theme()
    style = f"color-scheme:{theme};color:{'#F1EAE2' if theme == 'dark' else '#2B2622'}"
    return re.sub(r'style="[^"]*"', f'style="{style}"', drawing, count=1)
