"""What a page shows, to be taken along: pictures and numbers, made once they are asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from cnnviz_core.drawing.saving import Settings
from cnnviz_core.views import files
from cnnviz_core.views.files import Saved
from pages.parts import actions
from pages.parts.refusals import or_reason
from pages.parts.texts import N_, _

DRAWER = actions.Drawer(
    key="save",
    label=N_("Save"),
    icon=":material/download:",
    help=N_("The picture and the numbers behind it, as files."),
    title=N_("Save what is shown"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A kind of file: what it is called and what is in it, in English, and who makes it of what.

    `is_offered` says of which pages there is one.
    """

    label: str
    ending: str
    help: str
    make: Callable[[Saved, str, Settings], bytes]
    is_offered: Callable[[Saved], bool] = lambda _saved: True
    suffix: str = ""


FILES = (
    File(
        label=N_("Picture"),
        ending="png",
        help=N_("The picture alone, as large as it is."),
        make=lambda saved, _title, _settings: saved.picture.data,
    ),
    File(
        label=N_("Picture with caption"),
        ending="png",
        suffix="-captioned",
        help=N_("With its color bar, its shape, and the settings of this moment."),
        make=files.captioned,
    ),
    File(
        label=N_("Single maps"),
        ending="zip",
        help=N_("Each map as a picture of its own, a pixel a value, all on one scale."),
        make=lambda saved, _title, _settings: files.tiles(saved),
        is_offered=files.has_tiles,
    ),
    File(
        label=N_("Numbers for Python"),
        ending="npz",
        help=N_(
            "All values in float32, with the names of their axes and the settings: `numpy.load`."
        ),
        make=lambda saved, _title, settings: files.npz(saved, settings),
    ),
    File(
        label=N_("Numbers as a table"),
        ending="csv",
        help=N_("The same values for a spreadsheet."),
        make=lambda saved, _title, settings: files.table(saved, settings),
        is_offered=files.fits_table,
    ),
)


def tell(title: str, make: Callable[[], Saved], settings: Settings) -> None:
    """Say what of the page can be saved now; it is made once it is asked for."""
    actions.tell(DRAWER.key, (title, make, settings))


def offer() -> None:
    """Draw the button; call it where the page ends."""
    actions.offer(DRAWER, _show)


def _show() -> None:
    told = actions.told(DRAWER)
    if told is None:
        return
    title, make, settings = told
    saved = or_reason(make)
    if saved is None:
        return
    for one in FILES:
        if one.is_offered(saved):
            _offer_file(one, saved, title, settings)
    if not files.fits_table(saved):
        st.caption(
            _("{count} numbers are too many for a table: take those for Python.").format(
                count=f"{saved.values.size:,}"
            )
        )


def _offer_file(one: File, saved: Saved, title: str, settings: Settings) -> None:
    st.download_button(
        f"{_(one.label)} ({one.ending.upper()})",
        partial(one.make, saved, title, settings),
        file_name=f"{saved.name}{one.suffix}.{one.ending}",
        key=f"save {one.label}",
        on_click="ignore",
        width="stretch",
        help=_(one.help),
    )
