"""Causal layers and batch normalization, stop by stop, against Keras."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnviz_core.stepping.causal import stack_causal
from cnnviz_core.stepping.normalizing import EPSILON, normalize
from cnnviz_core.stepping.rows import FIRST, HIGHEST, NUM_BEATEN, PER_CYCLE, WAVES, heart_beat
from cnnviz_core.stepping.setups import BatchSetup, CausalSetup, walk

quick = settings(deadline=None, max_examples=30)
small = st.integers(-9, 9).map(float)


def row(most):
    return st.integers(1, most).flatmap(
        lambda length: arrays(np.float32, (1, length), elements=small)
    )


@quick
@given(row(12), row(3), st.integers(1, 3))
def test_all_stops_write_what_keras_layers_compute(cells, kernel, num_layers):
    import keras

    dilations = [2**layer for layer in range(num_layers)]
    walked = stack_causal(cells, kernel, dilations)
    assert walked.num_stops == cells.size * num_layers
    expected = cells.reshape(1, -1, 1)
    for index, dilation in enumerate(dilations):
        layer = keras.layers.Conv1D(
            1, kernel.size, padding="causal", dilation_rate=dilation, use_bias=False
        )
        layer.build(expected.shape)
        layer.set_weights([kernel.reshape(-1, 1, 1)])
        expected = np.asarray(layer(expected))
        stops = [walked.at(index * cells.size + place) for place in range(cells.size)]
        assert [one.index for one in stops] == [index] * cells.size
        np.testing.assert_allclose(
            [one.value for one in stops], expected[0, :, 0], rtol=1e-5, atol=1e-3
        )


@quick
@given(row(12), row(3))
def test_a_stop_reads_the_past_alone_and_writes_the_present(cells, kernel):
    walked = stack_causal(cells, kernel)
    for position in range(walked.num_stops):
        stop = walked.at(position)
        rows = stop.whole.items
        source, target = rows[stop.index : stop.index + 2]
        before = target.values.shape[1] - cells.size
        assert target.looks[0].tolist().index("current") == before + stop.column
        under = np.flatnonzero(np.isfinite(source.corners[0]))
        assert under.max() == before + stop.column
        terms = stop.whole.sum.terms
        assert [one.weight for one in terms] == kernel[0].tolist()
        assert source.corners[0, under].tolist() == kernel[0].tolist()
        assert math.isclose(
            sum(one.value * one.weight for one in terms), stop.value, rel_tol=1e-4, abs_tol=1e-3
        )
        later = [np.isnan(one.values[0, before:]).all() for one in rows[stop.index + 2 :]]
        assert all(later)


@quick
@given(
    arrays(np.float32, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=small),
    st.sampled_from([0.5, 1.0, 3.0]),
    st.integers(-3, 3).map(float),
)
def test_a_batch_becomes_what_keras_makes_of_it(batch, scale, shift):
    import keras

    layer = keras.layers.BatchNormalization(epsilon=EPSILON)
    layer.build(batch.shape)
    layer.gamma.assign(np.full(batch.shape[1], scale))
    layer.beta.assign(np.full(batch.shape[1], shift))
    expected = np.asarray(layer(batch, training=True))
    walked = normalize(batch, scale, shift)
    count = len(batch)
    assert walked.num_stops == (count + 2) * batch.shape[1]
    for channel in range(batch.shape[1]):
        mean, variance, *results = (
            walked.at(channel * (count + 2) + moment) for moment in range(count + 2)
        )
        assert mean.value == pytest.approx(batch[:, channel].mean(), abs=1e-4)
        assert variance.value == pytest.approx(batch[:, channel].var(), rel=1e-4, abs=1e-4)
        np.testing.assert_allclose(
            [one.value for one in results], expected[:, channel], rtol=1e-3, atol=1e-3
        )
        squares = [one.value * one.weight for one in variance.whole.sum.terms if one.weight]
        assert sum(squares) / count == pytest.approx(variance.value, abs=1e-4)
        for sample, one in enumerate(results):
            deviation, added, *_ = one.whole.sum.terms
            made = deviation.value * deviation.weight + added.value
            assert made == pytest.approx(one.value, abs=1e-5)
            assert (one.row, one.column, one.index) == (sample, channel, 2)
            result = one.whole.items[-1]
            assert result.looks[sample, channel] == "current"
            assert np.isnan(result.values[sample + 1 :, channel]).all()


@pytest.mark.parametrize(
    ("setup", "message"),
    [
        (CausalSetup("1 2; 3 4", "1"), "The row must be a single row of numbers, but has 2 rows"),
        (CausalSetup("1 2", "1; 2"), "The kernel must be a single row of numbers"),
        (CausalSetup("1 " * 12, "1 1 1 1", 3), "the row would have 24 cells, and 20 fit"),
        (BatchSetup("1 2; 3"), "The batch, row 2 has length 1"),
        (BatchSetup("1; " * 7), "The batch has 7 rows. Use at most 6"),
    ],
)
def test_what_was_typed_and_cannot_be_is_refused_by_name(setup, message):
    with pytest.raises(ValueError, match=message):
        walk(setup)


def test_a_heart_beats_where_its_waves_are():
    """The five bumps are where the source puts them, and R is by far the highest."""
    row = heart_beat()[0]
    p, q, r, s, t = 1, 4, 5, 6, 11
    assert row[r] == HIGHEST == row.max()
    assert row[q] < 0 > row[s] == row.min()
    for wave in (p, r, t):
        assert row[wave] > max(row[wave - 1], row[wave + 1])


def test_a_heart_beat_solves_the_differential_equation_of_its_source():
    angles = 2 * np.pi / PER_CYCLE * (FIRST + np.arange(NUM_BEATEN))
    step = 1e-3
    fine = np.arange(angles[0], angles[-1], step)
    pull = sum(
        -a * (fine - place) * np.exp(-((fine - place) ** 2) / (2 * b**2)) for place, a, b in WAVES
    )
    start = sum(a * b**2 * np.exp(-((fine[0] - place) ** 2) / (2 * b**2)) for place, a, b in WAVES)
    solved = start + np.cumsum(pull) * step
    at = np.searchsorted(fine, angles[:-1] + 1e-9)
    np.testing.assert_allclose(heart_beat()[0, :-1], 10 * solved[at], atol=0.06)
