"""The formulas on the page: their numbers, worked out again from what is written."""

import math
import re
from itertools import product

import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser

from cnnviz_core.formulas import (
    num_parameters_formula,
    output_size_formula,
    softmax_formula,
)
from cnnviz_core.windows import Padding, output_size

SPELLED = (
    ("⌊", "math.floor("),
    ("⌈", "math.ceil("),
    ("⌋", ")"),
    ("⌉", ")"),
    ("·", "*"),
    ("−", "-"),
    (r"\cdot", "*"),
)


def worked_out(formula: str) -> tuple[float, int]:
    """What the left side of a formula comes to, and the number that stands on the right."""
    left, right = formula.split("=")
    for sign, code in SPELLED:
        left = left.replace(sign, code)
    result = re.sub(r"\\mathbf\{(.*)\}", r"\1", right)
    return eval(left, {"math": math}), int(result)  # noqa: S307 - our own formulas


@pytest.mark.parametrize("padding", ["valid", "same", *range(8)])
def test_the_output_size_formula_is_true(padding: Padding) -> None:
    for size, kernel, stride, dilation in product((320, 63), range(1, 16), range(1, 5), (1, 2, 3)):
        left, right = worked_out(output_size_formula(size, kernel, stride, padding, dilation))
        assert left == right == output_size(size, kernel, stride, padding, dilation)


@pytest.mark.parametrize(("size", "result"), [(320, 318), (400, 398)])
def test_the_output_size_formula_names_every_number_that_counts(size: int, result: int) -> None:
    numbers = re.findall(r"\d+", output_size_formula(size, 3))
    assert numbers == [str(size), "2", "0", "3", "1", "1", str(result)]
    numbers = re.findall(r"\d+", output_size_formula(size, 5, 4, 7, 3))
    assert numbers[:-2] == [str(size), "2", "7", "3", "5", "1", "1", "4"]


def test_the_parameter_formula_is_true() -> None:
    for layer in product((1, 3), (2, 15), (1, 3), (1, 64)):
        left, right = worked_out(num_parameters_formula(*layer))
        assert left == right == math.prod(layer) + layer[-1]


def test_the_parameter_formula_is_latex() -> None:
    MathTextParser("path").parse(f"${num_parameters_formula(3, 3, 3, 64)}$")


def test_a_window_that_does_not_fit_has_no_formula() -> None:
    with pytest.raises(ValueError, match=r"^kernel must fit"):
        output_size_formula(3, 5)


@pytest.mark.parametrize("temperature", [0.25, 1.0, 4.0])
def test_softmax_formula_ends_in_the_probability(temperature: float) -> None:
    scores = np.random.default_rng(2).normal(0, 9, 1000).astype(np.float32)
    exponentials = np.exp(scores.astype(np.float64) / temperature)
    for index in (int(scores.argmax()), 3):
        text = softmax_formula(scores, index, temperature)
        written = text.split(r"\mathbf{")[1].replace(r"\cdot 10^{", "e").rstrip("}")
        result = float(written)
        assert result == pytest.approx(exponentials[index] / exponentials.sum(), rel=0.01)


def test_softmax_formula_bears_scores_whose_exponentials_do_not_exist() -> None:
    text = softmax_formula(np.float32([1000, 999]), 0, 0.25)
    assert text.endswith(r"\mathbf{0.982}")
    assert r"10^{1737}" in text
