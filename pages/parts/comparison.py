"""A result of a page, pinned: the next ones stand beside it, with the difference, until unpinned.

The pin is the address of the view that is pinned, within the address of the view that is shown; so
it goes along with a link. What a session keeps is how the pinned result is made, not the result.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnnviz_core.drawing.saving import Settings
from cnnviz_core.views.comparison import MAX_COMPARED, compare, is_table
from cnnviz_core.views.files import Saved
from pages.parts import actions, address, pictures
from pages.parts.change_bars import show_differences
from pages.parts.refusals import or_reason
from pages.parts.texts import _, literal

_PINNED = "pinned result"
_SHOWN = "result shown"


@dataclass(frozen=True, slots=True)
class Result:
    """What a page shows: how it is made, and the settings that it is made with.

    `view` is the address, without a pin, that shows it.
    """

    make: Callable[[], Saved]
    settings: Settings
    view: str = ""


def say(make: Callable[[], Saved], settings: Settings) -> None:
    """Say what the page shows now, and draw it here beside what is pinned, if anything is."""
    shown = Result(make, settings)
    actions.tell(_SHOWN, shown)
    if address.is_visiting():
        _keep(shown, address.pin() or "")
        return
    pinned: Result | None = st.session_state.get(_PINNED)
    if pinned is not None and address.pin() == pinned.view:
        _show(pinned, shown)


def offer() -> None:
    """Draw the button that pins what the page shows, or unpins what is pinned."""
    is_pinned = address.pin() is not None
    actions.put(_unpin_button if is_pinned else _pin_button)


def shape_shown() -> tuple[int, ...] | None:
    """Return the shape of the numbers that the page shows; None where it shows none."""
    shown: Result | None = actions.known(_SHOWN)
    return None if shown is None else shown.make().values.shape


def _pin_button() -> None:
    st.button(
        _("Compare"),
        key="pin",
        icon=":material/keep:",
        on_click=_pin,
        help=_("Pin this result: the next ones stand beside it, with the difference."),
    )


def _unpin_button() -> None:
    st.button(
        _("Unpin"),
        key="unpin",
        icon=":material/keep_off:",
        on_click=address.say_pin,
        args=(None,),
        help=_("No longer compare with the pinned result."),
    )


def _pin() -> None:
    shown: Result | None = actions.known(_SHOWN)
    if shown is not None:
        view = address.view()
        _keep(shown, view)
        address.say_pin(view)


def _keep(shown: Result, view: str) -> None:
    st.session_state[_PINNED] = Result(shown.make, shown.settings, view)


def _show(pinned: Result, shown: Result) -> None:
    both = or_reason(lambda: (pinned.make(), shown.make()))
    if both is None:
        return
    found = compare(*both)
    with st.container(key="comparison", border=True):
        before, now, between = st.columns(3, gap="small")
        with before:
            pictures.show(found.pinned, _("Pinned"))
        with now:
            pictures.show(found.now, _("Now"))
        with between:
            if found.difference is not None:
                pictures.show(found.difference, _("Now − pinned"))
            elif found.changes:
                show_differences(found.changes, found.quantity)
            else:
                st.markdown(f"**{_('Now − pinned')}**")
                st.caption(_why_no_difference(*both))
        st.caption(" ".join((*_left_out(both[1]), _changed(pinned.settings, shown.settings))))


def _why_no_difference(pinned: Saved, now: Saved) -> str:
    if not is_table(now):
        return _(
            "Results of different shapes have no difference. Choose settings that leave the shape "
            "as it was."
        )
    if pinned.labels != now.labels:
        return _("The numbers are about different things, and have no difference.")
    return _("The numbers are the same.")


def _left_out(saved: Saved) -> list[str]:
    """Return what is said of results with more maps than are compared."""
    count = int(np.prod(saved.values.shape[2:]))
    if count <= MAX_COMPARED:
        return []
    return [_("The first {most} of {count} maps.").format(most=MAX_COMPARED, count=f"{count:,}")]


def _changed(before: Settings, now: Settings) -> str:
    """Return which settings differ, and how."""
    old, new = dict(before), dict(now)
    changed = [
        f"{literal(label)}: {literal(old.get(label, '–'))} → {literal(new.get(label, '–'))}"
        for label in {**old, **new}
        if old.get(label) != new.get(label)
    ]
    if not changed:
        return _("The settings are those of the pinned result: move a control.")
    return _("Pinned → now: {settings}.").format(settings=" · ".join(changed))
