"""Damaged model files: a network or a plain refusal, in little time and memory."""

import copy
import io
import json
import random
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz_core.networks import model_config, uploaded
from cnnviz_core.networks.plain_h5 import plain_copy
from tests.costs import cost_of
from tests.fuzzing import NUMBERS, SEEDS, damaged, fuzzed
from tests.nasty_models import functional_model, nested_model, saved, sequential_model

pytestmark = [
    pytest.mark.usefixtures("tensorflow_loaded"),
    # As in production: Keras warns of much that it then refuses.
    pytest.mark.filterwarnings("ignore"),
]

MAKERS = (sequential_model, functional_model, nested_model)
ODD: tuple[Any, ...] = (
    *NUMBERS,
    *(None, True, -1, 1e308, float("nan"), 10**400, "", "<b>", "relu", "same", "x" * 10_000),
    *([], {}, [[]], [None], [-1, 0], [10**9, 10**9], {"class_name": "Lambda"}),
    *({"class_name": "__keras_tensor__"}, {"class_name": "Sequential", "config": []}),
)


@cache
def files(ending: str) -> list[bytes]:
    """A real file of each kind of model."""
    with TemporaryDirectory() as folder:
        return [saved(make(), Path(folder), ending) for make in MAKERS]


def member(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def packed(config: bytes, weights: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("config.json", config)
        archive.writestr("model.weights.h5", weights)
    return stream.getvalue()


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """All that stands in a configuration, by what it stands in and where."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inside in pairs:
        yield value, key
        if isinstance(inside, dict | list):
            yield from places(inside)


def changed(config: Any, seed: int) -> Any:
    """A configuration with something odd, missing or from elsewhere at one to three places."""
    chance = random.Random(seed)  # noqa: S311
    config = copy.deepcopy(config)
    for _ in range(chance.randint(1, 3)):
        holder, key = chance.choice([*places(config)])
        other, other_key = chance.choice([*places(config)])
        match chance.randrange(3):
            case 0:
                holder[key] = copy.deepcopy(chance.choice(ODD))
            case 1:
                holder[key] = copy.deepcopy(other[other_key])
            case 2:
                del holder[key]
        if not config:
            break
    return config


def load(data: bytes) -> object:
    return uploaded.load(data, title="theirs")


def assert_answered(data: bytes) -> None:
    cost = cost_of(load, data)
    assert cost.answer == "taken" or cost.answer.startswith(("The ", "Keras ")), cost
    assert cost.is_bearable, cost


@fuzzed(300)
@given(st.integers(0, len(MAKERS) - 1), SEEDS)
def test_a_changed_description_is_cleaned_or_plainly_refused(place: int, seed: int) -> None:
    config = json.loads(member(files(".keras")[place], "config.json"))
    text = json.dumps(changed(config, seed))
    cost = cost_of(model_config.cleaned, text.encode())
    assert cost.answer == "taken" or cost.answer.startswith("The "), cost
    assert cost.is_bearable, cost


@fuzzed(12)
@given(st.integers(0, len(MAKERS) - 1), SEEDS)
def test_a_changed_description_makes_a_network_or_is_plainly_refused(place: int, seed: int) -> None:
    data = files(".keras")[place]
    config = json.loads(member(data, "config.json"))
    text = json.dumps(changed(config, seed)).encode()
    assert_answered(packed(text, member(data, "model.weights.h5")))


@fuzzed(6)
@given(st.integers(0, len(MAKERS) - 1), SEEDS)
def test_damaged_weights_are_copied_or_plainly_refused(place: int, seed: int) -> None:
    weights = damaged(member(files(".keras")[place], "model.weights.h5"), seed)
    cost = cost_of(lambda data: plain_copy(data, 10**8), weights)
    assert cost.answer == "taken" or cost.answer.startswith("The "), cost
    assert cost.is_bearable, cost


@fuzzed(12)
@given(st.integers(0, len(MAKERS) - 1), st.sampled_from([".keras", ".h5"]), SEEDS)
def test_a_damaged_file_is_plainly_refused_or_fits(place: int, ending: str, seed: int) -> None:
    data = damaged(files(ending)[place], seed)
    if seed % 2 and ending == ".keras":
        whole = files(ending)[place]
        weights = damaged(member(whole, "model.weights.h5"), seed)
        data = packed(member(whole, "config.json"), weights)
    assert_answered(data)
