"""What presets have set stays, whatever the browser still says while a clock ticks."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from pages.parts import steady

    if "tick" in st.session_state:
        steady.restore()
    else:
        steady.remember(["kept", "missing", "gone"])


def test_old_news_is_set_right_and_nothing_else_is_touched() -> None:
    app = AppTest.from_function(script)
    app.session_state["kept"], app.session_state["gone"] = 3, 4
    app.run()
    del app.session_state["gone"]
    app.session_state["kept"], app.session_state["other"] = 5, 6
    app.session_state["tick"] = True
    app.run()
    assert not app.exception
    assert app.session_state["kept"] == 3
    assert app.session_state["other"] == 6
    assert "missing" not in app.session_state
    assert "gone" not in app.session_state


def test_a_run_of_the_whole_page_notes_what_was_chosen_since() -> None:
    app = AppTest.from_function(script)
    for value in (3, 8):
        app.session_state["kept"] = value
        app.run()
    app.session_state["kept"], app.session_state["tick"] = 5, True
    app.run()
    assert app.session_state["kept"] == 8


def test_a_clock_that_ticks_before_anything_was_noted_does_no_harm() -> None:
    app = AppTest.from_function(script)
    app.session_state["kept"], app.session_state["tick"] = 5, True
    app.run()
    assert not app.exception
    assert app.session_state["kept"] == 5
