"""Options in the address by their identifiers: of every control, and whatever they are called."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from pages.parts import identifiers
from pages.parts.contents import ALL
from pages.parts.declarations import Choice, Several
from pages.parts.identifiers import identifier, read
from tests.pages.test_controls import declarations
from tests.pages.visits import controls, opened, written_by_browser

CHOICES = [one for one in declarations() if isinstance(one, Choice | Several) and one.options]
KINDS = ("button_group", "selectbox", "select_slider", "multiselect", "radio")


def choices(app: AppTest) -> list[Any]:
    """What one chooses options with on a page, and the sidebar."""
    bound = controls(app)
    return [one for kind in KINDS for one in app.get(kind) if one.key in bound]


def said(app: AppTest, key: str) -> list[str]:
    """What the address says of a control."""
    found = app.query_params.get(key, [])
    return found if isinstance(found, list) else [found]


def expected(app: AppTest, key: str) -> list[str]:
    """The identifiers of what a control says."""
    value = app.session_state[key]
    return [identifier(one) for one in (value if isinstance(value, list) else [value])]


@pytest.mark.parametrize("name", [entry.name for entry in ALL])
def test_whatever_is_chosen_the_address_says_its_identifier(name: str) -> None:
    app = opened(name)
    for key in [one.key for one in choices(app)]:
        control = next((one for one in choices(app) if one.key == key), None)
        if control is None or len(control.options) < 2:
            continue
        before = control.value
        first = str(control.options[0])
        shown = first if shown_now(control) != [first] else str(control.options[-1])
        state = app.session_state._state._state
        read_by = state.get_widget_metadata(control.id).deserializer
        control.set_value(read_by(shown if control.type in ("selectbox", "radio") else [shown]))
        app.query_params[key] = written_by_browser(control)
        app.run()
        assert not app.exception, key
        assert said(app, key) in ([], expected(app, key)), key
        again = next((one for one in choices(app) if one.key == key), None)
        if again is not None and again.value != before:
            app.query_params.pop(key, None)
            again.set_value(before)
            app.query_params[key] = written_by_browser(again)
            app.run()


def shown_now(control: Any) -> list[str]:
    written = written_by_browser(control)
    return written if isinstance(written, list) else [written]


@given(
    control=st.sampled_from(CHOICES),
    data=st.data(),
)
def test_a_reworded_or_translated_option_is_found_by_its_identifier(
    control: Choice[Any] | Several[Any], data: st.DataObject
) -> None:
    options = [*control.options]
    words = st.lists(st.text(min_size=1), min_size=len(options), max_size=len(options), unique=True)
    anew = data.draw(words)
    names = {identifier(one): (word,) for one, word in zip(options, anew, strict=True)}
    for one, word in zip(options, anew, strict=True):
        assert read(control.key, identifier(one), names) == identifier(one)
        if word not in names and word not in identifiers.RENAMED.get(control.key, {}):
            assert read(control.key, word, names) == identifier(one)


def test_a_name_of_one_option_is_no_identifier_of_another() -> None:
    for control in CHOICES:
        names = {identifier(one): control.options[one] for one in control.options}
        assert len(names) == len(control.options), control.key
        for one, name in names.items():
            assert names.get(name, name) == name or name == one, control.key


def reworded(asked: dict[str, str], choice: Choice[Any]) -> AppTest:
    """A page with one control, opened by an address."""

    def page(choice):  # type: ignore[no-untyped-def]
        from pages.parts import controls, identifiers

        identifiers.begin()
        controls.pick(choice)
        identifiers.tell()

    app = AppTest.from_function(page, args=(choice,), default_timeout=60)
    app.query_params.update(asked)
    app.run()
    assert [one.value for one in app.exception] == []
    return app


@pytest.mark.parametrize("asked", ["b", "Bee", "Biene"])
def test_an_address_is_read_by_any_name_and_written_by_its_identifier(asked: str) -> None:
    choice = Choice(
        key="k", label="Of", options={"a": "Ay", "b": "Bee"}, default="a", help="One of both."
    )
    if asked == "Biene":
        choice = replace(choice, options={"a": "Ay", "b": "Biene"})
    app = reworded({"k": asked}, choice)
    assert app.session_state["k"] == "b"
    assert app.query_params == {"k": "b"}


def test_the_browser_is_told_once_and_of_what_is_new_alone() -> None:
    choice = Choice(
        key="k", label="Of", options={"a": "Ay", "2": "2"}, default="a", help="One of both."
    )
    app = reworded({}, choice)
    (told,) = app.get("bidi_component")
    assert json.loads(told.proto.json) == {"k": {"Ay": "a"}}
    assert not app.run().get("bidi_component")
