"""The formulas of the layers with this moment's numbers in them, as LaTeX.

Output sizes change with every move of a slider and are plain text: a browser shows it at once, and
needs some ten milliseconds for LaTeX.
"""

import math
from itertools import pairwise

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.pooling import PoolMode
from cnnviz_core.layers.windows import Padding, output_size, pad_amounts
from cnnviz_core.number_format import is_rounded, short_tex

# More numbers than these do not fit beside each other on a phone.
MAX_WRITTEN = 6


def output_size_formula(
    size: int, kernel: int, stride: int = 1, padding: Padding = 0, dilation: int = 1
) -> str:
    """Return how the size of one side of a feature map comes about, as plain text.

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
    r"""Return how many weights and biases a convolution layer has.

    Examples
    --------
    >>> print(num_parameters_formula(3, 3, 3, 3))
    (3\cdot 3\cdot 3 + 1)\cdot 3 = \mathbf{84}
    """
    total = (height * width * in_channels + 1) * num_filters
    weights = rf"{height}\cdot {width}\cdot {_counted(in_channels)}"
    return rf"({weights} + 1)\cdot {_counted(num_filters)} = \mathbf{{{_counted(total)}}}"


def num_products_formula(
    places: int, height: int, width: int, in_channels: int, num_filters: int
) -> str:
    r"""Return how many products a convolution adds up for its whole result.

    The filters have kernels for `in_channels` channels each, and stop at so many places.

    Examples
    --------
    >>> print(num_products_formula(9, 3, 3, 3, 2))
    9\cdot 3\cdot 3\cdot 3\cdot 2 = \mathbf{486}
    """
    factors = places, height, width, in_channels, num_filters
    product = r"\cdot ".join(map(_counted, factors))
    return rf"{product} = \mathbf{{{_counted(math.prod(factors))}}}"


def total_formula(*counts: int) -> str:
    r"""Return how counts add up.

    Examples
    --------
    >>> print(total_formula(30, 8))
    30 + 8 = \mathbf{38}
    """
    return rf"{' + '.join(map(_counted, counts))} = \mathbf{{{_counted(sum(counts))}}}"


def transposed_size_formula(
    size: int, kernel: int, stride: int, padding: int, output_padding: int
) -> str:
    """Return how the size of one side of a transposed convolution's result comes about.

    Examples
    --------
    >>> print(transposed_size_formula(3, 3, 2, 1, 1))
    2·(3 − 1) + 3 − 2·1 + 1 = 6
    """
    result = stride * (size - 1) + kernel - 2 * padding + output_padding
    return f"{stride}·({size} − 1) + {kernel} − 2·{padding} + {output_padding} = {result}"


def pooling_formula(values: FloatArray, mode: PoolMode) -> str:
    r"""Return how one number comes about from the values of a pooling window, any shape.

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
    """Return the terms at the places `shown`, in order, with dots for what is left out."""
    written = [terms[shown[0]]]
    for before, place in pairwise(shown):
        if place > before + 1:
            written.append(r"\dots")
        written.append(terms[place])
    return written


def _equals(*numbers: float) -> str:
    """Return the sign between sides with these numbers: "=" if all are written as what they are."""
    return r"\approx" if any(map(is_rounded, numbers)) else "="


def percentage_formula(part: int, whole: int) -> str:
    r"""Return how many percent a part of a whole is, to a tenth.

    Examples
    --------
    >>> print(percentage_formula(1, 8), percentage_formula(5, 32))
    \frac{1}{8} = 12.5\% \frac{5}{32} \approx 15.6\%
    """
    sign = "=" if 1000 * part % whole == 0 else r"\approx"
    return rf"\frac{{{_counted(part)}}}{{{_counted(whole)}}} {sign} {100 * part / whole:.1f}\%"


def num_dense_parameters_formula(num_inputs: int, num_units: int) -> str:
    r"""Return how many weights and biases a dense layer has.

    Examples
    --------
    >>> print(num_dense_parameters_formula(120, 84))
    (120 + 1)\cdot 84 = \mathbf{10{,}164}
    """
    total = (num_inputs + 1) * num_units
    return (
        rf"({_counted(num_inputs)} + 1)\cdot {_counted(num_units)} = \mathbf{{{_counted(total)}}}"
    )


def num_weights_formula(height: int, width: int, in_channels: int, num_filters: int) -> str:
    r"""Return how many weights the kernels of a convolution layer have, without biases.

    Examples
    --------
    >>> print(num_weights_formula(3, 3, 3, 32))
    3\cdot 3\cdot 3\cdot 32 = \mathbf{864}
    """
    total = height * width * in_channels * num_filters
    channels, filters = _counted(in_channels), _counted(num_filters)
    return rf"{height}\cdot {width}\cdot {channels}\cdot {filters} = \mathbf{{{_counted(total)}}}"


def _counted(count: int) -> str:
    """Return a count as LaTeX, its thousands separated by commas without the space of a list."""
    return f"{count:,}".replace(",", "{,}")


def receptive_field_formula(before: int, kernel: int, jump: int, dilation: int = 1) -> str:
    r"""Return how far the units of a layer see along one side.

    Parameters
    ----------
    before : int
        Pixels that the units of the layer before see.
    kernel, dilation : int
        The window's cells along this side, and how far apart they are.
    jump : int
        Pixels between what neighbors in the layer before see.

    Examples
    --------
    >>> print(receptive_field_formula(32, 3, 4))
    32 + (3 - 1)\cdot 4 = \mathbf{40}
    """
    spread = rf"{dilation}\cdot" if dilation > 1 else ""
    result = before + dilation * (kernel - 1) * jump
    return rf"{before} + {spread}({kernel} - 1)\cdot {jump} = \mathbf{{{result}}}"


def field_jump_formula(jump: int, stride: int) -> str:
    r"""Return how far apart the fields of neighbors are after a layer of this stride.

    Examples
    --------
    >>> print(field_jump_formula(4, 2))
    4\cdot 2 = \mathbf{8}
    """
    return rf"{jump}\cdot {stride} = \mathbf{{{jump * stride}}}"
