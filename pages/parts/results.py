"""What a page shows, to be saved, and to be compared with."""

from collections.abc import Callable, Sequence

from cnnviz_core.drawing.saving import Settings
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

    It is made once it is asked for; with it go its settings, as by `settings_of`.
    """
    settings = settings_of(declared, *more)
    save_drawer.tell(title, make, settings)
    comparison.say(make, settings)


def settings_of(declared: Sequence[Control[object]], *more: tuple[str, str]) -> Settings:
    """Return what those of the `declared` controls say that are drawn, and `more` settings.

    Those take the place of what a control says that is called the same, as a class by its number.
    """
    drawn = address.drawn()
    said = {
        _(one.label): controls.said(one, controls.value(one))
        for one in declared
        if one.key in drawn
    }
    return [*{**said, **dict(more)}.items()]


def offer() -> None:
    """Draw the buttons; call it where the page ends."""
    save_drawer.offer()
    comparison.offer()


def shape_shown() -> tuple[int, ...] | None:
    """Return the shape of the numbers that the page shows; None where it shows none."""
    return comparison.shape_shown()
