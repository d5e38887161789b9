"""Classes before and after: the same ones on both sides, in an order that stays."""

import numpy as np
import pytest

from cnnviz_core import images, networks
from cnnviz_core.inspection import predictions
from cnnviz_core.inspection.prediction_changes import changes, first_class
from tests.tiny_networks import picture, pooled

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


def test_the_first_class_is_the_most_probable() -> None:
    assert first_class(pooled(), AFTER) == 2
    assert first_class(pooled(1, "sigmoid"), np.float32([-1])) == 0
    assert first_class(pooled(1, "sigmoid"), np.float32([1])) == 1


def test_a_class_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="asked"):
        changes(pooled(), BEFORE, AFTER, 3)
    with pytest.raises(ValueError, match="count"):
        changes(pooled(), BEFORE, AFTER, 0, count=0)
