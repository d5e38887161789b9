"""Addresses and messages that no browser of ours sends: every page lives on, and answers soon."""

import json
import math
import random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from pages.parts import easel, picker
from pages.parts.contents import ALL
from pages.parts.declarations import Choice, Number, Several, Switch
from pages.parts.heatmaps import occlusion_pad
from pages.parts.heatmaps.occlusion_controls import ACROSS, DOWN
from pages.parts.inspection import architecture_view, network_drawing
from pages.parts.layers import kernel_editor, step_player
from pages.parts.layers.kernel_controls import SOURCE
from pages.parts.presets import ASKED
from tests.costs import cost_of
from tests.fuzzing import SEEDS, fuzzed
from tests.pages.test_controls import Declaration, declarations, problem
from tests.pages.visits import controls, opened

HOSTILE = (
    *("", "0", "-1", " 3", "1.5", "1e999", "NaN", "9" * 400, "true", "null", "[]", "١٢"),
    *("\0", "\ufffd", "\u202e", "%00%ff", "x" * 100_000, "\x0b" * 100_000),
    *("<img src=x onerror=alert(1)>", "![x](http://evil.example)", "$\\href{a}{b}$", "' OR 1=1"),
)


def asked(chance: random.Random) -> dict[str, Any]:
    """An address that asks for something of three controls in four: odd, repeated, or on offer."""
    found: dict[str, Any] = {ASKED: chance.choice(HOSTILE)}
    for control in declarations():
        kind = chance.randrange(4)
        if kind == 1:
            found[control.key] = chance.choice(HOSTILE)
        elif kind == 2:
            found[control.key] = [chance.choice(HOSTILE) for _ in range(chance.randint(2, 5))]
        elif kind == 3:
            found[control.key] = on_offer(control, chance)
    return found


def on_offer(control: Declaration, chance: random.Random) -> str:
    match control:
        case Choice() | Several() if control.options:
            return str(chance.choice([*control.options.values()]))
        case Number():
            return str(chance.choice([control.low, control.high, control.low - 1]))
        case Switch():
            return chance.choice(["true", "false"])
    return chance.choice(HOSTILE)


@pytest.mark.parametrize("name", [entry.name for entry in ALL])
def test_a_page_opens_by_any_address(name: str) -> None:
    opened(name)  # what the page asks of networks for the first time is no address's doing
    declared = {control.key: control for control in declarations()}

    @fuzzed(1)
    @given(SEEDS)
    def open_by(seed: int) -> None:
        address = asked(random.Random(f"{name} {seed}"))  # noqa: S311
        apps: list[AppTest] = []
        cost = cost_of(lambda _: apps.append(opened(name, address)), b"")
        assert cost.seconds < 4, cost  # two processors in two seconds
        assert cost.megabytes < 300, cost
        for key, value in controls(apps[0]).items():
            if key in declared and value is not None:
                assert not problem(declared[key], value), key

    open_by()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.just(10**400),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(["down", "across", "x"]), inside, max_size=3)
    ),
    max_leaves=6,
)


@fuzzed(200)
@given(place=JSON)
def test_whatever_the_pad_sends_the_sliders_stay_on_their_tracks(place: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        state: dict[str, Any] = {occlusion_pad.KEY: SimpleNamespace(place=place)}
        stand_in = SimpleNamespace(session_state=state)
        for module in (occlusion_pad, occlusion_pad.controls):
            patch.setattr(module, "st", stand_in)
        occlusion_pad._follow()
    for control in (DOWN, ACROSS):
        if control.key in state:
            assert not problem(control, state[control.key])
    is_place = isinstance(place, dict) and type(place.get("down")) in (int, float)
    if is_place and (type(place["down"]) is int or math.isfinite(place["down"])):
        assert DOWN.key in state


def send(app: AppTest, kind: str, key: str, message: Any) -> AppTest:
    """Have the browser send this for an element, next to what all controls say."""
    known = app.session_state._state._state._new_widget_state.widget_metadata
    # What a component triggers goes by an identity of its own.
    (identity,) = (one for one, data in known.items() if key in one and data.value_type == kind)
    states = app._tree.get_widget_states()
    setattr(states.widgets.add(id=identity), kind, message)
    app._run(states)
    assert [one.message for one in app.exception] == []
    return app


# What is no JSON, Streamlit itself refuses.
PAYLOADS = [
    '{"event": "place", "value": {"down": 1' + "0" * 400 + ', "across": "x"}}',
    '[{"event": "place", "value": [[[]]]}, {"event": 7}, null, 3]',
    '[{"event": "layer", "value": {"a": [1]}}]',
    '[{"event": "weights", "value": [[1, 2]]}]',
    '[{"event": "weights", "value": "' + "1 " * 5_000 + '"}]',
    '[{"event": "weights", "value": "1 2; <img src=x onerror=alert(1)>"}]',
    '[{"event": "layer", "value": "<img src=x onerror=alert(1)>"}]',
    '[{"event": "stop", "value": 1' + "0" * 400 + "}]",
    '[{"event": "stop", "value": -3}]',
    '[{"event": "stop", "value": 5000}]',
    '[{"event": "stop", "value": "<b>"}]',
    '[{"event": "painted", "value": {"a": 1}}]',
    '[{"event": "painted", "value": "data:image/png;base64,*"}]',
    '[{"event": "painted", "value": "data:image/png;base64,R0lGODlh"}]',
    '[{"event": "painted", "value": "data:image/png;base64,' + "A" * 5_000_000 + '"}]',
    "[" * 50 + "]" * 50,
    "NaN",
    '"\\ud800"',
]


@pytest.mark.parametrize(
    ("page", "key", "address"),
    [
        ("occlusion", occlusion_pad.KEY, {}),
        ("architecture", network_drawing.KEY, {}),
        ("convolution", kernel_editor.CELLS, {SOURCE.key: SOURCE.options["edited"]}),
        ("stepping", step_player.STOPS, {}),
        ("pooling", easel.KEY, {picker.SOURCE.key: "Paint"}),
    ],
)
def test_a_page_lives_on_whatever_its_component_sends(
    page: str, key: str, address: dict[str, str]
) -> None:
    app = opened(page, address)
    before = controls(app)
    for payload in PAYLOADS:
        send(app, "json_trigger_value", key, payload)
        send(app, "json_value", key, payload)
    assert controls(app).keys() == before.keys()


@pytest.mark.parametrize("rows", [[10**6], [-(10**6)], ["x"], [None], "x", {}, [10**400]])
def test_a_row_that_is_not_in_the_table_chooses_no_layer(rows: Any) -> None:
    app = opened("architecture")
    chosen = app.session_state["arch_layer"]
    selection = {"selection": {"rows": rows, "columns": []}}
    send(app, "string_value", architecture_view.TABLE, json.dumps(selection))
    assert app.session_state["arch_layer"] == chosen
