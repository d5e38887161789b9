"""How much two maps are alike, against SciPy and known cases."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from cnnviz_core.heatmaps.map_similarity import rank_correlation, structural_similarity


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
