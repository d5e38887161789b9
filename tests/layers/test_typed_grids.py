"""Grids typed by hand: read whatever people write, refused with the place of what is wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnviz_core.layers.typed_grids import LARGEST_VALUE, format_grid, parse_grid

numbers = st.floats(-LARGEST_VALUE, LARGEST_VALUE, width=32)
sides = st.tuples(st.integers(1, 12), st.integers(1, 12))
grids = sides.flatmap(lambda shape: arrays(np.float32, shape, elements=numbers))


@settings(deadline=None, max_examples=60)
@given(grids)
def test_a_grid_survives_being_written_and_read(grid):
    text = format_grid(grid)
    read = parse_grid(text)
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, grid)
    assert format_grid(read) == text


@pytest.mark.parametrize(
    "text",
    [
        "1 2\n3 4",
        "1,2\n3,4",
        "1, 2; 3, 4;",
        "1\t2\r\n3\t4\r\n",
        "\n  1   2 \n\n 3 ,\t4\n",
        "1\u00a02\n3\u00a04",
        "2/2 2e0; 3. +4",
    ],
)
def test_all_common_ways_of_writing_a_grid_are_read(text):
    np.testing.assert_array_equal(parse_grid(text), [[1, 2], [3, 4]])


def test_the_typographic_minus_is_read():
    np.testing.assert_array_equal(parse_grid("−1 −1/2"), [[-1, -0.5]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The grid is empty"),
        (" \n ; ", "The grid is empty"),
        ("1 2\n3,,4", "row 2, column 2 is blank"),
        ("1\t\t2", "row 1, column 2 is blank"),
        ("1 2,", "row 1, column 3 is blank"),
        ("\t1", "row 1, column 1 is blank"),
        ("1 2\n3 cat", "row 2, column 2: “cat” is not a number"),
        ("1 2/0", "row 1, column 2: “2/0” is not a number"),
        ("1 1/2/3", "row 1, column 2: “1/2/3” is not a number"),
        ("nan", "row 1, column 1: “nan” is not a finite number"),
        ("1; -inf", "row 2, column 1: “-inf” is not a finite number"),
        ("1 1e999", "row 1, column 2: “1e999” is not a finite number"),
        ("1 10000", "row 1, column 2: 10000 is too large"),
        ("1 2\n3", "row 2 has length 1, but row 1 has length 2"),
        ("1\n" * 13, "has 13 rows. Use at most 12"),
        ("1 " * 13, "row 1 has 13 columns. Use at most 12"),
    ],
)
def test_a_bad_grid_is_refused_with_its_place(text, message):
    with pytest.raises(ValueError, match=message):
        parse_grid(text)


@pytest.mark.parametrize("blank", ["\t", "\x0b", " ", "1"])
def test_a_long_text_is_refused_before_it_is_parted(blank):
    with pytest.raises(ValueError, match=r"has 100,000 characters\. Use at most 6,000\."):
        parse_grid(blank * 100_000)


def test_the_limit_and_the_name_are_the_callers():
    with pytest.raises(ValueError, match=r"^The kernel has 4 rows\. Use at most 3\.$"):
        parse_grid("1\n1\n1\n1", name="The kernel", limit=3)
