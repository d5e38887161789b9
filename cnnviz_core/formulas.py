"""The formulas of the layers with this moment's numbers in them, as LaTeX.

Output sizes change with every move of a slider and are plain text: a browser shows it at once, and
needs some ten milliseconds for LaTeX.
"""

import math
from itertools import pairwise

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.number_format import is_rounded, short_tex
from cnnviz_core.pooling import PoolMode
from cnnviz_core.windows import Padding, output_size, pad_amounts

# More numbers than these do not fit beside each other on a phone.
MAX_WRITTEN = 6


def output_size_formula(
    size: int, kernel: int, stride: int = 1, padding: Padding = 0, dilation: int = 1
) -> str:
    """How the size of one side of a feature map comes about, as plain text.

    The arguments are those of `windows.output_size`, which gives the result.

    Examples
    --------
    >>> print(output_size_formula(320, 3))
    ⌊(320 + 2·0 − 3) / 1⌋ + 1 = 318
    >>> print(output_size_formula(320, 3, dilation=2))
    ⌊(320 + 2·0 − (2·(3 − 1) + 1)) / 1⌋ + 1 = 316
    >>> print(output_size_formula(320, 3, stride=2, padding="same"))
    ⌈320 / 2⌉ = 160
    """
    result = output_size(size, kernel, stride, padding, dilation)
    if padding == "same":
        return f"⌈{size} / {stride}⌉ = {result}"
    before, _ = pad_amounts(size, kernel, stride, padding, dilation)
    window = str(kernel) if dilation == 1 else f"({dilation}·({kernel} − 1) + 1)"
    return f"⌊({size} + 2·{before} − {window}) / {stride}⌋ + 1 = {result}"


def num_parameters_formula(height: int, width: int, in_channels: int, num_filters: int) -> str:
    r"""How many weights and biases a convolution layer has.

    Examples
    --------
    >>> print(num_parameters_formula(3, 3, 3, 3))
    (3\cdot 3\cdot 3 + 1)\cdot 3 = \mathbf{84}
    """
    total = (height * width * in_channels + 1) * num_filters
    return (
        rf"({height}\cdot {width}\cdot {in_channels} + 1)\cdot {num_filters} = \mathbf{{{total}}}"
    )


def pooling_formula(values: FloatArray, mode: PoolMode) -> str:
    r"""How one number comes about from the values of a pooling window, any shape.

    Of many values, a few are written out in their places: the largest is always among them, and
    for the average their sum follows. "≈" stands where rounding makes "=" untrue.

    Examples
    --------
    >>> import numpy as np
    >>> print(pooling_formula(np.float32([[1, -2], [4, 3]]), "max"))
    \max(1,\ -2,\ 4,\ 3) = \mathbf{4}
    >>> print(pooling_formula(np.float32([0, 0, 0, 0, 1.2, 0, 0, 0, 0]), "max"))
    \max(0,\ 0,\ \dots,\ 1.2,\ \dots,\ 0) = \mathbf{1.2}
    >>> print(pooling_formula(np.arange(8, dtype=np.float32), "average"))
    \dfrac{0 + 1 + \dots + 7}{8} = \dfrac{28}{8} = \mathbf{3.5}
    >>> print(pooling_formula(np.float32([2, 1, 1]), "average"))
    \dfrac{2 + 1 + 1}{3} \approx \mathbf{1.33}
    """
    numbers = values.ravel().astype(np.float64).tolist()
    shown = list(range(len(numbers)))
    if len(numbers) > MAX_WRITTEN:
        shown = sorted({0, 1, numbers.index(max(numbers)), len(numbers) - 1})
    if mode == "max":
        listed = r",\ ".join(_with_dots([short_tex(one) for one in numbers], shown))
        return rf"\max({listed}) = \mathbf{{{short_tex(max(numbers))}}}"
    return _average_formula(numbers, shown)


def _average_formula(numbers: list[float], shown: list[int]) -> str:
    terms = [f"({short_tex(one)})" if one < 0 else short_tex(one) for one in numbers]
    count, total = len(numbers), math.fsum(numbers)
    mean = total / count
    written = rf"\dfrac{{{' + '.join(_with_dots(terms, shown))}}}{{{count}}}"
    known = numbers
    if len(shown) < count:
        written += rf" {_equals(*numbers, total)} \dfrac{{{short_tex(total)}}}{{{count}}}"
        known = [total]
    return rf"{written} {_equals(*known, mean)} \mathbf{{{short_tex(mean)}}}"


def _with_dots(terms: list[str], shown: list[int]) -> list[str]:
    """The terms at the places `shown`, in order, with dots for those left out between them."""
    written = [terms[shown[0]]]
    for before, place in pairwise(shown):
        if place > before + 1:
            written.append(r"\dots")
        written.append(terms[place])
    return written


def _equals(*numbers: float) -> str:
    """The sign between sides with these numbers: "=" if all are written as what they are."""
    return r"\approx" if any(map(is_rounded, numbers)) else "="


def num_dense_parameters_formula(num_inputs: int, num_units: int) -> str:
    r"""How many weights and biases a dense layer has.

    Examples
    --------
    >>> print(num_dense_parameters_formula(120, 84))
    (120 + 1)\cdot 84 = \mathbf{10164}
    """
    return rf"({num_inputs} + 1)\cdot {num_units} = \mathbf{{{(num_inputs + 1) * num_units}}}"


def num_weights_formula(height: int, width: int, in_channels: int, num_filters: int) -> str:
    r"""How many weights the kernels of a convolution layer have, without biases.

    Examples
    --------
    >>> print(num_weights_formula(3, 3, 3, 32))
    3\cdot 3\cdot 3\cdot 32 = \mathbf{864}
    """
    total = height * width * in_channels * num_filters
    return rf"{height}\cdot {width}\cdot {in_channels}\cdot {num_filters} = \mathbf{{{total}}}"


def softmax_formula(scores: FloatArray, index: int, temperature: float) -> str:
    r"""How the probability of one class comes about from the logits (classes,) of all.

    Examples
    --------
    >>> import numpy as np
    >>> print(softmax_formula(np.float32([3, 1]), 0, 2.0))
    \dfrac{e^{3/2}}{\sum_j e^{z_j/2}} = \dfrac{4.48}{6.13} = \mathbf{0.731}
    """
    exponents = scores.astype(np.float64) / temperature
    one, total = float(exponents[index]), float(np.logaddexp.reduce(exponents))
    over = f"/{temperature:g}"
    return (
        rf"\dfrac{{e^{{{short_tex(float(scores[index]))}{over}}}}}{{\sum_j e^{{z_j{over}}}}} = "
        rf"\dfrac{{{_exponential(one)}}}{{{_exponential(total)}}} = "
        rf"\mathbf{{{short_tex(math.exp(one - total))}}}"
    )


def sigmoid_formula(score: float, temperature: float) -> str:
    r"""How the probability of a class comes about from its own logit alone.

    Examples
    --------
    >>> print(sigmoid_formula(-1.5, 0.5))
    \dfrac{1}{1 + e^{-(-1.5)/0.5}} = \mathbf{0.0474}
    """
    written = f"({short_tex(score)})" if score < 0 else short_tex(score)
    chance = (1 + math.tanh(score / temperature / 2)) / 2
    return rf"\dfrac{{1}}{{1 + e^{{-{written}/{temperature:g}}}}} = \mathbf{{{short_tex(chance)}}}"


def _exponential(exponent: float) -> str:
    """e to the `exponent`: three digits, and a power of ten where there would be many zeros.

    >>> _exponential(0.0), _exponential(1000.0)
    ('1', '1.97\\\\cdot 10^{434}')
    """
    power = math.floor(exponent / math.log(10))
    if -4 <= power < 5:
        return short_tex(math.exp(exponent))
    digits = f"{math.exp(exponent - power * math.log(10)):.3g}"
    return rf"{digits}\cdot 10^{{{power}}}"


def receptive_field_formula(before: int, kernel: int, step: int, dilation: int = 1) -> str:
    r"""How far the units of a layer see along one side.

    Parameters
    ----------
    before : int
        Pixels that the units of the layer before see.
    kernel, dilation : int
        The window's cells along this side, and how far apart they are.
    step : int
        Pixels between what neighbours in the layer before see.

    Examples
    --------
    >>> print(receptive_field_formula(32, 3, 4))
    32 + (3 - 1)\cdot 4 = \mathbf{40}
    """
    spread = rf"{dilation}\cdot" if dilation > 1 else ""
    result = before + dilation * (kernel - 1) * step
    return rf"{before} + {spread}({kernel} - 1)\cdot {step} = \mathbf{{{result}}}"


def field_step_formula(step: int, stride: int) -> str:
    r"""How far apart the fields of neighbours are after a layer of this stride.

    Examples
    --------
    >>> print(field_step_formula(4, 2))
    4\cdot 2 = \mathbf{8}
    """
    return rf"{step}\cdot {stride} = \mathbf{{{step * stride}}}"
