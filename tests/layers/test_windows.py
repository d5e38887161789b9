"""The sliding-window arithmetic against counting, and its words against bad input."""

import math
from itertools import product

import pytest

from cnnviz_core.layers.windows import (
    Padding,
    output_size,
    pad_amounts,
    require_padding,
    require_window_fits,
)
from tests import oracles


def size_or_zero(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    try:
        return output_size(size, kernel, stride, padding, dilation)
    except ValueError:
        return 0


@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("padding", range(8))
def test_output_size_counts_the_stops_of_a_walking_window(padding: int, dilation: int) -> None:
    settings = list(product(range(1, 41), range(1, 16), range(1, 11)))
    wrong = [
        (size, kernel, stride)
        for size, kernel, stride in settings
        if size_or_zero(size, kernel, stride, padding, dilation)
        != oracles.count_stops(size, kernel, stride, padding, dilation)
    ]
    assert wrong == []


def test_the_sizes_of_the_article() -> None:
    assert [output_size(320, 3), output_size(400, 10), output_size(400, 15)] == [318, 391, 386]
    assert [output_size(318, 5, 5), output_size(398, 5, 5)] == [63, 79]


@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_same_adds_no_more_than_needed_and_the_odd_cell_at_the_end(dilation: int) -> None:
    for size, kernel, stride in product(range(1, 21), range(1, 9), range(1, 6)):
        expected = oracles.same_padding(size, kernel, stride, dilation)
        assert pad_amounts(size, kernel, stride, "same", dilation) == expected
        assert output_size(size, kernel, stride, "same", dilation) == math.ceil(size / stride)


def test_valid_adds_nothing_and_a_number_counts_on_both_sides() -> None:
    assert pad_amounts(9, 4, 2, "valid") == (0, 0)
    assert pad_amounts(9, 4, 2, 3) == (3, 3)
    assert output_size(9, 4, 2, "valid") == output_size(9, 4, 2, 0) == 3
    assert output_size(9, 4, 1, 3) == output_size(15, 4)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((0, 3), "size"),
        ((5, 0), "kernel"),
        ((5, 2.5), "kernel"),
        ((5, 3, 0), "stride"),
        ((5, 3, 1, -1), "padding"),
        ((5, 3, 1, "full"), "padding"),
        ((5, 3, 1, 0, 0), "dilation"),
        ((5, 6), "kernel"),
        ((5, 3, 1, 0, 3), "kernel"),
    ],
)
def test_output_size_names_the_argument_at_fault(arguments: tuple[int, ...], name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} must"):
        output_size(*arguments)


@pytest.mark.parametrize("padding", ["valid", "same", 0, 7])
def test_known_paddings_pass(padding: Padding) -> None:
    assert require_padding(padding) == padding


@pytest.mark.parametrize("padding", ["full", -1, 1.5, None, True])
def test_other_paddings_are_refused(padding: object) -> None:
    with pytest.raises(ValueError, match=r"^padding must be .*came as"):
        require_padding(padding)


@pytest.mark.parametrize("kernel", [(6, 1), (1, 5)])
def test_a_window_larger_than_the_picture_on_either_axis_is_refused(
    kernel: tuple[int, int],
) -> None:
    with pytest.raises(ValueError, match=r"are 5×4\. Choose a smaller window"):
        require_window_fits(5, 4, *kernel, "valid")
    require_window_fits(5, 4, *kernel, "same")
    require_window_fits(5, 4, *kernel, 1)


def test_dilation_widens_the_window_that_must_fit() -> None:
    require_window_fits(5, 5, 3, 3, "valid", dilation=2)
    with pytest.raises(ValueError, match=r"spans 7×7 cells, and there are 5×5.*dilation"):
        require_window_fits(5, 5, 3, 3, "valid", dilation=3)
    with pytest.raises(ValueError, match=r"there are 6×6, padding included"):
        require_window_fits(4, 4, 3, 3, 1, dilation=3)
