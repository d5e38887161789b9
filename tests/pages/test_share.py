"""What can be handed on of a view: its address as the browser shows it, and nothing before."""

import json
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.views.sharing import sample_picture
from pages.parts import share
from pages.parts.contents import ALL
from pages.parts.picker import OWN_KEY, OWN_NAME
from tests.pages.visits import DASHBOARD, opened


def shared(app: AppTest) -> dict[str, Any]:
    """What the dialog gives the browser."""
    (found,) = (
        one.proto
        for one in app.get("bidi_component")
        if one.proto.component_name.endswith("cnnviz_share")
    )
    return dict(json.loads(found.json))


def qr_codes(app: AppTest) -> list[str]:
    return [one.proto.body for one in app.get("html") if 'class="cnnviz-qr"' in one.proto.body]


@pytest.mark.parametrize("name", [entry.name for entry in ALL])
def test_every_page_shares_its_address_once_it_is_asked(name: str) -> None:
    app = opened(name, {"picture": "coffee"})
    assert not qr_codes(app)
    app.button(key="share").click().run()
    address, framed = shared(app)["texts"].values()
    assert address.endswith("?picture=coffee")
    assert unescape(framed).startswith(f'<iframe src="{address}&embed=true"')
    assert len(qr_codes(app)) == 1


def test_an_address_holds_what_was_moved_and_several_values_of_one_control() -> None:
    app = opened("activation", {"act_compare": ["relu", "swish"], "act_function": "gelu"})
    app.button(key="share").click().run()
    address = next(iter(shared(app)["texts"].values()))
    assert set(address.lstrip("?").split("&")) == {
        "act_compare=relu",
        "act_compare=swish",
        "act_function=gelu",
    }


def test_a_picture_of_one_s_own_does_not_travel_and_the_dialog_says_so() -> None:
    app = opened("pooling")
    app.button(key="share").click().run()
    assert not app.info
    app = AppTest.from_file(DASHBOARD, default_timeout=120)
    app.session_state[OWN_KEY] = sample_picture("rocket")
    app.session_state["picture"] = OWN_NAME
    app.switch_page("pages/pooling.py").run()
    assert not app.info
    app.button(key="share").click().run()
    (note,) = app.info
    assert "does not travel" in note.value


def test_what_is_too_long_for_a_code_has_none() -> None:
    assert share.qr_code("https://cnnviz.example/?" + "x" * 2000)
    assert share.qr_code("https://cnnviz.example/?" + "x" * 3000) is None
