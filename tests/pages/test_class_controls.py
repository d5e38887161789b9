"""The search for a class, and the predictions beside a picture."""

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.networks import Network, from_keras
from cnnviz_core.views import networks, predictions, sharing

EGYPTIAN_CAT, TABBY, TIGER_CAT, ROCK_CRAB = 285, 281, 282, 119
ROW = re.compile(
    r'classes-row( classes-chosen)?"><span class="classes-place">([\d,]+)\..*?'
    r'classes-name">([^<]*)<.*?classes-chance">([^<]*)<',
    re.DOTALL,
)


def page() -> None:
    import streamlit as st

    from cnnviz_core.views.sharing import sample_picture
    from pages.parts.class_controls import choose_class, choose_other_class, show_predictions

    network = st.session_state["network"]
    picture = sample_picture(st.session_state["picture"])
    target = choose_class(network, picture)
    other = choose_other_class(network, picture, target)
    st.session_state["chosen"] = (target, other)
    show_predictions(network, picture, target, other)


def run(network: Network | None = None, picture: str = "cat", **state: Any) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["network"] = network or networks.load_network("efficientnet-lite0")
    app.session_state["picture"] = picture
    for key, value in state.items():
        app.session_state[key] = value
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def chosen(app: AppTest) -> tuple[int, int]:
    found: tuple[int, int] = app.session_state["chosen"]
    return found


def rows(app: AppTest) -> list[tuple[str, str, str, str]]:
    (body,) = [str(one.proto.body) for one in app.get("html")]
    return ROW.findall(body)


def test_without_a_choice_it_is_the_prediction_and_the_next_one() -> None:
    assert chosen(run()) == (EGYPTIAN_CAT, TIGER_CAT)


def test_the_prediction_follows_the_picture() -> None:
    app = run()
    app.session_state["picture"] = "coffee"
    names = networks.load_network("efficientnet-lite0").class_names
    assert names is not None
    assert names[chosen(checked(app.run()))[0]] == "espresso"


def test_any_class_can_be_found_by_its_name() -> None:
    app = run()
    assert len(app.selectbox(key="target_class").options) == 1001
    assert len(app.selectbox(key="other_class").options) == 1000
    assert "rock crab" in app.selectbox(key="target_class").options
    app.selectbox(key="target_class").set_value(ROCK_CRAB)
    assert chosen(checked(app.run())) == (ROCK_CRAB, EGYPTIAN_CAT)


def test_nothing_is_compared_with_itself() -> None:
    app = run(other_class=TABBY)
    assert chosen(app) == (EGYPTIAN_CAT, TABBY)
    app.selectbox(key="target_class").set_value(TABBY)
    assert chosen(checked(app.run())) == (TABBY, EGYPTIAN_CAT)


def test_a_class_that_a_network_has_not_gives_way_to_its_prediction() -> None:
    network = networks.load_network("lenet-5")
    app = run(network, target_class=ROCK_CRAB, other_class=TABBY)
    best, second = predictions.ranked_classes(network, sharing.sample_picture("cat"))[:2]
    assert chosen(app) == (best.index, second.index)


def test_the_chosen_classes_are_marked_wherever_they_stand() -> None:
    found = rows(run(target_class=ROCK_CRAB))
    assert [place for _, place, _, _ in found[:5]] == ["1", "2", "3", "4", "5"]
    assert [name for _, _, name, _ in found[:3]] == ["Egyptian cat", "tiger cat", "tabby"]
    assert [name for mark, _, name, _ in found if mark] == ["Egyptian cat", "rock crab"]
    assert int(found[5][1].replace(",", "")) > 5


@pytest.mark.parametrize("names", [("twin", "twin", "single"), ("The prediction", "a", "b"), None])
def test_classes_that_share_a_name_are_told_apart(names: tuple[str, ...] | None) -> None:
    import keras

    layers = [keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")]
    network = from_keras(keras.Sequential(layers), title=f"{names}", class_names=names)
    app = run(network)
    options = app.selectbox(key="target_class").options
    assert len(set(options)) == len(options) == 4
    for index in range(3):
        app.selectbox(key="target_class").set_value(index)
        assert chosen(checked(app.run()))[0] == index


def test_a_network_without_a_classifier_has_no_classes() -> None:
    network = networks.load_network("vgg16-edges")
    assert predictions.ranked_classes(network, sharing.sample_picture("cat")) == ()
