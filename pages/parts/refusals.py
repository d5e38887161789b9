"""What to show where something cannot be computed at all: the reason, and nothing else."""

import contextlib
from collections.abc import Callable, Iterator
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from cnnviz_core.views.memory import note_want
from cnnviz_core.views.page_runs import admitted
from pages.parts import identifiers
from pages.parts.texts import _, literal

Result = TypeVar("Result")
Given = ParamSpec("Given")


def or_reason(compute: Callable[[], Result]) -> Result | None:
    """Return what `compute` gives; if it refuses, say why and give None.

    Unlike `pictures.last_valid`, for what no other setting of the same page would mend: then an
    older picture would be one of something else. Only `ValueError` and `MemoryError` are caught.
    """
    try:
        return compute()
    except (ValueError, MemoryError) as problem:
        show(problem)
        return None


@contextlib.contextmanager
def page_lives_on() -> Iterator[None]:
    """Run a page when its turn comes; a want of memory ends it with a sentence, not the app."""
    try:
        with admitted():
            yield
    except MemoryError as problem:
        show(problem)


def fragment(part: Callable[Given, None]) -> Callable[Given, None]:
    """Make a part of a page that runs alone when one of its controls is moved, as `st.fragment`.

    Of an exception in it, the page around it hears nothing: so a want of memory is said here.
    """

    def telling(*given: Given.args, **named: Given.kwargs) -> None:
        part(*given, **named)
        identifiers.tell()

    return st.fragment(page_lives_on()(wraps(part)(telling)))


def show(problem: ValueError | MemoryError) -> None:
    """Show why there is nothing to see; the log says where memory did not suffice."""
    if isinstance(problem, MemoryError):
        note_want(problem)
        text = _(
            "The server has too little memory for this now. Choose something smaller, or try again "
            "later."
        )
    else:
        text = str(problem)
    st.error(literal(text), icon=":material/error:")
