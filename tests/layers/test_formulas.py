"""The formulas on the page: their numbers, worked out again from what is written."""

import math
import re
from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser

from cnnviz_core.layers.formulas import (
    num_parameters_formula,
    num_weights_formula,
    output_size_formula,
    percentage_formula,
    pooling_formula,
)
from cnnviz_core.layers.pooling import PoolMode
from cnnviz_core.layers.windows import Padding, output_size

SPELLED = (
    ("⌊", "math.floor("),
    ("⌈", "math.ceil("),
    ("⌋", ")"),
    ("⌉", ")"),
    ("·", "*"),
    ("−", "-"),
    (r"\cdot", "*"),
    ("{,}", ""),
)


def worked_out(formula: str) -> tuple[float, int]:
    """What the left side of a formula comes to, and the number that stands on the right."""
    left, right = formula.split("=")
    for sign, code in SPELLED:
        left = left.replace(sign, code)
    result = re.sub(r"\\mathbf\{(.*)\}", r"\1", right.replace("{,}", ""))
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
    for layer in product((1, 3), (2, 15), (1, 3, 1280), (1, 64, 4096)):
        left, right = worked_out(num_parameters_formula(*layer))
        assert left == right == math.prod(layer) + layer[-1]


def test_the_parameter_formula_is_latex() -> None:
    MathTextParser("path").parse(f"${num_parameters_formula(3, 3, 3, 64)}$")


def test_counts_in_formulas_have_their_thousands_apart() -> None:
    assert num_weights_formula(3, 3, 1280, 512).endswith(
        r"1{,}280\cdot 512 = \mathbf{5{,}898{,}240}"
    )
    assert percentage_formula(5, 1280) == r"\frac{5}{1{,}280} \approx 0.4\%"


def test_a_window_that_does_not_fit_has_no_formula() -> None:
    with pytest.raises(ValueError, match=r"^kernel must fit"):
        output_size_formula(3, 5)


def random_windows(seed: int) -> Iterator[np.ndarray]:
    """Windows as pooling meets them: pixels, what ReLU leaves, and values of any sign and size."""
    random = np.random.default_rng(seed)
    for size in range(1, 11):
        for reach in (1e-5, 1.0, 40.0, 3e3, 2e8):
            signed = random.normal(0, reach, (size, size)).astype(np.float32)
            yield from (signed, np.maximum(signed, 0), np.full_like(signed, signed[0, 0]))
        pixels = random.integers(0, 256, (size, size)).astype(np.float32)
        yield from (pixels, np.float32(0.1) * pixels, np.zeros_like(pixels))
        yield np.where(random.random((size, size)) < 0.05, pixels, np.float32(0))


def number(text: str) -> float:
    """A number as LaTeX has it, with or without a power of ten."""
    return float(re.sub(r"\\cdot 10\^\{(-?\d+)\}", r"e\1", text.replace("{,}", "")).strip("()"))


def close(written: float, true: float) -> bool:
    """Whether a number is the true one in the three digits that are written of it."""
    return math.isclose(written, true, rel_tol=5.1e-3, abs_tol=1e-30)


def in_order(written: list[str], values: np.ndarray) -> bool:
    """Whether the terms are values in the window's order, and dots where some are left out."""
    place, left_out = -1, False
    for term in written:
        if term == r"\dots":
            left_out = True
            continue
        candidates = range(place + 2, values.size) if left_out else [place + 1]
        found = [one for one in candidates if close(number(term), values.flat[one])]
        if not found:
            return False
        place, left_out = found[0], False
    return not left_out


@pytest.mark.parametrize("seed", range(3))
def test_the_maximum_is_among_the_numbers_that_are_written(seed: int) -> None:
    for values in random_windows(seed):
        listed, result = re.fullmatch(
            r"\\max\((.*)\) = \\mathbf\{(.*)\}", pooling_formula(values, "max")
        ).groups()
        terms = listed.split(r",\ ")
        assert max(number(one) for one in terms if one != r"\dots") == number(result)
        assert close(number(result), float(values.max()))
        assert close(number(terms[0]), float(values.flat[0]))
        assert close(number(terms[-1]), float(values.flat[-1]))
        assert in_order(terms, values), (terms, values)
        assert len(terms) <= 6


@pytest.mark.parametrize("seed", range(3))
def test_an_average_is_equal_only_where_what_is_written_is(seed: int) -> None:
    for values in random_windows(seed):
        first, *middle, last = re.split(r" (=|\\approx) ", pooling_formula(values, "average"))
        sign, result = middle[-1], number(re.fullmatch(r"\\mathbf\{(.*)\}", last)[1])
        numerator, count = re.fullmatch(r"\\dfrac\{(.*)\}\{(\d+)\}", first).groups()
        terms = numerator.split(" + ")
        assert int(count) == values.size
        assert in_order(terms, values), (terms, values)
        total = math.fsum(values.flat)
        if r"\dots" in terms:
            written, count = re.fullmatch(r"\\dfrac\{(.*)\}\{(\d+)\}", middle[1]).groups()
            known = number(written)
            assert middle[0] == r"\approx" or math.isclose(known, total, rel_tol=1e-5)
        else:
            known = sum(number(one) for one in terms)
        assert close(result, total / values.size)
        if sign == "=":
            assert known / int(count) == pytest.approx(result, rel=1e-5)


@pytest.mark.parametrize(
    ("values", "mode", "formula"),
    [
        (
            [0] * 20 + [1.2] + [0] * 4,
            "max",
            r"\max(0,\ 0,\ \dots,\ 1.2,\ \dots,\ 0) = \mathbf{1.2}",
        ),
        ([0] * 24 + [7], "max", r"\max(0,\ 0,\ \dots,\ 7) = \mathbf{7}"),
        ([1, 9, 3, 1, 1, 1, 1], "max", r"\max(1,\ 9,\ \dots,\ 1) = \mathbf{9}"),
        ([1512, 20], "max", r"\max(1{,}512,\ 20) = \mathbf{1{,}512}"),
        ([-1, -2], "average", r"\dfrac{(-1) + (-2)}{2} = \mathbf{-1.5}"),
        ([0.1, 0.1], "average", r"\dfrac{0.1 + 0.1}{2} = \mathbf{0.1}"),
        ([1.2345, 1], "average", r"\dfrac{1.23 + 1}{2} \approx \mathbf{1.12}"),
    ],
)
def test_a_pooling_formula_is_written_out(
    values: list[float], mode: PoolMode, formula: str
) -> None:
    assert pooling_formula(np.float32(values), mode) == formula


def test_the_pooling_formula_is_latex() -> None:
    for values in (np.float32([1e9, -1e-9]), np.arange(-9, 9, dtype=np.float32)):
        for mode in ("max", "average"):
            text = (
                pooling_formula(values, mode).replace("dfrac", "frac").replace("mathbf", "mathrm")
            )
            MathTextParser("path").parse(f"${text}$")
