"""Controls as all pages have them: bound to the address bar, and with a word of help."""

from collections.abc import Callable, Container, Sequence
from typing import Any, TypeVar

import streamlit as st

Option = TypeVar("Option")


def fall_back(key: str, offered: Container[object], default: object) -> None:
    """Choose `default` if what was chosen is not offered any more, as for another network."""
    if st.session_state.get(key, default) not in offered:
        st.session_state[key] = default


def slider(label: str, key: str, low: int, high: int, default: int, *, help: str) -> int:
    """A whole number from `low` to `high`.

    `high` may depend on something else, as on the size of the picture: a number that is too high
    then comes down with it. Where only one number is left, there is nothing to move.
    """
    if high <= low:
        only = f"{key}_only"
        st.slider(label, low, low + 1, key=only, bind="query-params", help=help, disabled=True)
        return low
    if st.session_state.get(key, default) > high:
        st.session_state[key] = high
    return int(
        st.slider(label, low, high, min(default, high), key=key, bind="query-params", help=help)
    )


def switch(label: str, key: str, default: bool, *, help: str) -> bool:
    """On or off."""
    return bool(st.toggle(label, default, key=key, bind="query-params", help=help))


def choice(
    label: str,
    key: str,
    options: Sequence[Option],
    *,
    default: Option | None = None,
    show: Callable[[Any], str] = str,
    help: str,
) -> Option:
    """One of a few options, all of them in sight."""
    return st.segmented_control(
        label,
        options,
        default=options[0] if default is None else default,
        format_func=show,
        key=key,
        bind="query-params",
        required=True,
        help=help,
    )


def pick(
    label: str,
    key: str,
    options: Sequence[Option],
    *,
    default: Option | None = None,
    show: Callable[[Any], str] = str,
    help: str,
) -> Option:
    """One of many options, in a list that opens."""
    index = 0 if default is None else list(options).index(default)
    chosen: Option = st.selectbox(
        label, options, index, format_func=show, key=key, bind="query-params", help=help
    )
    return chosen


def several(
    label: str,
    key: str,
    options: Sequence[Option],
    *,
    most: int,
    placeholder: str,
    show: Callable[[Any], str] = str,
    help: str,
) -> list[Option]:
    """None, one or more of many options, `most` at most."""
    return st.multiselect(
        label,
        options,
        format_func=show,
        max_selections=most,
        placeholder=placeholder,
        key=key,
        bind="query-params",
        help=help,
    )


def snap(
    label: str,
    key: str,
    options: Sequence[Option],
    default: Option,
    *,
    show: Callable[[Any], str] = str,
    on_change: Callable[[], None] | None = None,
    help: str,
) -> Option:
    """One of several ordered options, on a slider that stops at these alone."""
    return st.select_slider(
        label,
        options,
        default,
        format_func=show,
        key=key,
        bind="query-params",
        on_change=on_change,
        help=help,
    )
