"""The address is the view: who opens it sees the same, whatever was clicked or moved before."""

import os
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.views.home import gallery
from cnnviz_core.views.sharing import sample_picture
from pages.parts import identifiers
from pages.parts.contents import SECTIONS
from pages.parts.presets import ASKED
from pages.parts.table_of_contents import ASCENT_PRESETS
from tests.pages.visits import (
    controls,
    followed_presets,
    opened,
    pictures,
    texts,
    written_by_browser,
)

NAMES = [entry.name for entries in SECTIONS.values() for entry in entries]
# An ascent, and maps that grow, are compared by their controls: who waits for them sees the same.
GROWING = ("filter_ascent", "heatmaps")
SEEDS = range(int(os.environ.get("CNNVIZ_RANDOM_VIEWS", "1")))
MOVES = 4


def assert_address_is_view(app: AppTest, name: str) -> None:
    """Who opens the address anew sees the same, and the address stays what it is."""
    assert [one.value for one in app.exception] == []
    again = opened(name, app.query_params)
    assert controls(again) == controls(app)
    assert again.query_params == app.query_params
    if name not in GROWING:
        assert pictures(again) == pictures(app)
        assert texts(again) == texts(app)


@pytest.mark.parametrize("apart", [4, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", NAMES)
def test_every_preset_is_in_the_address_and_is_marked(name: str, apart: int) -> None:
    app = opened(name)
    keys = [str(one.key) for one in app.button if str(one.key).startswith("preset ")]
    marked = []
    for number, key in enumerate(keys):
        app.button(key=key).click().run()
        query, shown = followed_presets(app)["views"][-1]
        assert shown == "st-key-" + re.sub(r"[^\w-]", "-", key), key
        assert bool(query) == bool(app.query_params), key
        if number % apart == 1 % apart:  # the first of many pages is what they open with
            assert_address_is_view(app, name)
        marked.append(shown)
    assert keys
    assert len(set(marked)) == len(keys)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_in_the_address(name: str, seed: int) -> None:
    chance = random.Random(f"{name} {seed}")  # noqa: S311
    app = opened(name)
    for _ in range(MOVES):
        move(app, chance)
    assert_address_is_view(app, name)


def test_what_the_gallery_asks_for_is_in_the_address() -> None:
    # The last figure of each page: what a click on their presets does, all of them are asked above.
    asked = {one.figure.page: one.figure.title for one in gallery(sample_picture("cat"))}
    asked |= {"filter_ascent": [*ASCENT_PRESETS][-1], "heatmaps": "Heatmap"}
    for name, label in asked.items():
        app = opened(name, {ASKED: label})
        assert ASKED not in app.query_params
        assert followed_presets(app)["views"][-1][1].endswith(re.sub(r"[^\w-]", "-", label))
        assert_address_is_view(app, name)


@pytest.mark.parametrize("asked", ["Find no edges", ["Overlapping", "Mosaic"], "", "\0" * 9])
def test_a_preset_that_is_not_there_leaves_the_page_as_it_is(asked: str | list[str]) -> None:
    app = opened("pooling", {ASKED: asked})
    assert ASKED not in app.query_params
    assert not app.exception
    if isinstance(asked, str):
        assert controls(app) == controls(opened("pooling"))


def test_the_network_of_the_ascent_is_no_other_page_s() -> None:
    app = opened("filter_ascent")
    assert app.selectbox(key="ascent_network").value == "vgg16-edges"
    app.switch_page("pages/predictions.py").run()
    assert app.selectbox(key="network").value == "efficientnet-lite0"
    assert not app.info


def test_an_old_address_of_the_ascent_page_opens_the_same_view() -> None:
    asked = {"ascent_target": "A class", "target_class": "Egyptian cat"}
    old = opened("filter_ascent", {"network": "EfficientNet-Lite0", **asked})
    new = {"ascent_network": "EfficientNet-Lite0", **asked}
    assert controls(old) == controls(opened("filter_ascent", new))
    assert old.query_params == {
        "ascent_network": "efficientnet-lite0",
        "ascent_target": "class",
        "target_class": "285",
    }


def test_options_of_old_addresses_are_read_as_they_are_called_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(identifiers.RENAMED, "kernels", {"Out of my head": "edited"})
    monkeypatch.setitem(identifiers.RENAMED, "act_compare", {"Schwish": "swish"})
    by_hand = opened("convolution", {"kernels": "Out of my head", "source": "Camera"})
    assert by_hand.session_state["kernels"] == "edited"
    assert by_hand.query_params == {"kernels": "edited", "source": "Camera"}
    compared = opened("activation", {"act_compare": ["ReLU", "Schwish"]})
    assert compared.session_state["act_compare"] == ["relu", "swish"]
    assert compared.query_params["act_compare"] == ["relu", "swish"]


def test_a_network_is_found_under_its_old_title() -> None:
    page = opened("kernels", {"network": "LeNet-5 (untrained)"})
    assert page.session_state["network"] == "lenet-5"
    assert page.query_params["network"] == "lenet-5"


# Pages on which these controls stand, and what makes them appear.
WHERE: dict[str, tuple[str, dict[str, str]]] = {
    "network": ("kernels", {}),
    "ascent_network": ("filter_ascent", {}),
    "maps_order": ("feature_maps", {}),
    "kernel": ("convolution", {}),
    "act_scale": ("activation", {}),
    "maps_scale": ("feature_maps", {}),
    "kernels_scale": ("kernels", {"kernels_random": "true"}),
    "lenet_scale": ("lenet", {}),
    "ascent_from": ("filter_ascent", {}),
    "ascent_which": ("filter_ascent", {}),
    "heat_view": ("heatmaps", {}),
    "kernels_first": ("kernels", {}),
    "occlusion_fill": ("occlusion", {}),
    "votes_display": ("votes", {}),
}


@pytest.mark.parametrize("key", identifiers.RENAMED)
def test_an_old_option_leads_to_one_that_is_offered(key: str) -> None:
    page, others = WHERE[key]
    for old, new in identifiers.RENAMED[key].items():
        app = opened(page, {key: old, **others})
        assert app.session_state[key] == new
        assert app.query_params.get(key, new) == new


def move(app: AppTest, chance: random.Random) -> None:
    """Set one control to something, as a browser does: control and address change together."""
    control = chance.choice(movable(app))
    before = control.value
    set_to(app, control, some_value(control, chance, deserializer(app, control.id)))
    if app.error or app.warning:
        # What is refused leaves the last picture there, which no address can.
        set_to(app, next(one for one in movable(app) if one.key == control.key), before)


def movable(app: AppTest) -> list[Any]:
    kinds = ("slider", "select_slider", "number_input", "toggle")
    kinds += ("selectbox", "button_group", "multiselect")
    bound = controls(app)
    return [one for kind in kinds for one in app.main.get(kind) if one.key in bound]


def set_to(app: AppTest, control: Any, value: Any) -> None:
    control.set_value(value)
    if control.value == deserializer(app, control.id)(None):
        app.query_params.pop(control.key, None)
    else:
        app.query_params[control.key] = written_by_browser(control)
    app.run()


def some_value(control: Any, chance: random.Random, read: Callable[[Any], Any]) -> Any:
    """Any value that the control can have."""
    if control.type == "toggle":
        return chance.random() < 0.5
    if control.type in ("slider", "number_input"):
        count = round((control.max - control.min) / control.step)
        return type(control.value)(control.min + control.step * chance.randint(0, count))
    text = chance.choice(control.options)
    return read(text if control.type == "selectbox" else [text])


def deserializer(app: AppTest, control: str) -> Callable[[Any], Any]:
    """Streamlit's own way from what a browser sends for a control to its value."""
    return app.session_state._state._state.get_widget_metadata(control).deserializer
