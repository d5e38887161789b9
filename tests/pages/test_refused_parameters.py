"""What an address asks for in vain: the page shows its default, and one note names it."""

import pytest

from pages.parts.contents import ALL
from pages.parts.declarations import Text
from pages.parts.identifiers import _agree
from pages.parts.picker import OWN_NAME, PICTURE
from tests.pages.test_controls import declarations, problem
from tests.pages.visits import controls, opened

TEXTS = {one.key for one in declarations() if isinstance(one, Text)}
# Hostile, outdated, half-typed; none is on offer anywhere.
ODD = ("<img src=x onerror=alert(1)>", "Sobel: edges no more", "gabo", "")


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", [entry.name for entry in ALL])
def test_every_parameter_of_every_page_falls_back_to_its_default(name: str, odd: str) -> None:
    usual = opened(name)
    assert not usual.toast
    asked = dict.fromkeys(controls(usual).keys() - TEXTS, odd)
    app = opened(name, asked)
    # What lies in a box that is closed opens it, once the address asks for it.
    opens = {"more": True} if name == "convolution" else {}
    assert controls(app) == controls(usual) | opens
    assert app.query_params.keys() <= opens.keys()
    if asked and odd:
        (note,) = app.toast
        shown = "".join(note.value.split("\\"))
        assert all(f"{key}={odd}" in shown for key in asked if not key.endswith("_only"))
        assert "<img" not in note.value.replace("\\<", "")


@pytest.mark.parametrize("number", ["1e999", "-7", "NaN", "9" * 400, "3.5"])
@pytest.mark.parametrize("name", ["convolution", "pooling", "occlusion", "stepping"])
def test_a_number_out_of_range_is_named_and_the_control_stays_on_its_track(
    name: str, number: str
) -> None:
    declared = {one.key: one for one in declarations()}
    usual = opened(name)
    asked = {one.key: number for one in usual.slider if one.key in declared}
    app = opened(name, asked)
    for one in app.slider:
        assert problem(declared[one.key], one.value) is None or one.value == usual.slider(one.key)
    (note,) = app.toast
    assert all(key in note.value.replace("\\", "") for key in asked)
    assert len(note.value) < 60 * (len(asked) + 2)


def test_what_is_taken_is_not_named_however_it_is_spelled() -> None:
    taken = {"size": "7.0", "kernels": "Random", "filters": "04", "picture": "coffee"}
    app = opened("convolution", taken)
    assert app.session_state["size"] == 7
    assert not app.toast
    assert opened("pooling", {"pool_touch": "FALSE"}).session_state["pool_touch"] is False


def test_a_preset_and_a_moved_control_are_no_refusals() -> None:
    app = opened("convolution", {"kernels": "random", "size": "9"})
    key = next(str(one.key) for one in app.button if "Emboss" in str(one.key))
    app.button(key=key).click().run()
    assert not app.toast
    app.switch_page("pages/pooling.py").run()
    assert not app.toast


def test_a_picture_of_one_s_own_has_a_note_of_its_own() -> None:
    app = opened("pooling", {PICTURE.key: OWN_NAME})
    assert not app.toast
    assert app.info


def test_agreement_is_of_values_not_of_spelling() -> None:
    assert _agree(["a", "b"], ["a", "b"])
    assert not _agree(["a"], ["a", "b"])
    assert not _agree(["a"], [])
    assert _agree([""], [])
