"""Logits, probabilities and names; classes before and after, in an order that stays."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core import images, networks
from cnnviz_core.inspection import predictions
from cnnviz_core.inspection.predictions import changes
from cnnviz_core.networks import Network, from_keras, imagenet
from tests.tiny_networks import picture, pooled

LITE = "efficientnet-lite0"


@cache
def small_classifier(units: int, activation: str, names: tuple[str, ...] | None = None) -> Network:
    import keras

    keras.utils.set_random_seed(5)
    model = keras.Sequential(
        [keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(units, activation)]
    )
    return from_keras(model, title="small", class_names=names)


def top_names(picture: str, count: int) -> list[str]:
    found = predictions.top_classes(networks.load(LITE), images.sample(picture), count)
    return [prediction.name for prediction in found]


def test_the_cats_top_three_are_cats():
    found = predictions.top_classes(networks.load(LITE), images.sample("cat"), 3)
    assert all(prediction.index in predictions.CAT_CLASSES for prediction in found)


def test_a_cup_of_coffee_is_named_as_such():
    assert top_names("coffee", 2) == ["espresso", "cup"]


def test_a_rocket_for_which_there_is_no_class_is_a_missile():
    assert top_names("rocket", 2) == ["missile", "projectile"]


def test_a_motorcycle_is_named_a_moped():
    assert top_names("motorcycle", 2) == ["moped", "motor scooter"]


def test_an_astronaut_for_whom_there_is_no_class_gets_a_helmet():
    assert top_names("astronaut", 1) == ["football helmet"]


def test_top_classes_fall_in_probability_and_agree_with_all_of_them():
    network, image = networks.load(LITE), images.sample("cat")
    scores = predictions.logits(network, image)
    chances = predictions.probabilities(network, scores)
    found = predictions.top_classes(network, image, 10)
    assert [prediction.probability for prediction in found] == sorted(chances, reverse=True)[:10]
    for prediction in found:
        assert prediction.logit == scores[prediction.index]
        assert prediction.name == imagenet.class_names()[prediction.index]


def test_probabilities_are_what_the_keras_model_says():
    network, image = networks.load(LITE), images.sample("cat")
    chances = predictions.probabilities(network, predictions.logits(network, image))
    said = np.asarray(network.model(network.preprocess(image), training=False))[0]
    np.testing.assert_allclose(chances, said, rtol=1e-3, atol=1e-6)


def test_cat_and_dog_classes_are_the_cats_and_dogs_of_imagenet():
    names = imagenet.class_names()
    assert [names[index] for index in predictions.CAT_CLASSES] == [
        "tabby",
        "tiger cat",
        "Persian cat",
        "Siamese cat",
        "Egyptian cat",
    ]
    first, last = predictions.DOG_CLASSES[0], predictions.DOG_CLASSES[-1]
    assert (names[first], names[last]) == ("Chihuahua", "Mexican hairless")
    assert (names[first - 1], names[last + 1]) == ("sea lion", "timber wolf")
    assert len(predictions.DOG_CLASSES) == 118


def test_the_cat_is_no_dog():
    network = networks.load(LITE)
    answer = predictions.cat_or_dog(network, predictions.logits(network, images.sample("cat")))
    assert answer.cat > 0.9
    assert answer.dog < 0.01
    assert answer.cat + answer.dog + answer.other == pytest.approx(1, abs=1e-6)


def test_heat_leaves_every_kind_of_animal_its_share_of_the_classes():
    network = networks.load(LITE)
    scores = predictions.logits(network, images.sample("cat"))
    hot = predictions.cat_or_dog(network, scores, temperature=1000.0)
    assert (hot.cat, hot.dog) == pytest.approx((0.005, 0.118), rel=0.05)
    chances = predictions.probabilities(network, scores, temperature=2.0)
    warm = predictions.cat_or_dog(network, scores, temperature=2.0)
    assert warm.cat == pytest.approx(chances[281:286].sum())


def test_cat_or_dog_needs_the_classes_of_imagenet():
    network = small_classifier(3, "softmax")
    with pytest.raises(ValueError, match="knows 3"):
        predictions.cat_or_dog(network, np.zeros(3, np.float32))


SCORES = st.lists(st.floats(-50, 50, width=32), min_size=2, max_size=8).map(np.float32)


@settings(deadline=None, max_examples=60)
@given(scores=SCORES, temperature=st.floats(0.05, 20))
def test_softmax_with_temperature_is_its_formula(scores, temperature):
    network = small_classifier(3, "softmax")
    exponentials = [np.exp(np.longdouble(score) / temperature) for score in scores]
    expected = np.float64([value / sum(exponentials) for value in exponentials])
    chances = predictions.probabilities(network, scores, temperature=temperature)
    np.testing.assert_allclose(chances, expected, atol=1e-6)


@settings(deadline=None, max_examples=40)
@given(scores=SCORES)
def test_heat_levels_and_cold_sharpens(scores):
    network = small_classifier(3, "softmax")
    cold, own, hot = (
        predictions.probabilities(network, scores, temperature=temperature).max()
        for temperature in (0.5, 1, 2)
    )
    assert cold >= own - 1e-6
    assert own >= hot - 1e-6


@pytest.mark.parametrize("temperature", [0, -1, np.nan, np.inf])
def test_temperatures_that_mean_nothing_are_refused(temperature):
    with pytest.raises(ValueError, match="temperature must be above 0"):
        predictions.probabilities(
            small_classifier(3, "softmax"), np.zeros(3, np.float32), temperature=temperature
        )


def test_enormous_logits_stay_finite():
    network = small_classifier(3, "softmax")
    chances = predictions.probabilities(network, np.float32([1e30, -1e30, 0]))
    np.testing.assert_array_equal(chances, [1, 0, 0])


def blob(seed: int) -> Any:
    return np.random.default_rng(seed).integers(0, 256, (5, 7, 3), dtype=np.uint8)


@pytest.mark.parametrize("seed", range(3))
def test_one_sigmoid_output_says_both_sides(seed):
    network = small_classifier(1, "sigmoid", ("cat", "dog"))
    said = float(np.asarray(network.model(network.preprocess(blob(seed))))[0, 0])
    found = {p.name: p for p in predictions.top_classes(network, blob(seed))}
    assert found["dog"].probability == pytest.approx(said, abs=1e-5)
    assert found["cat"].probability == pytest.approx(1 - said, abs=1e-5)
    assert found["cat"].logit == 0


def test_a_sigmoid_for_each_class_gives_independent_probabilities():
    network = small_classifier(4, "sigmoid")
    scores = predictions.logits(network, blob(0))
    said = np.asarray(network.model(network.preprocess(blob(0))))[0]
    np.testing.assert_allclose(predictions.probabilities(network, scores), said, rtol=1e-4)


def test_classes_without_names_get_their_number():
    found = predictions.top_classes(small_classifier(4, "softmax"), blob(0), 9)
    assert {prediction.name for prediction in found} == {f"class {index}" for index in range(4)}


def test_count_must_be_positive():
    with pytest.raises(ValueError, match="count must be at least 1"):
        predictions.top_classes(small_classifier(4, "softmax"), blob(0), 0)


def test_a_network_without_classes_predicts_nothing():
    with pytest.raises(ValueError, match="has feature maps only"):
        predictions.top_classes(networks.load("vgg16-edges"), blob(0))


def test_predicting_leaves_the_network_as_it_is():
    network = small_classifier(4, "softmax")
    before = network.model.get_config()
    predictions.top_classes(network, blob(0))
    assert network.model.get_config() == before
    assert network.model.layers[-1].activation.__name__ == "softmax"


BEFORE = np.float32([3, 2, 1])
AFTER = np.float32([0, 2, 5])


def indices(before: np.ndarray, after: np.ndarray, asked: int, count: int) -> list[int]:
    return [one.before.index for one in changes(pooled(), before, after, asked, count=count)]


def test_rows_keep_the_order_of_before() -> None:
    assert indices(BEFORE, AFTER, 0, 3) == [0, 1, 2]
    assert indices(AFTER, BEFORE, 0, 3) == [2, 1, 0]


def test_what_rises_is_shown_and_who_is_asked_about_always() -> None:
    assert indices(BEFORE, AFTER, 0, 2) == [0, 2]
    assert indices(BEFORE, AFTER, 1, 2) == [1, 2]
    assert indices(BEFORE, AFTER, 1, 1) == [1]
    assert indices(BEFORE, AFTER, 1, 99) == [0, 1, 2]


def test_probabilities_are_the_network_s_own_on_both_sides() -> None:
    network, cat = networks.load("efficientnet-lite0"), images.sample("cat")
    before = predictions.logits(network, cat)
    after = predictions.logits(network, images.sample("coffee"))
    found = changes(network, before, after, 281)
    assert len(found) == 5
    assert [one.is_asked for one in found].count(True) == 1
    for one in found:
        assert one.before.index == one.after.index
        for side, scores in ((one.before, before), (one.after, after)):
            chances = predictions.probabilities(network, scores)
            assert side.probability == pytest.approx(chances[side.index])
    assert {"Egyptian cat", "espresso", "tabby"} <= {one.before.name for one in found}


def test_a_single_sigmoid_has_two_classes() -> None:
    network = pooled(1, "sigmoid")
    before = predictions.logits(network, picture())
    found = changes(network, before, -before, 0)
    assert [one.before.index for one in found] in ([0, 1], [1, 0])
    for one in found:
        assert one.before.probability == pytest.approx(1 - one.after.probability, abs=1e-6)


def test_a_class_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="asked"):
        changes(pooled(), BEFORE, AFTER, 3)
    with pytest.raises(ValueError, match="count"):
        changes(pooled(), BEFORE, AFTER, 0, count=0)
