"""What is left of a heatmap while its network forgets."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from cnnviz_core.heatmaps import maps
from cnnviz_core.heatmaps.random_weights import randomized_layers, with_random_weights
from cnnviz_core.heatmaps.records import RawMap
from cnnviz_core.heatmaps.sanity_checks import (
    cascade_states,
    rank_correlation,
    similarity,
    structural_similarity,
)
from cnnviz_core.networks import Network
from tests.tiny_networks import network_of, picture

TARGET = 1


def deep() -> Network:
    import keras

    keras.utils.set_random_seed(5)
    layers = keras.layers
    return network_of(
        layers.Conv2D(6, 3, padding="same", name="first"),
        layers.BatchNormalization(name="norm"),
        layers.ReLU(name="relu"),
        layers.Conv2D(5, 3, padding="same", activation="relu", name="second"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(3, "softmax", name="classes"),
        size=(12, 9),
    )


def raw(values: object) -> RawMap:
    zero = np.zeros(1, np.float32)
    return RawMap("grad-cam", "conv", np.asarray(values, np.float32), zero, zero)


def test_a_map_is_like_itself_at_any_scale_and_unlike_its_opposite() -> None:
    values = np.random.default_rng(0).normal(size=(9, 8))
    same = similarity(raw(values), raw(3 * values), (9, 8))
    assert same.rank_correlation == pytest.approx(1, abs=1e-4)
    assert same.structure == pytest.approx(1, abs=1e-4)
    assert similarity(raw(values), raw(-values), (9, 8)).rank_correlation == pytest.approx(-1)


def test_small_inputs_and_blank_maps_are_compared_too() -> None:
    found = similarity(raw([[0.0]]), raw([[1.0]]), (1, 3))
    assert found.rank_correlation == 0
    assert -1 <= found.structure <= 1


@pytest.mark.slow
def test_the_cascade_compares_what_networks_with_random_weights_see() -> None:
    network, image = deep(), picture(12, 9)
    depths = randomized_layers(network)
    before = [weight.copy() for weight in network.model.get_weights()]
    states = list(cascade_states(network, image, TARGET, depths=depths, seeds=(0, 3)))
    assert [one.done for one in states] == list(range(1, 2 * len(depths) + 1))
    assert {one.total for one in states} == {2 * len(depths)}
    # What has been found stays; one more comes with each state.
    for one, other in pairwise(states):
        assert sum(map(len, other.runs)) == sum(map(len, one.runs)) + 1
        assert other.runs[0][: len(one.runs[0])] == one.runs[0]
    trained = maps.raw_map(network, image, TARGET)
    for seed, run in zip((0, 3), states[-1].runs, strict=True):
        for depth, found in zip(depths, run, strict=True):
            one = with_random_weights(network, seed=seed, down_to=depth)
            expected = similarity(trained, maps.raw_map(one, image, TARGET), (12, 9))
            assert found.rank_correlation == pytest.approx(expected.rank_correlation, abs=1e-3)
            assert found.structure == pytest.approx(expected.structure, abs=1e-3)
    for mine, now in zip(before, network.model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, now)


def test_a_layer_without_weights_is_refused_before_the_work() -> None:
    with pytest.raises(ValueError, match="down_to must be a layer with trained"):
        next(cascade_states(deep(), picture(12, 9), TARGET, depths=("relu",), seeds=(0,)))


def random_map(seed: int, size: tuple[int, int] = (20, 30)) -> Any:
    return np.random.default_rng(seed).random(size, np.float32)


@pytest.mark.parametrize("decimals", [1, 7])
def test_ranks_correlate_as_scipy_says(decimals: int):
    first = np.round(random_map(0), decimals)
    second = np.round(first + random_map(1), decimals)
    expected = spearmanr(first, second, axis=None).statistic
    assert rank_correlation(first, second) == pytest.approx(expected, abs=1e-9)


def test_only_the_order_counts():
    values = random_map(0)
    assert rank_correlation(values, np.exp(5 * values)) == pytest.approx(1)
    assert rank_correlation(values, -values) == pytest.approx(-1)
    assert abs(rank_correlation(values, random_map(1))) < 0.15


def test_a_map_of_one_value_orders_nothing():
    flat = np.full((20, 30), 0.5, np.float32)
    assert rank_correlation(flat, random_map(0)) == 0
    assert rank_correlation(flat, flat) == 0


def test_structure_is_the_same_or_not():
    values = random_map(0)
    assert structural_similarity(values, values) == pytest.approx(1)
    assert abs(structural_similarity(values, random_map(1))) < 0.1
    inverse = structural_similarity(values, 1 - values)
    assert inverse < -0.9


def test_structure_of_one_window_is_the_formula():
    first, second = random_map(0, (7, 7)).astype(float), random_map(1, (7, 7)).astype(float)
    means = first.mean(), second.mean()
    variances = first.var(ddof=1), second.var(ddof=1)
    covariance = np.cov(first.ravel(), second.ravel())[0, 1]
    expected = (
        (2 * means[0] * means[1] + 0.01**2)
        * (2 * covariance + 0.03**2)
        / ((means[0] ** 2 + means[1] ** 2 + 0.01**2) * (sum(variances) + 0.03**2))
    )
    found = structural_similarity(first.astype(np.float32), second.astype(np.float32))
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("compare", [rank_correlation, structural_similarity])
def test_maps_must_have_one_shape_and_finite_values(compare: Any):
    with pytest.raises(ValueError, match="of one shape"):
        compare(random_map(0), random_map(0, (20, 31)))
    with pytest.raises(ValueError, match="finite"):
        compare(random_map(0), np.full((20, 30), np.nan, np.float32))


def test_structure_needs_room_and_a_known_range():
    with pytest.raises(ValueError, match="at least 7 pixels"):
        structural_similarity(random_map(0, (6, 9)), random_map(1, (6, 9)))
    with pytest.raises(ValueError, match=r"second must lie in 0\.\.1"):
        structural_similarity(random_map(0), random_map(1) - 1)
