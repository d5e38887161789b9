"""Presets: their groups, and that each is known as the one that the page shows."""

import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import presets
from pages.parts.contents import SECTIONS
from tests.pages.visits import opened

NAMES = [entry.name for entries in SECTIONS.values() for entry in entries]


def followed(app: AppTest) -> dict[str, Any]:
    """What the browser is told of the presets."""
    (found,) = (
        one.proto
        for one in app.get("bidi_component")
        if one.proto.component_name.endswith("cnnviz_presets")
    )
    return dict(json.loads(found.json))


def preset_keys(app: AppTest) -> list[str]:
    return [str(one.key) for one in app.button if str(one.key).startswith("preset ")]


@pytest.mark.parametrize("name", NAMES)
def test_each_preset_is_the_active_one_after_its_click(name: str) -> None:
    app = opened(name)
    keys = preset_keys(app)
    marked = []
    for key in keys:
        app.button(key=key).click().run()
        query, shown = followed(app)["views"][-1]
        marked.append(shown)
        assert shown == "st-key-" + re.sub(r"[^\w-]", "-", key), key
        assert bool(query) == bool(app.query_params), key
    assert len(set(marked)) == len(keys)


def test_groups_stand_in_their_order_and_only_several_have_titles() -> None:
    titles = set(presets.GROUPS.values())
    shown = {name: [one.value for one in opened(name).caption] for name in ("convolution", "votes")}
    assert [one for one in shown["convolution"] if one in titles] == [*presets.GROUPS.values()]
    assert not titles & set(shown["votes"])


def test_no_preset_is_active_once_a_control_has_moved() -> None:
    app = opened("convolution")
    assert followed(app)["views"] == [["", "st-key-preset-Find-edges"]] * 2
    app.session_state["angle"] = 5
    app.session_state["kernel_size"] = 9
    app.run()
    assert followed(app)["views"] == [["", "st-key-preset-Find-edges"]]


def test_a_page_without_presets_marks_none() -> None:
    app = opened("home")
    assert followed(app) == {"controls": [], "buttons": [], "views": []}
