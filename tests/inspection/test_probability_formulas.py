"""The formulas of probabilities: every equals sign worked out again from what is written."""

import re
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pytest

from cnnviz_core.inspection.probability_formulas import sigmoid_formula, softmax_formula


def digits(text: str) -> tuple[Decimal, Decimal]:
    """A written number, and half of its last place; a power of ten may follow it."""
    mantissa, _, power = text.replace("{,}", "").replace("}", "").partition(r"\cdot 10^{")
    value = Decimal(mantissa).scaleb(int(power or 0))
    assert isinstance(value.as_tuple().exponent, int)
    return value, Decimal(5).scaleb(value.as_tuple().exponent - 1)


def assert_true(left: Decimal, right: str) -> None:
    value, tolerance = digits(right)
    assert abs(left - value) <= tolerance, f"{left} is not {right}"


def settings(count: int) -> Iterator[tuple[np.ndarray, float]]:
    random = np.random.default_rng(2)
    for number in range(count):
        scale = (0.1, 1.0, 9.0, 40.0)[number % 4]
        yield random.normal(0, scale, 5 + number % 8).astype(np.float32), TEMPERATURES[number % 8]


NUMBER = r"\d{1,3}(?:\{,\}\d{3})*(?:\.\d+)?(?:\\cdot 10\^\{-?\d+\})?"
TEMPERATURES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
SOFTMAX = re.compile(
    r"\\dfrac\{e\^\{(-?[\d.]+)(?:/([\d.]+))?\}\}\{\\sum_j e\^\{z_j(?:/([\d.]+))?\}\} = "
    rf"\\dfrac\{{({NUMBER})\}}\{{({NUMBER})\}} (=|\\approx) \\mathbf\{{({NUMBER})\}}"
)
SIGMOID = re.compile(
    r"\\dfrac\{1\}\{1 \+ e\^\{-(\(-[\d.]+\)|[\d.]+)(?:/([\d.]+))?\}\} (=|\\approx) "
    rf"\\mathbf\{{({NUMBER})\}}"
)


def test_every_equals_sign_of_the_softmax_formula_is_true() -> None:
    for scores, temperature in settings(400):
        for index in (int(scores.argmax()), 3):
            formula = softmax_formula(scores, index, temperature)
            found = SOFTMAX.fullmatch(formula)
            assert found is not None, formula
            score, over, below_too, one, total, sign, chance = found.groups()
            assert float(over or 1) == float(below_too or 1) == temperature
            assert_true((Decimal(score) / Decimal(over or 1)).exp(), one)
            assert_true(digits(one)[0] / digits(total)[0], chance)
            exponentials = [(Decimal(float(z)) / Decimal(temperature)).exp() for z in scores]
            assert_true(sum(exponentials, Decimal(0)), total)
            exact = exponentials[index] / sum(exponentials)
            assert_true(exact, chance)
            # What is equal is not quite 1.
            assert (sign == "=") == (digits(chance)[0] != 1)


def test_every_equals_sign_of_the_sigmoid_formula_is_true() -> None:
    for scores, temperature in settings(400):
        formula = sigmoid_formula(float(scores[0]), temperature)
        found = SIGMOID.fullmatch(formula)
        assert found is not None, formula
        score, over, sign, chance = found.groups()
        exponent = Decimal(score.strip("()")) / Decimal(over or 1)
        assert_true(1 / (1 + (-exponent).exp()), chance)
        assert_true(
            1 / (1 + (Decimal(float(scores[0])) / Decimal(temperature)).copy_negate().exp()), chance
        )
        assert (sign == "=") == (digits(chance)[0] != 1)


def test_the_cat_is_written_with_as_many_digits_as_its_exponential_needs() -> None:
    # e to the 10.1 would be 2.43·10⁴.
    assert softmax_formula(np.float32([10.0942, 9.2]), 0, 1.0).startswith(
        r"\dfrac{e^{10.094}}{\sum_j e^{z_j}} = \dfrac{2.42\cdot 10^{4}}"
    )


@pytest.mark.parametrize("score", [1e5, -1e5, 1e30])
def test_no_score_is_too_large(score: float) -> None:
    assert "e+" not in softmax_formula(np.float32([score, 1]), 0, 0.25)
    assert "e+" not in sigmoid_formula(score, 0.25)


def test_scores_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        softmax_formula(np.float32([np.nan, 1]), 0, 1.0)
    with pytest.raises(ValueError, match="finite"):
        sigmoid_formula(np.inf, 1.0)


def test_softmax_formula_bears_scores_whose_exponentials_do_not_exist() -> None:
    text = softmax_formula(np.float32([1000, 999]), 0, 0.25)
    assert text.endswith(r"\mathbf{0.982}")
    assert r"10^{1737}" in text
