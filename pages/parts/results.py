"""What a page shows, to be saved, and to be compared with."""

from collections.abc import Callable, Sequence

from cnnviz_core.views.files import Saved
from pages.parts import address, comparison, controls, save_drawer
from pages.parts.declarations import Control
from pages.parts.texts import _


def say(
    title: str,
    make: Callable[[], Saved],
    declared: Sequence[Control[object]],
    *more: tuple[str, str],
) -> None:
    """Say what the page shows now, and draw it here beside what is pinned, if anything is.

    It is made once it is asked for. With it go what those of the `declared` controls say that are
    drawn, and `more` settings: what they are called, and what they are.
    """
    drawn = address.drawn()
    said = [
        (_(one.label), controls.said(one, controls.value(one)))
        for one in declared
        if one.key in drawn
    ]
    settings = [*said, *more]
    save_drawer.tell(title, make, settings)
    comparison.say(make, settings)


def offer() -> None:
    """Draw the buttons; call it where the page ends."""
    save_drawer.offer()
    comparison.offer()
