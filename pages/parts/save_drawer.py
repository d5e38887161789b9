"""What a page shows, to be taken along: pictures and numbers, made once they are asked for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from cnnviz_core.drawing.lesson_sheet import Words
from cnnviz_core.drawing.saving import Settings
from cnnviz_core.snippets.program import Program
from cnnviz_core.views import files
from cnnviz_core.views.files import Saved
from pages.parts import actions, code_drawer, share
from pages.parts.refusals import or_reason
from pages.parts.texts import N_, _

DRAWER = actions.Drawer(
    key="save",
    label=N_("Save"),
    icon=":material/download:",
    help=N_("The picture and the numbers behind it, as files."),
    title=N_("Save what is shown"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What files are made of: what a page shows, and what is said of it.

    `program` makes the page's program, if it has one; `address` is that of the view; `words` are
    those of the visitor's language.
    """

    title: str
    saved: Saved
    settings: Settings
    program: Callable[[], Program] | None
    address: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A kind of file: what it is called and what is in it, in English, and how it is made.

    `is_offered` says of what there is one.
    """

    label: str
    ending: str
    help: str
    make: Callable[[Shown], bytes]
    is_offered: Callable[[Saved], bool] = lambda _saved: True
    suffix: str = ""

    @property
    def format_name(self) -> str:
        """Return what the kind of file is called."""
        return {"webm": "WebM"}.get(self.ending, self.ending.upper())


FILES = (
    File(
        label=N_("Picture"),
        ending="png",
        help=N_("The picture alone, as large as it is."),
        make=lambda shown: shown.saved.picture.data,
    ),
    File(
        label=N_("Picture with caption"),
        ending="png",
        suffix="-captioned",
        help=N_("With its color bar, its shape, and the settings of this moment."),
        make=lambda shown: files.captioned(shown.saved, shown.title, shown.settings),
    ),
    File(
        label=N_("Lesson sheet"),
        ending="pdf",
        help=N_("To print: the picture, its settings and formulas, its program, and a QR code."),
        make=lambda shown: _sheet(shown),
    ),
    File(
        label=N_("Single maps"),
        ending="zip",
        help=N_("Each map as a picture of its own, a pixel a value, all on one scale."),
        make=lambda shown: files.tiles(shown.saved),
        is_offered=files.has_tiles,
    ),
    File(
        label=N_("Numbers for Python"),
        ending="npz",
        help=N_(
            "All values in float32, with the names of their axes and the settings: `numpy.load`."
        ),
        make=lambda shown: files.npz(shown.saved, shown.settings),
    ),
    File(
        label=N_("Numbers as a table"),
        ending="csv",
        help=N_("The same values for a spreadsheet."),
        make=lambda shown: files.table(shown.saved, shown.settings),
        is_offered=files.fits_table,
    ),
    File(
        label=N_("Curves"),
        ending="svg",
        suffix="-curves",
        help=N_("The curves, sharp at any size."),
        make=lambda shown: shown.saved.others["curves as SVG"](),
        is_offered=lambda saved: "curves as SVG" in saved.others,
    ),
    File(
        label=N_("Curves as a table"),
        ending="csv",
        suffix="-curves",
        help=N_("The points of the curves for a spreadsheet."),
        make=lambda shown: shown.saved.others["curves as CSV"](),
        is_offered=lambda saved: "curves as CSV" in saved.others,
    ),
    File(
        label=N_("Animation"),
        ending="gif",
        help=N_("All steps in turn, in a loop. Many of them take a few seconds."),
        make=lambda shown: shown.saved.others["GIF"](),
        is_offered=lambda saved: "GIF" in saved.others,
    ),
    File(
        label=N_("Film"),
        ending="webm",
        help=N_("The same as a film, smaller."),
        make=lambda shown: shown.saved.others["WebM"](),
        is_offered=lambda saved: "WebM" in saved.others,
    ),
)


def tell(title: str, make: Callable[[], Saved], settings: Settings) -> None:
    """Say what of the page can be saved now; it is made once it is asked for."""
    actions.tell(DRAWER.key, (title, make, settings))


def offer_part(title: str, make: Callable[[], Saved], settings: Settings, key: str) -> None:
    """Draw a button here, for what a part of the page shows; `key` is unique over all pages."""
    actions.offer_here(replace(DRAWER, key=key), partial(_show_files, title, make, settings))


def offer() -> None:
    """Draw the button; call it where the page ends."""
    actions.offer(DRAWER, _show)


def _show() -> None:
    told = actions.told(DRAWER)
    if told is not None:
        _show_files(*told)


def _show_files(title: str, make: Callable[[], Saved], settings: Settings) -> None:
    saved = or_reason(make)
    if saved is None:
        return
    # What is made on a click is made when the page is no longer there to be asked.
    words = Words(
        settings=_("Settings"),
        formula=_("How it comes about"),
        program=_("A program that makes it"),
        address=_("The same view, live:"),
    )
    program = actions.known(code_drawer.DRAWER.key)
    shown = Shown(
        title=title,
        saved=saved,
        settings=settings,
        program=program,
        address=share.address(),
        words=words,
    )
    for one in FILES:
        if one.is_offered(saved):
            _offer_file(one, shown)
    if not files.fits_table(saved):
        st.caption(
            _("{count} numbers are too many for a table: take those for Python.").format(
                count=f"{saved.values.size:,}"
            )
        )


def _offer_file(one: File, shown: Shown) -> None:
    st.download_button(
        f"{_(one.label)} ({one.format_name})",
        partial(one.make, shown),
        file_name=f"{shown.saved.name}{one.suffix}.{one.ending}",
        key=f"save {one.label}",
        on_click="ignore",
        width="stretch",
        help=_(one.help),
    )


def _sheet(shown: Shown) -> bytes:
    saved, program = shown.saved, _program_of(shown)
    return files.sheet(saved, shown.title, shown.settings, program, shown.address, shown.words)


def _program_of(shown: Shown) -> str | None:
    """Return the program; None where there is none, as for a visitor's own network."""
    try:
        return files.script(shown.program()) if shown.program else None
    except ValueError:
        return None
