"""The address of a page is its view: it says what every control says that is not at its default.

Streamlit 1.67 binds controls to the address by `bind="query-params"`, and leaves four gaps.
Closing them takes what it keeps to itself, all of it here:

- A control that appears for the first time with a value it has been given already, as by a preset,
  is not written to the address.
- Some controls in addresses that people have kept are named otherwise today; `identifiers` knows
  the options.
- What the page before has bound, too, as the network, is left out of the address that the browser's
  back button asks for.
- Each change to the address that the server asks for becomes a step of the browser's history, even
  the one that clears the address of a page that is being left: back then leads to that page without
  its settings.
"""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx

from pages.parts import identifiers, picker
from pages.parts.texts import _, literal

# Controls by their page: as addresses named them once, and as they are named today.
MOVED: dict[str, dict[str, str]] = {"filter_ascent": {"network": "ascent_network"}}

# Characters of a value that a note repeats: enough to know it again.
MAX_NAMED = 30

# In an address: the view that is pinned, to be compared with.
PIN = "pin"
_VISITED = "visited view"
# Of the view that the next run is to show: its address, and what else shared controls say there.
_ASKED = "asked of the next run"
_AT_FIRST = "said at first"

# What the server asks for between two actions of a person is one step of the history.
_one_step: Any = st.components.v2.component(
    "cnnviz_one_step",
    html="<i></i>",
    js="""
export default function () {
  if (window.cnnvizOneStep) return;
  window.cnnvizOneStep = true;
  let isNew = false;
  const act = () => { isNew = true; };
  for (const action of ["pointerdown", "click", "keydown"]) addEventListener(action, act, true);
  addEventListener("popstate", () => { isNew = false; }, true);
  const push = history.pushState;
  history.pushState = function (...step) {
    (isNew ? push : history.replaceState).apply(history, step);
    isNew = false;
  };
}
""",
)


@contextlib.contextmanager
def kept(page: str) -> Iterator[None]:
    """Run the page of this name such that its address is its view."""
    identifiers.begin()
    if asked := st.session_state.pop(_ASKED, None):
        _start_over(asked)
    _take_back()
    _translate(page)
    if is_visiting():
        _visit(page)
    with st.sidebar:
        _one_step(key="one step")
    with contextlib.suppress(StopException):
        yield
    if is_visiting():
        _come_back()
    _complete()
    _say_refused()
    with st.sidebar:
        identifiers.tell()


def today(page: str, asked: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return what an address asks for, by the keys that controls have today.

    >>> today("filter_ascent", {"network": ["VGG16"], "ascent_count": ["4"]})
    {'ascent_network': ['VGG16'], 'ascent_count': ['4']}
    """
    moved = MOVED.get(page, {})
    return {moved.get(key, key): values for key, values in asked.items()}


def view() -> str:
    """Return what the address asks for, without a pin."""
    asked = {key: st.query_params.get_all(key) for key in st.query_params if key != PIN}
    return urlencode(asked, doseq=True)


def pin() -> str | None:
    """Return the view that the address pins, if it pins any."""
    return st.query_params.get(PIN)


def say_pin(pinned: str | None) -> None:
    """Have the address pin a view, or none."""
    if pinned is None:
        st.query_params.pop(PIN, None)
    else:
        st.query_params[PIN] = pinned
    st.session_state[_VISITED] = pinned


def is_visiting() -> bool:
    """Return whether this run shows the view that is pinned, which the session has not seen yet.

    It lasts one run: the next one shows the view of the address.
    """
    return pin() is not None and pin() != st.session_state.get(_VISITED)


def _visit(page: str) -> None:
    """Have controls read the view that is pinned instead of the address."""
    pinned = pin() or ""
    with _params() as params:
        st.session_state[_ASKED] = params._initial_query_params
    _read({**today(page, parse_qs(pinned, keep_blank_values=True)), PIN: [pinned]})


def _come_back() -> None:
    """Have controls read the address, in a run of its own."""
    st.session_state[_VISITED] = pin()
    st.rerun()


def go_to(path: str, asked: Mapping[str, str]) -> None:
    """Go to the page of this file, as a link with these query parameters would.

    What both pages have, as picture and network, says there what the link says, or is at first.
    """
    said = {key: [one] for key, one in asked.items()}
    st.session_state[_ASKED] = _without_defaults(said)
    st.session_state[_AT_FIRST] = _at_first()
    # Without any, Streamlit would clear the address itself, and refuse to, for bound controls.
    st.switch_page(path, query_params={})


def forget() -> None:
    """Have all controls of the page say what they say at first, and the address nothing."""
    _start_over({})


def _start_over(asked: dict[str, list[str]]) -> None:
    """Have the address ask for this, and all controls say that, or what they say at first.

    A control that says nothing would be left as it stands in the browser, and so would one that is
    asked for what it says at first.
    """
    at_first = {**_at_first(), **st.session_state.pop(_AT_FIRST, {})}
    asked = _without_defaults(asked)
    _ask(asked)
    for key, value in at_first.items():
        if key in asked:
            st.session_state.pop(key, None)
        elif key in st.session_state:
            st.session_state[key] = value


def _without_defaults(asked: dict[str, list[str]]) -> dict[str, list[str]]:
    return {key: said for key, said in asked.items() if not identifiers.is_at_first(key, said)}


def _at_first() -> dict[str, Any]:
    """Return what the controls of the page say at first, by their keys."""
    state = _context().session_state._state
    with _params() as params:
        bound = {key: binding.widget_id for key, binding in params._bindings_by_param.items()}
    return {
        key: state.get_widget_metadata(widget_id).deserializer(None)
        for key, widget_id in bound.items()
    }


def _take_back() -> None:
    """Have the browser's back and forward ask for all that their address says."""
    context = _context()
    if context.is_history_navigation:
        asked = parse_qs(context.query_string, keep_blank_values=True)
        with _params() as params:
            is_whole = params._initial_query_params == asked
        if not is_whole:
            _ask(asked)


def _translate(page: str) -> None:
    """Have controls read an old address as it would be written today."""
    with _params() as params:
        asked = params._initial_query_params
    translated = today(page, asked)
    if translated != asked:
        _ask(translated)


def _ask(asked: dict[str, list[str]]) -> None:
    """Have the address, and controls that read it, ask for this."""
    _read(asked)
    with _params() as params:
        params._send_query_param_msg()


def _read(asked: dict[str, list[str]]) -> None:
    """Have controls read this instead of what stands in the address."""
    with _params() as params:
        params._initial_query_params = asked
        params._query_params = {
            key: values[0] if len(values) == 1 else values for key, values in asked.items()
        }


def _say_refused() -> None:
    """Name what the address asked for in vain, in one note that goes by itself."""
    refused = identifiers.refused()
    if refused.get(picker.PICTURE.key) == picker.OWN_NAME:
        del refused[picker.PICTURE.key]  # the picker says so, and more
    if refused:
        named = [f"{key}={_short(value)}" for key, value in refused.items()]
        text = _("Not on offer here, so something else is shown: {asked}.")
        st.toast(
            text.format(asked=literal(", ".join(named))),
            icon=":material/link_off:",
            duration="long",
        )


def _short(value: str) -> str:
    return value if len(value) <= MAX_NAMED else f"{value[:MAX_NAMED]}…"


def drawn() -> set[str]:
    """Return the keys of the controls that this run has drawn so far."""
    shown = _context().shared.widget_ids_this_run.snapshot()
    with _params() as params:
        bindings = params._bindings_by_param.items()
        return {key for key, binding in bindings if binding.widget_id in shown}


def _complete() -> None:
    """Write what controls say that Streamlit has not written."""
    shown = drawn()
    with _params() as params:
        state = _context().session_state._state
        for key, binding in params._bindings_by_param.items():
            if key not in shown or params.has_param(key):
                continue
            control, value = state.get_widget_metadata(binding.widget_id), state[binding.widget_id]
            if value != control.deserializer(None):
                params.set_corrected_value(key, control.serializer(value), control.value_type)


@contextlib.contextmanager
def _params() -> Iterator[Any]:
    with _context().session_state.query_params() as params:
        yield params


def _context() -> Any:
    context = get_script_run_ctx()
    if context is None:
        raise ValueError("There is an address only while Streamlit runs a page.")
    return context
