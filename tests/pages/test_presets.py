"""Presets: their groups, and which is marked; `test_address.py` clicks each of them."""

from pages.parts import presets
from tests.pages.visits import followed_presets, opened


def test_groups_stand_in_their_order_and_only_several_have_titles() -> None:
    shown = {name: [one.value for one in opened(name).caption] for name in ("convolution", "votes")}
    titles = set(presets.GROUPS.values())
    expected = [presets.GROUPS[one] for one in ("try", "network", "article")]
    assert [one for one in shown["convolution"] if one in titles] == expected
    assert not titles & set(shown["votes"])


def test_no_preset_is_active_once_a_control_has_moved() -> None:
    app = opened("convolution")
    assert followed_presets(app)["views"] == [["", "st-key-preset-Find-edges"]] * 2
    app.session_state["angle"] = 5
    app.session_state["kernel_size"] = 9
    app.run()
    assert followed_presets(app)["views"] == [["", "st-key-preset-Find-edges"]]


def test_a_page_without_presets_marks_none() -> None:
    app = opened("home")
    assert followed_presets(app) == {"controls": [], "buttons": [], "views": []}
