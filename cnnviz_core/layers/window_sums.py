"""What a convolution does at one place: the window that it sees, and the sum written out."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, as_feature_maps, require_whole
from cnnviz_core.layers.kernels import KernelChoice, RandomKernels, make_kernels
from cnnviz_core.layers.windows import Padding, output_size, pad_amounts, span
from cnnviz_core.number_format import is_rounded, short_number

# More terms than these do not fit on two lines of a page.
MAX_TERMS = 6

# Of the largest number that is added up.
FLOAT32_ROUNDING = 1e-6


def window_values(
    image: npt.ArrayLike,
    kernel: tuple[int, int],
    place: tuple[int, int],
    *,
    stride: int = 1,
    padding: Padding = "valid",
    dilation: int = 1,
) -> tuple[FloatArray, tuple[int, int, int, int]]:
    """Cut out what `convolution.convolve` multiplies with a kernel for one value of its result.

    Parameters
    ----------
    image : array_like (H, W, C)
    kernel : (int, int)
        The kernel's height and width.
    place : (int, int)
        Row and column in the result, counted from 0.
    stride, padding, dilation
        As in `convolution.convolve`.

    Returns
    -------
    float32 (kh, kw, C)
        The values under the weights; zero where padding is.
    (int, int, int, int)
        Top, left, bottom and right of the window, holes included, in pixels of the picture; less
        than 0 or more than its sides where it reaches over the edge.

    Raises
    ------
    ValueError
        If there is no such place.

    Examples
    --------
    >>> values, box = window_values(np.arange(9.0).reshape(3, 3, 1), (2, 2), (0, 0), padding=1)
    >>> values[:, :, 0], box
    (array([[0., 0.],
           [0., 0.]], dtype=float32), (-1, -1, 1, 1))
    """
    pixels = as_feature_maps(image, "image")
    axes = []
    starts = []
    for name, size, weights, index in zip(
        ("row", "column"), pixels.shape[:2], kernel, place, strict=True
    ):
        last = output_size(size, weights, stride, padding, dilation) - 1
        before, _ = pad_amounts(size, weights, stride, padding, dilation)
        start = require_whole(index, name, low=0, high=last) * stride - before
        starts.append(start)
        axes.append(start + dilation * np.arange(weights))
    rows, columns = axes
    inside = [
        (axis >= 0) & (axis < size) for axis, size in zip(axes, pixels.shape[:2], strict=True)
    ]
    values = np.zeros((*kernel, pixels.shape[2]), np.float32)
    values[np.ix_(*inside)] = pixels[np.ix_(rows[inside[0]], columns[inside[1]])]
    bottom, right = (
        start + span(weights, dilation) for start, weights in zip(starts, kernel, strict=True)
    )
    return values, (starts[0], starts[1], bottom, right)


def one_filter(
    choice: KernelChoice, weights: FloatArray, values: FloatArray, index: int
) -> tuple[FloatArray, FloatArray]:
    """Return the weights of one filter, as they are thought of, and the values that they meet.

    Parameters
    ----------
    weights : float32 (kh, kw, C, out)
        What `kernels.make_kernels` makes of the choice.
    values : float32 (kh, kw, C)
        From `window_values`.
    index : int
        Which filter.

    Returns
    -------
    float32 (kh, kw, n), float32 (kh, kw, n)
        Of random kernels all channels; else one, of a color or of the brightness.
    """
    if isinstance(choice, RandomKernels):
        return weights[..., index], values
    kernel = make_kernels(replace(choice, colors="each_channel"), 1)[..., 0]
    if choice.colors == "each_channel":
        return kernel, values[:, :, index : index + 1]
    return kernel, values.mean(axis=2, keepdims=True, dtype=np.float32)


def sum_formula(weights: FloatArray, values: FloatArray) -> str:
    """Return how one value of a feature map comes about, as plain text.

    Terms with a weight of zero are left out. Of many, the largest are written, in their order, and
    what the others come to together.

    Parameters
    ----------
    weights, values : float32, of the same shape

    Examples
    --------
    >>> sum_formula(np.float32([-1, 0, 1]), np.float32([90, 7, 112]))
    '−1·90 + 1·112 = 22'
    >>> sum_formula(np.float32([0.5, -0.25]), np.float32([-3, 2]))
    '0.5·(−3) − 0.25·2 = −2'
    >>> sum_formula(np.float32([1] * 9), np.float32(range(9)))
    '1·3 + 1·4 + 1·5 + 1·6 + 1·7 + 1·8 + 3 (from 3 others) = 36'
    """
    used = np.flatnonzero(weights)
    pairs = np.stack([weights.ravel()[used], values.ravel()[used]], axis=-1).astype(np.float64)
    products = pairs.prod(axis=-1)
    shown = np.sort(np.argsort(-np.abs(products), kind="stable")[:MAX_TERMS])
    terms = [_term(weight, value) for weight, value in pairs[shown].tolist()]
    total, rest = _total(products), _total(np.delete(products, shown))
    if len(used) > len(shown):
        terms.append(f"{_signed(rest)} (from {len(used) - len(shown)} others)")
    numbers = [*pairs[shown].ravel().tolist(), rest, total]
    sign = "≈" if any(map(is_rounded, numbers)) else "="
    left = " ".join(terms).removeprefix("+ ") or "0"
    if left.startswith("− "):
        left = left.replace("− ", "−", 1)
    return f"{left} {sign} {short_number(total)}"


def _term(weight: float, value: float) -> str:
    written = f"({short_number(value)})" if value < 0 else short_number(value)
    return f"{_signed(weight)}·{written}"


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'} {short_number(abs(value))}"


def _total(products: npt.NDArray[np.float64]) -> float:
    """Return the sum; zero where nothing is left of it but the rounding of float32."""
    total = float(products.sum())
    return total if abs(total) > FLOAT32_ROUNDING * np.abs(products).sum() else 0.0
