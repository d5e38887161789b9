"""Ascents in batches: the same pictures as at once, in pieces that stay small."""

import pickle
from itertools import product

import numpy as np
import pytest

from cnnviz_core.filter_ascent.ascent import ascend, measure
from cnnviz_core.filter_ascent.batches import (
    BATCH_PIXELS,
    GRAY,
    AscentProgress,
    ascend_in_batches,
    filters_per_batch,
    measure_in_batches,
)
from cnnviz_core.filter_ascent.objectives import channel
from cnnviz_core.filter_ascent.settings import AscentSettings
from cnnviz_core.heatmaps.records import last
from cnnviz_core.networks import Network
from tests.tiny_networks import network_of, picture

SETTINGS = AscentSettings(jitter=2, precision="float32")
# Large enough that no two pictures of this size go into one batch.
LARGE = (200, 201)


@pytest.fixture(scope="module")
def network() -> Network:
    import keras

    keras.utils.set_random_seed(3)
    return network_of(
        keras.layers.Conv2D(5, 3, activation="relu", padding="same", name="conv"), size=(24, 20)
    )


def test_batches_are_alike_and_small() -> None:
    for count, copies, side in product(range(1, 17), range(1, 5), (64, 96, 128, 192, 256)):
        number = filters_per_batch(count, copies, (side, side))
        assert count % number == 0
        assert number == 1 or number * copies * side**2 <= BATCH_PIXELS


def test_pictures_in_one_batch_are_those_of_an_ascent(network: Network) -> None:
    found = list(
        ascend_in_batches(network, "conv", [0, 3, 4], steps=4, size=(24, 20), settings=SETTINGS)
    )
    expected = list(ascend(network, "conv", [0, 3, 4], steps=4, size=(24, 20), settings=SETTINGS))
    assert [one.share for one in found] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert [one.step for one in found] == [0, 0, 1, 2, 3, 4]
    assert (found[0].images == GRAY).all()
    for one, state in zip(found[1:], expected, strict=True):
        np.testing.assert_array_equal(one.images, state.images)
        np.testing.assert_array_equal(one.activations[-1], state.activations)


def test_each_picture_of_a_large_ascent_is_one_of_its_own(network: Network) -> None:
    found = list(ascend_in_batches(network, "conv", [2, 4], steps=2, size=LARGE, settings=SETTINGS))
    assert [one.step for one in found] == [0, 0, 0, 0, 1, 1, 2]
    assert len(found[1].activations) == 0
    assert (found[1].images[0] != GRAY).any()
    assert (found[1].images[1] == GRAY).all()
    for index, one in enumerate((2, 4)):
        alone = last(ascend(network, "conv", [one], steps=2, size=LARGE, settings=SETTINGS))
        np.testing.assert_array_equal(found[-1].images[index], alone.images[0])
        assert found[-1].activations[-1, index] == alone.activations[0]
    # What was handed out stays as it was.
    assert (found[1].images[1] == GRAY).all()


def test_copies_of_a_filter_share_a_batch_and_differ(network: Network) -> None:
    settings = AscentSettings(jitter=2, diversity=2.0, precision="float32")
    found = last(
        ascend_in_batches(network, "conv", [1, 2], copies=2, steps=3, size=LARGE, settings=settings)
    )
    pair = last(ascend(network, "conv", [1, 1], steps=3, size=LARGE, settings=settings))
    np.testing.assert_array_equal(found.images[:2], pair.images)
    assert np.abs(found.images[2] - found.images[3]).max() > 0.01


@pytest.mark.parametrize("size", [(24, 20), LARGE])
def test_wherever_an_ascent_is_resumed_it_ends_as_it_would_have(
    network: Network, size: tuple[int, int]
) -> None:
    def ascent(resume: AscentProgress | None = None) -> list[AscentProgress]:
        given = {"steps": 2, "size": size, "settings": SETTINGS, "resume": resume}
        return list(ascend_in_batches(network, "conv", [1, 2, 4], **given))

    whole = ascent()
    for number, state in enumerate(whole):
        sent = pickle.loads(pickle.dumps(state))  # noqa: S301
        rest = ascent(resume=sent)
        assert [one.share for one in rest] == [one.share for one in whole[number + 1 :]]
        for one, expected in zip(rest, whole[number + 1 :], strict=True):
            np.testing.assert_array_equal(one.images, expected.images)
            np.testing.assert_array_equal(one.activations, expected.activations)
    assert whole[-1].states == ()


def test_an_ascent_from_a_picture_shows_it_first(network: Network) -> None:
    pixels = picture(24, 20)
    first = next(ascend_in_batches(network, "conv", [0, 1], steps=1, size=(24, 20), picture=pixels))
    np.testing.assert_allclose(first.images[1], pixels / 255, atol=1e-6)


def test_what_cannot_be_computed_is_refused_at_once(network: Network) -> None:
    with pytest.raises(ValueError, match="filters"):
        ascend_in_batches(network, "conv", [5], steps=1, size=(24, 20))
    with pytest.raises(ValueError, match="copies"):
        ascend_in_batches(network, "conv", [0], copies=0, steps=1, size=(24, 20))
    with pytest.raises(ValueError, match="image"):
        ascend_in_batches(
            network, "conv", [0], steps=1, size=(24, 20), picture=np.zeros((3, 3), np.uint8)
        )


def test_measuring_in_batches_is_measuring(network: Network) -> None:
    random = np.random.default_rng(0)
    images = random.random((4, *LARGE, 3), dtype=np.float32)
    parts = list(measure_in_batches(network, "conv", [0, channel(2)], images))
    assert [len(part) for part in parts] == [2, 2]
    expected = [
        measure(network, "conv", [one], images[i : i + 1])[0] for i, one in enumerate([0, 0, 2, 2])
    ]
    np.testing.assert_allclose(np.concatenate(parts), expected, rtol=1e-4, atol=1e-5)
