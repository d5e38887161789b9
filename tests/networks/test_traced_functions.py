"""What is traced of a network is kept within a bound, and goes when the network does."""

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import sleep
from typing import Any
from weakref import ref

import numpy as np
import pytest

from cnnviz_core.filter_ascent.step import truncated_network_and_shape
from cnnviz_core.heatmaps import class_scores, split_network
from cnnviz_core.networks import Network
from cnnviz_core.networks.traced_functions import kept_with_network, traced
from tests.tiny_networks import pooled


def twin(network: Network) -> Network:
    return replace(network)


def test_the_last_results_are_kept() -> None:
    made: list[tuple[str, int]] = []

    @kept_with_network(2)
    def build(network: Network, number: int) -> object:
        made.append((network.title, number))
        return object()

    network = pooled()
    first = build(network, 1)
    assert build(network, 1) is first
    build(network, 2)
    assert build(network, 1) is first
    # Now 2 is the one that was not asked for longest.
    build(network, 3)
    assert build(network, 1) is first
    build(network, 2)
    assert [number for _, number in made] == [1, 2, 3, 2]


def test_equal_networks_have_results_of_their_own() -> None:
    build = kept_with_network(4)(lambda network: object())
    network = pooled()
    other = twin(network)
    assert build(network) is not build(other)
    assert build(network) is build(network)


def test_who_asks_meanwhile_waits_for_the_one_result() -> None:
    made = []

    @kept_with_network(4)
    def build(network: Network) -> object:
        sleep(0.05)
        made.append(network)
        return object()

    network = pooled()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: build(network), range(4)))
    assert len(made) == 1
    assert len(set(found)) == 1


def test_what_fails_is_not_kept() -> None:
    answers = iter([ValueError("no"), None])

    @kept_with_network(4)
    def build(network: Network) -> str:
        failure = next(answers)
        if failure is not None:
            raise failure
        return "made"

    network = pooled()
    with pytest.raises(ValueError, match="no"):
        build(network)
    assert build(network) == "made"


@pytest.mark.parametrize(
    "use",
    [
        lambda network: class_scores.logits_of(network, np.zeros((1, 6, 5, 3), np.float32)),
        lambda network: class_scores.input_gradients(
            network, np.zeros((1, 6, 5, 3), np.float32), class_scores.one_class(network, 0)
        ),
        lambda network: split_network.split_at(network).activations(
            np.zeros((1, 6, 5, 3), np.float32)
        ),
        lambda network: truncated_network_and_shape(network, network.layers[0].name, (6, 5)),
    ],
)
def test_a_network_that_nobody_holds_is_freed_with_what_was_kept(
    use: Callable[[Network], Any],
) -> None:
    network = twin(pooled())
    use(network)
    left = ref(network)
    del network
    gc.collect()
    assert left() is None


def test_a_function_is_traced_once_for_all_batches() -> None:
    import tensorflow as tf

    function = traced(lambda values: values + 1, tf.TensorSpec((None, 2)))
    for count in (1, 3):
        given = np.zeros((count, 2), np.float32)
        assert np.array_equal(np.asarray(function(given)), given + 1)
    assert function.experimental_get_tracing_count() == 1  # type: ignore[attr-defined]
