"""Long, narrow pictures: how large they stay, and which part of them is shown."""

import numpy as np
import pytest

from cnnviz_core import images, strips


@pytest.mark.parametrize(
    ("size", "part"),
    [((50, 3000), (50, 200)), ((3000, 50), (100, 50)), ((1, 1), (1, 1)), ((480, 5), (10, 5))],
)
def test_the_part_of_a_strip_has_its_shorter_side(
    size: tuple[int, int], part: tuple[int, int]
) -> None:
    assert strips.part_size(*size) == part


@pytest.mark.parametrize("size", [(50, 3000), (3000, 50), (90, 4000), (1, 90_000), (700, 900)])
def test_a_strip_is_made_only_as_small_as_its_part_must_be(size: tuple[int, int]) -> None:
    fitted = strips.fit(np.zeros((*size, 3), np.uint8)).shape[:2]
    assert max(strips.part_size(*fitted)) <= images.MAX_SIDE
    assert max(fitted) <= strips.MAX_LENGTH
    assert fitted == size or max(max(strips.part_size(*fitted)) + 4, max(fitted) + 4) > 480


@pytest.mark.parametrize("axis", [0, 1])
def test_the_part_goes_from_one_end_to_the_other(axis: int) -> None:
    line = np.arange(200, dtype=np.uint8)
    strip = np.repeat(np.expand_dims(line, (1 - axis, 2)), 3, axis=2)
    length = strips.part_size(*strip.shape[:2])[axis]
    for percent, first in ((0, 0), (50, (200 - length) // 2), (100, 200 - length)):
        cut, start = strips.part(strip, percent)
        assert start == first
        np.testing.assert_array_equal(cut[..., 0].ravel(), line[first : first + length])


def test_what_is_no_strip_is_its_own_part() -> None:
    square = np.zeros((9, 9, 3), np.uint8)
    assert strips.part(square, 70) == (square, 0)
