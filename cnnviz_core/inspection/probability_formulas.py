"""The formulas of a class's probability with this moment's numbers in them, as LaTeX."""

from collections.abc import Callable, Iterable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from typing import TypeVar

import numpy as np

from cnnviz_core.arrays import FloatArray

_Written = TypeVar("_Written")

# How many digits a number has behind an equals sign: as few as its value allows.
_DIGITS = range(3, 18)

# Logits of untrained networks have exponentials that no float holds; what is no number is untrue.
_ANY_SIZE = Context(prec=28, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def softmax_formula(scores: FloatArray, index: int, temperature: float) -> str:
    r"""Return how the probability of one class comes about from the logits (classes,) of all.

    Each number has three digits, or as many more as it takes for the one behind the equals sign.

    Raises
    ------
    ValueError
        If a score is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> print(softmax_formula(np.float32([3, 1]), 0, 2.0))
    \dfrac{e^{3/2}}{\sum_j e^{z_j/2}} = \dfrac{4.48}{6.13} = \mathbf{0.731}
    """
    exponents = _require_finite(scores).astype(np.float64) / temperature
    with localcontext(_ANY_SIZE):
        one = Decimal(float(exponents[index])).exp()
        total = Decimal(float(np.logaddexp.reduce(exponents))).exp()
        chance = _rounded(one / total)
        above, below = _first_true(
            ((_rounded(one, digits), _rounded(total, digits)) for digits in _DIGITS),
            lambda pair: _rounded(pair[0] / pair[1]) == chance,
        )
        score = _first_true(
            (_rounded(Decimal(float(scores[index])), digits) for digits in _DIGITS),
            lambda written: _agrees((written / Decimal(temperature)).exp(), above),
        )
        over = "" if temperature == 1 else f"/{temperature:g}"
        return (
            rf"\dfrac{{e^{{{score.normalize():f}{over}}}}}{{\sum_j e^{{z_j{over}}}}} = "
            rf"\dfrac{{{_written(above)}}}{{{_written(below)}}} {_written_chance(chance)}"
        )


def sigmoid_formula(score: float, temperature: float) -> str:
    r"""Return how the probability of a class comes about from its own logit alone.

    Raises
    ------
    ValueError
        If `score` is not finite.

    Examples
    --------
    >>> print(sigmoid_formula(-1.5, 0.5))
    \dfrac{1}{1 + e^{-(-1.5)/0.5}} = \mathbf{0.0474}
    """
    exact = float(_require_finite(np.array([score]))[0])
    with localcontext(_ANY_SIZE):
        heat = Decimal(temperature)
        chance = _rounded(_sigmoid(Decimal(exact) / heat))
        shown = _first_true(
            (_rounded(Decimal(exact), digits) for digits in _DIGITS),
            lambda written: _rounded(_sigmoid(written / heat)) == chance,
        )
        number = f"({shown.normalize():f})" if shown < 0 else f"{shown.normalize():f}"
        over = "" if temperature == 1 else f"/{temperature:g}"
        return rf"\dfrac{{1}}{{1 + e^{{-{number}{over}}}}} {_written_chance(chance)}"


def _first_true(candidates: Iterable[_Written], is_true: Callable[[_Written], bool]) -> _Written:
    """Return the first candidate that is true, or the last, which has every digit of a float."""
    for candidate in candidates:
        if is_true(candidate):
            break
    return candidate


def _rounded(value: Decimal, digits: int = 3) -> Decimal:
    return Decimal(f"{value:.{digits - 1}e}")


def _agrees(value: Decimal, written: Decimal) -> bool:
    """Return whether a value, rounded to the last place of a written one, is that one."""
    return value.quantize(written) == written


def _sigmoid(value: Decimal) -> Decimal:
    return 1 / (1 + (-value).exp())


def _written(value: Decimal) -> str:
    """Return a number above zero, with a power of ten where zeros would pass for digits.

    >>> _written(Decimal("1.50E+2")), _written(Decimal("1045")), _written(Decimal("1.97E+434"))
    ('150', '1{,}045', '1.97\\\\cdot 10^{434}')
    """
    power, last_place = value.adjusted(), value.as_tuple().exponent
    if power >= -4 and isinstance(last_place, int) and last_place <= 0:
        return f"{value.normalize():,f}".replace(",", "{,}")
    return rf"{value.scaleb(-power).normalize():f}\cdot 10^{{{power}}}"


def _written_chance(chance: Decimal) -> str:
    """Return a probability of three digits behind its sign: one that is not quite 1 is about 1."""
    return r"\approx \mathbf{1}" if chance == 1 else rf"= \mathbf{{{_written(chance)}}}"


def _require_finite(scores: FloatArray) -> FloatArray:
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite, but some are not. Choose another network.")
    return scores
