"""What a page shows, to be taken along: pictures and numbers, made once they are asked for."""

from collections.abc import Callable, Sequence

import streamlit as st

from cnnviz_core.views import saving
from cnnviz_core.views.saving import Saved
from pages.parts import actions, address, controls
from pages.parts.declarations import Control
from pages.parts.refusals import fragment, or_reason
from pages.parts.texts import _

_MAKER = "maker of what is saved"


def tell(
    title: str,
    make: Callable[[], Saved],
    declared: Sequence[Control[object]],
    *more: tuple[str, str],
) -> None:
    """Say what of the page can be saved now; it is made once it is asked for.

    With it go what those of the `declared` controls say that are drawn, and `more` settings: what
    they are called, and what they are.
    """
    drawn = address.drawn()
    said = [
        (_(one.label), controls.said(one, controls.value(one)))
        for one in declared
        if one.key in drawn
    ]
    st.session_state[_MAKER] = title, make, [*said, *more]


def forget() -> None:
    """Say that there is nothing to save of the page now, unless `tell` is called after."""
    st.session_state[_MAKER] = None


def offer() -> None:
    """Draw the button into the page's row of actions; call it where the page ends."""
    with actions.row():
        _offer()


@fragment
def _offer() -> None:
    if st.button(
        _("Save"),
        key="save",
        icon=":material/download:",
        help=_("The picture and the numbers behind it, as files."),
    ):
        st.dialog(_("Save what is shown"), icon=":material/download:")(_show)()


def _show() -> None:
    if st.session_state[_MAKER] is None:
        st.info(_("Nothing is computed here now. Choose a network that this page can show."))
        return
    title, make, settings = st.session_state[_MAKER]
    saved = or_reason(make)
    if saved is None:
        return
    _file(
        _("Picture"),
        "png",
        lambda: saved.picture.data,
        _("The picture alone, as large as it is."),
        name=saved.name,
    )
    _file(
        _("Picture with caption"),
        "png",
        lambda: saving.captioned(saved, title, settings),
        _("With its color bar, its shape, and the settings of this moment."),
        name=f"{saved.name}-captioned",
    )
    if saving.has_tiles(saved):
        _file(
            _("Single maps"),
            "zip",
            lambda: saving.tiles(saved),
            _("Each map as a picture of its own, a pixel a value, all on one scale."),
            name=saved.name,
        )
    _file(
        _("Numbers for Python"),
        "npz",
        lambda: saving.npz(saved, settings),
        _("All values in float32, with the names of their axes and the settings: `numpy.load`."),
        name=saved.name,
    )
    if saving.fits_table(saved):
        _file(
            _("Numbers as a table"),
            "csv",
            lambda: saving.table(saved, settings),
            _("The same values for a spreadsheet."),
            name=saved.name,
        )
    else:
        st.caption(
            _("{count} numbers are too many for a table: take those for Python.").format(
                count=f"{saved.values.size:,}"
            )
        )


def _file(label: str, ending: str, make: Callable[[], bytes], help: str, *, name: str) -> None:
    st.download_button(
        f"{label} ({ending.upper()})",
        make,
        file_name=f"{name}.{ending}",
        key=f"save {label}",
        on_click="ignore",
        width="stretch",
        help=help,
    )
