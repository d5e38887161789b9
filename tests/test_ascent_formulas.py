"""What is climbed and how, written out."""

import pytest

from cnnviz_core.ascent_formulas import objective_formula, step_formula


def test_values_below_zero_show_how_much_they_count() -> None:
    formula = objective_formula("filters", (4, 5, 9), -3.14159, 0.25, is_after=False)
    assert r"\max(y_{ij},\ 0.25\,y_{ij})" in formula
    assert r"\dfrac{1}{4\cdot 5}" in formula
    assert formula.endswith(r"\mathbf{-3.14}")


@pytest.mark.parametrize(("below_zero", "is_after"), [(1.0, False), (0.25, True)])
def test_where_all_values_count_alike_the_mean_is_plain(below_zero: float, is_after: bool) -> None:
    formula = objective_formula("filters", (4, 5, 9), 1.0, below_zero, is_after=is_after)
    assert r"\sum_{i,\,j} y_{ij} =" in formula


def test_a_whole_layer_sums_squares_of_all_channels() -> None:
    formula = objective_formula("layer", (4, 5, 9), 2.0, 0.1, is_after=False)
    assert r"\dfrac{1}{4\cdot 5\cdot 9}" in formula
    assert "y_{ijk}^2" in formula


@pytest.mark.parametrize(("target", "letter"), [("class", "z"), ("filters", "y")])
def test_a_single_value_is_no_sum(target, letter: str) -> None:
    formula = objective_formula(target, (1, 1, 10), 2.5, 0.1, is_after=False)
    assert formula == rf"a = {letter} = \mathbf{{2.5}}"


def test_a_step_says_how_large_it_is() -> None:
    assert r"x + 0.02\cdot" in step_formula("waves", 0.02)
    assert r"\dfrac{4}{255}\cdot" in step_formula("pixels", 4 / 255)
