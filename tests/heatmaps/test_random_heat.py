"""Random heat: in range, as coarse as asked for, and the same for the same seed."""

import numpy as np
import pytest

from cnnviz_core.heatmaps.random_heat import random_heat


@pytest.mark.parametrize("size", [(1, 1), (5, 90), (320, 400)])
@pytest.mark.parametrize("grain", [(1, 1), (7, 7), (5, 90)])
def test_it_is_heat_of_the_size_of_the_picture(
    size: tuple[int, int], grain: tuple[int, int]
) -> None:
    heat = random_heat(size, grain)
    assert heat.shape == size
    assert heat.dtype == np.float32
    assert 0 <= heat.min() <= heat.max() <= 1


def test_neighbours_are_as_alike_as_the_grain_is_coarse() -> None:
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
