"""Work that goes on from any of its states gives the states that it would have given."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial
from typing import Any

import numpy as np
import pytest

from cnnviz_core import images
from cnnviz_core.heatmaps import heatmap
from cnnviz_core.heatmaps.chance_curves import chance_states
from cnnviz_core.heatmaps.class_scores import one_class
from cnnviz_core.heatmaps.confidence_drops import average_drop_states, drop
from cnnviz_core.heatmaps.faithfulness import deletion_states, insertion_states
from cnnviz_core.heatmaps.occlusion import occlusion_states
from cnnviz_core.inspection.predictions import top_classes
from tests.tiny_networks import picture, pooled

HEAT = np.linspace(0, 1, 30, dtype=np.float32).reshape(6, 5)
CHANCE = {"baseline": "black", "count": 2, "steps": 20}

KINDS: dict[str, Callable[[Any], Callable[..., Iterator[Any]]]] = {
    "deletion": lambda one: partial(deletion_states, one, picture(), HEAT, 0, steps=40),
    "insertion": lambda one: partial(insertion_states, one, picture(), HEAT, 0, steps=40),
    "random deletion": lambda one: partial(
        chance_states, one, picture(), 0, (3, 2), is_deletion=True, **CHANCE
    ),
    "random insertion": lambda one: partial(
        chance_states, one, picture(), 0, (3, 2), is_deletion=False, **CHANCE
    ),
    "occlusion": lambda one: partial(
        occlusion_states, one, picture(), one_class(one, 1), size=2, stride=1
    ),
    "average drop": lambda one: partial(average_drop_states, one, method="grad-cam"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_from_each_state_it_ends_as_it_would_have(kind: str) -> None:
    begin = KINDS[kind](pooled())
    states = list(begin())
    assert len(states) > 1
    for number, state in enumerate(states):
        rest = list(begin(resume=state))
        assert len(rest) == len(states) - number - 1
        for one, expected in zip(rest, states[number + 1 :], strict=True):
            for name in (field.name for field in fields(expected) if field.name != "begun"):
                np.testing.assert_array_equal(getattr(one, name), getattr(expected, name))


def test_the_average_drop_is_that_of_all_samples() -> None:
    network = pooled()
    *_, found = average_drop_states(network, method="grad-cam")
    drops = []
    for image in map(images.sample, images.sample_names()):
        target = top_classes(network, image, 1)[0].index
        drops.append(drop(network, image, heatmap(network, image, target), target))
    assert (found.count, found.total) == (len(drops), len(drops))
    assert found.share == pytest.approx(np.mean([one.share for one in drops]))
    assert found.num_rises == sum(one.shown > one.whole for one in drops)
