"""The sum that is written out for one place is the value that convolution gives there."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core.layers.convolution import convolve
from cnnviz_core.layers.window_sums import MAX_TERMS, sum_formula, window_values
from tests import oracles

paddings = st.one_of(st.sampled_from(["valid", "same"]), st.integers(0, 3))


@settings(deadline=None, max_examples=60)
@given(data=st.data(), stride=st.integers(1, 4), dilation=st.integers(1, 3), padding=paddings)
def test_the_window_times_the_weights_is_the_value_of_the_result(
    data: Any, stride: int, dilation: int, padding: Any
) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    height, width = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    image = rng.integers(0, 256, (*data.draw(st.tuples(*[st.integers(7, 10)] * 2)), 3))
    kernels = rng.normal(size=(height, width, 3, 2)).astype(np.float32)
    result = oracles.convolve(image, kernels, stride, padding, dilation)
    row = data.draw(st.integers(0, result.shape[0] - 1))
    column = data.draw(st.integers(0, result.shape[1] - 1))
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    values, box = window_values(image, (height, width), (row, column), **options)
    sums = np.einsum("ijc,ijcf->f", values.astype(np.float64), kernels)
    np.testing.assert_allclose(sums, result[row, column], atol=1e-3)
    computed = convolve(image, kernels, **options)
    np.testing.assert_allclose(sums, computed[row, column], atol=1e-2)
    assert (box[2] - box[0], box[3] - box[1]) == tuple(
        dilation * (side - 1) + 1 for side in (height, width)
    )


def test_there_is_no_window_beyond_the_result() -> None:
    with pytest.raises(ValueError, match="row must be from 0 to 1"):
        window_values(np.zeros((4, 4, 1)), (3, 3), (2, 0))


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 999), count=st.integers(1, 40))
def test_the_written_terms_add_up_to_the_written_sum(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.integers(-9, 10, count).astype(np.float32)
    values = rng.integers(-99, 100, count).astype(np.float32)
    text = sum_formula(weights, values).replace("−", "-").replace(",", "")
    left, right = text.split(" = ")
    others = re.search(r"\(from (\d+) others\)", left)
    left = re.sub(r"\(from .*\)", "", left).replace("·", "*")
    assert eval(left) == int(right) == int((weights * values).sum())  # noqa: S307 - our own
    num_terms = np.count_nonzero(weights)
    assert int(others[1] if others else 0) == max(0, num_terms - MAX_TERMS)


def test_what_float32_rounds_away_is_zero() -> None:
    assert sum_formula(np.float32([0.1, -0.1]), np.float32([3, 3 + 1e-7])).endswith(" 0")
