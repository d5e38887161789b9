"""Controls, drawn where they stand from their declarations, and bound to the address bar.

>>> SIZE = Number(
...     key="size", label="Size", low=1, high=9, default=3, help="Rows and columns of a window."
... )
>>> value(SIZE)
3
"""

import sys
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from pages.parts.declarations import Choice, Control, Number, Several, Switch, Text
from pages.parts.identifiers import allow_empty, identifier, offer, read
from pages.parts.texts import _, translator

Option = TypeVar("Option")


def value(control: Control[Option]) -> Option:
    """Return what a control says, or would say if it were drawn: the address may ask for an option.

    >>> CURVE = Choice(
    ...     key="curve", label="Curve", options={1: "Line", 2: "Arc"}, default=1, help="Its shape."
    ... )
    >>> value(CURVE)
    1
    """
    if control.key in st.session_state:
        chosen: Option = st.session_state[control.key]
        return chosen
    asked = st.query_params.get(control.key)
    if asked is None or not isinstance(control, Choice):
        return control.default
    options: Mapping[Option, str] = control.options
    names = {identifier(one): (_(title), title) for one, title in options.items()}
    said = read(control.key, asked, names)
    return next((one for one in options if identifier(one) == said), control.default)


def said(control: Control[Any], chosen: Any) -> str:
    """Return what a control calls what it says.

    >>> CURVE = Choice(
    ...     key="curve", label="Curve", options={1: "Line", 2: "Arc"}, default=1, help="Its shape."
    ... )
    >>> said(CURVE, 2)
    'Arc'
    """
    if isinstance(control, Choice):
        return _(control.options.get(chosen, str(chosen)))
    if isinstance(control, Several):
        return ", ".join(_(control.options[one]) for one in chosen) or _("none")
    if isinstance(control, Switch):
        return _("yes") if chosen else _("no")
    return str(chosen)


def say(control: Control[Option], chosen: Option) -> None:
    """Have a control say this, once it is drawn."""
    st.session_state[control.key] = chosen


def fall_back(control: Control[Option], offered: Container[Option], otherwise: Option) -> None:
    """Have a control say `otherwise` if what was chosen is not on offer, as for another network."""
    if st.session_state.get(control.key, otherwise) not in offered:
        say(control, otherwise)


def at_most(control: Control[int], high: int) -> None:
    """Have a control say `high` if what was chosen is more."""
    if value(control) > high:
        say(control, high)


def in_steps(control: Number, step: int) -> None:
    """Have a control say a multiple of `step`: the next one below what was chosen, or the least."""
    if value(control) % step:
        say(control, max(value(control) // step * step, step))


def slider(
    control: Number, *, high: int = sys.maxsize, facts: Mapping[str, object] | None = None
) -> int:
    """Draw a slider; `facts` are filled into its help.

    `high` is given where something else bounds it too, as the size of the picture does: a number
    that is too high then comes down with it. Where only one is left, there is nothing to move.
    """
    low, high = control.low, min(control.high, high)
    label, help = _(control.label), _(control.help).format(**facts or {})
    if high <= low:
        only = f"{control.key}_only"
        st.slider(label, low, low + 1, key=only, bind="query-params", help=help, disabled=True)
        return low
    at_most(control, high)
    start = min(control.default, high)
    return int(st.slider(label, low, high, start, key=control.key, bind="query-params", help=help))


def field(control: Number) -> int:
    """Draw a field to write a number into."""
    return int(
        st.number_input(
            _(control.label),
            control.low,
            control.high,
            control.default,
            key=control.key,
            bind="query-params",
            help=_(control.help),
        )
    )


def switch(control: Switch) -> bool:
    """Draw a switch."""
    return bool(
        st.toggle(
            _(control.label),
            control.default,
            key=control.key,
            bind="query-params",
            help=_(control.help),
        )
    )


def choice(
    control: Choice[Option],
    *,
    options: Sequence[Option] | None = None,
) -> Option:
    """Draw a few options, all of them in sight.

    `options` are those on offer at this moment, if not all are. The first is chosen where what was
    chosen is not on offer, and neither is the default.
    """
    options, start = _offered(control, options)
    return st.segmented_control(
        _(control.label),
        options,
        default=start,
        format_func=_shown(control, options),
        key=control.key,
        bind="query-params",
        required=True,
        help=_(control.help),
    )


def unforced(control: Choice[Option | None]) -> Option | None:
    """Draw a few options of which none need be chosen."""
    allow_empty(control.key)
    options = list(control.options)
    return st.segmented_control(
        _(control.label),
        options,
        format_func=_shown(control, options),
        key=control.key,
        bind="query-params",
        help=_(control.help),
    )


def radio(control: Choice[str], options: Sequence[str]) -> str:
    """Draw options one below the other, under names that are the same in every language."""
    return st.radio(
        _(control.label), options, key=control.key, bind="query-params", help=_(control.help)
    )


def pick(
    control: Choice[Option],
    *,
    options: Sequence[Option] | None = None,
    show: Callable[[Any], str] | None = None,
    facts: Mapping[str, object] | None = None,
) -> Option:
    """Draw many options as a list that opens; `options` as for `choice`.

    `show` names options that the declaration does not know; `facts` are filled into the help.
    """
    options, start = _offered(control, options)
    return st.selectbox(
        _(control.label),
        options,
        options.index(start),
        format_func=_shown(control, options, show),
        key=control.key,
        bind="query-params",
        help=_(control.help).format(**facts or {}),
    )


def snap(
    control: Choice[Option],
    *,
    options: Sequence[Option] | None = None,
    otherwise: Option | None = None,
    on_change: Callable[[], None] | None = None,
) -> Option:
    """Draw a slider that stops at the options alone; `options` as for `choice`.

    `otherwise` is chosen instead of the first.
    """
    options, start = _offered(control, options, otherwise)
    return st.select_slider(
        _(control.label),
        options,
        start,
        format_func=_shown(control, options),
        key=control.key,
        bind="query-params",
        on_change=on_change,
        help=_(control.help),
    )


def several(control: Several[Option]) -> list[Option]:
    """Draw many options to choose more than one of."""
    allow_empty(control.key)
    options = list(control.options)
    return st.multiselect(
        _(control.label),
        options,
        format_func=_shown(control, options),
        max_selections=control.most,
        placeholder=_(control.placeholder),
        key=control.key,
        bind="query-params",
        help=_(control.help),
    )


def text(control: Text) -> str:
    """Draw a line to write into."""
    allow_empty(control.key)
    return st.text_input(
        _(control.label),
        control.default,
        key=control.key,
        bind="query-params",
        placeholder=_(control.placeholder) if control.placeholder else None,
        help=_(control.help),
    )


def text_lines(control: Text) -> str:
    """Draw room for several lines, as high as they are."""
    allow_empty(control.key)
    return st.text_area(
        _(control.label),
        control.default,
        key=control.key,
        bind="query-params",
        height="content",
        help=_(control.help),
    )


def _offered(
    control: Choice[Option], options: Sequence[Option] | None, otherwise: Option | None = None
) -> tuple[list[Option], Option]:
    """Return what is on offer, and what is chosen at first."""
    offered = list(control.options if options is None else options)
    start = control.default
    if start not in offered:
        start = offered[0] if otherwise is None else otherwise
    fall_back(control, offered, start)
    return offered, start


def _shown(
    control: Choice[Option] | Several[Option],
    options: Sequence[Option],
    show: Callable[[Any], str] | None = None,
) -> Callable[[Any], str]:
    """Return how options are shown, and have the address know them by their names."""
    declared, translate = control.options, translator()

    def named(option: Option) -> str:
        return translate(declared.get(option, str(option)))

    show = show or named
    # A link that was kept in another language, or before this one was, says the English name.
    names = {
        identifier(one): (show(one), declared[one]) if one in declared else (show(one),)
        for one in options
    }
    offer(control.key, names)
    return show
