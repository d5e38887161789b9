"""The predictions page: what it shows, and that only a new picture makes the network run."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.inspection import feature_maps, predictions
from cnnviz_core.networks import from_keras
from cnnviz_core.views import networks, sharing
from cnnviz_core.views import predictions as predictions_view
from cnnviz_core.views.sharing import Picture
from pages.parts.picker import OWN_KEY, OWN_NAME
from tests.pages.visits import opened

ROW = re.compile(r'predict-name">([^<]*)<.*?predict-chance">([^<]*)<', re.DOTALL)
EXPANDERS = ("predict_logits", "predict_all", "predict_values")
# The first class of each preset, and the values that the picture has.
PRESETS = {
    "Cat": ("Egyptian cat", "320 × 400 × 3"),
    "Cup of coffee": ("espresso", "320 × 480 × 3"),
    "Rocket": ("missile", "320 × 354 × 3"),
    "Astronaut": ("football helmet", "320 × 320 × 3"),
    "Unsure": ("Egyptian cat", "320 × 400 × 3"),
    "Too sure": ("Egyptian cat", "320 × 400 × 3"),
}


@pytest.fixture
def page() -> AppTest:
    return opened("predictions")


def bodies(page: AppTest) -> list[str]:
    return [str(one.proto.body) for one in page.get("html")]


def bars(page: AppTest) -> list[tuple[str, str]]:
    """Names and probabilities, from top to bottom."""
    return [row for body in bodies(page) if "predict-bars" in body for row in ROW.findall(body)]


def shapes(page: AppTest) -> list[str]:
    return [found for body in bodies(page) for found in re.findall('cnnviz-shape">([^<]*)<', body)]


def pets(page: AppTest) -> list[str]:
    return [body for body in bodies(page) if 'class="predict-sides' in body]


def press(page: AppTest, label: str) -> AppTest:
    return page.button(key=f"preset {label}").click().run()


def open_all(page: AppTest) -> None:
    for key in EXPANDERS:
        page.session_state[key] = True
    page.run()


def test_the_first_visit_names_five_classes_of_the_cat(page: AppTest) -> None:
    assert not page.exception
    assert [name for name, _ in bars(page)][:3] == ["Egyptian cat", "tiger cat", "tabby"]
    assert len(bars(page)) == 5


@pytest.mark.parametrize(("label", "expected"), PRESETS.items())
def test_a_preset_shows_its_picture_and_what_is_seen_in_it(
    page: AppTest, label: str, expected: tuple[str, str]
) -> None:
    press(page, label)
    assert not page.exception
    assert (bars(page)[0][0], shapes(page)[0]) == expected


def test_a_preset_undoes_the_one_before(page: AppTest) -> None:
    press(page, "Untrained")
    press(page, "Rocket")
    press(page, "Cat")
    assert bars(page)[0][0] == "Egyptian cat"


def test_neither_count_nor_temperature_makes_the_network_run_again(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    logits, all_layers = predictions.logits, feature_maps.all_layers
    monkeypatch.setattr(predictions, "logits", lambda *given: runs.append(1) or logits(*given))
    monkeypatch.setattr(
        feature_maps, "all_layers", lambda *given: runs.append(1) or all_layers(*given)
    )
    press(page, "Cup of coffee")
    open_all(page)
    runs.clear()
    page.slider(key="predict_count").set_value(10).run()
    page.select_slider(key="predict_temperature").set_value(4.0).run()
    assert not page.exception
    assert runs == []
    # A picture that nobody has asked for.
    page.session_state[OWN_KEY] = Picture("gray", np.full((64, 64, 3), 90, np.uint8))
    page.run()
    page.radio(key="picture").set_value(OWN_NAME).run()
    assert not page.exception
    assert runs


def test_every_control_can_be_moved_to_both_ends(page: AppTest) -> None:
    open_all(page)
    for count in (3, 10):
        page.slider(key="predict_count").set_value(count).run()
        assert not page.exception
        assert len(bars(page)) == count
    for temperature in (0.25, 4.0):
        page.select_slider(key="predict_temperature").set_value(temperature).run()
        assert not page.exception


def test_heat_levels_the_bars_and_keeps_their_order(page: AppTest) -> None:
    cold = press(page, "Too sure")
    names, chances = zip(*bars(cold), strict=True)
    hot_names, hot_chances = zip(*bars(press(page, "Unsure")), strict=True)
    assert names == hot_names
    assert float(chances[0].strip("%")) > 99 > 2 > float(hot_chances[0].strip("%"))


def test_the_formula_has_the_number_of_the_first_bar(page: AppTest) -> None:
    press(page, "Unsure")
    (formula,) = (one.value for one in page.markdown if r"\sum_j" in one.value)
    (chance,) = re.findall(r"\\mathbf\{([^}]*)\}\$", formula)
    assert f"{float(chance):.1%}" == bars(page)[0][1]
    assert "/4" in formula


def test_cat_and_dog_and_the_rest_fill_the_bar(page: AppTest) -> None:
    (body,) = pets(page)
    widths = [float(width) for width in re.findall(r"width:([\d.]+)%", body)]
    assert sum(widths) == pytest.approx(100, abs=0.01)
    assert widths[0] > 90


def said(page: AppTest) -> str:
    return "\n".join(one.value for one in page.markdown)


def test_it_explains_why_heat_makes_a_dog_of_the_cat(page: AppTest) -> None:
    assert "Why dogs now?" not in said(page)
    press(page, "Unsure")
    (explanation,) = [one for one in said(page).split("\n") if "Why dogs now?" in one]
    assert "*Egyptian cat* still comes first" in explanation
    assert "all 1,000 classes more alike" in explanation
    assert "118 breeds of dog to only 5 kinds of cat" in explanation
    assert "dogs would have 11.8% and cats 0.5%" in explanation
    (body,) = pets(page)
    cat, _, dog = (float(width) for width in re.findall(r"width:([\d.]+)%", body))
    assert cat < dog
    press(page, "Too sure")
    assert "Why" not in said(page)


@pytest.mark.parametrize("temperature", [0.25, 1.0, 3.0, 4.0])
def test_sums_turn_over_where_another_side_leads_than_at_one(temperature: float) -> None:
    network, cat = networks.load_network("efficientnet-lite0"), sharing.sample_picture("cat")
    at_one, now = (
        predictions_view.predicted(network, cat, count=3, temperature=one)
        for one in (1.0, temperature)
    )
    assert at_one.cat_or_dog is not None
    assert now.cat_or_dog is not None
    leads = [one.cat_or_dog.cat > one.cat_or_dog.dog for one in (at_one, now)]
    assert now.turns_over == (leads[0] != leads[1]) == (temperature >= 3)


def test_a_network_that_gives_no_numbers_says_so() -> None:
    import keras

    layers = [keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")]
    network = from_keras(keras.Sequential(layers), title="not a number")
    network.model.set_weights([np.full_like(one, np.nan) for one in network.model.get_weights()])
    with pytest.raises(ValueError, match="finite"):
        predictions_view.predicted(network, sharing.sample_picture("cat"), count=3, temperature=1.0)


def test_an_untrained_network_admits_it(page: AppTest) -> None:
    press(page, "Untrained")
    assert not page.exception
    assert {name for name, _ in bars(page)} <= set("0123456789")
    assert any("learned nothing" in one.value for one in page.caption)
    assert pets(page) == []


def test_a_network_without_classes_offers_one_that_has(page: AppTest) -> None:
    page.selectbox(key="network").set_value("vgg16-edges").run()
    assert not page.exception
    assert bars(page) == []
    assert "no classes" in page.info[0].value
    page.button(key="predict switch").click().run()
    assert len(bars(page)) == 5


def test_the_values_that_the_classifier_weighs_are_shown_on_demand(page: AppTest) -> None:
    assert len(shapes(page)) == 1
    open_all(page)
    assert not page.exception
    assert shapes(page)[1] == "1280"
    press(page, "Untrained")
    open_all(page)
    assert shapes(page)[1] == "84"


@pytest.mark.parametrize(
    ("units", "activation", "num_classes", "sign"),
    [(1, "sigmoid", 2, r"\sum_j"), (3, "sigmoid", 3, "1 + e"), (3, "softmax", 3, r"\sum_j")],
)
def test_every_kind_of_classifier_gets_its_formula(
    units: int, activation: str, num_classes: int, sign: str
) -> None:
    import keras

    layers = [keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(units, activation)]
    network = from_keras(keras.Sequential(layers), title=f"{units} {activation}")
    picture = sharing.sample_picture("cat")
    assert predictions_view.num_classes(network) == num_classes
    view = predictions_view.predicted(network, picture, count=5, temperature=2.0)
    assert len(view.top) == num_classes
    assert view.cat_or_dog is None
    assert sign in view.formula
    written = float(view.formula.split(r"\mathbf{")[1].rstrip("}"))
    assert written == pytest.approx(view.top[0].probability, rel=0.01)
    assert predictions_view.weighed_values(network, picture) is None
