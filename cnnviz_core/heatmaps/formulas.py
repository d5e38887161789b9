"""What stands for the letters in a heatmap's formula, for this moment's map."""

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from cnnviz_core.arrays import require_choice
from cnnviz_core.heatmaps.maps import EVIDENCES, Evidence
from cnnviz_core.heatmaps.records import RawMap

# Methods whose equation has the number of positions of a layer in it.
_AVERAGING = ("grad-cam", "cam")

# What the number of parts of the work is called in the equation of a method of many passes.
_COUNTS = {
    "score-cam": "|K|",
    "ablation-cam": "|K|",
    "smoothgrad": "n",
    "integrated-gradients": "n",
    "occlusion": "n",
}

# What the picture shows of the map M.
_SHOWN: dict[Evidence, str] = {
    "for": r"\mathrm{ReLU}(M_{ij})",
    "against": r"\mathrm{ReLU}(-M_{ij})",
    "both": "M_{ij}",
}

# Digits that count, of the largest number of a formula: the others get as many decimals.
_DIGITS = 4


def shown_formula(evidence: Evidence) -> str:
    r"""Write what the picture shows of a map, as LaTeX.

    Examples
    --------
    >>> print(shown_formula("against"))
    H_{ij} = \mathrm{ReLU}(-M_{ij})
    """
    require_choice(evidence, "evidence", EVIDENCES)
    return f"H_{{ij}} = {_SHOWN[evidence]}"


def score_formula(raw: RawMap) -> str:
    r"""Write what is explained, as LaTeX: a logit, or the difference of two.

    The difference is that of the numbers as they are written.

    Examples
    --------
    >>> logits, both = np.float32([1, 3.5, 2]), np.float32([-1, 1, 0])
    >>> print(score_formula(RawMap("cam", "conv", np.zeros((1, 1)), logits, both)))
    y = z_{1} - z_{0} = 3.5 - 1 = \mathbf{2.5}
    """
    signs = [(index, raw.logit_weights[index] > 0) for index in np.flatnonzero(raw.logit_weights)]
    ordered = sorted(signs, key=lambda one: not one[1])
    rounded = _rounded([float(raw.logits[index]) for index, _ in ordered])
    names = _joined([(f"z_{{{index}}}", is_added) for index, is_added in ordered])
    numbers = _joined(
        [(_written(one), is_added) for one, (_, is_added) in zip(rounded, ordered, strict=True)]
    )
    score = sum(
        (one if is_added else -one for one, (_, is_added) in zip(rounded, ordered, strict=True)),
        Decimal(0),
    )
    between = f"{numbers} = " if len(ordered) > 1 else ""
    return rf"y = {names} = {between}\mathbf{{{_written(score)}}}"


def size_formula(raw: RawMap, num_channels: int) -> str | None:
    r"""Write how large what is weighed is, and how many parts the work had; None for neither.

    Parameters
    ----------
    num_channels : int
        Of the layer, if there is one.

    Examples
    --------
    >>> raw = RawMap("grad-cam", "conv", np.zeros((7, 7)), np.zeros(1), np.ones(1))
    >>> print(size_formula(raw, 1280))
    A \in \mathbb{R}^{7\times 7\times 1280},\quad Z = 7\cdot 7 = 49
    """
    height, width = raw.values.shape
    parts = []
    if raw.layer is not None:
        parts.append(rf"A \in \mathbb{{R}}^{{{height}\times {width}\times {num_channels}}}")
    if raw.method in _AVERAGING:
        parts.append(rf"Z = {height}\cdot {width} = {height * width}")
    # Before the end, the parts so far are not yet those that the equation names.
    if raw.method in _COUNTS and raw.done == raw.total:
        parts.append(f"{_COUNTS[raw.method]} = {raw.total}")
    return r",\quad ".join(parts) or None


def completeness_formula(attributed: float, difference: float) -> str:
    r"""Write the sum of integrated gradients beside what it must come to.

    Examples
    --------
    >>> print(completeness_formula(9.5, 10))
    \sum_{ij} M_{ij} = \mathbf{9.5} \;\approx\; y(x) - y(x') = \mathbf{10}
    """
    first, second = map(_written, _rounded([attributed, difference]))
    return (
        rf"\sum_{{ij}} M_{{ij}} = \mathbf{{{first}}} \;\approx\; y(x) - y(x') = \mathbf{{{second}}}"
    )


def _joined(terms: list[tuple[str, bool]]) -> str:
    """Write terms with their signs in a row.

    >>> _joined([("a", True), ("b", False), ("-2", False)])
    'a - b - (-2)'
    """
    text = ""
    for term, is_added in terms:
        written = f"({term})" if term.startswith("-") and (text or not is_added) else term
        sign = "+" if is_added else "-"
        text += f" {sign} {written}" if text else (written if is_added else f"-{written}")
    return text


def _rounded(values: Sequence[float]) -> list[Decimal]:
    """Round numbers to the same decimals, so that sums of them come out as they are written.

    >>> _rounded([10.1264, 0.0031])
    [Decimal('10.13'), Decimal('0.00')]
    """
    largest = max(map(abs, values))
    decimals = max(0, _DIGITS - 1 - math.floor(math.log10(largest))) if largest else 0
    return [Decimal(f"{value:.{decimals}f}") for value in values]


def _written(value: Decimal) -> str:
    """Write a number for LaTeX, without zeros at its end.

    >>> _written(Decimal("-1234.50")), _written(Decimal("-0.00"))
    ('-1{,}234.5', '0')
    """
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text.replace(",", "{,}")
