"""Numbers as a person reads them say what they are, and both ways of writing say the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core.number_format import narrow_number, short_number, short_tex

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
quick = settings(deadline=None, max_examples=300)
finite = st.floats(-1e12, 1e12).filter(lambda value: value == 0 or abs(value) > 1e-12)


def read(text: str) -> float:
    digits, _, power = text.replace("−", "-").replace(",", "").partition("·10")
    return float(digits) * 10.0 ** int(power.translate(RAISED) or 0)


@given(value=finite)
@quick
def test_what_is_written_is_the_number_to_three_digits_and_to_one(value: float) -> None:
    assert read(short_number(value)) == pytest.approx(value, rel=0.00501)
    if 100 <= abs(value) < 1e8:
        assert read(short_number(value)) == pytest.approx(value, abs=0.5)


@given(value=finite)
@quick
def test_formulas_write_the_same_digits(value: float) -> None:
    tex = short_tex(value).replace("{,}", "").replace(r"\cdot 10^{", "e").rstrip("}")
    assert float(tex) == pytest.approx(read(short_number(value)))


@given(value=st.floats(-1e8, 1e8).filter(lambda value: value == 0 or abs(value) >= 1e-4))
@quick
def test_ordinary_numbers_have_no_exponent_and_a_true_minus_sign(value: float) -> None:
    written = short_number(value)
    assert "e" not in written
    assert "·" not in written
    assert "-" not in written
    assert written.startswith("−") == (value < 0)


@given(value=st.floats(-1e12, 1e12))
@quick
def test_numbers_in_cells_take_at_most_four_characters_and_a_sign(value: float) -> None:
    text = narrow_number(value)
    assert len(text.removeprefix("−")) <= 4
    assert text != "−0"


@given(value=st.floats(0.01, 9999).flatmap(lambda size: st.sampled_from([size, -size])))
@quick
def test_numbers_in_cells_are_within_half_a_unit_of_their_last_digit(value: float) -> None:
    shown = float(narrow_number(value).replace("−", "-"))
    unit = 0.01 if abs(value) < 9.995 else 0.1 if abs(value) < 99.95 else 1
    assert abs(shown - value) <= unit / 2 * 1.001
