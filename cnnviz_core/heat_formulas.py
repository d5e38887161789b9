"""What stands for the letters in a heatmap's formula, for this moment's map."""

import numpy as np

from cnnviz_core.raw_maps import RawMap

# Methods whose equation has the number of positions of a layer in it.
_AVERAGING = ("grad-cam", "cam")

# How the equation of a method of many passes says how many they are.
_COUNTS = {
    "score-cam": r"k = k_1, \dots, k_{%d}",
    "ablation-cam": r"k = k_1, \dots, k_{%d}",
    "smoothgrad": "n = %d",
    "integrated-gradients": r"\int_0^1 dt \approx \tfrac{1}{%d} \sum_t",
    "occlusion": r"|\{P\}| = %d",
}


def score_formula(raw: RawMap) -> str:
    r"""What is explained, as LaTeX: a logit, or the difference of two.

    Examples
    --------
    >>> logits, both = np.float32([1, 3.5, 2]), np.float32([-1, 1, 0])
    >>> print(score_formula(RawMap("cam", "conv", np.zeros((1, 1)), logits, both)))
    y = z_{1} - z_{0} = 3.5 - 1 = \mathbf{2.5}
    """
    signs = [(index, raw.mixture[index] > 0) for index in np.flatnonzero(raw.mixture)]
    ordered = sorted(signs, key=lambda one: not one[1])
    names = _joined([(f"z_{{{index}}}", is_added) for index, is_added in ordered])
    numbers = _joined([(_short(raw.logits[index]), is_added) for index, is_added in ordered])
    between = f"{numbers} = " if len(ordered) > 1 else ""
    return rf"y = {names} = {between}\mathbf{{{_short(raw.score)}}}"


def size_formula(raw: RawMap, num_channels: int) -> str | None:
    r"""How large what is weighed is, and how many parts the work has; None where it is one pass.

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
    if raw.method in _COUNTS:
        parts.append(_COUNTS[raw.method] % raw.done)
    return r",\quad ".join(parts) or None


def completeness_formula(attributed: float, difference: float) -> str:
    r"""The sum of integrated gradients beside what it must come to.

    Examples
    --------
    >>> print(completeness_formula(9.5, 10))
    \sum = \mathbf{9.5} \;\approx\; y(x) - y(x') = \mathbf{10}
    """
    return (
        rf"\sum = \mathbf{{{_short(attributed)}}} \;\approx\; "
        rf"y(x) - y(x') = \mathbf{{{_short(difference)}}}"
    )


def _joined(terms: list[tuple[str, bool]]) -> str:
    """Terms with their signs in a row.

    >>> _joined([("a", True), ("b", False), ("-2", False)])
    'a - b - (-2)'
    """
    text = ""
    for term, is_added in terms:
        written = f"({term})" if term.startswith("-") and (text or not is_added) else term
        sign = "+" if is_added else "-"
        text += f" {sign} {written}" if text else (written if is_added else f"-{written}")
    return text


def _short(value: float) -> str:
    # Three digits that count, without an exponent where numbers are neither huge nor tiny.
    return f"{float(f'{value:.3g}'):g}"
