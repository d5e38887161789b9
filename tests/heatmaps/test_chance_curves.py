"""Curves by random maps, and what is better than them."""

import numpy as np
import pytest

from cnnviz_core.heatmaps.chance_curves import chance_states, compare, random_heat
from cnnviz_core.heatmaps.faithfulness import deletion_states, insertion_states
from tests.tiny_networks import picture, pooled


@pytest.mark.parametrize("is_deletion", [True, False])
def test_each_curve_is_that_of_a_random_map(is_deletion: bool) -> None:
    *_, last = chance_states(
        pooled(), picture(), 0, (3, 2), baseline="mean", is_deletion=is_deletion, count=3, steps=8
    )
    assert (last.done, last.total, last.probabilities.shape) == (3, 3, (3, 9))
    measure = deletion_states if is_deletion else insertion_states
    for seed in range(3):
        heat = random_heat((6, 5), (3, 2), seed)
        *_, expected = measure(pooled(), picture(), heat, 0, steps=8, baseline="mean")
        np.testing.assert_array_equal(last.shares, expected.shares)
        np.testing.assert_array_equal(last.probabilities[seed], expected.probabilities)
        assert last.areas[seed] == expected.area


def test_states_come_while_a_curve_is_measured_and_hold_whole_curves_only() -> None:
    states = list(
        chance_states(
            pooled(), picture(), 0, (3, 2), baseline="black", is_deletion=True, count=2, steps=20
        )
    )
    assert [state.done for state in states] == [0, 1, 1, 2]
    for state in states:
        assert len(state.probabilities) == len(state.areas) == state.done


def test_better_is_less_when_deleting_and_more_when_inserting() -> None:
    areas = (0.3, 0.2, 0.4)
    for area, deleting, inserting in [
        (0.1, "better", "worse"),
        (0.2, "chance", "chance"),
        (0.25, "chance", "chance"),
        (0.4, "chance", "chance"),
        (0.5, "worse", "better"),
    ]:
        assert compare(area, areas, is_deletion=True) == deleting
        assert compare(area, areas, is_deletion=False) == inserting


def test_there_must_be_a_map() -> None:
    with pytest.raises(ValueError, match="count"):
        next(
            chance_states(
                pooled(), picture(), 0, (3, 2), baseline="black", is_deletion=True, count=0
            )
        )


@pytest.mark.parametrize("size", [(1, 1), (5, 90), (320, 400)])
@pytest.mark.parametrize("grain", [(1, 1), (7, 7), (5, 90)])
def test_it_is_heat_of_the_size_of_the_picture(
    size: tuple[int, int], grain: tuple[int, int]
) -> None:
    heat = random_heat(size, grain)
    assert heat.shape == size
    assert heat.dtype == np.float32
    assert 0 <= heat.min() <= heat.max() <= 1


def test_neighbors_are_as_alike_as_the_grain_is_coarse() -> None:
    def roughness(grain: tuple[int, int]) -> float:
        heat = random_heat((64, 64), grain)
        return float(np.abs(np.diff(heat, axis=0)).mean() / heat.std())

    assert roughness((4, 4)) < roughness((16, 16)) / 2 < roughness((64, 64)) / 4


def test_a_seed_decides() -> None:
    first = random_heat((9, 9), (3, 3), seed=5)
    np.testing.assert_array_equal(first, random_heat((9, 9), (3, 3), seed=5))
    assert (first != random_heat((9, 9), (3, 3), seed=6)).any()


def test_what_is_no_size_is_refused() -> None:
    with pytest.raises(ValueError, match="grain"):
        random_heat((4, 4), (0, 2))
    with pytest.raises(ValueError, match="size"):
        random_heat((0, 4), (2, 2))
    with pytest.raises(ValueError, match="seed"):
        random_heat((4, 4), (2, 2), seed=-1)
