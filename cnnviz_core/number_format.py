"""Numbers as a person reads them: the one way to write down what was computed.

`short_number` is for text and HTML, `short_tex` for formulas. Both write the same digits.
`narrow_number` is for drawn cells, which have room for four characters; `percent` is for shares.
"""

import math

# What is closer to zero, or has more digits in front, is written with a power of ten.
SMALLEST_PLAIN = 1e-4
SMALLEST_POWER = 1e9
NUM_DIGITS = 3

# Float32 leaves residues such as 7e-9 where a learner expects nothing.
_RESIDUE = 1e-6

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short_number(value: float) -> str:
    """Write a number in few characters, with a true minus sign.

    Three digits that count; more only where they stand before the point, so that a whole number
    is never rounded to tens.

    Examples
    --------
    >>> short_number(-412.03), short_number(0.12345), short_number(-0.0), short_number(2.50)
    ('−412', '0.123', '0', '2.5')
    >>> short_number(1513.4), short_number(24343.0), short_number(999.9), short_number(1e6)
    ('1,513', '24,343', '1,000', '1,000,000')
    >>> short_number(0.00025), short_number(-3.1e-7), short_number(2.5e12)
    ('0.00025', '−3.1·10⁻⁷', '2.5·10¹²')
    >>> short_number(float("nan")), short_number(float("-inf"))
    ('NaN', '−∞')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    digits, power = _written(value)
    raised = f"·10{str(power).translate(_RAISED)}" if power else ""
    return digits.replace("-", "−") + raised


def short_tex(value: float) -> str:
    r"""Write a number as `short_number` does, as LaTeX.

    Examples
    --------
    >>> print(short_tex(-1513.4), short_tex(0.12345), short_tex(2.5e12))
    -1{,}513 0.123 2.5\cdot 10^{12}
    >>> print(short_tex(float("-inf")))
    -\infty
    """
    if not math.isfinite(value):
        return r"\mathrm{NaN}" if math.isnan(value) else rf"{'-' * (value < 0)}\infty"
    digits, power = _written(value)
    raised = rf"\cdot 10^{{{power}}}" if power else ""
    return digits.replace(",", "{,}") + raised


def narrow_number(value: float) -> str:
    """Write a number in at most four characters, its sign not counted: for the cells of a grid.

    Beyond 1e13 and below 1e-9 it may take one more.

    Examples
    --------
    >>> [narrow_number(value) for value in (4.0, -0.125, 12.345, 1234.0, 56789.0, 0.0001)]
    ['4', '−0.12', '12.3', '1234', '57k', '1e-4']
    """
    size = abs(value)
    if size < _RESIDUE:
        return "0"
    if size < 0.01:
        text = f"{size:.0e}".replace("e-0", "e-")
    elif size < 9999.5:
        decimals = 2 if size < 9.995 else 1 if size < 99.95 else 0
        text = f"{size:.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if decimals else text
    else:
        power, unit = next(
            ((p, u) for p, u in ((1e3, "k"), (1e6, "M"), (1e9, "G")) if size < 999.5 * p),
            (1e12, "T"),
        )
        text = f"{size / power:.0f}{unit}"
    return f"−{text}" if value < 0 else text


def percent(share: float) -> str:
    """Write a share of 0..1, such as a probability, as people say it.

    >>> percent(0.6543), percent(0.0004), percent(0.9997)
    ('65.4%', '< 0.1%', '> 99.9%')
    """
    if 0 < share < 0.0005:
        return "< 0.1%"
    if 0.9995 <= share < 1:
        return "> 99.9%"
    return f"{share:.1%}"


def is_rounded(value: float) -> bool:
    """Tell whether the number that is written is another one: in float32, that is to 7 digits.

    Examples
    --------
    >>> is_rounded(91.96), is_rounded(1513.0), is_rounded(0.10000000149)
    (True, False, False)
    """
    digits, power = _written(value)
    written = float(digits.replace(",", "")) * 10.0**power
    return not math.isclose(written, value, rel_tol=1e-6)


def _written(value: float) -> tuple[str, int]:
    """Return the digits, and the power of ten that they are multiplied with, mostly zero."""
    if value == 0:
        return "0", 0
    rounded = float(f"{value:.{NUM_DIGITS}g}")
    size = abs(rounded)
    if not SMALLEST_PLAIN <= size < SMALLEST_POWER:
        digits, power = f"{value:.{NUM_DIGITS - 1}e}".split("e")
        return f"{float(digits):g}", int(power)
    if size >= 10 ** (NUM_DIGITS - 1):
        return f"{value:,.0f}", 0
    return f"{rounded:.10f}".rstrip("0").rstrip("."), 0
