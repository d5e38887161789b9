"""Typed grids of all kinds: numbers, or a plain refusal, at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cnnviz_core.layers.typed_grids import GRID_LIMIT, LARGEST_VALUE, format_grid, parse_grid
from tests.costs import cost_of
from tests.fuzzing import fuzzed

VALUES = ["0", "-1", "1/3", "1/0", "1e3", "1e-400", "1e400", "nan", "-inf", "٣", "0x1", "1_0"]
BLANKS = [" ", ",", "\t", ";", "\n", "\r\n", " , ", "\t\t", "\x0b", "\u2003", "\0"]
LIKE_GRIDS = st.lists(st.tuples(st.sampled_from(VALUES), st.sampled_from(BLANKS)), max_size=40).map(
    lambda pairs: "".join(map("".join, pairs))
)
LONG = st.tuples(st.sampled_from([*" \t\x0b\x0c\u2003,;\n19-/e"]), st.integers(1_000, 100_000)).map(
    lambda one: "1" + one[0] * one[1] + "x"
)


@fuzzed(300)
@given(st.one_of(LIKE_GRIDS, st.text(max_size=80), LONG))
def test_any_text_is_a_grid_or_plainly_refused(text: str) -> None:
    cost = cost_of(lambda data: parse_grid(data.decode("utf-32", "surrogatepass")), _bytes(text))
    assert cost.is_bearable, (text[:40], len(text), cost)
    if cost.answer.startswith("("):
        grid = parse_grid(text)
        assert max(grid.shape) <= GRID_LIMIT
        assert np.abs(grid).max() <= LARGEST_VALUE
        np.testing.assert_array_equal(parse_grid(format_grid(grid)), grid)
    else:
        assert cost.answer.startswith("The grid")
        assert cost.answer.endswith(".")
        assert len(cost.answer) < 300


def _bytes(text: str) -> bytes:
    return text.encode("utf-32", "surrogatepass")
